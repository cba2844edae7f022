import type { SceneInput } from '../../src/scene/schema/scene.js';

/** A scene of which a part is drawn anew for every frame. */
export const MOVING_SCENE: SceneInput = {
  id: 'moving',
  background: '#103050',
  layers: [
    {
      id: 'box',
      type: 'shape',
      shape: 'rectangle',
      width: 400,
      height: 400,
      animations: [
        {
          property: 'x',
          repeat: 'forever',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 2000, value: 1500 },
          ],
        },
      ],
    },
  ],
};
