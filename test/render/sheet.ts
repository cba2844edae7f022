import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Gradient } from '../../src/scene/schema/style.js';
import type { Scene, SceneInput } from '../../src/scene/schema/scene.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { createTestPictures } from './pictures.js';
import { assertSnapshot } from './snapshot.js';

/** Sheets of layers for snapshots, and short ways to write layers whose ids do not matter. */

export const SIZE = { width: 320, height: 180 };
const memory = createSharedMemory();
const { pictures, remove } = await createTestPictures();
after(remove);

/** 5 May 2024, 14:07:09.083 UTC. */
export const TAKEN_AT_MS = Date.UTC(2024, 4, 5, 14, 7, 9, 83);

/** A fill that shows which way a bar goes. */
export const WARM: Gradient = {
  type: 'linear',
  angle: 90,
  stops: [
    { at: 0, color: '#f472b6' },
    { at: 1, color: '#facc15' },
  ],
};

type Options = {
  readonly timeMs?: number;
  readonly scene?: Partial<SceneInput>;
  readonly nested?: Readonly<Record<string, Scene>>;
};

/** A sheet of layers, compared with the snapshot of its name. */
export function sheet(
  name: string,
  layers: LayerInput[],
  { timeMs = 0, scene = {}, nested = {} }: Options = {},
): void {
  test(`${name} looks as it was accepted`, async () => {
    const document = sceneFrom({ id: 's', ...SIZE, background: '#182028', layers, ...scene });
    const options = { ...SIZE, timeMs, takenAtMs: TAKEN_AT_MS, pictures, nested, memory };
    await assertSnapshot(name, await renderStill(document, options));
  });
}

let count = 0;

/** Ids do not matter here. */
export function nextId(): string {
  return `layer-${++count}`;
}

type InputOf<K extends LayerInput['type']> = Extract<LayerInput, { type: K }>;
type Fields<K extends LayerInput['type']> = Partial<Omit<InputOf<K>, 'id' | 'type'>>;

export function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  fields: Fields<'shape'> = {},
): LayerInput {
  return { id: nextId(), type: 'shape', shape: 'rectangle', x, y, width, height, ...fields };
}

export function text(words: string, x: number, y: number, fields: Fields<'text'> = {}): LayerInput {
  return { id: nextId(), type: 'text', text: words, x, y, fontSize: 20, ...fields };
}

export function image(
  asset: string,
  x: number,
  y: number,
  fields: Fields<'image'> = {},
): LayerInput {
  return { id: nextId(), type: 'image', asset, x, y, ...fields };
}

/** A cross where a layer's anchor stands. */
export function mark(x: number, y: number): LayerInput[] {
  return [
    rectangle(x - 6, y - 0.5, 12, 1, { fill: '#ff4040' }),
    rectangle(x - 0.5, y - 6, 1, 12, { fill: '#ff4040' }),
  ];
}

export function still(property: string, value: number): LayerInput['animations'] {
  return [{ property, keyframes: [{ atMs: 0, value }] }];
}
