import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { PushedSound } from './contents.js';
import type { FromMixer, PushMessage } from './contract.js';
import { PushBuffer } from './push-buffer.js';

type PushReport = Extract<FromMixer, { type: 'push' }>;

type Input = {
  readonly sourceId: string;
  readonly buffer: PushBuffer;
  /** Nobody sends to it any more: it goes when it has been played. */
  isClosed: boolean;
};

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
      const { buffer } = input;
      const into = isHeard ? this.#scratch.subarray(0, target.length) : target;
      buffer.setLatency(latencyMs);
      if (buffer.render(first, target.length / SOUND_CHANNELS, into)) {
        if (isHeard)
          for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (into[i] ?? 0);
        isHeard = true;
      }
      if (input.isClosed && buffer.bufferedMs === 0) this.#inputs.delete(pushId);
    }
    return isHeard;
  }

  handle(message: PushMessage): void {
    if (message.type === 'push-open') {
      this.#open(message);
      return;
    }
    const input = this.#inputs.get(message.pushId);
    if (input === undefined) return;
    const { buffer } = input;
    switch (message.type) {
      case 'push-data':
        buffer.write(message.bytes);
        return;
      case 'push-flush':
        buffer.flush();
        return;
      case 'push-mark':
        buffer.mark(message.id);
        return;
      case 'push-end':
        buffer.end();
        return;
      case 'push-close':
        buffer.end();
        input.isClosed = true;
    }
  }

  #open({ pushId, sourceId, format }: Extract<PushMessage, { type: 'push-open' }>): void {
    for (const other of this.#inputs.values()) {
      if (other.sourceId !== sourceId) continue;
      other.buffer.flush();
      other.isClosed = true;
    }
    const buffer = new PushBuffer({
      format,
      report: (event, sample) => {
        const frame = sample === null ? null : this.#frameOf(sample);
        this.#post({ type: 'push', pushId, event, frame });
      },
    });
    this.#inputs.set(pushId, { sourceId, buffer, isClosed: false });
  }
}
