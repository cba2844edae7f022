/**
 * The way of the sound, between the stitcher's requests and the sound ring, in the mixer thread: mixes each frame once the one
 * after it has been asked for. Owns the mixer, and which frame comes next.
 */

import { firstSample, SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { isDueWith } from '../core/program-clock.js';
import { frameTimeMs } from '../core/rational.js';
import type { FrameRequests } from '../memory/frame-requests.js';
import { REQUESTS } from '../memory/handover-layout.js';
import { MAX_FRAME_SAMPLES, SOUND_CHANNELS, type SoundRingWriter } from '../memory/sound-ring.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { PushedSound } from './contents.js';
import type { ScheduledSound } from './contract.js';
import { MIX_AHEAD_SAMPLES, Mixer, type SoundPart } from './mixer.js';

/** What is older than this is not mixed any more, seconds: the stitcher has sent silence in its place. */
const OLDEST_SECONDS = 1;

export type MixerLoopOptions = {
  readonly requests: FrameRequests;
  readonly ring: SoundRingWriter;
  readonly sound: AirSound;
  readonly pushed: PushedSound;
};

/** Mixes what the stitcher asks for, frame by frame. Reads no clock: the requests are its clock. */
export class MixerLoop {
  readonly #requests: FrameRequests;
  readonly #ring: SoundRingWriter;
  readonly #pushed: PushedSound;
  readonly #samples = new Float32Array(MAX_FRAME_SAMPLES * SOUND_CHANNELS);
  #sound: AirSound;
  #scheduled: readonly ScheduledSound[] = [];
  #mixer: Mixer;
  #epoch: number;
  /** The frame that is mixed next; null: whichever is asked for first. */
  #next: number | null = null;
  /** The sample that is mixed next; null: a mixer that has mixed nothing. */
  #nextSample: number | null = null;
  #isClosed = false;

  constructor({ requests, ring, sound, pushed }: MixerLoopOptions) {
    this.#requests = requests;
    this.#ring = ring;
    this.#sound = sound;
    this.#pushed = pushed;
    this.#mixer = new Mixer(pushed);
    this.#epoch = requests.request.epoch;
  }

  get mixer(): Mixer {
    return this.#mixer;
  }

  /** What is heard from the next frame on, and later. */
  follow(sound: AirSound, scheduled: readonly ScheduledSound[]): void {
    this.#sound = sound;
    this.#scheduled = scheduled;
  }

  /** Serves requests until it is closed. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      this.#serve();
      await this.#requests.requested();
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #serve(): void {
    const { epoch, asked } = this.#requests.request;
    if (epoch !== this.#epoch) this.#begin(epoch);
    if (asked === null) return;
    // The sound of a frame is mixed as late as it may be: what comes in until then is heard with it.
    const newest = asked - 1;
    if (newest < 0) return;
    const { frameRate } = this.#requests.format;
    const oldest = newest - Math.floor((OLDEST_SECONDS * frameRate.num) / frameRate.den);
    let n = this.#next ?? newest;
    if (n < oldest) {
      n = newest;
      this.#nextSample = null;
    }
    for (; n <= newest; n++) this.#mixFrame(n, asked);
    this.#next = n;
  }

  /** Frames are counted anew. */
  #begin(epoch: number): void {
    this.#epoch = epoch;
    this.#next = 0;
    this.#nextSample = null;
  }

  #mixFrame(n: number, asked: number): void {
    const { frameRate } = this.#requests.format;
    const [first, end] = [firstSample(n, frameRate), firstSample(n + 1, frameRate)];
    if (this.#nextSample === null) {
      // What comes out of the mixer first was never put in.
      this.#mixer = new Mixer(this.#pushed);
      const head = { first, end: first + MIX_AHEAD_SAMPLES };
      this.#mixer.mix([this.#partOf(n, head, asked)], this.#samples);
      this.#nextSample = head.end;
    }
    const aheadEnd = end + MIX_AHEAD_SAMPLES;
    const parts = [
      this.#partOf(n, { first: this.#nextSample, end }, asked),
      this.#partOf(n + 1, { first: end, end: aheadEnd }, asked),
    ];
    const state = this.#mixer.mix(parts, this.#samples);
    this.#nextSample = aheadEnd;
    this.#ring.write({ frame: n, epoch: this.#epoch, state }, { first, end }, this.#samples);
  }

  /** What holds for a part of frame `n`. */
  #partOf(n: number, span: SoundPart['span'], asked: number): SoundPart {
    const { frameRate } = this.#requests.format;
    // The times of the last few frames are kept; older ones follow from the oldest of those without a correction.
    const known = Math.max(n, asked - REQUESTS + 1);
    const { programTimeMs, wallOffsetMs } = this.#requests.timesOf(known);
    const startMs = programTimeMs - frameTimeMs(known - n, frameRate);
    const moment = {
      n,
      clockStartedAtMs: this.#requests.clockStartedAtMs,
      wallTimeMs: startMs + wallOffsetMs,
    };
    const due = this.#scheduled.findLast((one) => isDueWith(one, moment));
    const first = firstSample(n, frameRate);
    return {
      span,
      sound: due?.sound ?? this.#sound,
      timeOf: (sample) => startMs + ((sample - first) * 1000) / SAMPLE_RATE_HZ,
    };
  }
}
