import { AppError } from '../core/errors.js';
import { DecoderProcess } from './decoder-process.js';
import { jobLimits, LARGE_MEMORY_KB, type JobLimits } from './limits.js';
import type { DecodeRequest } from './messages.js';
import type { DecodeInput, DecodeJobName, DecodeOutput } from './protocol.js';

/** How long a process waits for a next job before it is ended, milliseconds. */
const LINGER_MS = 5_000;
/**
 * A process takes a quarter of a second of the processor to start, more than most jobs take: another one is started only when
 * those that there are have been at theirs for so long, milliseconds.
 */
const PATIENCE_MS = 300;
/** Jobs that wait, and how long they do, milliseconds. */
const QUEUE_LENGTH = 256;
const QUEUE_WAIT_MS = 30_000;
/**
 * A job whose process died before it began with it has done nothing wrong, and a picture that is shown has been decoded when it
 * came: they are given to another process, so many times in all.
 */
const TRIES = 3;

export type DecoderPoolOptions = {
  /** Processes at a time, besides one for heavy jobs; at least two, so that a slow job holds up nobody. */
  readonly processes: number;
};

type Waiting = {
  readonly limits: JobLimits;
  readonly start: (worker: DecoderProcess) => Promise<void>;
  readonly giveUp: (error: Error) => void;
};

/** Whoever decodes: the pool, or the calling thread itself where everything is our own. */
export interface Decoder {
  /**
   * @throws AppError SM_ASSET_TOO_COMPLEX when the file takes too much time or memory, SM_ASSET_BUSY when too many wait,
   * SM_ASSET_DECODER when no process can be started, SM_SHUTTING_DOWN; what the job throws
   */
  run<K extends DecodeJobName>(
    name: K,
    input: DecodeInput<K>,
    signal: AbortSignal | null,
  ): Promise<DecodeOutput<K>>;
}

/**
 * Runs what decodes files of strangers in processes of their own, with hard limits on memory and time. They are started
 * when there is something to do, replaced when they die, and ended when there is nothing to do.
 */
export class DecoderPool implements Decoder {
  readonly #size: number;
  readonly #processes = new Set<DecoderProcess>();
  readonly #waiting: Waiting[] = [];
  #isHeavyRunning = false;
  #linger: NodeJS.Timeout | null = null;
  #impatience: NodeJS.Timeout | null = null;
  #isClosed = false;
  #isMemoryShort = false;

  constructor({ processes }: DecoderPoolOptions) {
    this.#size = processes;
  }

