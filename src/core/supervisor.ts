import type { Logger } from './logger.js';
import { settlesWithin } from './settles-within.js';

/** Why a supervisor ends a life: it gives no sign of life, was not ready in time, or is not wanted any more. */
export type KillCause = 'silent' | 'late' | 'unwanted';

/** One life of a thread or a child process, for whoever watches it. */
export interface Supervised {
  /** Resolves when it does its work. Never rejects: one that cannot ends. */
  readonly ready: Promise<void>;
  /**
   * Resolves when it has ended, with the reason for people, without a full stop; null when it knows none. Never rejects.
   */
  readonly ended: Promise<string | null>;
  /**
   * A number that changes as long as it does its work: turns of its event loop, or what has come out of it. Null while
   * nothing is asked of it: that time does not count.
   */
  beats(): number | null;
  /** How long it has waited for a processor that others had, milliseconds since its start; null: nobody knows. */
  starvedMs(): number | null;
  /** Ends it at once. */
  kill(cause: KillCause): void;
}

/** How something is watched and started again; `policies.ts` has them all. */
export type SupervisorPolicy = {
  /** For people, without the article: `compositor`. */
  readonly name: string;
  /** How long it may take to be ready, milliseconds. */
  readonly readyMs: number;
  /** How long it may show no sign of life once it is ready, milliseconds. */
  readonly hangMs: number;
  /** Pauses before it is started again after an end that follows another: doubled from the first to the last. */
  readonly firstDelayMs: number;
  readonly lastDelayMs: number;
  /**
   * Whether others are likely to be lost at the same moment: then pauses are spread by chance, that before the first new
   * start too, which follows at once otherwise.
   */
  readonly isSpread: boolean;
  /** After having been ready for so long its end is a first one again. */
  readonly stableMs: number;
  /** Of the line that tells of an end: `error` for what is ours. */
  readonly logLevel: 'error' | 'warn';
};

export type SupervisorOptions<T extends Supervised> = {
  readonly policy: SupervisorPolicy;
  readonly logger: Logger;
  /** Begins a life. What it throws counts as the end of one. */
  readonly start: () => T;
  /** It is ready: it is to be told what is wanted. */
  readonly onReady: (unit: T) => void;
  /** It has ended, and is started again after a pause, unless `rest` is called. `unit` is null when none could be started. */
  readonly onEnded: (end: SupervisedEnd, unit: T | null) => void;
};

/** How a life ended. */
export type SupervisedEnd = {
  readonly reason: string;
  /** Ends in a row, this one included, with no stable life among them. */
  readonly inARow: number;
  /** The last of them that were never ready. */
  readonly neverReadyInARow: number;
};

/** How often is looked for signs of life, milliseconds. */
const CHECK_MS = 100;

/** What has not ended so long after it was killed hangs in code of the system, which nothing but the end of the process ends. */
export const KILL_PATIENCE_MS = 3000;

/** The shortest pause that is spread by chance, milliseconds. */
const SHORTEST_SPREAD_MS = 100;

/**
 * Keeps a thread or a child process running while it is wanted: one that ends, hangs, or is not ready in time is replaced,
 * ever more slowly, and never given up. What it was told is for the owner to say again in `onReady`.
 *
 * Time is counted in turns of a timer of this thread, so that a machine that was asleep, or a thread that was blocked
 * itself, is not taken for a unit that hangs; and without the time in which the unit would have gone on, had it got a
 * processor.
 */
