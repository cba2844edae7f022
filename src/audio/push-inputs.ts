import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { PushedSound } from './contents.js';
import type { FromMixer, PushMessage } from './contract.js';
import { PushBuffer } from './push-buffer.js';

type PushReport = Extract<FromMixer, { type: 'push' }>;

type Input = {
  readonly sourceId: string;
  /** What is sent comes into it. */
  buffer: PushBuffer;
  /** What was flushed falls silent in it while something else begins in the other one; null: nothing ever was. */
  spare: PushBuffer | null;
  readonly create: () => PushBuffer;
  /** Nobody sends to it any more: it goes when it has been played. */
  isClosed: boolean;
};

/** Of connections that are closed, so many are kept until they have been played; of sources that are gone, they never are. */
const MOST_CLOSED = 8;

/**
 * All connections that push sound, as the mixer thread knows them. Where a second one opens for a source, the first one is
 * cut off with a fade. What is there when a sender leaves is played.
 */
export class PushInputs implements PushedSound {
  readonly #post: (message: PushReport) => void;
  /** The frame that a sample of the media clock belongs to. */
  readonly #frameOf: (sample: number) => number;
  readonly #inputs = new Map<number, Input>();
  #scratch = new Float32Array(0);

  constructor(post: (message: PushReport) => void, frameOf: (sample: number) => number) {
    this.#post = post;
    this.#frameOf = frameOf;
  }

  render(sourceId: string, latencyMs: number, first: number, target: Float32Array): boolean {
    if (this.#scratch.length < target.length) this.#scratch = new Float32Array(target.length);
    let isHeard = false;
    for (const [pushId, input] of this.#inputs) {
      if (input.sourceId !== sourceId) continue;
      for (const buffer of [input.spare, input.buffer]) {
        if (buffer === null) continue;
        const into = isHeard ? this.#scratch.subarray(0, target.length) : target;
        buffer.setLatency(latencyMs);
        if (!buffer.render(first, target.length / SOUND_CHANNELS, into)) continue;
        if (isHeard)
          for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (into[i] ?? 0);
        isHeard = true;
      }
      const isPlayed = input.buffer.bufferedMs === 0 && (input.spare?.bufferedMs ?? 0) === 0;
      if (input.isClosed && isPlayed) this.#inputs.delete(pushId);
    }
    return isHeard;
  }

  handle(message: PushMessage): void {
    if (message.type === 'push-open') {
      this.#open(message);
      return;
    }
    const input = this.#inputs.get(message.pushId);
    // Another sender has taken its place.
    if (input === undefined || input.isClosed) return;
    const { buffer } = input;
    switch (message.type) {
      case 'push-data':
        buffer.write(message.bytes);
        return;
      case 'push-flush':
        flush(input);
        return;
      case 'push-mark':
        buffer.mark(message.id);
        return;
      case 'push-end':
        buffer.end();
        return;
      case 'push-close':
        buffer.end();
        this.#close(input);
    }
  }

  #close(input: Input): void {
    input.isClosed = true;
    const closed = [...this.#inputs].filter(([, { isClosed }]) => isClosed);
    for (const [pushId] of closed.slice(0, -MOST_CLOSED)) this.#inputs.delete(pushId);
  }

  #open({ pushId, sourceId, format }: Extract<PushMessage, { type: 'push-open' }>): void {
    for (const other of this.#inputs.values()) {
      if (other.sourceId !== sourceId) continue;
      other.buffer.flush();
      this.#close(other);
    }
    const create = (): PushBuffer =>
      new PushBuffer({
        format,
        report: (event, sample) => {
          const frame = sample === null ? null : this.#frameOf(sample);
          this.#post({ type: 'push', pushId, event, frame });
        },
      });
    this.#inputs.set(pushId, { sourceId, buffer: create(), spare: null, create, isClosed: false });
  }
}

/** What comes after it begins in a buffer of its own, so that one fades out while the other comes in. */
function flush(input: Input): void {
  const { buffer } = input;
  buffer.flush();
  input.spare ??= input.create();
  // What is still falling silent there stays; then nothing has begun to sound in the other one.
  if (input.spare.bufferedMs > 0) return;
  input.spare.learnFrom(buffer);
  input.buffer = input.spare;
  input.spare = buffer;
}