  /** Starts a process ahead of the first picture that is shown. */
  prestart(): void {
    if (this.#processes.size === 0 && !this.#isClosed) this.#add(LARGE_MEMORY_KB);
    this.#rest();
  }

  /**
   * While memory is short, one process runs at a time. Each call ends those that have nothing to do; one that is at a job
   * goes on with it.
   */
  setMemoryShort(isShort: boolean): void {
    this.#isMemoryShort = isShort;
    if (isShort) this.#retireIdle();
    this.#assign();
  }

  /** Process ids: tests end one to see it replaced. */
  get pids(): readonly number[] {
    return [...this.#processes].flatMap(({ pid }) => pid ?? []);
  }

  async run<K extends DecodeJobName>(
    name: K,
    input: DecodeInput<K>,
    signal: AbortSignal | null,
  ): Promise<DecodeOutput<K>> {
    const request: DecodeRequest = { name, input };
    const limits = jobLimits(name, input);
    for (let tries = 1; ; tries++) {
      try {
        // The answer belongs to the request by the table of jobs; it came through a channel without types.
        return (await this.#enqueue(request, limits, signal)) as DecodeOutput<K>;
      } catch (error) {
        const code = error instanceof AppError ? error.code : null;
        const mayPass =
          code === 'SM_ASSET_DECODER' ||
          (name === 'writePixels' && code === 'SM_ASSET_TOO_COMPLEX');
        if (!mayPass || tries === TRIES) throw error;
      }
    }
  }

  /** Ends all processes; what they are at fails. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#linger !== null) clearTimeout(this.#linger);
    if (this.#impatience !== null) clearTimeout(this.#impatience);
    const closed = new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
    for (const { giveUp } of this.#waiting.splice(0)) giveUp(closed);
    await Promise.all([...this.#processes].map((worker) => worker.kill(closed)));
  }

  #enqueue(
    request: DecodeRequest,
    limits: JobLimits,
    signal: AbortSignal | null,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
    if (this.#waiting.length >= QUEUE_LENGTH) throw busy();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        const index = this.#waiting.indexOf(job);
        if (index !== -1) this.#waiting.splice(index, 1);
      };
      const giveUp = (error: Error): void => {
        leave();
        reject(error);
      };
      const abort = (): void => {
        giveUp(signal?.reason instanceof Error ? signal.reason : new Error('It was cancelled.'));
      };
      const timer = setTimeout(() => {
        giveUp(busy());
      }, QUEUE_WAIT_MS);
      const job: Waiting = {
        limits,
        giveUp,
        start: (worker) => {
          leave();
          return worker.run(request, limits.timeMs).then(resolve, reject);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(job);
      this.#assign();
    });
  }

  /** Gives waiting jobs to idle processes, in the order in which they came; a heavy one only when no other runs. */
  #assign(): void {
    for (const job of [...this.#waiting]) {
      if (job.limits.isHeavy && this.#isHeavyRunning) continue;
      const worker = this.#processFor(job.limits);
      if (worker !== null) void this.#work(worker, job);
    }
    this.#rest();
  }

  async #work(worker: DecoderProcess, { limits, start }: Waiting): Promise<void> {
    if (limits.isHeavy) this.#isHeavyRunning = true;
    await start(worker);
    if (limits.isHeavy) this.#isHeavyRunning = false;
    if (!worker.isUsable) this.#retire(worker);
    this.#assign();
  }

  /** An idle process with the memory that a job may have; null when there is none, and no room for another one. */
  #processFor({ memoryKb, isHeavy }: JobLimits): DecoderProcess | null {
    if (this.#isMemoryShort && [...this.#processes].some(({ isBusy }) => isBusy)) return null;
    const idle = [...this.#processes].filter(({ isBusy }) => !isBusy);
    for (const worker of idle) if (!worker.isUsable) this.#retire(worker);
    const fitting = idle.find((worker) => worker.isUsable && worker.memoryKb === memoryKb);
    if (fitting !== undefined) return fitting;
    if (!isHeavy && this.#areSoonDone(memoryKb)) return null;
    const room = this.#isMemoryShort ? 1 : this.#size + (isHeavy || this.#isHeavyRunning ? 1 : 0);
    const [other] = idle.filter(({ isUsable }) => isUsable);
    if (this.#processes.size >= room) {
      if (other === undefined) return null;
      this.#retire(other);
    }
    return this.#add(memoryKb);
  }

  /** Whether there are processes that have just begun with something; if so, it is looked again in a while. */
  #areSoonDone(memoryKb: number): boolean {
    const busy = [...this.#processes].filter((one) => one.isBusy && one.memoryKb === memoryKb);
    const longestMs = Math.max(0, ...busy.map(({ busyMs }) => busyMs));
    if (busy.length === 0 || longestMs >= PATIENCE_MS) return false;
    this.#impatience ??= setTimeout(() => {
      this.#impatience = null;
      this.#assign();
    }, PATIENCE_MS - longestMs);
    return true;
  }

  #add(memoryKb: number): DecoderProcess {
    const worker = new DecoderProcess(memoryKb);
    this.#processes.add(worker);
    return worker;
  }

  #retire(worker: DecoderProcess): void {
    this.#processes.delete(worker);
    void worker.kill(new AppError('SM_SHUTTING_DOWN', 'The process is being replaced.'));
  }

  /** Ends what is idle when nothing has come for a while. */
  #rest(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    if (this.#isClosed) return;
    this.#linger = setTimeout(() => {
      this.#retireIdle();
    }, LINGER_MS);
    this.#linger.unref();
  }

  #retireIdle(): void {
    for (const worker of this.#processes) if (!worker.isBusy) this.#retire(worker);
  }
}

function busy(): AppError {
  return new AppError(
    'SM_ASSET_BUSY',
    'Too many assets are being processed at the moment. Send the asset again in a few seconds.',
  );
}
