import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrackRef } from '../../src/audio/contract.js';
import { LivePlayer } from '../../src/audio/live-player.js';
import { SAMPLE_RATE_HZ } from '../../src/core/media-clock.js';
import { createTrackMemory, TrackRingWriter } from '../../src/memory/track-ring.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import type { ContentOf } from '../../src/scene/sound/content.js';

/** An internet radio in simulated time: what comes of a server whose clock is not ours. */

const BUFFER_MS = 200;
const FRAME_SAMPLES = SAMPLE_RATE_HZ / 60;
/** What the ingest thread decodes ahead. */
const RING_SECONDS = 2;
/** A server sends in pieces. */
const PIECE_SECONDS = 0.05;

type Server = {
  /** How much faster its clock is than ours. */
  readonly drift: number;
  /** What it sends at once to whoever connects, seconds. */
  readonly burstSeconds: number;
};

type Outcome = {
  readonly hasStarted: boolean;
  readonly underruns: number;
  /** What has been sent and is not even taken to be played. */
  readonly waitingSeconds: number;
};

/** What was heard of a server for so many minutes. */
function listen({ drift, burstSeconds }: Server, minutes: number): Outcome {
  const memory = createTrackMemory(RING_SECONDS * SAMPLE_RATE_HZ);
  const writer = new TrackRingWriter(memory);
  const told: string[] = [];
  const player = new LivePlayer((type) => told.push(type));
  const ref: TrackRef = { key: 'radio', run: 0, memory, createdAtMs: 0, fadesIn: false };
  const content: ContentOf<'stream'> = {
    kind: 'stream',
    url: 'http://example.com/',
    bufferMs: BUFFER_MS,
  };
  player.follow(content, { tracks: [ref], isPaused: false });
  const target = new Float32Array(FRAME_SAMPLES * SOUND_CHANNELS);
  const silence = new Float32Array(RING_SECONDS * SAMPLE_RATE_HZ * SOUND_CHANNELS);
  let written = 0;
  let sent = 0;
  for (let first = 0; first < minutes * 60 * SAMPLE_RATE_HZ; first += FRAME_SAMPLES) {
    const seconds = (first / SAMPLE_RATE_HZ) * (1 + drift);
    const pieces = Math.floor(seconds / PIECE_SECONDS);
    sent = Math.round((burstSeconds + pieces * PIECE_SECONDS) * SAMPLE_RATE_HZ);
    // What finds no room in the ring waits in the sockets.
    written += writer.write(silence.subarray(0, (sent - written) * SOUND_CHANNELS));
    player.render(first, FRAME_SAMPLES, target);
  }
  const played = player.tracks[0]?.samples ?? 0;
  return {
    hasStarted: told.includes('started'),
    underruns: told.filter((type) => type === 'underrun').length,
    waitingSeconds: (sent - played) / SAMPLE_RATE_HZ,
  };
}

test('a radio that was ahead at first is heard without a gap when that is caught up with, and does not fall behind', () => {
  const { hasStarted, underruns, waitingSeconds } = listen({ drift: 0, burstSeconds: 1 }, 10);
  assert.ok(hasStarted);
  assert.equal(underruns, 0);
  assert.ok(waitingSeconds < 0.5, `${waitingSeconds} s wait`);
});
