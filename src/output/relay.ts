import type { Logger } from '../core/logger.js';
import { backOffMs } from './back-off.js';
import type { ChildCpu } from './child-cpu.js';
import { parseRelayAddress } from './relay-address.js';
import { RelayConnection } from './relay-connection.js';
import type { OutputStatus } from './status.js';
import type { TsBus } from './ts-bus.js';

/** A connection that was live this long was good: the next loss is answered quickly again. */
const STABLE_MS = 30_000;

export type RelayOptions = {
  readonly id: string;
  readonly url: string;
  readonly ffmpegPath: string;
  readonly bus: TsBus;
  /** Most that may wait for a slow network, bytes. */
  readonly queueBytes: number;
  readonly childCpu: ChildCpu;
  readonly logger: Logger;
  /** In [0, 1): spreads the moments of reconnecting. */
  readonly random: () => number;
  /** Every change of state at once, everything else as often as FFmpeg reports (four times a second). */
  readonly onStatus: (status: OutputStatus) => void;
};

/** One RTMP destination, kept connected until it is closed. */
export class Relay {
  readonly #options: RelayOptions;
  #state: OutputStatus['state'] = 'idle';
  #connection: RelayConnection | null = null;
  #retry: NodeJS.Timeout | null = null;
  #liveSince: number | null = null;
  #attempt = 0;
  #everLive = false;
  #reconnects = 0;
  #endedBytes = 0;
  #endedDrops = 0;
  #lastError: string | null = null;
  #closed = false;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  get status(): OutputStatus {
    return {
      id: this.#options.id,
      state: this.#state,
      bytes: this.#endedBytes + (this.#connection?.bytes ?? 0),
      reconnects: this.#reconnects,
      droppedFrames: this.#endedDrops + (this.#connection?.droppedFrames ?? 0),
      lastError: this.#lastError,
    };
  }

  /** Connects for the first time; from then on it is kept connected. Call it once. */
  open(): void {
    this.#connect();
  }

  /** Ends the connection; bounded to two seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#connection?.close();
    this.#report('idle');
  }

  #connect(): void {
    const { url, ffmpegPath, bus, queueBytes, childCpu, logger } = this.#options;
    const address = parseRelayAddress(url);
    if (address === null) {
      this.#lastError =
        'This is no RTMP address. It has the form rtmp://host/application/stream-key.';
      this.#report('idle');
      return;
    }
    const connection = new RelayConnection({
      ...{ ffmpegPath, url, address, bus, queueBytes, logger },
      onProgress: () => {
        this.#onProgress();
      },
    });
    this.#connection = connection;
    const stopCounting = childCpu.track(connection.pid);
    void connection.ended.then((reason) => {
      stopCounting();
      this.#onEnded(connection, reason);
    });
    this.#report('connecting');
  }

  #onProgress(): void {
    if (this.#state !== 'live') {
      if (this.#everLive) this.#reconnects += 1;
      this.#everLive = true;
      this.#liveSince = performance.now();
      this.#options.logger.info({ output: this.#options.id }, 'Output is live');
    }
    if (!this.#closed) this.#report('live');
  }

  #onEnded(connection: RelayConnection, reason: string): void {
    this.#endedBytes += connection.bytes;
    this.#endedDrops += connection.droppedFrames;
    this.#connection = null;
    if (this.#closed) return;
    const liveMs = this.#liveSince === null ? 0 : performance.now() - this.#liveSince;
    this.#liveSince = null;
    if (liveMs >= STABLE_MS) this.#attempt = 0;
    this.#lastError = reason;
    const delayMs = backOffMs(this.#attempt, this.#options.random());
    this.#attempt += 1;
    this.#options.logger.warn(
      { output: this.#options.id, reason, delayMs: Math.round(delayMs) },
      'Output was lost',
    );
    this.#retry = setTimeout(() => {
      this.#connect();
    }, delayMs);
    this.#report('waiting');
  }

  #report(state: OutputStatus['state']): void {
    this.#state = state;
    this.#options.onStatus(this.status);
  }
}
