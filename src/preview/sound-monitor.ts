import type { ListeningService, SoundListener } from '../api/ports.js';
import type { Logger } from '../core/logger.js';
import { FrameRequests } from '../memory/frame-requests.js';
import { SoundRingReader } from '../memory/sound-ring.js';
import type { ListeningFormat } from './contract.js';
import { createPacketEncoder, type PacketEncoder } from './packet-encoders.js';
import { SoundTap, type TappedPacket } from './sound-tap.js';

/** How often the ring is read, milliseconds: a listener hears half a packet later than it could. */
const READ_INTERVAL_MS = 10;

/** All who listen in one format: what they get is written once. */
type Feed = {
  readonly format: ListeningFormat;
  readonly listeners: Set<SoundListener>;
  /** Null: it is being loaded. */
  encoder: PacketEncoder | null;
};

export type SoundMonitorOptions = {
  readonly memory: WebAssembly.Memory;
  /** The sound ring. */
  readonly sound: SharedArrayBuffer;
  readonly logger: Logger;
  /** Told how many listen, on every change: the program runs while it is live or watched. */
  readonly setListeners: (count: number) => void;
};

/**
 * The program's sound for operators, read by the main thread: a second of it takes 0.4 to 2.4 ms as PCM and 8 ms as Opus,
 * however many listen. While nobody listens there is no timer.
 */
export class SoundMonitor implements ListeningService {
  readonly #options: SoundMonitorOptions;
  readonly #tap: SoundTap;
  readonly #feeds = new Map<ListeningFormat, Feed>();
  #listeners = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: SoundMonitorOptions) {
    const { memory, sound } = options;
    this.#options = options;
    this.#tap = new SoundTap(new FrameRequests(memory), new SoundRingReader(sound));
  }

  listen(format: ListeningFormat, listener: SoundListener): () => void {
    const feed = this.#feeds.get(format) ?? this.#open(format);
    feed.listeners.add(listener);
    this.#count(1);
    return () => {
      if (!feed.listeners.delete(listener)) return;
      if (feed.listeners.size === 0) this.#end(feed);
      this.#count(-1);
    };
  }

  /** Nobody hears anything any more. */
  close(): void {
    this.#isClosed = true;
    for (const feed of [...this.#feeds.values()]) {
      feed.listeners.clear();
      this.#end(feed);
    }
    this.#count(-this.#listeners);
  }

  #open(format: ListeningFormat): Feed {
    const feed: Feed = { format, listeners: new Set(), encoder: null };
    this.#feeds.set(format, feed);
    createPacketEncoder(format).then(
      (encoder) => {
        if (this.#feeds.get(format) === feed) feed.encoder = encoder;
        else encoder.close();
      },
      (error: unknown) => {
        this.#options.logger.error({ err: error, format }, 'the preview of the sound has no codec');
        for (const listener of [...feed.listeners])
          listener.onUnavailable(`The sound cannot be sent as ${format}. Choose another format`);
      },
    );
    return feed;
  }

  #end(feed: Feed): void {
    if (this.#feeds.get(feed.format) === feed) this.#feeds.delete(feed.format);
    feed.encoder?.close();
    feed.encoder = null;
  }

  #count(change: number): void {
    this.#listeners += change;
    if (change !== 0) this.#options.setListeners(this.#listeners);
    if (this.#listeners === 0 || this.#isClosed) {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#timer = null;
    } else if (this.#timer === null) {
      this.#tap.reset();
      this.#timer = setInterval(() => {
        this.#read();
      }, READ_INTERVAL_MS);
    }
  }

  #read(): void {
    this.#tap.read((packet) => {
      for (const feed of this.#feeds.values()) this.#send(feed, packet);
    });
  }

  #send({ encoder, listeners, format }: Feed, packet: TappedPacket): void {
    if (encoder === null) return;
    const { run, firstSample, frame, samples } = packet;
    try {
      const bytes = encoder.encode(samples);
      for (const listener of listeners) listener.onPacket({ run, firstSample, frame, bytes });
    } catch (error) {
      this.#options.logger.error({ err: error, format }, 'sound could not be sent to listeners');
    }
  }
}
