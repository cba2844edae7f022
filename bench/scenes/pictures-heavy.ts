import { sineMotion, turning } from '../../src/demo/motion.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { photographId, PHOTOGRAPHS } from './photographs.js';

const COLUMNS = 6;
const CELL = { width: 320, height: 216 };
/** Each photograph in turn comes to its full size and goes back. */
const TURN_MS = 2000;

/** A photograph that is shown reduced to a half up to a tenth, and once in a minute at its full size. */
function photograph(i: number): LayerInput {
  const small = 0.1 + (0.4 * ((i * 7) % PHOTOGRAPHS)) / (PHOTOGRAPHS - 1);
  const x = CELL.width * ((i % COLUMNS) + 0.5);
  const y = CELL.height * (Math.floor(i / COLUMNS) + 0.5);
  const fullAtMs = TURN_MS * (i + 1);
  return {
    id: `photograph-${i}`,
    type: 'image',
    asset: photographId(i),
    x,
    y,
    anchor: { x: 0.5, y: 0.5 },
    animations: [
      sineMotion('x', x, 60, 3100 + 170 * i),
      sineMotion('y', y, 40, 2700 + 130 * i),
      {
        property: 'scale',
        keyframes: [
          { atMs: 0, value: small },
          { atMs: fullAtMs - TURN_MS / 2, value: small * 0.8 },
          { atMs: fullAtMs, value: 1 },
          { atMs: fullAtMs + TURN_MS / 2, value: small * 0.8 },
          { atMs: TURN_MS * (PHOTOGRAPHS + 1), value: small },
        ],
        repeat: 'forever',
      },
      ...(i % 3 === 0 ? [turning(9000 + 500 * i, i % 2 === 0 ? 360 : -360)] : []),
    ],
  };
}

/** A wall of photographs that are as large as the frame and shown 2 to 10 times smaller, all in motion, some turning. */
export function picturesHeavyScene(): SceneInput {
  return {
    id: 'pictures-heavy',
    background: '#181c24',
    layers: Array.from({ length: PHOTOGRAPHS }, (_, i) => photograph(i)),
  };
}
