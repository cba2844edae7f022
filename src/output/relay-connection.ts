import type { Logger } from '../core/logger.js';
import { secretsOf, type StreamAddress } from '../core/stream-address.js';
import type { KillCause, Supervised } from '../core/supervisor.js';
import { FfmpegProcess } from '../ffmpeg/process.js';
import { relayCommand } from './ffmpeg-command.js';
import { explainRelayEnd } from './relay-failure.js';
import { RelayFeed } from './relay-feed.js';
import type { TsStream } from './ts-stream.js';
import { WorkBeats } from './work-beats.js';
import { POLICIES } from '../core/policies.js';

/** Reports of more having gone out that make it live: a server that refuses may take the first bytes. */
const LIVE_GROWTHS = 2;
/**
 * A connection is made anew after this long, milliseconds: FLV counts milliseconds in 31 bits and would jump back to zero
 * after 24.8 days.
 */
const LONGEST_CONNECTION_MS = 20 * 24 * 3600 * 1000;

export type RelayConnectionOptions = {
  readonly ffmpegPath: string;
  readonly address: StreamAddress;
  /** Whom the server of an `rtmps` address must be signed by, in PEM; null: by anybody. */
  readonly certificates: string | null;
  readonly tsStream: TsStream;
  readonly queueBytes: number;
  readonly logger: Logger;
  /** More has gone out. */
  readonly onProgress: () => void;
};

/** One connection of a relay, fed from the next keyframe on. */
export class RelayConnection implements Supervised {
  /** Resolves when the other side has accepted the stream and media keeps going out. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with the reason in a sentence for people; never rejects. */
  readonly ended: Promise<string>;
  readonly #ffmpeg: FfmpegProcess;
  readonly #feed: RelayFeed;
  readonly #options: RelayConnectionOptions;
  readonly #work = new WorkBeats(() => performance.now(), POLICIES.relay.hangMs);
  readonly #longest: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #resolveReady: () => void = () => undefined;
  #partialLine = '';
  #reportedBytes = 0;
  #bytesOut = 0;
  #growths = 0;
  #killedFor: KillCause | null = null;

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
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    const { stdin, stdout } = this.#ffmpeg;
    this.#feed = new RelayFeed(stdin, options.queueBytes, () => options.tsStream.tables);
    stdout.setEncoding('latin1').on('data', (text: string) => {
      this.#readProgress(text);
    });
    this.#unsubscribe = options.tsStream.subscribe((piece) => {
      if (stdin.writable && this.#feed.offer(piece)) this.#work.give();
    });
    this.#longest = setTimeout(() => void this.close(), LONGEST_CONNECTION_MS);
    this.ended = this.#ffmpeg.ended.then(() => {
      this.#detach();
      return explainRelayEnd({
        host: options.address.host,
        wasLive: this.#isLive,
        killedFor: this.#killedFor,
        complaints: this.#ffmpeg.complaints,
      });
    });
  }

  get pid(): number | null {
    return this.#ffmpeg.pid;
  }

  /** Bytes sent over this connection. */
  get bytes(): number {
    return this.#bytesOut;
  }

  get droppedFrames(): number {
    return this.#feed.droppedFrames;
  }

  /** Bytes that went out, while there are some to go out: an encoder that is silent is not the network's fault. */
  beats(): number | null {
    return this.#work.beats;
  }

  starvedMs(): number | null {
    return this.#ffmpeg.starvedMs();
  }

  kill(cause: KillCause): void {
    this.#killedFor = cause;
    this.#ffmpeg.kill();
  }

  /** Says goodbye to the other side when it still listens; bounded to two seconds. */
  async close(): Promise<void> {
    this.#detach();
    await this.#ffmpeg.close();
  }

  get #isLive(): boolean {
    return this.#growths >= LIVE_GROWTHS;
  }

  #detach(): void {
    clearTimeout(this.#longest);
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
      this.#work.done = this.#bytesOut;
      this.#growths += 1;
      if (!this.#isLive) continue;
      this.#resolveReady();
      this.#options.onProgress();
    }
  }
}
