import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { TrackRingReader } from '../memory/track-ring.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { ContentPlayer, Playing, TrackPosition } from './contents.js';
import type { TrackRef } from './contract.js';
import type { TrackEventListener } from './playlist-player.js';
import { PushBuffer } from './push-buffer.js';

/** Of the buffer, seconds: more than it is ever filled with. */
const CAPACITY_SECONDS = 4;

/**
 * What is sent as it is made, such as an internet radio. What has come waits in a buffer that follows the sender's clock; it is
 * filled no further than its latency, so that what a server sends ahead at the beginning waits in the ring, and is caught up with
 * slowly.
 */
export class LivePlayer implements ContentPlayer {
  readonly #listener: TrackEventListener;
  #ref: TrackRef | null = null;
  #ring: TrackRingReader | null = null;
  #buffer: PushBuffer | null = null;
  #bufferMs = 0;
  #isPaused = false;
  #hasStarted = false;
  #scratch = new Float32Array(0);
  readonly beginsPlainly = false;

  constructor(listener: TrackEventListener) {
    this.#listener = listener;
  }

  get tracks(): readonly TrackPosition[] {
    return this.#ref === null ? [] : [{ key: this.#ref.key, samples: this.#ring?.read ?? 0 }];
  }

  follow(content: SoundContent, { tracks, isPaused }: Playing): boolean {
    if (content.kind !== 'stream') return false;
    this.#bufferMs = content.bufferMs;
    if (isPaused && !this.#isPaused) this.#buffer?.flush();
    this.#isPaused = isPaused;
    const [ref] = tracks;
    if (this.#ref !== null) return ref?.key === this.#ref.key;
    if (ref === undefined) return true;
    this.#ref = ref;
    this.#ring = new TrackRingReader(ref.memory);
    this.#buffer = new PushBuffer({
      format: { encoding: 'f32le', rateHz: SAMPLE_RATE_HZ, channels: SOUND_CHANNELS },
      capacitySeconds: CAPACITY_SECONDS,
      report: (event, sample) => {
        if (event.type === 'underrun' && sample !== null) this.#listener('underrun', ref, sample);
      },
    });
    return true;
  }

  render(first: number, count: number, target: Float32Array): boolean {
    const [ring, buffer] = [this.#ring, this.#buffer];
    if (ring === null || buffer === null || this.#ref === null) return false;
    // What comes while it is paused is not heard later: it is live.
    if (this.#isPaused) ring.skip(ring.available);
    else this.#fill(ring, buffer);
    const part = target.subarray(0, count * SOUND_CHANNELS);
    const isHeard = buffer.render(first, count, part);
    if (isHeard && !this.#hasStarted) {
      this.#hasStarted = true;
      this.#listener('started', this.#ref, first);
    }
    return isHeard;
  }

  #fill(ring: TrackRingReader, buffer: PushBuffer): void {
    buffer.setLatency(this.#bufferMs);
    const wanted = Math.floor(((this.#bufferMs - buffer.bufferedMs) * SAMPLE_RATE_HZ) / 1000);
    const { available } = ring;
    const samples = Math.min(available, Math.max(0, wanted));
    buffer.setFedAhead(available > samples);
    if (samples === 0) return;
    const floats = samples * SOUND_CHANNELS;
    if (this.#scratch.length < floats) this.#scratch = new Float32Array(floats);
    ring.take(samples, this.#scratch);
    buffer.write(new Uint8Array(this.#scratch.buffer, 0, floats * 4));
  }
}
