import type { LayerDocument } from '../document.js';
import { SceneLayerSchema } from './schema.js';

/** Scenes in scenes, as documents know them. */
export const SCENE: LayerDocument<typeof SceneLayerSchema> = {
  schema: SceneLayerSchema,
  example: { id: 'camera', type: 'scene', scene: 'break', x: 1320, y: 40, width: 560, height: 315 },
};
