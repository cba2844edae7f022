import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { AppError, toAppError } from '../core/errors.js';
import type { IdempotencyJournal, KeptCall, KeptOutcome } from './idempotency-journal.js';
import type { Answer } from './operation.js';

/** How long an answer is kept, and how many in what size at the most, in memory and on disk alike. */
export type IdempotencyLimits = {
  readonly keepMs: number;
  readonly calls: number;
  /** Of the answers as JSON. */
  readonly chars: number;
};

export const IDEMPOTENCY_LIMITS: IdempotencyLimits = {
  keepMs: 24 * 60 * 60 * 1000,
  calls: 10_000,
  chars: 16 * 1024 * 1024,
};

/** What a call came to, and whether that is from an earlier one. */
export type Outcome = {
  readonly isReplay: boolean;
  /** @throws AppError the one that the call was refused with */
  answer(): Answer;
};

/** Refused before anything was done, for a reason that may be gone the next time: not worth remembering. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([401, 403, 408, 429]);

/** Of a key, a line of the journal has as much as this besides the answer. */
const LINE_CHARS = 500;

type Running = { readonly fingerprint: string; readonly done: Promise<KeptOutcome | null> };

/** A digest of all that makes two requests the same. */
export function fingerprintOf(...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part instanceof Uint8Array ? part : JSON.stringify(part ?? null));
    hash.update('\n');
  }
  return hash.digest('base64url');
}

/**
 * Answers a call that comes again with its key as it was answered the first time, without carrying it out once more:
 * see draft-ietf-httpapi-idempotency-key-header.
 */
export class IdempotencyKeys {
  readonly #calls: LRUCache<string, KeptCall>;
  readonly #running = new Map<string, Running>();
  readonly #journal: IdempotencyJournal | null;
  readonly #limits: IdempotencyLimits;
  readonly #now: () => number;
  #journalChars = 0;

  /** `now` gives wall-clock milliseconds; without a journal nothing outlives a restart. */
  constructor(
    journal: IdempotencyJournal | null,
    now: () => number,
    limits: IdempotencyLimits = IDEMPOTENCY_LIMITS,
  ) {
    this.#journal = journal;
    this.#now = now;
    this.#limits = limits;
    this.#calls = new LRUCache({
      max: limits.calls,
      maxSize: limits.chars,
      sizeCalculation: charsOf,
    });
  }

  /** Takes up what was kept before a restart. */
  async open(): Promise<void> {
    for (const call of (await this.#journal?.load()) ?? []) {
      if (!this.#isOver(call)) this.#calls.set(call.key, call);
    }
    await this.#rewrite();
  }

  /**
   * Carries a call out, or answers as it was answered before. A call that is still being worked on is waited for.
   * @throws AppError SM_IDEMPOTENCY_MISMATCH when the key belongs to another request
   */
  async once(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<Outcome> {
    const running = this.#running.get(key);
    if (running !== undefined) {
      checkSame(key, running.fingerprint, fingerprint);
      const outcome = await running.done;
      // Refused for a passing reason: this one has its own try.
      return outcome === null ? this.once(key, fingerprint, work) : toOutcome(outcome, true);
    }
    const kept = this.#calls.get(key);
    if (kept !== undefined && !this.#isOver(kept)) {
      checkSame(key, kept.fingerprint, fingerprint);
      return toOutcome(kept.outcome, true);
    }
    return this.#first(key, fingerprint, work);
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  async #first(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<Outcome> {
    let settle: (outcome: KeptOutcome | null) => void = () => undefined;
    const done = new Promise<KeptOutcome | null>((resolve) => (settle = resolve));
    this.#running.set(key, { fingerprint, done });
    let kept: KeptOutcome | null = null;
    try {
      const { status, value, location } = await work();
      kept = { status, value: toJson(value), location };
      return toOutcome(kept, false);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status < 500 && !PASSING_STATUSES.has(error.status))
        kept = { code: error.code, message: error.message, fields: [...error.fields] };
      return {
        isReplay: false,
        answer: () => {
          throw thrown;
        },
      };
    } finally {
      if (kept !== null) await this.#keep({ key, fingerprint, atMs: this.#now(), outcome: kept });
      this.#running.delete(key);
      settle(kept);
    }
  }

  async #keep(call: KeptCall): Promise<void> {
    this.#calls.set(call.key, call);
    this.#journalChars += charsOf(call);
    if (this.#journalChars > 2 * this.#limits.chars) await this.#rewrite();
    else await this.#journal?.append(call);
  }

  async #rewrite(): Promise<void> {
    const calls = [...this.#calls.rvalues()].flatMap((call) =>
      call === undefined || this.#isOver(call) ? [] : [call],
    );
    this.#journalChars = calls.reduce((sum, call) => sum + charsOf(call), 0);
    await this.#journal?.rewrite(calls);
  }

  #isOver({ atMs }: KeptCall): boolean {
    return this.#now() - atMs > this.#limits.keepMs;
  }
}

function charsOf({ outcome }: KeptCall): number {
  return LINE_CHARS + JSON.stringify(outcome).length;
}

/** A value as a client gets it. */
function toJson(value: unknown): z.infer<ReturnType<typeof z.json>> {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null)));
}

/** The part of a key that the client has chosen: whose it is stands before it, and it has no spaces. */
function ownPartOf(key: string): string {
  return key.slice(key.lastIndexOf(' ') + 1);
}

function checkSame(key: string, first: string, now: string): void {
  if (first === now) return;
  throw new AppError(
    'SM_IDEMPOTENCY_MISMATCH',
    `The idempotency key ${ownPartOf(key)} was already used with a different request. Use a new key for every new request.`,
  );
}

function toOutcome(kept: KeptOutcome, isReplay: boolean): Outcome {
  return {
    isReplay,
    answer: () => {
      if ('code' in kept) throw new AppError(kept.code, kept.message, kept.fields);
      return kept;
    },
  };
}
