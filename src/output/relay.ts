import type { Logger } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { parseStreamAddress, type StreamAddress } from '../core/stream-address.js';
import { Supervisor } from '../core/supervisor.js';
import type { ChildCpu } from './child-cpu.js';
import { RelayConnection } from './relay-connection.js';
import type { OutputStatus } from './status.js';
import type { TsStream } from './ts-stream.js';

/** How long it gets to say goodbye to the other side, milliseconds: longer than an FFmpeg takes to end by itself. */
const CLOSE_PATIENCE_MS = 2500;

export type RelayOptions = {
  readonly id: string;
  readonly url: string;
  readonly ffmpegPath: string;
  /** Whom servers of `rtmps` addresses must be signed by, in PEM; null: by anybody. @throws Error when it cannot be read */
  readonly certificates: () => string | null;
  readonly tsStream: TsStream;
  /** Most that may wait for a slow network, bytes. */
  readonly queueBytes: number;
  readonly childCpu: ChildCpu;
  readonly logger: Logger;
  /** Every change of state at once, everything else as often as FFmpeg reports (four times a second). */
  readonly onStatus: (status: OutputStatus) => void;
};

/** One RTMP destination, kept connected until it is closed. */
export class Relay {
  readonly #options: RelayOptions;
  #supervisor: Supervisor<RelayConnection> | null = null;
  #state: OutputStatus['state'] = 'idle';
  #everLive = false;
  #reconnects = 0;
  #endedBytes = 0;
  #endedDrops = 0;
  #lastError: string | null = null;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  get status(): OutputStatus {
    const connection = this.#supervisor?.unit ?? null;
    return {
      id: this.#options.id,
      state: this.#state,
      bytes: this.#endedBytes + (connection?.bytes ?? 0),
      reconnects: this.#reconnects,
      droppedFrames: this.#endedDrops + (connection?.droppedFrames ?? 0),
      lastError: this.#lastError,
    };
  }

  /** Connects for the first time; from then on it is kept connected. Call it once. */
  open(): void {
    const parsed = parseStreamAddress(this.#options.url);
    if (!parsed.ok) {
      this.#lastError = `The address ${parsed.problem}.`;
      this.#report('idle');
      return;
    }
    const logger = this.#options.logger.child({ output: this.#options.id });
    this.#supervisor = new Supervisor({
      policy: POLICIES.relay,
      logger,
      start: () => {
        this.#report('connecting');
        return this.#connect(parsed.address);
      },
      onReady: () => {
        if (this.#everLive) this.#reconnects += 1;
        this.#everLive = true;
        logger.info('Output is live');
        this.#report('live');
      },
      onEnded: ({ reason }) => {
        this.#lastError = reason;
        this.#report('waiting');
      },
    });
    this.#supervisor.start();
  }

  /** Ends the connection; bounded to some three seconds. */
  async close(): Promise<void> {
    await this.#supervisor?.close((connection) => void connection.close(), CLOSE_PATIENCE_MS);
    this.#report('idle');
  }

  #connect(address: StreamAddress): RelayConnection {
    const { ffmpegPath, tsStream, queueBytes, childCpu, logger, certificates } = this.#options;
    const connection = new RelayConnection({
      ffmpegPath,
      address,
      certificates: address.protocol === 'rtmps' ? certificates() : null,
      tsStream,
      queueBytes,
      logger,
      onProgress: () => {
        if (this.#state === 'live') this.#report('live');
      },
    });
    const stopCounting = childCpu.track(connection.pid);
    void connection.ended.then(() => {
      stopCounting();
      this.#endedBytes += connection.bytes;
      this.#endedDrops += connection.droppedFrames;
    });
    return connection;
  }

  #report(state: OutputStatus['state']): void {
    this.#state = state;
    this.#options.onStatus(this.status);
  }
}
