import { copyFile, link, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { ServiceState } from './model.js';
import type { ReadState, StateRepository } from './repository.js';
import type { SerializeState } from './serialize.js';
import { writeDurably } from './write-durably.js';

/**
 * Keeps the state in one JSON file, and the state before it in `<file>.previous`. When the file cannot be used, the
 * service goes on with the previous one and puts the broken one aside, for a stream that runs around the clock shall
 * come back by itself; when neither can be used nothing is touched and the service does not start.
 */
export class FileRepository implements StateRepository {
  readonly kind = 'file';
  /** A disk does not come and go by itself, and DATA_DIR is locked. */
  readonly watch = null;
  readonly #path: string;
  readonly #serialize: SerializeState;
  readonly #logger: Logger;

  constructor(path: string, serialize: SerializeState, logger: Logger) {
    this.#path = path;
    this.#serialize = serialize;
    this.#logger = logger;
  }

  get place(): string {
    return this.#path;
  }

  async load(read: ReadState): Promise<ServiceState | null> {
    const current = await readWhole(this.#path, read);
    if (current.kind === 'good') return current.state;
    const previous = await readWhole(this.#previousPath, read);
    if (current.kind === 'missing' && previous.kind === 'missing') return null;
    const problem = current.kind === 'broken' ? current.reason : 'The file does not exist.';
    if (previous.kind !== 'good') {
      throw new AppError(
        'SM_STATE_UNREADABLE',
        `${this.#path} cannot be used, and ${this.#previousPath} cannot be used either. ${problem} Restore a valid copy, or move both files away to start with an empty state.`,
      );
    }
    const asidePath = current.kind === 'broken' ? await this.#putAside() : null;
    this.#logger.error(
      { path: this.#path, asidePath, revision: previous.state.revision },
      `The stored state cannot be used: ${problem} The service continues with the previous copy, so the last change may be missing.`,
    );
    return previous.state;
  }

  async save(state: ServiceState): Promise<void> {
    try {
      await writeDurably(this.#path, this.#serialize(state), () => this.#keepPrevious());
    } catch (error) {
      throw new AppError(
        'SM_STATE_UNWRITABLE',
        `${this.#path} cannot be written: ${messageOf(error)}. Free disk space, or correct the permissions of the folder.`,
        [],
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    // Every write has closed its own file.
  }

  get #previousPath(): string {
    return `${this.#path}.previous`;
  }

  /** A second name for the file as it is; where the file system has no hard links, a copy. */
  async #keepPrevious(): Promise<void> {
    const temporaryPath = `${this.#previousPath}.writing`;
    await rm(temporaryPath, { force: true });
    try {
      await link(this.#path, temporaryPath);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      await copyFile(this.#path, temporaryPath);
    }
    await rename(temporaryPath, this.#previousPath);
  }

  async #putAside(): Promise<string> {
    const prefix = `${basename(this.#path)}.broken-`;
    const names = await readdir(dirname(this.#path));
    const numbers = names
      .filter((name) => name.startsWith(prefix))
      .map((name) => Number(name.slice(prefix.length)))
      .filter(Number.isInteger);
    const asidePath = `${this.#path}.broken-${Math.max(0, ...numbers) + 1}`;
    await rename(this.#path, asidePath);
    return asidePath;
  }
}

type Reading =
  | { readonly kind: 'good'; readonly state: ServiceState }
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken'; readonly reason: string };

/** @throws AppError SM_STATE_VERSION, for a newer state is whole; SM_STATE_UNREADABLE when the rights are missing */
async function readWhole(path: string, read: ReadState): Promise<Reading> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' };
    throw new AppError(
      'SM_STATE_UNREADABLE',
      `${path} cannot be read: ${messageOf(error)}. Correct its permissions.`,
      [],
      { cause: error },
    );
  }
  try {
    const raw: unknown = JSON.parse(text);
    return { kind: 'good', state: read(raw) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'SM_STATE_VERSION') throw error;
    return { kind: 'broken', reason: `${messageOf(error).replace(/\.$/, '')}.` };
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