export class Supervisor<T extends Supervised> {
  readonly #options: SupervisorOptions<T>;
  #isWanted = false;
  #unit: T | null = null;
  /** When it came to be ready, on the monotonic clock; null: it is not. */
  #readySinceMs: number | null = null;
  #trouble: string | null = null;
  #restarts = 0;
  #endsInARow = 0;
  #neverReadyInARow = 0;
  #check: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
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
    return this.#readySinceMs !== null && this.#killedFor === null;
  }

  /** A sentence for people that says why it does not do its work; null while it does, and while it is started for the first time. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** How often it was started again after an end that nobody wanted. */
  get restarts(): number {
    return this.#restarts;
  }

  /** It is wanted from now on. Begins a life unless there is one, or one is to follow. */
  start(): void {
    this.#isWanted = true;
    if (this.#unit === null && this.#retry === null) this.#begin();
  }

  /** It is not wanted any more, until `start` is called. A running life is ended at once, and not waited for. */
  rest(): void {
    const unit = this.#unit;
    this.#unwant();
    this.#forget();
    this.#trouble = null;
    unit?.kill('unwanted');
  }

  /**
   * It is not wanted any more. A running life is asked to end, and killed when it does not in time. Resolves when it has
   * ended, or cannot be ended.
   * @param ask - asks it; not called when there is none
   */
  async close(ask: (unit: T) => void, patienceMs: number): Promise<void> {
    this.#unwant();
    const unit = this.#unit;
    if (unit !== null) {
      ask(unit);
      if (!(await settlesWithin(this.#ended, patienceMs))) unit.kill('unwanted');
    }
    await settlesWithin(this.#ended, KILL_PATIENCE_MS);
  }

  #unwant(): void {
    this.#isWanted = false;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    if (this.#check !== null) clearInterval(this.#check);
    this.#check = null;
  }

  #forget(): void {
    this.#unit = null;
    this.#readySinceMs = null;
    this.#killedFor = null;
  }

  #begin(): void {
    this.#retry = null;
    let unit: T;
    try {
      unit = this.#options.start();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#followUp(`it could not be started: ${message}`, null);
      return;
    }
    this.#unit = unit;
    this.#watch(unit);
    void unit.ready.then(() => {
      if (this.#unit !== unit || this.#killedFor !== null) return;
      this.#readySinceMs = performance.now();
      this.#neverReadyInARow = 0;
      this.#trouble = null;
      this.#options.onReady(unit);
    });
    this.#ended = unit.ended.then((reason) => {
      if (this.#unit !== unit) return;
      this.#followUp(reason ?? this.#killedFor ?? 'it ended by itself', unit);
    });
  }

  #watch(unit: T): void {
    let turns = 0;
    let beats: number | null = null;
    let starvedMs: number | null = null;
    let phase: 'starting' | 'ready' | 'killed' = 'starting';
    const { readyMs, hangMs } = this.#options.policy;
    this.#check = setInterval(() => {
      const before = phase;
      phase = this.#killedFor !== null ? 'killed' : this.isReady ? 'ready' : 'starting';
      const newest = unit.beats();
      // Signs of life do not make a start that never ends a good one.
      const isAlive = phase === 'ready' && newest !== beats;
      const isIdle = phase !== 'killed' && newest === null;
      beats = newest;
      if (phase !== before || isAlive || (isIdle && phase === 'ready')) turns = 0;
      else if (!isIdle) turns += 1;
      const silentMs = turns * CHECK_MS;
      if (turns === 1) starvedMs = unit.starvedMs();
      if (
        phase === 'ready' &&
        silentMs >= hangMs &&
        silentMs - sinceThen(unit, starvedMs) >= hangMs
      )
        this.#kill(unit, 'silent', `it showed no sign of life for ${hangMs / 1000} s`);
      else if (phase === 'starting' && silentMs >= readyMs)
        this.#kill(unit, 'late', `it was not ready within ${readyMs / 1000} s`);
      else if (phase === 'killed' && silentMs === KILL_PATIENCE_MS) this.#despair();
    }, CHECK_MS);
    this.#check.unref();
  }

  #kill(unit: T, cause: KillCause, reason: string): void {
    const { policy, logger } = this.#options;
    this.#killedFor = reason;
    this.#trouble = this.#beingStartedFor(reason);
    logger[policy.logLevel]({ reason }, `the ${policy.name} does not respond and is ended`);
    unit.kill(cause);
  }

  /** No other life can begin beside one that does not end: both would own the same. */
  #despair(): void {
    const { name } = this.#options.policy;
    this.#trouble = `The ${name} does not respond and cannot be ended. Restart the service, or set EXIT_WHEN_FAILING_SECONDS so that it exits by itself.`;
    this.#options.logger.fatal(this.#trouble);
  }

  /** Another life follows an end that nobody wanted. */
  #followUp(reason: string, unit: T | null): void {
    const wasReady = this.#readySinceMs !== null;
    const readyMs = this.#readySinceMs === null ? 0 : performance.now() - this.#readySinceMs;
    this.#forget();
    if (this.#check !== null) clearInterval(this.#check);
    if (!this.#isWanted) return;
    const { policy, logger, onEnded } = this.#options;
    this.#endsInARow = readyMs >= policy.stableMs ? 1 : this.#endsInARow + 1;
    if (!wasReady) this.#neverReadyInARow += 1;
    this.#restarts += 1;
    const delayMs = delayBefore(this.#endsInARow, policy, Math.random());
    // For ever, and only what is new is worth a line.
    const trouble = this.#beingStartedFor(reason);
    const level = wasReady || trouble !== this.#trouble ? policy.logLevel : 'debug';
    this.#trouble = trouble;
    const details = { reason, delayMs: Math.round(delayMs) };
    logger[level](details, `the ${policy.name} has ended and is started again`);
    this.#retry = setTimeout(() => {
      this.#begin();
    }, delayMs);
    onEnded({ reason, inARow: this.#endsInARow, neverReadyInARow: this.#neverReadyInARow }, unit);
  }

  #beingStartedFor(reason: string): string {
    return `The ${this.#options.policy.name} is being started again: ${reason}.`;
  }
}

/** How long a unit has waited for a processor since then, milliseconds; 0 where nobody knows. */
function sinceThen(unit: Supervised, thenMs: number | null): number {
  const nowMs = thenMs === null ? null : unit.starvedMs();
  return nowMs === null || thenMs === null ? 0 : Math.max(0, nowMs - thenMs);
}

/**
 * The pause before another life, milliseconds: none after a first end, doubled after that. One that is spread is a share
 * of twice as much, from the first end on, so that many who lost the same do not come back at the same moment.
 * @param share - in [0, 1), by chance
 */
export function delayBefore(
  endsInARow: number,
  {
    firstDelayMs,
    lastDelayMs,
    isSpread,
  }: Pick<SupervisorPolicy, 'firstDelayMs' | 'lastDelayMs' | 'isSpread'>,
  share: number,
): number {
  const doublings = Math.min(endsInARow - (isSpread ? 1 : 2), 20);
  const longestMs = Math.min(lastDelayMs, firstDelayMs * 2 ** doublings);
  if (isSpread) return Math.max(SHORTEST_SPREAD_MS, share * longestMs);
  return endsInARow <= 1 ? 0 : longestMs;
}
