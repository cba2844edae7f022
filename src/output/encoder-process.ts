import type { Logger } from '../core/logger.js';
import { FfmpegProcess, type ChildExit } from './ffmpeg-process.js';

/**
 * Frames that may wait for FFmpeg. x264 catches up at several times the speed of the clock, so a machine that is
 * busy elsewhere for a moment (83 ms at 60 frames a second) costs no frame.
 */
export const MAX_QUEUED_FRAMES = 5;

const WATCH_INTERVAL_MS = 1000;
/** Looks in a row at which nothing came out although frames went in: then it hangs. */
const HUNG_LOOKS = 4;
/** The same before the first output: opening an encoder may take a while on a busy machine. */
const HUNG_LOOKS_AT_START = 10;

export type EncoderProcessOptions = {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly header: Buffer;
  readonly logger: Logger;
  readonly onOutput: (chunk: Buffer) => void;
  readonly onDrain: () => void;
};

/** One life of the encoder: frames in, bytes out, killed when it hangs. */
export class EncoderProcess {
  readonly ended: Promise<ChildExit>;
  readonly #ffmpeg: FfmpegProcess;
  readonly #inFlight = new Set<() => void>();
  readonly #onDrain: () => void;
  readonly #watch: NodeJS.Timeout;
  #alive = true;
  #framesIn = 0;
  #bytesOut = 0;
  #seen = { framesIn: 0, bytesOut: 0 };
  #idleLooks = 0;
  #hung = false;

  constructor(options: EncoderProcessOptions) {
    this.#onDrain = options.onDrain;
    this.#ffmpeg = new FfmpegProcess({
      path: options.ffmpegPath,
      args: options.args,
      logger: options.logger,
      secrets: [],
      privateFiles: [],
    });
    this.#ffmpeg.stdout.on('data', (chunk: Buffer) => {
      this.#bytesOut += chunk.length;
      options.onOutput(chunk);
    });
    this.#ffmpeg.stdin.on('close', () => {
      this.#stopTaking();
    });
    this.#ffmpeg.stdin.write(options.header);
    this.#watch = setInterval(() => {
      this.#check();
    }, WATCH_INTERVAL_MS);
    this.ended = this.#ffmpeg.ended.then((exit) => {
      this.#stopTaking();
      return exit;
    });
  }

  get pid(): number | null {
    return this.#ffmpeg.pid;
  }

  get delivered(): boolean {
    return this.#bytesOut > 0;
  }

  /** Why it ended, for people and without secrets. */
  describeEnd({ code, signal }: ChildExit): string {
    if (this.#hung) return 'it took frames but delivered nothing';
    const said = this.#ffmpeg.complaints.slice(-3).join(' · ');
    const how = signal === null ? `exit code ${code ?? 'none'}` : `signal ${signal}`;
    return said === '' ? how : `${how}: ${said}`;
  }

  canAccept(): boolean {
    return this.#alive && this.#inFlight.size < MAX_QUEUED_FRAMES;
  }

  /** Sends a cluster's head and its picture, uncopied; call only while `canAccept()`. */
  write(head: Buffer, picture: Buffer, onReleased: () => void): void {
    const release = (): void => {
      if (!this.#inFlight.delete(release)) return;
      onReleased();
      if (this.canAccept()) this.#onDrain();
    };
    this.#inFlight.add(release);
    this.#framesIn += 1;
    const { stdin } = this.#ffmpeg;
    stdin.cork();
    stdin.write(head);
    stdin.write(picture, release);
    stdin.uncork();
  }

  kill(): void {
    this.#ffmpeg.kill();
  }

  /** Lets it finish what it has; bounded to two seconds. */
  async close(): Promise<void> {
    await this.#ffmpeg.close();
    this.#stopTaking();
  }

  #stopTaking(): void {
    this.#alive = false;
    clearInterval(this.#watch);
    for (const release of [...this.#inFlight]) release();
  }

  /** Counts looks, not time: a thread that was held up itself must not blame the encoder. */
  #check(): void {
    const wasFed = this.#framesIn > this.#seen.framesIn || this.#inFlight.size > 0;
    const delivered = this.#bytesOut > this.#seen.bytesOut;
    this.#seen = { framesIn: this.#framesIn, bytesOut: this.#bytesOut };
    this.#idleLooks = wasFed && !delivered ? this.#idleLooks + 1 : 0;
    if (this.#idleLooks < (this.delivered ? HUNG_LOOKS : HUNG_LOOKS_AT_START)) return;
    this.#hung = true;
    this.kill();
  }
}
