import { ChildProcess } from '../core/child-process.js';
import { readCpuSeconds } from '../core/process-cpu.js';
import { AppError } from '../core/errors.js';
import { workerEntryPath } from '../core/paths.js';
import { FONT_FOLDERS } from '../fonts/system-fonts.js';
import { PROCESS_CPU_SECONDS } from './limits.js';
import type { DecodeAnswer, DecodeRequest } from './messages.js';

/**
 * Sets the limits and becomes Node. A shell that knows one of them not, or may not set it, says so to nobody and goes on:
 * then the time limit alone holds.
 */
function launch(memoryKb: number): string {
  const limits = ['ulimit -c 0', `ulimit -d ${memoryKb}`, `ulimit -t ${PROCESS_CPU_SECONDS}`];
  return [...limits, 'exec "$0" "$@"'].join('; ');
}

/**
 * Large pictures go back to the system when they are freed. The frames of a film do not: as mappings of their own, of which
 * every page is a fault, they took a film of sixty frames of 720p twice the processor time, for as much memory.
 */
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '8388608',
  MALLOC_TRIM_THRESHOLD_: '16777216',
  UV_THREADPOOL_SIZE: '2',
};

/**
 * How long a process may take to start and to load what a job needs, milliseconds: a tenth of a second on an idle machine.
 * One that takes longer is ended, and the job given to another.
 */
const START_MS = 15_000;
/** One that takes longer than this is no reason any more to wait for it. */
const SLOW_START_MS = 2_000;

/** A process that did not get the processor for its time gets what is missing of it, until it has taken so many times as long. */
const MAX_EXTENSION = 6;
/** Less of its time than this share on the processor means that it did not get it. */
const STARVED_SHARE = 0.6;
/** The shortest of such extensions, milliseconds. */
const LEAST_EXTENSION_MS = 200;

type Pending = {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Until the job has begun that of the start, then that of the job. */
  readonly timer: NodeJS.Timeout;
  readonly timeMs: number;
};

/** One decoder process: does one job at a time, and ends for good with the first that goes wrong. */
export class DecoderProcess {
  readonly #child: ChildProcess<DecodeAnswer, DecodeRequest>;
  readonly #exited: Promise<void>;
  #pending: Pending | null = null;
  #busySinceMs: number | null = null;
  #begunMs = 0;
  /** Whether the job is known to have been begun: else its file has nothing to do with a death. */
  #hasBegun = false;
  #isSpent = false;
  #hasExited = false;
  /** Why it was ended, when that is known. */
  #failure: AppError | null = null;

  /** @param memoryKb what it may have of memory, kilobytes */
  constructor(readonly memoryKb: number) {
    const args = ['--max-old-space-size=256', workerEntryPath('decoder')];
    this.#child = new ChildProcess({
      path: '/bin/sh',
      args: ['-c', launch(memoryKb), process.execPath, ...args],
      environment: {
        PATH: process.env['PATH'],
        [FONT_FOLDERS]: process.env[FONT_FOLDERS],
        ...ENVIRONMENT,
      },
      files: [],
      onMessage: (message) => {
        this.#take(message);
      },
    });
    this.#exited = this.#child.ended.then(() => {
      this.#hasExited = true;
      this.#fail(this.#failure ?? deathOf(this.#hasBegun));
    });
    this.#hold(false);
  }

  /** Whether it takes another job. */
  get isUsable(): boolean {
    return !this.#isSpent && !this.#hasExited && this.#failure === null;
  }

  get isBusy(): boolean {
    return this.#pending !== null;
  }

  /**
   * How long it has been at its job; 0 when it has none, and while it is starting: another process would not be there any sooner.
   */
  get busyMs(): number {
    if (this.#busySinceMs === null) return 0;
    const givenMs = performance.now() - this.#busySinceMs;
    if (!this.#hasBegun) return givenMs > SLOW_START_MS ? givenMs : 0;
    return performance.now() - this.#begunMs;
  }

  /** Process id; null when it could not be started. */
  get pid(): number | null {
    return this.#child.pid;
  }

  /**
   * Does a job, of which there must be none at the moment.
   * @param timeMs after which the process is killed
   * @throws AppError SM_ASSET_TOO_COMPLEX when it is killed or dies; what the job throws
   */
  run(request: DecodeRequest, timeMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#hasBegun = false;
      this.#busySinceMs = performance.now();
      const timer = setTimeout(() => void this.kill(deathOf(false)), START_MS);
      this.#pending = { resolve, reject, timer, timeMs };
      this.#hold(true);
      if (this.#hasExited) {
        this.#fail(deathOf(this.#hasBegun));
        return;
      }
      this.#child.send(request);
    });
  }

  /** Ends it at once; a job of it fails with `reason`. Resolves when it is gone. */
  kill(reason: AppError): Promise<void> {
    this.#failure ??= reason;
    // Its end is waited for.
    this.#hold(true);
    this.#child.kill();
    return this.#exited;
  }

  #take(message: DecodeAnswer): void {
    if (message.type === 'begun') {
      this.#hasBegun = true;
      this.#startTime();
      return;
    }
    this.#isSpent ||= message.isSpent;
    const pending = this.#settle();
    if (message.type === 'done') pending?.resolve(message.output);
    else pending?.reject(new AppError(message.code, message.message));
  }

  /** From here on the time of the job counts. */
  #startTime(): void {
    if (this.#pending === null) return;
    clearTimeout(this.#pending.timer);
    this.#begunMs = performance.now();
    this.#pending = { ...this.#pending, timer: this.#limit(this.#pending.timeMs) };
  }

  #fail(error: AppError): void {
    this.#settle()?.reject(error);
  }

  #settle(): Pending | null {
    const pending = this.#pending;
    this.#pending = null;
    this.#busySinceMs = null;
    if (pending !== null) clearTimeout(pending.timer);
    this.#hold(false);
    return pending;
  }

  /** Time counts on the processor: on a busy machine a good file must not be taken for a bad one. */
  #limit(timeMs: number): NodeJS.Timeout {
    const startedCpu = this.#cpuSeconds();
    const check = (): void => {
      const usedMs = 1000 * (this.#cpuSeconds() - startedCpu);
      const isStarved = this.#hasCpuTime && usedMs < timeMs * STARVED_SHARE;
      if (
        this.#pending !== null &&
        isStarved &&
        performance.now() - this.#begunMs < timeMs * MAX_EXTENSION
      ) {
        const missingMs = Math.max(LEAST_EXTENSION_MS, timeMs - usedMs);
        this.#pending = { ...this.#pending, timer: setTimeout(check, missingMs) };
        return;
      }
      void this.kill(tooComplex(`longer than ${(timeMs / 1000).toFixed(1)} s`));
    };
    return setTimeout(check, timeMs);
  }

  get #hasCpuTime(): boolean {
    return process.platform === 'linux';
  }

  #cpuSeconds(): number {
    return this.pid === null ? 0 : (readCpuSeconds(this.pid) ?? 0);
  }

  /** Only a process that works keeps its owner from ending. */
  #hold(isHeld: boolean): void {
    this.#child.hold(isHeld);
  }
}

function deathOf(hasBegun: boolean): AppError {
  return hasBegun
    ? tooComplex('more memory than one file may have')
    : new AppError('SM_ASSET_DECODER', 'The process that decodes assets could not be started.');
}

function tooComplex(what: string): AppError {
  return new AppError(
    'SM_ASSET_TOO_COMPLEX',
    `Decoding the file takes ${what}. Make it smaller or simpler.`,
  );
}
