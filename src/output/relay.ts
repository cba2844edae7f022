import { toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { parseStreamAddress, type StreamAddress } from '../core/stream-address.js';
import { backOffMs } from './back-off.js';
import type { ChildCpu } from './child-cpu.js';
import { RelayConnection } from './relay-connection.js';
import type { OutputStatus } from './status.js';
import type { TsBus } from './ts-bus.js';

/** A connection that was live this long was good: the next loss is answered quickly again. */
const STABLE_MS = 30_000;

export type RelayOptions = {
  readonly id: string;
  readonly url: string;
  readonly ffmpegPath: string;
  /** Whom servers of `rtmps` addresses must be signed by, in PEM; null: by anybody. @throws Error when it cannot be read */
  readonly certificates: () => string | null;
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
    const parsed = parseStreamAddress(this.#options.url);
    if (!parsed.ok) {
      this.#lastError = `The address ${parsed.problem}.`;
      this.#report('idle');
      return;
    }
    try {
      this.#open(parsed.address);
    } catch (error) {
      this.#lose(`It could not be started: ${toAppError(error).message}`, false);
    }
  }

  #open(address: StreamAddress): void {
    const { ffmpegPath, bus, queueBytes, childCpu, logger, certificates } = this.#options;
    const connection = new RelayConnection({
      ffmpegPath,
      address,
      certificates: address.protocol === 'rtmps' ? certificates() : null,
      bus,
      queueBytes,
      logger,
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
    this.#lose(reason, liveMs > 0);
  }

  /** It is tried again after a while, for ever; only what is new is worth a warning. */
  #lose(reason: string, wasLive: boolean): void {
    const level = wasLive || reason !== this.#lastError ? 'warn' : 'debug';
    this.#lastError = reason;
    const delayMs = backOffMs(this.#attempt, this.#options.random());
    this.#attempt += 1;
    this.#options.logger[level](
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
