import { FRAME_ALLOCATOR_VARIABLES } from '../core/allocator.js';
import type { Logger } from '../core/logger.js';
import { ENCODER_NICENESS, lowerChildPriority } from '../core/thread-priority.js';
import type { KillCause, Supervised } from '../core/supervisor.js';
import { FfmpegProcess, type ChildExit } from '../ffmpeg/process.js';
import { WorkBeats } from './work-beats.js';

/**
 * Frames that may wait for FFmpeg. x264 catches up at several times the speed of the clock, so a machine that is
 * busy elsewhere for a moment (83 ms at 60 frames a second) costs no frame.
 */
export const MAX_QUEUED_FRAMES = 5;

export type EncoderProcessOptions = {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly header: Buffer;
  /** How long it may deliver nothing while frames go in, milliseconds. */
  readonly hangMs: number;
  readonly logger: Logger;
  readonly onOutput: (chunk: Buffer) => void;
  readonly onDrain: () => void;
};

/** One life of the encoder: frames in, bytes out. */
export class EncoderProcess implements Supervised {
  /** Resolves when it delivers and takes frames. */
  readonly ready: Promise<void>;
  readonly ended: Promise<string>;
  readonly #ffmpeg: FfmpegProcess;
  readonly #inFlight = new Set<() => void>();
  readonly #onDrain: () => void;
  readonly #work: WorkBeats;
  #resolveReady: () => void = () => undefined;
  #alive = true;
  #bytesOut = 0;
  #isHung = false;

  constructor(options: EncoderProcessOptions) {
    this.#onDrain = options.onDrain;
    this.#work = new WorkBeats(() => performance.now(), options.hangMs);
    this.#ffmpeg = new FfmpegProcess({
      path: options.ffmpegPath,
      args: options.args,
      logger: options.logger,
      secrets: [],
      privateFiles: [],
      environment: { ...process.env, ...FRAME_ALLOCATOR_VARIABLES },
    });
    if (this.pid !== null) lowerChildPriority(this.pid, ENCODER_NICENESS);
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#ffmpeg.stdout.on('data', (chunk: Buffer) => {
      this.#bytesOut += chunk.length;
      this.#work.done = this.#bytesOut;
      options.onOutput(chunk);
      this.#announceReady();
    });
    this.#ffmpeg.stdin.on('close', () => {
      this.#stopTaking();
    });
    this.#ffmpeg.stdin.write(options.header);
    this.ended = this.#ffmpeg.ended.then((exit) => {
      this.#stopTaking();
      return this.#describeEnd(exit);
    });
  }

  get pid(): number | null {
    return this.#ffmpeg.pid;
  }

  /** What it delivers, while frames go in or wait to. Until it delivers for the first time nothing excuses it. */
  beats(): number | null {
    return this.#inFlight.size > 0 || this.#bytesOut === 0 ? this.#bytesOut : this.#work.beats;
  }

  starvedMs(): number | null {
    return this.#ffmpeg.starvedMs();
  }

  canAccept(): boolean {
    return this.#alive && this.#inFlight.size < MAX_QUEUED_FRAMES;
  }

  /** Sends a frame in parts, uncopied; call only while `canAccept()`. */
  write(chunks: readonly Buffer[], onReleased: () => void): void {
    const release = (): void => {
      if (!this.#inFlight.delete(release)) return;
      onReleased();
      if (!this.canAccept()) return;
      this.#announceReady();
      this.#onDrain();
    };
    this.#inFlight.add(release);
    this.#work.give();
    const { stdin } = this.#ffmpeg;
    stdin.cork();
    for (const chunk of chunks.slice(0, -1)) stdin.write(chunk);
    stdin.write(chunks.at(-1), release);
    stdin.uncork();
  }

  kill(cause: KillCause): void {
    this.#isHung = cause !== 'unwanted';
    this.#ffmpeg.kill();
  }

  /** Lets it finish what it has; bounded to two seconds. */
  async close(): Promise<void> {
    await this.#ffmpeg.close();
    this.#stopTaking();
  }

  #announceReady(): void {
    if (this.#bytesOut > 0 && this.canAccept()) this.#resolveReady();
  }

  #stopTaking(): void {
    this.#alive = false;
    for (const release of [...this.#inFlight]) release();
  }

  /** For people and without secrets. */
  #describeEnd({ code, signal }: ChildExit): string {
    if (this.#isHung) return 'it took frames but delivered nothing';
    const said = this.#ffmpeg.complaints.slice(-3).join(' · ');
    const how = signal === null ? `exit code ${code ?? 'none'}` : `signal ${signal}`;
    return said === '' ? how : `${how}: ${said}`;
  }
}
