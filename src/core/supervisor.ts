import type { Logger } from './logger.js';

/** One life of a thread or a child process, for whoever watches it. */
export interface Supervised {
  /** Resolves when it does its work. Never rejects: one that cannot ends. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with the reason for people, without a full stop. Never rejects. */
  readonly ended: Promise<string>;
  /** A number that changes as long as it is alive; null: nobody can tell. */
  beats(): number | null;
  /** Ends it at once. */
  kill(): void;
}

/** How something is watched and started again. */
export type SupervisorPolicy = {
  /** How long it may take to be ready, milliseconds. */
  readonly readyMs: number;
  /** How long it may show no sign of life once it is ready, milliseconds. */
  readonly hangMs: number;
  /** Pauses before it is started again after an end that follows another: doubled from the first to the last. */
  readonly firstDelayMs: number;
  readonly lastDelayMs: number;
  /** After a life of so long its end is a first one again, which is answered at once. */
  readonly stableMs: number;
};

export type SupervisorOptions<T extends Supervised> = {
  /** For people, with the article: `the compositor`. */
  readonly name: string;
  readonly policy: SupervisorPolicy;
  readonly logger: Logger;
  /** Begins a life. */
  readonly start: () => T;
  /** It is ready: it is to be told what is wanted. */
  readonly onReady: (unit: T) => void;
  /** It has ended, and is started again. */
  readonly onEnded: (unit: T, end: SupervisedEnd) => void;
};

/** How a life ended. */
export type SupervisedEnd = {
  readonly reason: string;
  /** Ends in a row, this one included, with no stable life among them. */
  readonly inARow: number;
};

/** How often is looked for signs of life, milliseconds. */
const CHECK_MS = 200;

/**
 * Keeps a thread or a child process running: one that ends, hangs, or is not ready in time is replaced, ever more slowly,
 * and never given up. What it was told is for the owner to say again in `onReady`.
 *
 * Time is counted in turns of a timer of this thread, so that a machine that was asleep, or a main thread that was
 * blocked, is not taken for a unit that hangs.
 */
export class Supervisor<T extends Supervised> {
  readonly #options: SupervisorOptions<T>;
  #unit: T | null = null;
  #isReady = false;
  #trouble: string | null = null;
  #restarts = 0;
  #endsInARow = 0;
  #startedAtMs = 0;
  #check: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** Why it was killed, where it was. */
  #killedFor: string | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions<T>) {
    this.#options = options;
  }

  /** The running life, ready or not; null between two of them. */
  get unit(): T | null {
    return this.#unit;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Why it does not do its work, for people; null while it does, and while it is started for the first time. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** How often it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Begins the first life. */
  start(): void {
    this.#begin();
  }

  /** Ends the running life as one that does not do its work; another one follows. */
  replace(reason: string): void {
    if (this.#unit === null || this.#killedFor !== null) return;
    this.#killedFor = reason;
    this.#trouble = reason;
    this.#options.logger.error(
      { reason },
      `${this.#options.name} does not respond and is replaced`,
    );
    this.#unit.kill();
  }

  /**
   * No other life follows. The running one is asked to end, and killed when it does not in time.
   * @param ask - asks it; not called when there is none
   */
  async close(ask: (unit: T) => void, patienceMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#stopChecking();
    const unit = this.#unit;
    if (unit === null) return;
    ask(unit);
    const timer = setTimeout(() => {
      unit.kill();
    }, patienceMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #begin(): void {
    this.#retry = null;
    const unit = this.#options.start();
    this.#unit = unit;
    this.#isReady = false;
    this.#killedFor = null;
    this.#startedAtMs = performance.now();
    this.#watch(unit);
    void unit.ready.then(() => {
      if (this.#unit !== unit) return;
      this.#isReady = true;
      this.#trouble = null;
      this.#options.onReady(unit);
    });
    this.#ended = unit.ended.then((reason) => {
      this.#end(unit, this.#killedFor ?? reason);
    });
  }

  #watch(unit: T): void {
    this.#stopChecking();
    let turns = 0;
    let beats: number | null = null;
    let wasReady = false;
    const { readyMs, hangMs } = this.#options.policy;
    this.#check = setInterval(() => {
      const newest = unit.beats();
      if (newest !== beats || (newest === null && this.#isReady) || wasReady !== this.#isReady) {
        beats = newest;
        // Signs of life do not make a start that never ends a good one.
        if (this.#isReady) turns = 0;
        wasReady = this.#isReady;
      }
      turns += 1;
      const silentMs = (turns - 1) * CHECK_MS;
      if (this.#isReady && silentMs >= hangMs)
        this.replace(`it showed no sign of life for ${hangMs / 1000} s`);
      else if (!this.#isReady && silentMs >= readyMs)
        this.replace(`it was not ready within ${readyMs / 1000} s`);
    }, CHECK_MS);
    this.#check.unref();
  }

  #stopChecking(): void {
    if (this.#check !== null) clearInterval(this.#check);
    this.#check = null;
  }

  #end(unit: T, reason: string): void {
    this.#unit = null;
    this.#isReady = false;
    this.#stopChecking();
    if (this.#isClosed) return;
    const { policy, logger, name, onEnded } = this.#options;
    const wasStable = performance.now() - this.#startedAtMs >= policy.stableMs;
    this.#endsInARow = wasStable ? 1 : this.#endsInARow + 1;
    this.#trouble = reason;
    this.#restarts += 1;
    const delayMs = delayBefore(this.#endsInARow, policy);
    logger.error({ reason, delayMs }, `${name} has exited and is restarted`);
    onEnded(unit, { reason, inARow: this.#endsInARow });
    this.#retry = setTimeout(() => {
      this.#begin();
    }, delayMs);
  }
}

/** The first end is answered at once, the next ones ever more slowly. Milliseconds. */
export function delayBefore(
  endsInARow: number,
  { firstDelayMs, lastDelayMs }: Pick<SupervisorPolicy, 'firstDelayMs' | 'lastDelayMs'>,
): number {
  if (endsInARow <= 1) return 0;
  return Math.min(lastDelayMs, firstDelayMs * 2 ** Math.min(endsInARow - 2, 20));
}
