import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { z } from 'zod';
import { ALLOCATOR_VARIABLES } from '../../src/core/allocator.js';
import { MEMORY_STEPS } from '../../src/core/memory-pressure.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** The least that may be configured: the service alone takes more than half of it. */
const LIMIT_BYTES = 768_000_000;
/** From which share of the limit on a step is taken, and below which none is. */
const FROM = { none: 0, caches: 0.8, layers: 0.9 } as const;
const OVER_BELOW = 0.7;
/** Each is decoded in 96 MB, several at once. */
const PICTURES = 6;
const PICTURE_PX = { width: 6000, height: 4000 } as const;
const WAIT_MS = 90_000;

const StepSchema = z.object({
  type: z.literal('memory.step'),
  data: z.object({
    step: z.enum(MEMORY_STEPS),
    bytes: z.number(),
    limitBytes: z.literal(LIMIT_BYTES),
  }),
});
type Step = z.infer<typeof StepSchema>['data'];

let service: Service;
before(async () => {
  service = await Service.start({
    ...SMALL_STREAM,
    ...ALLOCATOR_VARIABLES,
    AUTOSTART: 'true',
    MEMORY_LIMIT: String(LIMIT_BYTES),
  });
  await service.until('it is live', async () => (await service.status()).state === 'live');
  // What decodes the demo's sounds holds some 80 MB for as long as they are heard, which is nothing that can be given up.
  await service.must('PATCH', '/api/scenes/auction', { audio: [] });
  await service.must('DELETE', '/api/audio/sources/music');
  // A bid is heard while its scene is on air: on a busy machine one after the other, so that its sound is always in use.
  await service.must('POST', '/api/scenes', { id: 'silent' });
  await service.must('POST', '/api/scenes/silent/activate', {});
  for (const id of ['demo-music', 'demo-bid'])
    await service.until(`${id} can be removed`, async () => {
      const { status } = await service.api('DELETE', `/api/assets/${id}`);
      return status === 204;
    });
  await service.must('POST', '/api/scenes/auction/activate', {});
});
after(() => service.close());

async function steps(): Promise<Step[]> {
  const { json } = await service.must('GET', '/api/events?since=0&limit=1000');
  const events = z.array(z.json()).parse(json['events']);
  return events.flatMap((event) => {
    const step = StepSchema.safeParse(event);
    return step.success ? [step.data.data] : [];
  });
}

/** Large texts, each painted anew again and again, and large pictures, each decoded anew. */
async function showMore(round: number): Promise<void> {
  const layers = Array.from({ length: PICTURES }, (_, i): LayerInput => ({
    id: `picture-${i}`,
    type: 'image',
    asset: 'large',
    width: 1900 - 10 * i - round,
    height: 1000,
    x: i,
    y: i,
    fit: 'cover',
  }));
  for (let i = 0; i < 6; i++)
    layers.push({
      id: `text-${i}`,
      type: 'text',
      text: `Big ${round} ${i}`,
      fontSize: 1024,
      scale: 2,
      y: i * 40,
      shadow: { blur: 100 },
      onError: 'hide',
    });
  await service.must('PUT', '/api/scenes/large', { id: 'large', layers });
}

test('what is near the limit is given up step by step, the stream goes on, and memory comes back', async (t) => {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const picture = await sharp({ create: { ...PICTURE_PX, channels: 3, background: '#000', noise } })
    .jpeg({ quality: 60 })
    .toBuffer();
  const uploaded = await service.api('POST', '/api/assets?id=large', picture);
  assert.equal(uploaded.status, 201, uploaded.bytes.toString());
  const before = await service.status();
  await service.must('POST', '/api/scenes', { id: 'large', layers: [] });
  await service.must('POST', '/api/scenes/large/activate');
  const giveUpAtMs = performance.now() + WAIT_MS;
  for (let round = 0; performance.now() < giveUpAtMs; round++) {
    await showMore(round);
    await sleep(500);
    if ((await steps()).some(({ step }) => step === 'layers')) break;
  }
  const page = (await service.must('GET', '/metrics')).bytes.toString();
  assert.match(page, /^stream_manager_memory_sheds_total [1-9]\d*$/m);

  await service.must('POST', '/api/scenes/auction/activate');
  await service.until(
    'memory has come back',
    async () => (await steps()).at(-1)?.step === 'none',
    WAIT_MS,
  );
  const taken = await steps();
  t.diagnostic(taken.map(({ step, bytes }) => `${step} ${Math.round(bytes / 1e6)}`).join(', '));
  assert.ok(
    taken.some(({ step }) => step === 'layers'),
    'the limit was come near to',
  );
  for (const { step, bytes } of taken) {
    assert.ok(bytes >= FROM[step] * LIMIT_BYTES, `${step} at ${bytes}`);
    if (step === 'none') assert.ok(bytes < OVER_BELOW * LIMIT_BYTES, `${step} at ${bytes}`);
    if (step === 'caches')
      assert.ok(bytes < FROM.layers * LIMIT_BYTES, 'more would have been given up');
  }

  const { state, clock, encoderRestarts } = await service.status();
  assert.deepEqual([state, encoderRestarts], ['live', before.encoderRestarts]);
  assert.equal(clock?.startedAtMs, before.clock?.startedAtMs, 'the program has not begun anew');
  await service.ledger();
  await service.until(
    'all of the scene is shown again',
    async () => (await service.status()).layersOff.length === 0,
  );
});
