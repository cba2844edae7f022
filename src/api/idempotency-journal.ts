import { open, readFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { ERROR_CODES, toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { writeDurably } from '../state/write-durably.js';

/** What a call came to, in a form that can be written down. */
export const KeptOutcomeSchema = z.union([
  z.strictObject({
    status: z.union([z.literal(200), z.literal(201), z.literal(204)]),
    value: z.json(),
    location: z.string().nullable(),
  }),
  z.strictObject({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    fields: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  }),
]);
export type KeptOutcome = z.infer<typeof KeptOutcomeSchema>;

/** A key, the first request that was sent with it, and the outcome of that. */
const KeptCallSchema = z.strictObject({
  key: z.string(),
  fingerprint: z.string(),
  atMs: z.number(),
  outcome: KeptOutcomeSchema,
});
export type KeptCall = z.infer<typeof KeptCallSchema>;

/** Keeps calls over a restart: one line of JSON each, on disk before the call is answered. */
export class IdempotencyJournal {
  readonly #path: string;
  readonly #logger: Logger;
  #file: FileHandle | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** The calls that are kept, the oldest first. Lines that cannot be read, such as a torn last one, are left out. */
  async load(): Promise<KeptCall[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      try {
        return [KeptCallSchema.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
  }

  /**
   * Puts a file with these calls in the place of the old one, so that a crash at any moment leaves one of the two, whole.
   * Never rejects: without a file, keys are kept in memory alone.
   */
  rewrite(calls: readonly KeptCall[]): Promise<void> {
    return this.#enqueue(async () => {
      await writeDurably(this.#path, calls.map(toLine).join(''), () => Promise.resolve());
      const file = await open(this.#path, 'a');
      await this.#file?.close();
      this.#file = file;
    });
  }

  /** Resolves when the call is on disk. Never rejects. */
  append(call: KeptCall): Promise<void> {
    return this.#enqueue(async () => {
      await this.#file?.appendFile(toLine(call));
      await this.#file?.datasync();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#file?.close();
    this.#file = null;
  }

  /** One write at a time, in order. */
  #enqueue(write: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#writing = this.#writing.then(write).catch((thrown: unknown) => {
      const reason = toAppError(thrown).message;
      this.#logger.warn({ reason }, 'an idempotency key is kept in memory only');
    });
    return this.#writing;
  }
}

function toLine(call: KeptCall): string {
  return `${JSON.stringify(call)}\n`;
}
