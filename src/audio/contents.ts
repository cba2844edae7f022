import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { SoundContent, SoundSource } from '../scene/sound/schema.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { type NoiseGenerator, PINK_POLES } from './noise.js';

/** What makes the samples of a source. Owned by its voice. */
export interface ContentPlayer {
  /**
   * Puts `count` stereo samples into `target`, interleaved, from sample `first` of the media clock on, which follows on those before.
   * A source with a negative offset is ahead of the clock by it. False: silence, nothing is put.
   */
  render(first: number, count: number, target: Float32Array): boolean;
  /** Goes on with a changed content. False: another player is needed. */
  follow(content: SoundContent): boolean;
}

/** What is pushed, by the id of its source. */
export interface PushedSound {
  /** Fills `target` with stereo samples from `first` on. False: silence, what is in it is of no use. */
  render(sourceId: string, latencyMs: number, first: number, target: Float32Array): boolean;
}

type ContentOf<K extends SoundContent['kind']> = Extract<SoundContent, { kind: K }>;

/** A full-scale sine whose phase follows from the number of the sample, so that nothing ever shifts it. */
class TonePlayer implements ContentPlayer {
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
class NoisePlayer implements ContentPlayer {
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
class PushPlayer implements ContentPlayer {
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

const SILENCE: ContentPlayer = {
  render: () => false,
  follow: ({ kind }) => kind === 'silence',
};

/** Starts what a source plays. */
export function playerOf(
  { id, content }: SoundSource,
  pushed: PushedSound,
  noise: NoiseGenerator,
): ContentPlayer {
  switch (content.kind) {
    case 'tone':
      return new TonePlayer(content);
    case 'noise':
      return new NoisePlayer(content, noise);
    case 'silence':
      return SILENCE;
    case 'push':
      return new PushPlayer(content, id, pushed);
  }
}
