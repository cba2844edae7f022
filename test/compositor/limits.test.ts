import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { JOB_ITEMS, JOB_TILES, MAX_ITEMS, MAX_TILES } from '../../src/memory/records.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';

const memory = createSharedMemory();
const referenceMemory = createSharedMemory();
const words = new DataView(memory.buffer);

function createProgram(
  shared: WebAssembly.Memory,
  widthPx: number,
  heightPx: number,
): TestProgram<InThreadRenderer> {
  const createRenderer = (of: WebAssembly.Memory): InThreadRenderer => new InThreadRenderer(of);
  return createTestProgram({ widthPx, heightPx, memory: shared, createRenderer });
}

/** What the newest job of each slot says. */
function jobs({ map }: TestProgram<InThreadRenderer>, field: number): number[] {
  return map.jobOffsets.map((offset) => words.getInt32(offset + field, true));
}

/** Plays the scenes one after the other and compares the last with a redraw. */
async function playAll(
  scenes: readonly Scene[],
  sizePx: number,
): Promise<TestProgram<InThreadRenderer>> {
  const program = createProgram(memory, sizePx, sizePx);
  let last: Uint8Array = new Uint8Array();
  for (const [n, scene] of scenes.entries()) {
    await showScene(program, snapshotOf(scene, { revision: n + 1 }));
    last = await playFrame(program, n, n * 40);
  }
  const reference = createProgram(referenceMemory, sizePx, sizePx);
  await showScene(reference, snapshotOf(scenes.at(-1) ?? null));
  const expected = await playFrame(reference, 0, (scenes.length - 1) * 40);
  assert.ok(Buffer.compare(last, expected) === 0, 'the frame differs from a redraw');
  return program;
}

function rectangle(
  id: string,
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
): LayerInput {
  return { id, type: 'shape', shape: 'rectangle', x, y, width, height, fill };
}

test('five hundred layers of all kinds are drawn', async () => {
  const layers = Array.from({ length: 500 }, (_, i): LayerInput => {
    const place = { id: `l${i}`, x: (i * 37) % 480, y: (i * 53) % 480 };
    if (i % 4 === 0)
      return { ...place, type: 'text', text: `no ${i % 20}`, fontSize: 12, border: { width: 1 } };
    if (i % 4 === 1) return { ...place, type: 'timer', format: 's.cc', fontSize: 10 };
    if (i % 4 === 2)
      return { ...place, type: 'ticker', text: 'on and on', width: 60, height: 14, fontSize: 10 };
    return { ...place, type: 'shape', shape: 'ellipse', width: 20, height: 20, fill: '#08f8' };
  });
  const scene = sceneFrom({ id: 's', width: 512, height: 512, layers });
  const program = await playAll([scene, scene, scene], 512);
  assert.ok(jobs(program, JOB_ITEMS).every((items) => items <= MAX_ITEMS));
});

test('damage in more pieces than there are tiles draws the whole frame', async () => {
  const [sizePx, bars, pitchPx] = [2080, 65, 32];
  const sceneOf = (fill: string): Scene =>
    sceneFrom({
      id: 's',
      width: sizePx,
      height: sizePx,
      layers: Array.from({ length: bars }, (_, i) => [
        rectangle(`down-${i}`, i * pitchPx, 0, 16, sizePx, fill),
        rectangle(`across-${i}`, 0, i * pitchPx, sizePx, 16, fill),
      ]).flat(),
    });
  assert.ok((bars + 1) * bars > MAX_TILES);
  const program = await playAll([sceneOf('#ff0000'), sceneOf('#0000ff')], sizePx);
  assert.ok(jobs(program, JOB_TILES).every((tiles) => tiles <= MAX_TILES));
});

test('a scene that needs more picture memory than there is shows what fits, and recovers', async () => {
  const program = createProgram(memory, 128, 128);
  const layers = Array.from({ length: 3 }, (_, i): LayerInput => ({
    ...rectangle(`huge-${i}`, 0, 0, 8192 - i, 8192, `rgb(${i} 255 0)`),
  }));
  const small = rectangle('small', 10, 10, 20, 20, '#ffffff');
  await showScene(
    program,
    snapshotOf(sceneFrom({ id: 's', width: 128, height: 128, layers: [...layers, small] })),
  );
  const crowded = await playFrame(program, 0, 0);
  assert.equal(crowded[15 * 128 + 15], 235);
  await showScene(
    program,
    snapshotOf(sceneFrom({ id: 's', width: 128, height: 128, layers: [small] })),
  );
  const roomy = await playFrame(program, 1, 0);
  assert.equal(roomy[15 * 128 + 15], 235);
  assert.equal(roomy[100 * 128 + 100], 16);
});
