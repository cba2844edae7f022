import { AppError } from '../core/errors.js';
import { DecoderProcess } from './decoder-process.js';
import { jobLimits, type JobLimits } from './limits.js';
import type { DecodeRequest } from './messages.js';
import type { DecodeInput, DecodeJobName, DecodeOutput } from './protocol.js';

/** How long a process waits for a next job before it is ended, milliseconds. */
const LINGER_MS = 15_000;
/** Jobs that wait, and how long they do, milliseconds. */
const QUEUE_LENGTH = 256;
const QUEUE_WAIT_MS = 30_000;
/** A job whose process died before it began with it has done nothing wrong: it is given to another, so many times. */
const START_TRIES = 3;

export type DecoderPoolOptions = {
  /** Processes at a time; at least two, so that a slow job holds up nobody. */
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
  #heavy = 0;
  #linger: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor({ processes }: DecoderPoolOptions) {
    this.#size = processes;
  }

  /** Starts a process ahead of the first job. */
  prestart(): void {
    if (this.#processes.size === 0 && !this.#isClosed) this.#add();
    this.#rest();
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
        const isUnstarted = error instanceof AppError && error.code === 'SM_ASSET_DECODER';
        if (!isUnstarted || tries === START_TRIES) throw error;
      }
    }
  }

  /** Ends all processes; what they are at fails. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#linger !== null) clearTimeout(this.#linger);
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

  /** Gives waiting jobs to idle processes, in the order in which they came; heavy ones only when no other runs. */
  #assign(): void {
    for (;;) {
      const job = this.#waiting.find(({ limits }) => !limits.isHeavy || this.#heavy === 0);
      if (job === undefined) break;
      const worker = this.#idle();
      if (worker === null) break;
      void this.#work(worker, job);
    }
    this.#rest();
  }

  async #work(worker: DecoderProcess, { limits, start }: Waiting): Promise<void> {
    if (limits.isHeavy) this.#heavy += 1;
    await start(worker);
    if (limits.isHeavy) this.#heavy -= 1;
    if (!worker.isUsable) this.#retire(worker);
    this.#assign();
  }

  #idle(): DecoderProcess | null {
    for (const worker of this.#processes) {
      if (worker.isBusy) continue;
      if (worker.isUsable) return worker;
      this.#retire(worker);
    }
    return this.#processes.size < this.#size ? this.#add() : null;
  }

  #add(): DecoderProcess {
    const worker = new DecoderProcess();
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
      for (const worker of this.#processes) if (!worker.isBusy) this.#retire(worker);
    }, LINGER_MS);
    this.#linger.unref();
  }
}

function busy(): AppError {
  return new AppError(
    'SM_ASSET_BUSY',
    'Too many assets are being taken in at the moment. Send it again in a few seconds.',
  );
}
