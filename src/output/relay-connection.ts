import type { Logger } from '../core/logger.js';
import { secretsOf, type StreamAddress } from '../core/stream-address.js';
import { FfmpegProcess } from './ffmpeg-process.js';
import { relayCommand } from './ffmpeg-command.js';
import { explainRelayEnd, type RelayEnd } from './relay-failure.js';
import { RelayFeed } from './relay-feed.js';
import { RelayWatch } from './relay-watch.js';
import type { TsBus } from './ts-bus.js';

const WATCH_INTERVAL_MS = 1000;
/** Reports of more having gone out that make it live: a server that refuses may take the first bytes. */
const LIVE_GROWTHS = 2;
/**
 * A connection is made anew after this long: FLV counts milliseconds in 31 bits and would jump back to zero after
 * 24.8 days.
 */
const LONGEST_CONNECTION_CHECKS = 20 * 24 * 3600;

export type RelayConnectionOptions = {
  readonly ffmpegPath: string;
  readonly address: StreamAddress;
  /** Whom the server of an `rtmps` address must be signed by, in PEM; null: by anybody. */
  readonly certificates: string | null;
  readonly bus: TsBus;
  readonly queueBytes: number;
  readonly logger: Logger;
  /** More has gone out. */
  readonly onProgress: () => void;
};

/** One connection of a relay: fed from the next keyframe on, ended when nothing goes out any more. */
export class RelayConnection {
  /** Resolves when it has ended, with the reason for people; never rejects. */
  readonly ended: Promise<string>;
  readonly #ffmpeg: FfmpegProcess;
  readonly #feed: RelayFeed;
  readonly #options: RelayConnectionOptions;
  readonly #watch: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #partialLine = '';
  #reportedBytes = 0;
  #bytesOut = 0;
  #growths = 0;
  readonly #stallWatch = new RelayWatch();
  #checks = 0;
  #stopped: RelayEnd['stopped'] = null;

  /** @throws Error when no temporary file can be made for the key */
  constructor(options: RelayConnectionOptions) {
    this.#options = options;
    const { args, privateFiles } = relayCommand(options.address, options.certificates);
    this.#ffmpeg = new FfmpegProcess({
      path: options.ffmpegPath,
      args,
      logger: options.logger,
      secrets: secretsOf(options.address),
      privateFiles,
    });
    const { stdin, stdout } = this.#ffmpeg;
    this.#feed = new RelayFeed(stdin, options.queueBytes, () => options.bus.tables);
    stdout.setEncoding('latin1').on('data', (text: string) => {
      this.#readProgress(text);
    });
    this.#unsubscribe = options.bus.subscribe((piece) => {
      if (stdin.writable) this.#feed.offer(piece);
    });
    this.#watch = setInterval(() => {
      this.#check();
    }, WATCH_INTERVAL_MS);
    this.ended = this.#ffmpeg.ended.then(() => {
      this.#detach();
      return explainRelayEnd({
        host: options.address.host,
        wasLive: this.isLive,
        stopped: this.#stopped,
        complaints: this.#ffmpeg.complaints,
      });
    });
  }

  get pid(): number | null {
    return this.#ffmpeg.pid;
  }

  /** Whether the other side has accepted the stream and media keeps going out. */
  get isLive(): boolean {
    return this.#growths >= LIVE_GROWTHS;
  }

  /** Bytes sent over this connection. */
  get bytes(): number {
    return this.#bytesOut;
  }

  get droppedFrames(): number {
    return this.#feed.droppedFrames;
  }

  /** Says goodbye to the other side when it still listens; bounded to two seconds. */
  async close(): Promise<void> {
    this.#detach();
    await this.#ffmpeg.close();
  }

  #detach(): void {
    clearInterval(this.#watch);
    this.#unsubscribe();
  }

  #readProgress(text: string): void {
    const lines = (this.#partialLine + text).split('\n');
    this.#partialLine = lines.pop() ?? '';
    for (const line of lines) {
      const sent = /^total_size=(\d+)/.exec(line)?.[1];
      if (sent !== undefined) this.#reportedBytes = Number(sent);
      // The report at the end says what was tried, not what has arrived.
      if (line !== 'progress=continue' || this.#reportedBytes <= this.#bytesOut) continue;
      this.#bytesOut = this.#reportedBytes;
      this.#growths += 1;
      if (this.isLive) this.#options.onProgress();
    }
  }

  #check(): void {
    const { bytes: fedBytes, droppedFrames } = this.#feed;
    const counts = { fedBytes, droppedFrames, sentBytes: this.#bytesOut };
    const verdict = this.#stallWatch.check(counts, this.isLive);
    this.#checks += 1;
    if (verdict !== null) {
      this.#stopped = verdict;
      this.#ffmpeg.kill();
    } else if (this.#checks >= LONGEST_CONNECTION_CHECKS) void this.close();
  }
}
