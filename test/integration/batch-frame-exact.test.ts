import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { BUILD_ROOT } from '../../src/core/paths.js';
import { recordLuma, type LumaRecorder } from '../support/luma-recorder.js';
import { Service, SMALL_STREAM } from '../support/service.js';

const FPS = 30;
const SWITCHES = 100;
/** All of them within the two seconds for which the main thread is blocked. */
const SWITCHES_WHILE_BLOCKED = 8;
const FRAMES_BETWEEN = 5;
/** A busy machine may cost a slot of the clock by itself. */
/** The marker's greys, one after the other: each is told from the one before it, so a frame that is off by one is seen. */
const GREYS = [20, 160, 90, 230] as const;
/** What encoding makes of a grey. */
const TOLERANCE = 25;
const AnswerSchema = z.object({ frame: z.object({ frame: z.number() }) });
const BLOCKER = pathToFileURL(join(BUILD_ROOT, 'test', 'support', 'block-main-thread.js')).href;

let service: Service;
let recorder: LumaRecorder;
/** What the place of a frame in the stream is ahead of its number. */
let offset = 0;
/** Slots of the clock that a busy machine has cost so far. */
let lost = 0;
before(async () => {
  service = await Service.start({ ...SMALL_STREAM, NODE_OPTIONS: `--import=${BLOCKER}` });
  await service.show({
    id: 'marker',
    layers: [
      {
        id: 'mark',
        type: 'shape',
        shape: 'rectangle',
        width: 1920,
        height: 1080,
        fill: hex(3),
      },
    ],
  });
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
  recorder = recordLuma(service.playUrl, FPS);
  await service.until('the player receives', () => recorder.frames > FPS);
  // Where the timeline of the stream begins is found out by one change, made now; it must hold for all others.
  const params = { sceneId: 'marker', layerId: 'mark', fill: hex(0) };
  const operations = [{ method: 'layers.update', params }];
  const { frame } = AnswerSchema.parse(
    (await service.must('POST', '/api/batch', { operations })).json,
  );
  await service.until('it is seen', () => recorder.findLuma(greyAt(0), TOLERANCE) !== null);
  const { late, skipped } = await service.ledger();
  lost = late + skipped;
  offset = (recorder.findLuma(greyAt(0), TOLERANCE) ?? 0) - frame.frame;
});
after(async () => {
  await recorder.close();
  await service.close();
});

/** How bright a frame of the program is in the stream; null when it has not come. */
function lumaOf(frame: number): number | null {
  return recorder.lumaOf(frame + offset);
}

function greyAt(step: number): number {
  return GREYS[step % GREYS.length] ?? 0;
}

function hex(step: number): string {
  return `#${greyAt(step).toString(16).padStart(2, '0').repeat(3)}`;
}

/** Schedules switches of the marker's colour from a frame on, and answers the frames that were asked for. */
async function scheduleFrom(prefix: string, first: number, count: number): Promise<number[]> {
  const frames = Array.from({ length: count }, (_, i) => first + i * FRAMES_BETWEEN);
  for (const [i, frame] of frames.entries()) {
    const params = { sceneId: 'marker', layerId: 'mark', fill: hex(i + 1) };
    const { json } = await service.must('POST', '/api/batch', {
      id: `${prefix}-${i}`,
      at: { frame },
      late: 'reject',
      operations: [{ method: 'layers.update', params }],
    });
    assert.equal(json['state'], 'scheduled', JSON.stringify(json));
  }
  return frames;
}

const EndedSchema = z.object({
  state: z.string(),
  frame: z.object({ frame: z.number() }).nullable(),
});

/** What became of a batch, and with which frame; waits until it is over. */
async function outcomeOf(id: string): Promise<{ state: string; frame: number | null }> {
  let ended: z.infer<typeof EndedSchema> = { state: 'scheduled', frame: null };
  await service.until(`${id} is over`, async () => {
    ended = EndedSchema.parse((await service.must('GET', `/api/batches/${id}`)).json);
    return ended.state !== 'scheduled';
  });
  return { state: ended.state, frame: ended.frame?.frame ?? null };
}

async function frameOnAir(): Promise<number> {
  const { clock } = await service.status();
  assert.ok(clock !== null);
  return clock.frame;
}

/** Whether a frame is of a grey, as far as encoding lets one tell. */
function isGrey(frame: number, grey: number): boolean {
  const luma = lumaOf(frame);
  return luma !== null && Math.abs(luma - grey) < TOLERANCE;
}

/**
 * Compares what was asked for with what the service says and with what the stream shows. A batch may come with a later
 * frame only where a slot of the clock was lost: at most as many do as there were slots lost meanwhile.
 */
async function check(prefix: string, frames: readonly number[]): Promise<void> {
  const outcomes: Awaited<ReturnType<typeof outcomeOf>>[] = [];
  for (const i of frames.keys()) outcomes.push(await outcomeOf(`${prefix}-${i}`));
  const last = (frames.at(-1) ?? 0) + FRAMES_BETWEEN;
  await service.until('the player has the last of them', () => recorder.newest >= last + offset);
  // It is reported a few times a second.
  await service.until(
    'the ledger has them',
    async () => (await service.ledger()).clock > last + FPS,
  );
  const ledger = await service.ledger();
  const lostMeanwhile = ledger.late + ledger.skipped - lost;
  lost = ledger.late + ledger.skipped;
  let displaced = 0;
  for (const [i, asked] of frames.entries()) {
    const { state, frame } = outcomes[i] ?? { state: '', frame: null };
    const around = [-2, -1, 0, 1, 2].map((step) => lumaOf(asked + step)?.toFixed());
    const seen = `${prefix}-${i} for ${asked}: ${state} with ${String(frame)}, ${around.join()}`;
    assert.equal(state, 'applied', seen);
    assert.ok(frame !== null && frame >= asked, seen);
    if (frame !== asked) displaced += 1;
    // Around a slot that was lost the picture is repeated, or missing.
    if (lostMeanwhile > 0) continue;
    assert.ok(isGrey(frame - 1, greyAt(i)), seen);
    assert.ok(isGrey(frame, greyAt(i + 1)), seen);
  }
  assert.ok(displaced <= lostMeanwhile, `${displaced} came late, ${lostMeanwhile} slots were lost`);
}

test(`${SWITCHES} batches for a frame each are in the pulled stream with exactly that frame`, async () => {
  await check('switch', await scheduleFrom('switch', (await frameOnAir()) + 10 * FPS, SWITCHES));
});

test('they are so while the main thread does nothing at all', async () => {
  const first = (await frameOnAir()) + 3 * FPS;
  const frames = await scheduleFrom('blocked', first, SWITCHES_WHILE_BLOCKED);
  await service.until('they are near', async () => (await frameOnAir()) > first - FPS / 2);
  service.signal('SIGWINCH');
  await check('blocked', frames);
  const [, blockedMs] = /blocked for (\d+) ms/.exec(service.output) ?? [];
  assert.ok(Number(blockedMs) >= 1990, `it was blocked for ${blockedMs ?? 'no'} ms`);
});
