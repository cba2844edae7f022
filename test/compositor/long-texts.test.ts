import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import { HarfBuzz } from '../../src/fonts/harfbuzz.js';
import { createSharedMemory } from '../../src/memory/map.js';
import type { FramePlanner } from '../../src/compositor/frame-planner.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { FRAME_CHARACTERS } from '../../src/render/text/allowance.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
} from '../support/engine.js';
import { referenceMemory, SIZE, snapshotWith, TIMER, wholeFrame } from './whole-frame.js';

const memory = createSharedMemory();

before(registerShippedFonts);

function words(text: string): LayerInput {
  return { id: 'words', type: 'text', text, width: 300, height: 100, fontSize: 12, maxLines: 5 };
}

test('a text that takes several frames to set shows what it showed before, and all else goes on', async () => {
  const failed: unknown[] = [];
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
    paintsInBackground: true,
    onLayerFailed: (fault) => failed.push(fault),
  });
  const [short, long] = [words('Lot 42'), words('Two Lovers at Dusk, '.repeat(204))];
  // Fonts are open and code is compiled from here on: a frame that takes 100 ms to plan is cut off.
  for (const layer of [long, short]) await wholeFrame([layer, TIMER], 0);
  await showScene(program, snapshotWith([short, TIMER]));
  assert.deepEqual(await playFrame(program, 0, 0), await wholeFrame([short, TIMER], 0));
  await showScene(program, snapshotWith([long, TIMER], 2));
  const kinds: string[] = [];
  for (let n = 1; kinds.at(-1) !== 'long' && n < 20; n++) {
    const frame = await playFrame(program, n, n * 20);
    const before = await wholeFrame([short, TIMER], n * 20);
    const isBefore = Buffer.compare(frame, before) === 0;
    kinds.push(isBefore ? 'short' : 'long');
    if (!isBefore) assert.deepEqual(frame, await wholeFrame([long, TIMER], n * 20));
  }
  assert.deepEqual(kinds, ['short', 'short', 'long']);
  assert.deepEqual(failed, [], 'it is no fault of the layer');
});

test('how large pictures in a layout are is found a part of its texts at a time, and comes to the same', () => {
  const textsOf = (of: string): LayerInput[] =>
    Array.from({ length: 12 }, (_, i): LayerInput => {
      return {
        id: `${of}${i}`,
        type: 'text',
        text: `${i} ${'Two Lovers at Dusk, '.repeat(200)}`,
        fontSize: 8,
      };
    });
  const photo: LayerInput = {
    id: 'photo',
    type: 'image',
    asset: 'photo',
    slot: { width: 100, grow: 1 },
  };
  const snapshot = snapshotOf(
    sceneFrom({
      id: 's',
      width: SIZE.widthPx,
      height: SIZE.heightPx,
      layers: [
        {
          id: 'grouped',
          type: 'group',
          width: 300,
          layout: { type: 'flex' },
          layers: [...textsOf('row'), photo],
        },
        { id: 'beside', type: 'group', layout: { type: 'flex' }, layers: textsOf('words') },
      ],
    }),
    { pictures: { photo: { contentHash: 'photo', path: '/none', width: 400, height: 300 } } },
  );
  const plannerOf = (paintsInBackground: boolean): FramePlanner =>
    createTestProgram({
      ...SIZE,
      memory: paintsInBackground ? memory : referenceMemory,
      createRenderer: (of) => new InThreadRenderer(of),
      paintsInBackground,
    }).engine.compositor.planner;
  const shape = mock.method(HarfBuzz.prototype, 'shape');
  try {
    const live = plannerOf(true);
    const shaped: number[] = [];
    for (let isFound = false; !isFound;) {
      shape.mock.resetCalls();
      isFound = live.hasAllPicturesOf(snapshot);
      let sum = 0;
      for (const {
        arguments: [, item],
      } of shape.mock.calls)
        sum += item.to - item.from;
      shaped.push(sum);
      assert.ok(shaped.length < 400, 'it never ends');
    }
    assert.ok(shaped.length > 10, `${shaped.length} parts`);
    assert.ok(
      Math.max(...shaped) <= FRAME_CHARACTERS + 1024,
      `${Math.max(...shaped)} characters at once`,
    );
    const whole = plannerOf(false).picturesOf(snapshot);
    assert.equal(whole.length, 1);
    assert.deepEqual(live.picturesOf(snapshot), whole);
  } finally {
    shape.mock.restore();
  }
});
