import type { Scene } from '../../src/scene/schema/scene.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { StillRequest } from '../../src/still/contract.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';

export const STILL_SIZE = { width: 320, height: 180 } as const;

const MOVING: readonly LayerInput[] = [
  {
    id: 'disc',
    type: 'shape',
    shape: 'ellipse',
    width: 70,
    height: 70,
    fill: '#f80',
    animations: [
      {
        property: 'x',
        repeat: 'forever',
        alternate: true,
        keyframes: [
          { atMs: 0, value: 0, easing: 'ease-in-out' },
          { atMs: 700, value: 230 },
        ],
      },
    ],
  },
  {
    id: 'square',
    type: 'shape',
    shape: 'rectangle',
    width: 50,
    height: 50,
    x: 160,
    y: 90,
    anchor: { x: 0.5, y: 0.5 },
    blend: 'difference',
    animations: [
      {
        property: 'rotation',
        repeat: 'forever',
        keyframes: [
          { atMs: 0, value: 0 },
          { atMs: 900, value: 360 },
        ],
      },
    ],
  },
  { id: 'timer', type: 'timer', format: 's.cc', fontSize: 40, x: 20, y: 60 },
  { id: 'clock', type: 'clock', format: 'HH:mm:ss', fontSize: 24, x: 180, y: 20 },
  { id: 'ticker', type: 'ticker', text: 'round and round', width: 320, height: 40, y: 130 },
];

/** A scene in which something changes with every frame, and some of it with the wall clock. */
export function movingScene(): Scene {
  return sceneFrom({ id: 'moving', ...STILL_SIZE, background: '#123', layers: [...MOVING] });
}

/** A request for the bytes of a frame of that scene. */
export function rawRequest(timeMs: number, takenAtMs: number): StillRequest {
  return {
    snapshot: snapshotOf(movingScene(), { takenAtMs }),
    timeMs,
    wallTimeMs: takenAtMs + timeMs,
    ...STILL_SIZE,
    format: 'raw',
    scaledWidth: null,
    quality: 90,
  };
}
