import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { JobTask, PaintReport } from '../../src/render/tasks.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { hostileMessage } from '../support/hostile-messages.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { createTestProgram, InThreadRenderer, playFrame, showScene } from '../support/engine.js';
import { SIZE, snapshotWith, TIMER, wholeFrame } from './whole-frame.js';
import { toSafeText } from '../../src/layers/chat/safe-text.js';

/** What will be shown soon is set and painted before, so that no frame waits for it. */

const COMES_AT_MS = 5000;
const FRAME_MS = 20;
/** Each frame sets some of it, however little time a busy machine leaves it. */
const CLOSE_FRAME_MS = 2;

/** Draws in this thread; counts what frames paint themselves that is more than the figures of a clock. */
class CountingRenderer extends InThreadRenderer {
  wide = 0;

  override renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    this.wide += task.paints.filter(({ content }) => content.widthPx > SIZE.widthPx / 2).length;
    return super.renderJob(task);
  }
}

const memory = createSharedMemory();

function createProgram() {
  return createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new CountingRenderer(of),
    paintsInBackground: true,
  });
}

const random = new RandomNumbers(3);
const messages = Array.from({ length: 40 }, (_, i) => ({
  id: `m${i}`,
  author: 'a',
  text: toSafeText(hostileMessage(random, i).text).slice(0, 1000),
  atMs: COMES_AT_MS,
}));
const CHAT: LayerInput = {
  id: 'chat',
  type: 'chat',
  width: SIZE.widthPx,
  height: SIZE.heightPx,
  fontSize: 16,
  box: { color: '#234' },
  messages,
};

async function comesPainted(...layers: LayerInput[]): Promise<void> {
  const program = createProgram();
  await showScene(program, snapshotWith([...layers, TIMER]));
  let n = 0;
  let timeMs = COMES_AT_MS - 300;
  const before = await wholeFrame([TIMER], COMES_AT_MS - 250);
  for (; timeMs < COMES_AT_MS; timeMs += CLOSE_FRAME_MS) {
    const frame = await playFrame(program, n++, timeMs);
    if (timeMs === COMES_AT_MS - 250) assert.deepEqual(frame, before);
  }
  program.renderer.wide = 0;
  for (; timeMs < COMES_AT_MS + 400; timeMs += FRAME_MS)
    assert.deepEqual(
      await playFrame(program, n++, timeMs),
      await wholeFrame([...layers, TIMER], timeMs),
      `${timeMs} ms`,
    );
  assert.equal(program.renderer.wide, 0, 'no frame painted any of them');
}

test('messages that come together are painted before, and are there with the frame in which they come', async () => {
  await comesPainted(CHAT);
});

test('the same holds for a chat that another layer masks', async () => {
  const window: LayerInput = {
    id: 'window',
    type: 'shape',
    shape: 'ellipse',
    width: 40,
    height: 40,
    visible: false,
  };
  await comesPainted({ ...CHAT, mask: { type: 'layer', layer: 'window' } }, window);
});

test('bitmaps of what does not come after all are let go', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([CHAT, TIMER]));
  let n = 0;
  for (let timeMs = COMES_AT_MS - 200; timeMs < COMES_AT_MS; timeMs += CLOSE_FRAME_MS)
    await playFrame(program, n++, timeMs);
  await showScene(program, snapshotWith([TIMER], 2));
  await playFrame(program, n++, COMES_AT_MS);
  await playFrame(program, n++, COMES_AT_MS + FRAME_MS);
  const before = program.bitmaps.usedBytes;
  program.bitmaps.shed(false);
  const boxBytes = SIZE.widthPx * 20 * 4;
  assert.ok(program.bitmaps.usedBytes < before - boxBytes, 'there were some');
  assert.ok(program.bitmaps.usedBytes < SIZE.widthPx * SIZE.heightPx * 4);
});
