import type { Logger } from '../core/logger.js';
import type { ChildCpu } from './child-cpu.js';
import type { Ffmpeg } from '../ffmpeg/binary.js';
import { Relay } from './relay.js';
import type { OutputStatus } from './status.js';
import { type TlsTrust, trustedCertificates } from '../ffmpeg/trusted-certificates.js';
import type { TsStream } from './ts-stream.js';

/** Seconds of the stream that may wait for a slow destination before frames are left out. */
const QUEUE_SECONDS = 4;
const SMALLEST_QUEUE_BYTES = 1024 * 1024;
const LARGEST_QUEUE_BYTES = 32 * 1024 * 1024;

export type OutputsOptions = {
  readonly ffmpeg: Ffmpeg;
  readonly tsStream: TsStream;
  readonly childCpu: ChildCpu;
  readonly tls: TlsTrust;
  readonly logger: Logger;
  readonly onStatus: (status: OutputStatus) => void;
};

/** Where the stream goes: an id that stays, and an RTMP address. */
export type RelayTarget = { readonly id: string; readonly url: string };

/** The destinations of the stream, each for itself: what happens to one, the others do not notice. */
export class Outputs {
  readonly #options: OutputsOptions;
  readonly #relays = new Map<string, Relay>();
  readonly #closing = new Set<Promise<void>>();
  #targets: readonly RelayTarget[] = [];
  #queueBytes: number | null = null;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** The whole list: what is new is connected, what is missing or has another address is closed. */
  setTargets(targets: readonly RelayTarget[]): void {
    this.#targets = targets;
    if (this.#queueBytes !== null) this.#apply(this.#queueBytes);
  }

  /**
   * Connects all targets; they get the stream from its next keyframe on. Call it before the encoder is started,
   * so that they get the first. `bitrateBps` is that of the whole stream: it sizes the queues.
   */
  start(bitrateBps: number): void {
    this.#queueBytes = Math.min(
      LARGEST_QUEUE_BYTES,
      Math.max(SMALLEST_QUEUE_BYTES, (bitrateBps / 8) * QUEUE_SECONDS),
    );
    this.#apply(this.#queueBytes);
  }

  /** Closes all connections and keeps the targets for the next start; bounded to about two seconds. */
  async stop(): Promise<void> {
    this.#queueBytes = null;
    for (const id of [...this.#relays.keys()]) this.#close(id);
    await Promise.all(this.#closing);
  }

  #apply(queueBytes: number): void {
    const urls = new Map(this.#targets.map(({ id, url }) => [id, url]));
    for (const [id, relay] of this.#relays) if (urls.get(id) !== relay.url) this.#close(id);
    for (const [id, url] of urls) {
      if (this.#relays.has(id)) continue;
      const { ffmpeg, tsStream, childCpu, tls, logger, onStatus } = this.#options;
      const relay = new Relay({
        id,
        url,
        ffmpegPath: ffmpeg.path,
        certificates: () => (tls.verify ? trustedCertificates(tls.caFile) : null),
        tsStream,
        queueBytes,
        childCpu,
        logger,
        // An old connection that is still saying goodbye must not speak for its successor.
        onStatus: (status) => {
          const current = this.#relays.get(id);
          if (current === undefined || current === relay) onStatus(status);
        },
      });
      this.#relays.set(id, relay);
      relay.open();
    }
  }

  #close(id: string): void {
    const relay = this.#relays.get(id);
    if (relay === undefined) return;
    this.#relays.delete(id);
    const closing = relay.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
