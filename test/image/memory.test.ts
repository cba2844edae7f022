import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { z } from 'zod';
import { StreamStatusSchema, type StreamStatus } from '../../src/api/operations/stream-status.js';
import { makeLottieFile } from '../../bench/sheet/lottie-file.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { SceneFuzz, showFuzzScene, type SendJson } from '../support/scene-fuzz.js';
import type { Container } from './container.js';
import { call, request, Stack } from './stack.js';

/**
 * What random changes of a scene on air take of the memory that docker-compose.yml gives the service, at 1080p60 as it is
 * set up by itself. They follow each other as fast as they are answered. MEMORY_CHANGES says how many; the memory part of
 * the benchmark, and `npm run test:image:memory`, make 5000.
 */

const CHANGES = Number(process.env['MEMORY_CHANGES'] ?? 300);
const SEED = 20_261_126;
/** As it is set up by itself; state in the volume. */
const ALONE = { REDIS_URL: '', STREAM_RESOLUTION: '', TARGET_FPS: '', STREAM_BITRATE: '' };
/** Of the 1.5 GiB of the container this leaves 200 MB for what comes all at once. */
const MOST_BYTES = 1.4e9;
/** When an ordinary scene is on air again. */
const REST_BYTES = 700e6;
const REST_MS = 60_000;
/** How often memory is looked at, milliseconds. */
const LOOK_MS = 50;
/** How often a line is written, in changes. */
const STEP = 250;

let stack: Stack;
let service: Container;
before(async () => {
  stack = await Stack.prepare();
  service = await stack.startService(ALONE);
});
after(() => stack.close());

async function streamStatus(): Promise<StreamStatus> {
  return StreamStatusSchema.parse(await call('GET', '/api/stream/status'));
}

async function upload(): Promise<void> {
  const background = '#a04020';
  const picture = sharp({ create: { width: 1200, height: 1600, channels: 3, background } });
  await call('POST', '/api/assets?id=lot-42', await picture.png().toBuffer());
  const animation = Buffer.from(makeLottieFile());
  const { status, text } = await request(
    'POST',
    '/api/assets?id=confetti',
    animation,
    'video/lottie+json',
  );
  assert.equal(status, 201, text);
}

/** Looks at the memory until it is stopped; keeps the most that was held. */
class Peak {
  bytes = 0;
  #timer = setInterval(() => {
    this.bytes = Math.max(this.bytes, service.memory().heldBytes);
  }, LOOK_MS);

  stop(): void {
    clearInterval(this.#timer);
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Makes the changes. @throws AssertionError when the service has ended */
async function change(t: TestContext, fuzz: SceneFuzz, peak: Peak): Promise<void> {
  for (let i = 1; i <= CHANGES; i++) {
    const { layerId, patch } = await fuzz.change();
    const at = (): string =>
      `after ${i} changes, the last of ${layerId}: ${JSON.stringify(patch).slice(0, 1000)}`;
    assert.ok(service.isRunning, `${at()}\n${service.output.slice(-3000)}`);
    if (i % STEP > 0) continue;
    const now = megabytes(service.memory().heldBytes);
    t.diagnostic(`${i} changes: ${now}, at most ${megabytes(peak.bytes)}`);
  }
}

test(`${CHANGES} random changes that fit the schemas stay within the memory of the container, and it comes back`, async (t) => {
  await upload();
  const before = await streamStatus();
  t.diagnostic(`at rest: ${megabytes(service.memory().heldBytes)}`);
  const send: SendJson = (method, path, body) => request(method, path, body);
  await showFuzzScene(send);
  const document = z.record(z.string(), z.json()).parse(await call('GET', '/api/openapi.json'));
  const fuzz = new SceneFuzz(document, new RandomNumbers(SEED), send);
  const peak = new Peak();
  const startedMs = performance.now();
  try {
    await change(t, fuzz, peak);
  } finally {
    peak.stop();
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  t.diagnostic(`${seconds} s, ${JSON.stringify(fuzz.counts)}`);

  await call('POST', '/api/scenes/auction/activate', {});
  const giveUpAtMs = performance.now() + REST_MS;
  const rest = (): number => service.memory().heldBytes;
  while (rest() > REST_BYTES && performance.now() < giveUpAtMs) await sleep(1000);
  t.diagnostic(`afterwards: ${megabytes(rest())}`);
  const { peakBytes, killed } = service.memory();
  t.diagnostic(`most that was charged, page cache included: ${megabytes(peakBytes)}`);

  assert.equal(killed, 0, 'processes were killed at the limit of the container');
  assert.ok(peak.bytes > 0 && peak.bytes <= MOST_BYTES, megabytes(peak.bytes));
  assert.ok(rest() <= REST_BYTES, megabytes(rest()));
  assert.equal(fuzz.counts.failed, 0, JSON.stringify(fuzz.counts));
  assert.ok(fuzz.counts.taken > CHANGES / 2, JSON.stringify(fuzz.counts));
  const now = await streamStatus();
  assert.equal(now.state, 'live');
  assert.equal(now.encoderRestarts, before.encoderRestarts);
  assert.equal(now.clock?.startedAtMs, before.clock?.startedAtMs, 'the program has not begun anew');
});
