import { firstSample, frameOfSample, SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { toFps, type FrameRate } from '../core/rational.js';
import type { FrameRequests } from '../memory/frame-requests.js';
import { MAX_FRAME_SAMPLES, SOUND_CHANNELS, type SoundRingReader } from '../memory/sound-ring.js';
import type { SoundPacket } from './contract.js';

/** Samples of a packet: 20 ms, which is a length that Opus has. */
export const PACKET_SAMPLES = SAMPLE_RATE_HZ / 50;
/** How long a frame that is not mixed yet is waited for, seconds: what is later than a second is never mixed. */
const GRACE_SECONDS = 1.1;

/** A packet whose samples (interleaved) are not written for anybody yet. */
export type TappedPacket = Omit<SoundPacket, 'bytes'> & { readonly samples: Float32Array };

/**
 * Reads what the mixer mixes out of the sound ring, in packets of 20 ms. It only reads: nobody waits for it, and nobody
 * notices it.
 */
export class SoundTap {
  readonly #requests: FrameRequests;
  readonly #ring: SoundRingReader;
  readonly #frame = new Float32Array(MAX_FRAME_SAMPLES * SOUND_CHANNELS);
  readonly #packet = new Float32Array(PACKET_SAMPLES * SOUND_CHANNELS);
  #epoch: number | null = null;
  /** The frame that is read next; null: the one after the newest that may be mixed. */
  #next: number | null = null;
  #run = 0;
  /** Samples in the packet that is being filled. */
  #filled = 0;

  constructor(requests: FrameRequests, ring: SoundRingReader) {
    this.#requests = requests;
    this.#ring = ring;
  }

  /** Calls back with every packet that is whole since the last call. Its samples are overwritten by the next one. */
  read(take: (packet: TappedPacket) => void): void {
    const { epoch, asked } = this.#requests.request;
    if (epoch !== this.#epoch) this.#begin(epoch);
    // The mixer mixes a frame when the one after it has been asked for.
    const newest = asked === null ? -1 : asked - 1;
    const { frameRate } = this.#requests.format;
    const graceFrames = Math.max(1, Math.ceil(GRACE_SECONDS * toFps(frameRate)));
    // Frames before 0 are asked for to warm up, and have no sound.
    this.#next ??= Math.max(0, newest + 1);
    for (; this.#next <= newest; this.#next++) {
      const n = this.#next;
      const span = { first: firstSample(n, frameRate), end: firstSample(n + 1, frameRate) };
      if (this.#ring.read(n, epoch, span, this.#frame) === null) {
        if (newest - n < graceFrames) return;
        this.#beginRun();
      } else {
        this.#cut(span.first, span.end - span.first, { frameRate, take });
      }
    }
  }

  /** Leaves out what is mixed until it is called again: somebody listens anew. */
  reset(): void {
    this.#epoch = null;
  }

  #begin(epoch: number): void {
    // A clock that begins while somebody listens is heard from its first frame on.
    this.#next = this.#epoch === null ? null : 0;
    this.#epoch = epoch;
    this.#beginRun();
  }

  #beginRun(): void {
    this.#run++;
    this.#filled = 0;
  }

  #cut(
    first: number,
    count: number,
    { frameRate, take }: { frameRate: FrameRate; take: (packet: TappedPacket) => void },
  ): void {
    for (let done = 0; done < count;) {
      const samples = Math.min(PACKET_SAMPLES - this.#filled, count - done);
      this.#packet.set(
        this.#frame.subarray(done * SOUND_CHANNELS, (done + samples) * SOUND_CHANNELS),
        this.#filled * SOUND_CHANNELS,
      );
      this.#filled += samples;
      done += samples;
      if (this.#filled < PACKET_SAMPLES) return;
      this.#filled = 0;
      const firstOfPacket = first + done - PACKET_SAMPLES;
      take({
        run: this.#run,
        firstSample: firstOfPacket,
        frame: frameOfSample(firstOfPacket, frameRate),
        samples: this.#packet,
      });
    }
  }
}
