import { createHash } from 'node:crypto';
import { AppError } from '../core/errors.js';
import type { OperationContext } from './context.js';
import type { JsonOperation, Operation } from './operation.js';

/** Of the 256 bits of the digest, these many are enough to distinguish two representations. */
const TAG_CHARS = 22;

/** The strong entity tag of a representation (RFC 9110, 8.8.3): of what stands in it, and of nothing else. */
export function etagOf(json: string): string {
  const digest = createHash('sha256').update(json).digest('base64url');
  return `"${digest.slice(0, TAG_CHARS)}"`;
}

/** Whether a list of tags such as If-Match and If-None-Match names this one; `*` names any. */
export function namesEtag(header: string, etag: string, mayBeWeak: boolean): boolean {
  return header.split(',').some((part) => {
    const tag = part.trim();
    return tag === '*' || tag === etag || (mayBeWeak && tag === `W/${etag}`);
  });
}

/** An address without its last segment when that is a verb, such as `/activate`. */
function parentPath(path: string): string {
  return path.replace(/\/[^/{}]+$/, '');
}

function shapeOfPath(path: string): string {
  return path.replace(/\{\w+\}/g, '{}');
}

function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

/** The parameters in an operation's address, by the names that its reader has for them. */
function readerParams(
  operation: JsonOperation,
  reader: JsonOperation,
  params: unknown,
): Record<string, unknown> {
  const own = new Map<string, unknown>(
    Object.entries(typeof params === 'object' && params !== null ? params : {}),
  );
  const names = parametersOf(operation.path);
  return Object.fromEntries(
    parametersOf(reader.path).map((name, i) => [name, own.get(names[i] ?? '')]),
  );
}

/**
 * The resources that stand at the addresses of operations: each is what GET answers there.
 */
export class Resources {
  readonly #readers: ReadonlyMap<string, JsonOperation>;

  constructor(operations: readonly Operation[]) {
    this.#readers = new Map(
      operations.flatMap((one) =>
        one.kind === 'json' && one.method === 'GET' ? [[shapeOfPath(one.path), one]] : [],
      ),
    );
  }

  /** What reads the resource that an operation is about; null when nothing does. */
  readerOf({ method, path }: JsonOperation): JsonOperation | null {
    const own = this.#readers.get(shapeOfPath(path));
    if (own !== undefined || method !== 'POST') return own ?? null;
    return this.#readers.get(shapeOfPath(parentPath(path))) ?? null;
  }

  /** Whether what an operation answers is the resource at its address, or what a read gives. */
  answersResource(operation: JsonOperation): boolean {
    return operation.method === 'GET' || this.#sameReader(operation) !== null;
  }

  /** The tag of what an operation answers, when that is the resource itself; null otherwise. */
  etagOfAnswer(operation: JsonOperation, value: unknown): string | null {
    const reader = operation.method === 'GET' ? operation : this.#sameReader(operation);
    return reader === null ? null : etagOf(JSON.stringify(reader.versioned(value)));
  }

  #sameReader({ path, output }: JsonOperation): JsonOperation | null {
    const reader = this.#readers.get(shapeOfPath(path));
    return reader !== undefined && Object.is(reader.output, output) ? reader : null;
  }

  /**
   * Makes sure that the resource at an operation's address is one of those that `ifMatch` names. The context must be that
   * of the change, and nothing may be awaited between this and the change.
   * @throws AppError SM_PRECONDITION_FAILED, and what reading it throws
   */
  check(
    context: OperationContext,
    operation: JsonOperation,
    params: unknown,
    ifMatch: string,
  ): void {
    const reader = this.readerOf(operation);
    if (reader === null) {
      throw new AppError(
        'SM_PRECONDITION_FAILED',
        `${operation.name} does not support If-Match because nothing can be read at its path. Omit If-Match.`,
      );
    }
    const value = reader.peek(context, readerParams(operation, reader, params));
    const etag = etagOf(JSON.stringify(reader.versioned(value)));
    if (namesEtag(ifMatch, etag, false)) return;
    throw new AppError(
      'SM_PRECONDITION_FAILED',
      `The ETag is now ${etag}, not ${ifMatch}. Read the resource again and apply the change to its current version.`,
    );
  }
}
