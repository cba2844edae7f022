import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { SoundContent, SoundSource } from '../scene/sound/schema.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';

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
      const value = Math.sin(2 * Math.PI * ((turns + i * step) % 1));
      target[i * SOUND_CHANNELS] = value;
      target[i * SOUND_CHANNELS + 1] = value;
    }
    return true;
  }
}

/** A number from -1 to 1 that follows from another: the finaliser of MurmurHash3 (public domain, A. Appleby). */
function hashed(index: number): number {
  let bits = index | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits ^= bits >>> 16;
  return bits / 2 ** 31;
}

/** Makes white noise pink: three poles a channel, after P. Kellet's economy filter, within 0.5 dB from 9.2 Hz on. */
class PinkFilter {
  #a = 0;
  #b = 0;
  #c = 0;

  next(white: number): number {
    this.#a = 0.99765 * this.#a + white * 0.099046;
    this.#b = 0.963 * this.#b + white * 0.2965164;
    this.#c = 0.57 * this.#c + white * 1.0526913;
    // Brings the peaks of white noise of full scale to about full scale.
    return (this.#a + this.#b + this.#c + white * 0.1848) * 0.2;
  }
}

/** Noise with two channels that have nothing in common. */
class NoisePlayer implements ContentPlayer {
  readonly #color: ContentOf<'noise'>['color'];
  readonly #filters: readonly PinkFilter[] | null;

  constructor({ color }: ContentOf<'noise'>) {
    this.#color = color;
    this.#filters = color === 'pink' ? [new PinkFilter(), new PinkFilter()] : null;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    for (let i = 0; i < count; i++)
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const white = hashed((first + i) * SOUND_CHANNELS + channel);
        const at = i * SOUND_CHANNELS + channel;
        target[at] = this.#filters?.[channel]?.next(white) ?? white;
      }
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
export function playerOf({ id, content }: SoundSource, pushed: PushedSound): ContentPlayer {
  switch (content.kind) {
    case 'tone':
      return new TonePlayer(content);
    case 'noise':
      return new NoisePlayer(content);
    case 'silence':
      return SILENCE;
    case 'push':
      return new PushPlayer(content, id, pushed);
  }
}
