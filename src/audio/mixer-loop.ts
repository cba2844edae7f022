/**
 * The way of the sound, between the stitcher's requests and the sound ring, in the mixer thread: mixes each frame once it is the
 * next that is due. Owns the mixer, and which frame comes next.
 */

import { firstSample, frameOfSample, SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { isDueWith } from '../core/program-clock.js';
import { frameTimeMs } from '../core/rational.js';
import type { FrameRequests } from '../memory/frame-requests.js';
import type { HeardWriter } from '../memory/heard-sound.js';
import { REQUESTS } from '../memory/handover-layout.js';
import {
  MAX_FRAME_SAMPLES,
  SOUND_CHANNELS,
  type SampleSpan,
  type SoundRingWriter,
} from '../memory/sound-ring.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { PushedSound } from './contents.js';
import type { PlayedSound, ScheduledSound, SilenceReport } from './contract.js';
import type { InputSounds } from './input-player.js';
import { MIX_AHEAD_SAMPLES, Mixer, type SoundPart } from './mixer.js';
import { SilenceWatch, type SilenceChange } from './silence-watch.js';
import type { MixerReport } from './voices.js';

/** What is older than this is not mixed any more, seconds: less than the sound ring holds. */
const OLDEST_SECONDS = 4;

export type MixerLoopOptions = {
  readonly requests: FrameRequests;
  readonly ring: SoundRingWriter;
  /** Where it is written how loud the frames are. */
  readonly heard: HeardWriter;
  readonly played: PlayedSound;
  readonly pushed: PushedSound;
  readonly inputs: InputSounds;
  readonly report: MixerReport;
  /** What is sent has been silent for too long, or is heard. */
  readonly onSilence: (report: SilenceReport) => void;
};

/** Mixes what the stitcher asks for, frame by frame. Reads no clock: the requests are its clock. */
export class MixerLoop {
  readonly #requests: FrameRequests;
  readonly #ring: SoundRingWriter;
  readonly #heard: HeardWriter;
  readonly #createMixer: () => Mixer;
  readonly #onSilence: MixerLoopOptions['onSilence'];
  #silence = this.#createSilenceWatch();
  readonly #samples = new Float32Array(MAX_FRAME_SAMPLES * SOUND_CHANNELS);
  #played: PlayedSound;
  #scheduled: readonly ScheduledSound[] = [];
  #spectra: readonly SpectrumWanted[] = [];
  #mixer: Mixer;
  #epoch: number;
  /** The frame that is mixed next; null: whichever is asked for first. */
  #next: number | null = null;
  /** The sample that is mixed next; null: a mixer that has mixed nothing. */
  #nextSample: number | null = null;
  #isClosed = false;

  constructor(options: MixerLoopOptions) {
    const { requests, ring, heard, played, pushed, inputs, report, onSilence } = options;
    this.#requests = requests;
    this.#ring = ring;
    this.#heard = heard;
    this.#played = played;
    this.#onSilence = onSilence;
    this.#createMixer = () => new Mixer(pushed, inputs, report);
    this.#mixer = this.#createMixer();
    this.#epoch = requests.request.epoch;
  }

  get mixer(): Mixer {
    return this.#mixer;
  }

  /** What is heard from the next frame on, and later. */
  follow(played: PlayedSound, scheduled: readonly ScheduledSound[]): void {
    this.#played = played;
    this.#scheduled = scheduled;
  }

  /** Which spectra are measured from now on. */
  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    this.#spectra = wanted;
    this.#mixer.measureSpectra(wanted);
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
    const { epoch, asked, due } = this.#requests.request;
    if (epoch !== this.#epoch) this.#begin(epoch);
    if (asked === null) return;
    // A frame before it is due, when the one before it goes: what comes in until then is heard with it, and its picture can
    // still show how loud it is.
    const newest = Math.min(asked, Math.max(0, due));
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
    this.#silence = this.#createSilenceWatch();
  }

  #mixFrame(n: number, asked: number): void {
    const { frameRate } = this.#requests.format;
    const [first, end] = [firstSample(n, frameRate), firstSample(n + 1, frameRate)];
    if (this.#nextSample === null) {
      // What comes out of the mixer first was never put in.
      this.#mixer = this.#createMixer();
      this.#mixer.measureSpectra(this.#spectra);
      const head = { first, end: first + MIX_AHEAD_SAMPLES };
      this.#mixer.mix([this.#partOf(n, head, asked)], this.#samples);
      this.#nextSample = head.end;
    }
    const aheadEnd = end + MIX_AHEAD_SAMPLES;
    const own = (end - this.#nextSample) * SOUND_CHANNELS;
    const part = this.#partOf(n, { first: this.#nextSample, end }, asked);
    const state = this.#mixer.mix([part], this.#samples);
    // Between its own samples and those of the next frame that go into it.
    this.#writeHeard(n, end - first);
    const ahead = this.#partOf(n + 1, { first: end, end: aheadEnd }, asked);
    const stateAhead = this.#mixer.mix([ahead], this.#samples.subarray(own));
    this.#nextSample = aheadEnd;
    const isMixed = state === 'mixed' || stateAhead === 'mixed';
    const block = { frame: n, epoch: this.#epoch, state: isMixed ? 'mixed' : 'silent' } as const;
    this.#ring.write(block, { first, end }, this.#samples);
    this.#watchSilence({ first, end }, part.played.sound);
  }

  /** Who never had a source is not waiting for sound. */
  #watchSilence(span: SampleSpan, { sources, master }: AirSound): void {
    // A patch cannot say null, which takes what it names back to its default.
    const { silenceAlarmSeconds } = master;
    const isWatched = sources.length > 0 && silenceAlarmSeconds !== 0;
    const afterSeconds = isWatched ? silenceAlarmSeconds : null;
    this.#silence.follow(span, this.#samples, afterSeconds);
  }

  #createSilenceWatch(): SilenceWatch {
    const frameOf = (sample: number): number =>
      frameOfSample(sample, this.#requests.format.frameRate);
    return new SilenceWatch((change: SilenceChange) => {
      if (change.type === 'heard') {
        this.#onSilence({ type: 'heard', frame: frameOf(change.sample) });
        return;
      }
      const { since, seconds } = change;
      const last = since + seconds * SAMPLE_RATE_HZ - 1;
      this.#onSilence({
        type: 'silent',
        frame: frameOf(last),
        sinceFrame: frameOf(since),
        seconds,
      });
    });
  }

  #writeHeard(n: number, samples: number): void {
    this.#heard.begin(n);
    this.#mixer.writeHeard(this.#heard, samples);
    this.#heard.end(this.#epoch);
  }

  /** What holds for a part of frame `n`. */
  #partOf(n: number, span: SoundPart['span'], asked: number): SoundPart {
    const { frameRate } = this.#requests.format;
    // The times of the last few frames are kept; those of older ones, and of the one to come, follow from them without a correction.
    const known = Math.min(asked, Math.max(n, asked - REQUESTS + 1));
    const { programTimeMs, wallOffsetMs } = this.#requests.timesOf(known);
    const startMs = programTimeMs + frameTimeMs(n - known, frameRate);
    const moment = {
      n,
      clockStartedAtMs: this.#requests.clockStartedAtMs,
      wallTimeMs: startMs + wallOffsetMs,
    };
    const due = this.#scheduled.findLast((one) => isDueWith(one, moment));
    const first = firstSample(n, frameRate);
    return {
      span,
      played: due ?? this.#played,
      timeOf: (sample) => startMs + ((sample - first) * 1000) / SAMPLE_RATE_HZ,
    };
  }
}
