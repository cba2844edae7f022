import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { StillService } from '../../src/api/ports.js';
import { createLogger } from '../../src/core/logger.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createStills, STILL_LIMITS, type StillLimits } from '../../src/still/service.js';
import { createTestProgram, InThreadRenderer, playFrame, showScene } from '../support/engine.js';
import { movingScene, rawRequest, STILL_SIZE } from './requests.js';
import { eventually } from '../support/until.js';

registerShippedFonts();

/** How long one may take is of no matter but where that is tested: the machine may do other things. */
const PATIENT: StillLimits = { ...STILL_LIMITS, timeoutMs: 120_000 };

function openStills(limits: Partial<StillLimits> = {}): StillService & { close(): Promise<void> } {
  const stills = createStills({
    ffmpegPath: null,
    logLevel: 'silent',
    logger: createLogger('silent', 'test'),
    limits: { ...PATIENT, ...limits },
  });
  after(() => stills.close());
  return stills;
}

function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

const TAKEN_AT_MS = Date.UTC(2026, 4, 1, 20);
const TIMES_MS = Array.from({ length: 24 }, (_, n) => (n * 1000) / 30);

test('a frame has the same bytes in whatever order frames are asked for, and those of the program', async () => {
  const program = createTestProgram({
    widthPx: STILL_SIZE.width,
    heightPx: STILL_SIZE.height,
    createRenderer: (memory) => new InThreadRenderer(memory, 3),
  });
  const { snapshot } = rawRequest(0, TAKEN_AT_MS);
  await showScene(program, snapshot);
  const onAir: Uint8Array[] = [];
  for (const [n, timeMs] of TIMES_MS.entries())
    onAir.push(await playFrame(program, n, TAKEN_AT_MS + timeMs));
  assert.ok(
    onAir.every((frame, n) => n === 0 || !Buffer.from(frame).equals(onAir[n - 1] ?? frame)),
  );

  const stills = openStills();
  const orders = fc.shuffledSubarray([...TIMES_MS.keys()], { minLength: 4 });
  await fc.assert(
    fc.asyncProperty(orders, fc.boolean(), async (order, isOtherBetween) => {
      for (const n of order) {
        // Another size in between makes the renderer lay its memory out anew.
        if (isOtherBetween && n % 5 === 0)
          await stills.render({ ...rawRequest(n, 0), width: 128, height: 256 });
        const { bytes } = await stills.render(rawRequest(TIMES_MS[n] ?? 0, TAKEN_AT_MS));
        assert.ok(Buffer.from(bytes).equals(onAir[n] ?? bytes), `frame ${n} of ${order.join()}`);
      }
    }),
    { numRuns: 12 },
  );
});

test('the wall clock changes what clocks show, and nothing else', async () => {
  const stills = openStills();
  const snapshot = rawRequest(0, 0).snapshot;
  const timeless = {
    ...snapshot,
    scene: {
      ...movingScene(),
      layers: movingScene().layers.filter(({ type }) => type !== 'clock'),
    },
  };
  for (const timeMs of [0, 333.333, 16.666_666_666, 12_345.678]) {
    const hashes = new Set<string>();
    const withClock = new Set<string>();
    for (const wallTimeMs of [0, TAKEN_AT_MS, TAKEN_AT_MS + timeMs, Date.UTC(2038, 0, 1, 3, 4)]) {
      const request = { ...rawRequest(timeMs, 0), wallTimeMs };
      hashes.add((await stills.render({ ...request, snapshot: timeless })).frameHash);
      withClock.add((await stills.render(request)).frameHash);
    }
    assert.equal(hashes.size, 1, `at ${timeMs} ms`);
    assert.ok(withClock.size > 1);
  }
});

test('answers what is asked for at the same time in order, and refuses what is too much', async () => {
  const stills = openStills({ pending: 3 });
  const answers = [10, 20, 30].map((timeMs) => stills.render(rawRequest(timeMs, 0)));
  await assert.rejects(stills.render(rawRequest(40, 0)), { code: 'SM_RENDER_BUSY' });
  const hashes = (await Promise.all(answers)).map(({ frameHash }) => frameHash);
  assert.equal(new Set(hashes).size, 3);
  const again = await stills.render(rawRequest(20, 0));
  assert.equal(again.frameHash, hashes[1]);
});

test('waits for nobody for ever, and goes on after a picture that took too long', async () => {
  const stills = openStills({ timeoutMs: 1 });
  await assert.rejects(stills.render(rawRequest(0, 0)), { code: 'SM_RENDER_TIMEOUT' });
  const patient = openStills();
  assert.equal((await patient.render(rawRequest(0, 0))).width, STILL_SIZE.width);
});

test('says that a picture failed when the thread dies of it, and renders the next one', async () => {
  const stills = openStills();
  // No program frame can be of this size.
  const broken = stills.render({ ...rawRequest(0, 0), width: 100_000, height: 100_000 });
  const next = stills.render(rawRequest(0, 0));
  await assert.rejects(broken, { code: 'SM_THREAD_EXITED' });
  assert.equal((await next).width, STILL_SIZE.width);
});

test('has no thread before the first picture, and none a while after the last', async () => {
  const before = threadCount();
  const stills = openStills({ idleMs: 50 });
  assert.equal(threadCount(), before);
  await stills.render(rawRequest(0, 0));
  await eventually(() => threadCount() <= before);
  assert.equal((await stills.render(rawRequest(0, 0))).height, STILL_SIZE.height);
});

test('rejects what waits when it is closed, and all that comes after', async () => {
  const stills = openStills();
  const waiting = stills.render(rawRequest(0, 0));
  const rejected = assert.rejects(waiting, { code: 'SM_SHUTTING_DOWN' });
  await Promise.all([stills.close(), stills.close()]);
  await rejected;
  await assert.rejects(stills.render(rawRequest(0, 0)), { code: 'SM_SHUTTING_DOWN' });
});
