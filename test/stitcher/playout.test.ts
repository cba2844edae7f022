import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Latencies } from '../../src/core/latencies.js';
import { createLogger } from '../../src/core/logger.js';
import { CompositorPort, StitcherPort } from '../../src/memory/handover.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { Playout, type FrameSink } from '../../src/stitcher/playout.js';

const FORMAT = { widthPx: 64, heightPx: 64, frameRate: { num: 50, den: 1 } };
const LUMA_BYTES = 64 * 64;

async function openPlayout(memory: WebAssembly.Memory): Promise<Playout> {
  const playout = new Playout({
    memory,
    kernels: instantiateKernels(memory),
    latencies: new Latencies(),
    logger: createLogger('silent', 'test'),
    wallNow: Date.now,
    onClock: () => undefined,
  });
  await playout.configure(FORMAT);
  return playout;
}

function newMemory(): WebAssembly.Memory {
  const memory = createSharedMemory();
  new StitcherPort(memory).setFirstFormat(FORMAT);
  return memory;
}

test('without a compositor every slot is sent, black, and counted as late', async () => {
  const playout = await openPlayout(newMemory());
  const pictures: Buffer[] = [];
  const sink: FrameSink = {
    begin: () => undefined,
    canAccept: () => true,
    send: (_n, lease) => {
      pictures.push(Buffer.from(lease.picture));
      lease.release();
      return true;
    },
  };
  playout.start(sink);
  while (pictures.length < 20) await sleep(5);
  playout.close();
  const { clock, rendered, unchanged, late, skipped } = playout.ledger;
  assert.deepEqual(
    { rendered, unchanged, late, skipped },
    { rendered: 0, unchanged: 0, late: clock, skipped: 0 },
  );
  assert.equal(pictures.length, clock);
  for (const picture of pictures) {
    assert.ok(picture.subarray(0, LUMA_BYTES).every((luma) => luma === 16));
    assert.ok(picture.subarray(LUMA_BYTES).every((chroma) => chroma === 128));
  }
});

test('a preroll that nobody answers ends when the clock is stopped, and asks for nothing after that', async () => {
  const memory = newMemory();
  const playout = await openPlayout(memory);
  const port = new CompositorPort(memory);
  const preroll = playout.preroll();
  await sleep(20);
  assert.equal(port.request.asked, -6);
  const { epoch } = port.request;
  playout.stop();
  await preroll;
  await sleep(20);
  assert.equal(port.request.asked, null);
  assert.notEqual(port.request.epoch, epoch);
});

test('another size waits until the compositor has let go of the memory, however long that takes', async () => {
  const memory = newMemory();
  const playout = await openPlayout(memory);
  const port = new CompositorPort(memory);
  const larger = { ...FORMAT, widthPx: 128 };
  let isDone = false;
  const configured = playout.configure(larger).then(() => {
    isDone = true;
  });
  await sleep(3500);
  assert.ok(!isDone, 'the compositor may still write');
  assert.deepEqual(port.format, larger);
  port.adopt(port.generation);
  await configured;
  playout.close();
});
