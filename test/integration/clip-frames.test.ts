import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeSound } from '../../src/assets/probe-sound.js';
import { toPlannedSound } from '../../src/assets/sound-tracks.js';
import { createLogger } from '../../src/core/logger.js';
import { firstSample } from '../../src/core/media-clock.js';
import { newestPlannedFrame, type ProgramClock } from '../../src/core/program-clock.js';
import { StitcherPort } from '../../src/memory/handover.js';
import { createHeardMemory } from '../../src/memory/heard-sound.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { createSoundMemory, SOUND_CHANNELS, SoundRingReader } from '../../src/memory/sound-ring.js';
import { FrameRequests } from '../../src/memory/frame-requests.js';
import { IngestHandle } from '../../src/program/ingest-handle.js';
import { MixerHandle } from '../../src/program/mixer-handle.js';
import { StitcherHandle } from '../../src/program/stitcher-handle.js';
import { TrackRings } from '../../src/program/track-rings.js';
import { TrackRingReader } from '../../src/memory/track-ring.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { EMPTY_STATE } from '../assets/fixture.js';
import { makeSound } from '../audio/track-rig.js';
import { assetOf } from '../state/samples.js';

/** The real threads of the sound, and a main thread that stands still while clips are due. */

const FRAME_RATE = { num: 60, den: 1 };
const CLIPS = 100;
/** How many are scheduled at once, this many frames apart: all of them are due while this thread stands still. */
const ROUND = 25;
const SPACING = 4;
/** From the schedule to the first clip of a round, frames: the message to the mixer takes its time on a busy machine. */
const LEAD = 90;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-clips-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** The program's clock, mixer, decoders and the ring that the sound comes out of. */
async function open() {
  const logger = createLogger('silent', 'test');
  const memory = createSharedMemory();
  const sound = createSoundMemory();
  const config = {
    width: 320,
    height: 180,
    frameRate: FRAME_RATE,
    bitrateBps: 500_000,
    sound: { bitrateBps: 160_000, channels: 2 },
    preset: 'ultrafast',
  } as const;
  new StitcherPort(memory).setFirstFormat({ widthPx: 320, heightPx: 180, frameRate: FRAME_RATE });
  const logLevel = 'silent';
  const mixer = new MixerHandle({ logLevel, memory, sound, heard: createHeardMemory() }, logger, {
    onStats: () => undefined,
    onSilence: () => undefined,
    onTrack: () => undefined,
  });
  const network = {
    listenHost: '127.0.0.1',
    allowPrivateHosts: [],
    cdnBaseUrl: null,
    chromiumPath: null,
  };
  const ingest = new IngestHandle({ logLevel, ffmpegPath: null, ...network }, logger, {
    onReport: () => undefined,
    onInput: () => undefined,
    onPageMessage: () => undefined,
  });
  const tls = { verify: true, caFile: null };
  const stitcher = new StitcherHandle(
    { logLevel, ffmpegPath: null, tls, dataDir: folder, config, memory, sound },
    logger,
    { onState: () => undefined, onOutput: () => undefined, onClock: () => undefined },
  );
  await Promise.all([mixer.ready, stitcher.ready]);
  // Frames are counted while somebody watches.
  stitcher.setWatchers(1);
  const requests = new FrameRequests(memory);
  return { mixer, ingest, stitcher, requests, ring: new SoundRingReader(sound) };
}

async function clockOf(stitcher: StitcherHandle): Promise<ProgramClock> {
  for (let tries = 0; tries < 500; tries++) {
    if (stitcher.clock !== null) return stitcher.clock;
    await sleep(20);
  }
  throw new Error('No clock began to run within ten seconds.');
}

/** The state with a clip that begins at the beginning of something. */
function withClip(state: ServiceState, id: string): ServiceState {
  const clip = { id, content: { kind: 'file', asset: 'blip' } };
  return reduce(state, { type: 'sound.clip.play', clip, atMs: Date.now() }).state;
}

/** A hundred processes are started for it, which some machines take a minute for. */
async function decoded(rings: TrackRings): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    if (rings.all.every(({ memory }) => new TrackRingReader(memory).end !== null)) return;
    await sleep(20);
  }
  throw new Error('The clips were not decoded within two minutes.');
}

/** This thread does nothing until a moment. */
function standStill(untilNs: bigint): void {
  while (process.hrtime.bigint() < untilNs);
}

test('100 of 100 clips begin with the first sample of their frame while the main thread stands still', async () => {
  const path = join(folder, 'blip.wav');
  await makeSound(path, 'aevalsrc=exprs=0.5*cos(2*PI*2000*t):s=48000:d=0.02');
  const audio = await probeSound({
    path,
    mediaType: 'audio/wav',
    ffmpegPath: 'ffmpeg',
  });
  const asset = assetOf({ id: 'blip', kind: 'audio', audio });
  const empty = reduce(EMPTY_STATE, { type: 'asset.put', asset }).state;
  const files = { soundFileOf: () => ({ path, samples: audio.samples }) };
  const { mixer, ingest, stitcher, requests, ring } = await open();
  const rings = new TrackRings();
  const clock = await clockOf(stitcher);
  const found: number[] = [];
  const wanted: number[] = [];
  for (let round = 0; round < CLIPS / ROUND; round++) {
    const states = Array.from({ length: ROUND }, (_, i) => `blip-${round}-${i}`).reduce<
      readonly ServiceState[]
    >((all, id) => [...all, withClip(all.at(-1) ?? empty, id)], []);
    const now = toPlannedSound(empty, files, null);
    const plans = states.map((state) => toPlannedSound(state, files, null));
    rings.follow([now, ...plans]);
    ingest.decode(rings.all);
    await decoded(rings);
    const first = newestPlannedFrame(clock, process.hrtime.bigint()) + LEAD;
    const frames = plans.map((_, i) => first + i * SPACING);
    mixer.play(
      rings.played(now),
      plans.map((plan, i) => {
        const dueFrame = { clockStartedAtMs: clock.startedAtMs, frame: first + i * SPACING };
        return { dueAtMs: 0, dueFrame, ...rings.played(plan) };
      }),
    );
    // The mixer knows of them all; from here on nobody tells it anything.
    await sleep(500);
    const lastFrame = first + ROUND * SPACING;
    const lastMs = (lastFrame * 1000 * FRAME_RATE.den) / FRAME_RATE.num;
    standStill(clock.firstDueNs + BigInt(Math.round(lastMs * 1e6)));
    wanted.push(...frames.map((frame) => firstSample(frame, FRAME_RATE)));
    for (const frame of frames) found.push(begunAt(ring, requests.request.epoch, frame));
  }
  assert.deepEqual(found, wanted);
  rings.close();
  await stitcher.close();
  await mixer.close();
  await ingest.close();
});

/** The first sample that is heard in the two frames around one; NaN: there is none, or it has been silent for too short. */
function begunAt(ring: SoundRingReader, epoch: number, frame: number): number {
  const samples = new Float32Array(1600);
  let heardAt = NaN;
  for (const n of [frame - 1, frame]) {
    const span = { first: firstSample(n, FRAME_RATE), end: firstSample(n + 1, FRAME_RATE) };
    const state = ring.read(n, epoch, span, samples);
    if (state === null) return NaN;
    const count = span.end - span.first;
    for (let i = 0; i < count && Number.isNaN(heardAt); i++)
      if (Math.abs(samples[i * SOUND_CHANNELS] ?? 0) > 0.01) heardAt = span.first + i;
  }
  return heardAt;
}
