import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { ContentOf, SoundContent } from '../scene/sound/content.js';
import type { TrackRef } from './contract.js';
import { type NoiseGenerator, PINK_POLES } from './noise.js';

/** What makes the samples of a source. Owned by its voice. */
export interface ContentPlayer {
  /**
   * Puts `count` stereo samples into `target`, interleaved, from sample `first` of the media clock on, which follows on those before.
   * A source with a negative offset is ahead of the clock by it. False: silence, nothing is put.
   */
  render(first: number, count: number, target: Float32Array): boolean;
  /** Goes on with a changed content, or with other tracks for it. False: another player is needed. */
  follow(content: SoundContent, playing: Playing): boolean;
  /** Whether its first sample needs no fade: it is the first of a file. */
  readonly beginsPlainly: boolean;
  /** The tracks that are played. */
  readonly tracks: readonly TrackPosition[];
}

/** How many samples of a track have been played. */
export type TrackPosition = { readonly key: string; readonly samples: number };

/** What a player of tracks has to play. */
export type Playing = {
  /** What is decoded for it, the one to be played first. */
  readonly tracks: readonly TrackRef[];
  readonly isPaused: boolean;
};

/** What is pushed, by the id of its source. */
export interface PushedSound {
  /** Fills `target` with stereo samples from `first` on. False: silence, what is in it is of no use. */
  render(sourceId: string, latencyMs: number, first: number, target: Float32Array): boolean;
}

/** A full-scale sine whose phase follows from the number of the sample, so that nothing ever shifts it. */
export class TonePlayer implements ContentPlayer {
  readonly beginsPlainly = false;
  readonly tracks = [];
  readonly #frequencyHz: number;

  constructor({ frequencyHz }: ContentOf<'tone'>) {
    this.#frequencyHz = frequencyHz;
  }

  follow(content: SoundContent): boolean {
    return content.kind === 'tone' && content.frequencyHz === this.#frequencyHz;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    const step = this.#frequencyHz / SAMPLE_RATE_HZ;
    // Only the part of a turn counts; of a large number of turns a double would lose it.
    const start = ((first % SAMPLE_RATE_HZ) * step) % 1;
    const seconds = Math.floor(first / SAMPLE_RATE_HZ);
    const turns = start + ((seconds * this.#frequencyHz) % 1);
    for (let i = 0; i < count; i++) {
      const turn = turns + i * step;
      const value = Math.sin(2 * Math.PI * (turn - Math.floor(turn)));
      target[i * SOUND_CHANNELS] = value;
      target[i * SOUND_CHANNELS + 1] = value;
    }
    return true;
  }
}

/** Noise with two channels that have nothing in common. */
export class NoisePlayer implements ContentPlayer {
  readonly beginsPlainly = false;
  readonly tracks = [];
  readonly #color: ContentOf<'noise'>['color'];
  readonly #generator: NoiseGenerator;
  readonly #poles: Float64Array | null;

  constructor({ color }: ContentOf<'noise'>, generator: NoiseGenerator) {
    this.#color = color;
    this.#generator = generator;
    this.#poles = color === 'pink' ? new Float64Array(PINK_POLES) : null;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    this.#generator.render(first, count, target, this.#poles);
    return true;
  }

  follow(content: SoundContent): boolean {
    return content.kind === 'noise' && content.color === this.#color;
  }
}

/** Whatever is sent to the source: who sends may come and go. */
export class PushPlayer implements ContentPlayer {
  readonly beginsPlainly = false;
  readonly tracks = [];
  readonly #sourceId: string;
  readonly #pushed: PushedSound;
  #latencyMs: number;

  constructor({ latencyMs }: ContentOf<'push'>, sourceId: string, pushed: PushedSound) {
    this.#sourceId = sourceId;
    this.#pushed = pushed;
    this.#latencyMs = latencyMs;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    const part = target.subarray(0, count * SOUND_CHANNELS);
    return this.#pushed.render(this.#sourceId, this.#latencyMs, first, part);
  }

  follow(content: SoundContent): boolean {
    if (content.kind !== 'push') return false;
    this.#latencyMs = content.latencyMs;
    return true;
  }
}

export const SILENCE: ContentPlayer = {
  render: () => false,
  follow: ({ kind }) => kind === 'silence',
  beginsPlainly: false,
  tracks: [],
};
