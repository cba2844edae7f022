/**
 * The way of the sound, phase "send", in the stitcher thread: from the ring that the mixer fills to the encoder, with
 * the frame that is sent. Owns which samples have gone, and what became of each.
 */

import { firstSample, SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { FrameRate } from '../core/rational.js';
import {
  SOUND_CHANNELS,
  type SampleSpan,
  type SoundRingReader,
  type SoundState,
} from '../memory/sound-ring.js';
import type { SoundRun } from '../output/sound-run.js';
import type { SoundLedgerSnapshot } from './contract.js';

/**
 * How long the mixer is waited for, milliseconds: what comes by then goes with a later frame, which costs no sample. Longer than
 * a thread waits for the processor on a busy machine; FFmpeg holds the pictures back meanwhile. Counted from when a frame was
 * found to have no sound, and not in frames: after a pause of this thread, the mixer has just been asked for all of them.
 */
const GRACE_MS = 400;

/** How long sound takes to fall silent where what follows is missing, and to come back, seconds: less than any frame. */
const FADE_SECONDS = 0.005;
const FADE_SAMPLES = FADE_SECONDS * SAMPLE_RATE_HZ;

type Outcome = SoundState | 'missingMixer' | 'missingEncoder';

const NOTHING: Readonly<Record<Outcome, number>> = {
  mixed: 0,
  silent: 0,
  missingMixer: 0,
  missingEncoder: 0,
};

/**
 * Sends the samples of every slot of the clock once and in order, however late the pictures are. What the mixer has not
 * mixed in time is waited for, and then left silent; what an encoder did not take because it ended is lost with it.
 */
export class SoundFeed {
  readonly #ring: SoundRingReader;
  readonly #frameRate: FrameRate;
  readonly #counts: Record<Outcome, number> = { ...NOTHING };
  #epoch = 0;
  /** The first frame whose samples have not gone. */
  #next = 0;
  /** Which encoder has had what came before; null: none. */
  #life: number | null = null;
  /** Whether the samples before the next ones were missing. */
  #isMissing = false;
  /** Since when the next samples have been waited for; null: they have not been. */
  #waitingSinceMs: number | null = null;
  /** The last sample that was sent. */
  readonly #last = new Float32Array(SOUND_CHANNELS);

  constructor(ring: SoundRingReader, frameRate: FrameRate) {
    this.#ring = ring;
    this.#frameRate = frameRate;
  }

  /** A clock has begun with frame 0; its blocks carry `epoch`. */
  begin(epoch: number): void {
    this.#epoch = epoch;
  }

  /**
   * The samples that go with frame `n`, which is sent now to the encoder of that `life`: those of frames that were not
   * sent, too. Null: there are none yet.
   * @param nowMs - by a clock that goes on while nothing is sent, such as `performance.now()`
   */
  take(n: number, life: number, nowMs: number): SoundRun | null {
    if (this.#life !== null && this.#life !== life) this.#beginAnew(n);
    this.#life = life;
    const first = this.#spanOf(this.#next).first;
    const { end } = this.#spanOf(n);
    const samples = new Float32Array((end - first) * SOUND_CHANNELS);
    let takenEnd = first;
    for (; this.#next <= n; this.#next++) {
      const span = this.#spanOf(this.#next);
      const target = samples.subarray(
        (span.first - first) * SOUND_CHANNELS,
        (span.end - first) * SOUND_CHANNELS,
      );
      if (!this.#fill(this.#next, span, target, nowMs)) break;
      takenEnd = span.end;
    }
    if (takenEnd === first) return null;
    return { first, samples: samples.subarray(0, (takenEnd - first) * SOUND_CHANNELS) };
  }

  /** What became of the samples of the clock's first `slots` slots; what is still waited for counts as waiting. */
  ledger(slots: number): SoundLedgerSnapshot {
    const { mixed, silent, missingMixer, missingEncoder } = this.#counts;
    const clock = firstSample(slots, this.#frameRate);
    const waiting = clock - mixed - silent - missingMixer - missingEncoder;
    return {
      clock,
      mixed,
      silent,
      missing: { mixer: missingMixer, encoder: missingEncoder },
      waiting,
    };
  }

  /** The clock has ended after `slots` slots: what has not gone by now does not go any more. */
  end(slots: number): void {
    this.#loseUntil(slots);
  }

  #spanOf(frame: number): SampleSpan {
    return {
      first: firstSample(frame, this.#frameRate),
      end: firstSample(frame + 1, this.#frameRate),
    };
  }

  /** Another encoder has had nothing: it begins with frame `n`, out of silence. */
  #beginAnew(n: number): void {
    this.#loseUntil(n);
    this.#isMissing = true;
    this.#last.fill(0);
  }

  /** Leaves out what comes before frame `n`. */
  #loseUntil(n: number): void {
    if (n <= this.#next) return;
    this.#counts.missingEncoder += this.#spanOf(n).first - this.#spanOf(this.#next).first;
    this.#next = n;
  }

  /** Puts the samples of a frame into `target`, or silence where they are missing. False: they may still come. */
  #fill(frame: number, span: SampleSpan, target: Float32Array, nowMs: number): boolean {
    const state = this.#ring.read(frame, this.#epoch, span, target);
    if (state === null) {
      this.#waitingSinceMs ??= nowMs;
      if (!this.#isMissing && nowMs - this.#waitingSinceMs < GRACE_MS) return false;
      target.fill(0);
      fadeOutOf(this.#last, target);
    } else if (this.#isMissing) {
      fadeIn(target);
    }
    this.#isMissing = state === null;
    this.#waitingSinceMs = null;
    this.#last.set(target.subarray(-SOUND_CHANNELS));
    this.#counts[state ?? 'missingMixer'] += span.end - span.first;
    return true;
  }
}

/** Adds to silence what leads a sample to zero, so that nothing jumps where the sound breaks off. */
function fadeOutOf(last: Float32Array, target: Float32Array): void {
  for (let i = 0; i < FADE_SAMPLES * SOUND_CHANNELS; i++) {
    const factor = 1 - (Math.floor(i / SOUND_CHANNELS) + 1) / FADE_SAMPLES;
    target[i] = (last[i % SOUND_CHANNELS] ?? 0) * factor;
  }
}

function fadeIn(target: Float32Array): void {
  for (let i = 0; i < FADE_SAMPLES * SOUND_CHANNELS; i++) {
    const factor = (Math.floor(i / SOUND_CHANNELS) + 1) / FADE_SAMPLES;
    target[i] = (target[i] ?? 0) * factor;
  }
}
