import { memoryStep, type MemoryStep } from '../core/memory-pressure.js';
import { readChildMemory } from './child-processes.js';

/** How often it is measured, milliseconds. */
const INTERVAL_MS = 1000;
/** How often caches are given up while a step lasts, milliseconds. */
const AGAIN_MS = 30_000;
/** By what share of the limit memory must have grown since: where the limit is too small, there is nothing to give up. */
const AGAIN_GROWTH = 0.05;

export type MemoryWatchOptions = {
  readonly limitBytes: number;
  /** What the service holds with its child processes, bytes. */
  readonly measure: () => Promise<number>;
  /** Does what a step says: when it begins or ends, and again while it lasts. */
  readonly onStep: (step: MemoryStep) => void;
  /** Told when a step begins or ends. */
  readonly onChange: (step: MemoryStep, bytes: number) => void;
  /** Told when it could not be measured, or one of the others has failed; it is tried again. */
  readonly onFailure: (error: unknown) => void;
};

/** What this process holds with its children, bytes. */
export async function readServiceMemory(): Promise<number> {
  const children = (await readChildMemory()) ?? [];
  return children.reduce((sum, { bytes }) => sum + bytes, process.memoryUsage.rss());
}

/** Measures the memory of the service, and has it give up what it can do without before the limit is reached. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #step: MemoryStep = 'none';
  #takenAtMs = 0;
  /** The least that was held since then. */
  #leastBytes = Infinity;
  #isMeasuring = false;
  /** How often something was given up. */
  #sheds = 0;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      void this.check();
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  get step(): MemoryStep {
    return this.#step;
  }

  get sheds(): number {
    return this.#sheds;
  }

  /** Measures once. Never rejects. */
  async check(): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    try {
      this.#take(await this.#options.measure());
    } catch (error) {
      this.#options.onFailure(error);
    } finally {
      this.#isMeasuring = false;
    }
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  #take(bytes: number): void {
    const { limitBytes, onStep, onChange } = this.#options;
    const step = memoryStep(bytes, limitBytes, this.#step);
    const isChange = step !== this.#step;
    this.#leastBytes = Math.min(this.#leastBytes, bytes);
    const hasGrown = bytes - this.#leastBytes >= limitBytes * AGAIN_GROWTH;
    const isDue = hasGrown && performance.now() - this.#takenAtMs >= AGAIN_MS;
    if (!isChange && (step === 'none' || !isDue)) return;
    this.#step = step;
    this.#takenAtMs = performance.now();
    this.#leastBytes = bytes;
    if (step !== 'none') this.#sheds += 1;
    onStep(step);
    if (isChange) onChange(step, bytes);
  }
}
