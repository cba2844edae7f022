import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Agent, Dispatcher } from 'undici';
import { AppError } from '../core/errors.js';
import { checkTarget, targetOf, type AddressPolicy, type FetchTarget } from '../net/address.js';
import type { ConnectLimits } from '../net/connector.js';
import { statusError, toFetchError } from './fetch-error.js';
import type { Resolver } from '../net/resolver.js';

/** What the server may be asked to compare with. */
export type Validators = { readonly etag: string | null; readonly lastModified: string | null };

export type Fetched = {
  /** `unchanged`: the server says that the content is still the one of the validators; nothing was written. */
  readonly outcome: 'content' | 'unchanged';
  readonly validators: Validators;
  readonly cacheControl: string | null;
  readonly age: string | null;
};

export type FetchLimits = ConnectLimits & {
  /** The longest time for everything, redirects and body together. */
  readonly totalTimeoutMs: number;
  readonly maxBytes: number;
};

export interface Fetcher {
  /**
   * Fetches an address, or a path below the CDN, into a new file at `intoPath`.
   * @throws AppError SM_ASSET_ADDRESS, SM_ASSET_TOO_LARGE, SM_ASSET_STORAGE, SM_ASSET_UNREACHABLE; FetchError's
   * `retryable` says whether it may go better soon. When it throws, the caller removes the file.
   */
  fetch(
    address: string,
    validators: Validators,
    intoPath: string,
    signal: AbortSignal,
  ): Promise<Fetched>;
  close(): Promise<void>;
}

type Connections = {
  readonly request: (typeof import('undici'))['request'];
  readonly trusted: Agent;
  readonly guarded: Agent;
};

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export class HttpFetcher implements Fetcher {
  readonly #policy: AddressPolicy;
  readonly #resolve: Resolver;
  readonly #limits: FetchLimits;
  #connections: Promise<Connections> | null = null;

  constructor(policy: AddressPolicy, resolve: Resolver, limits: FetchLimits) {
    this.#policy = policy;
    this.#resolve = resolve;
    this.#limits = limits;
  }

  async fetch(
    address: string,
    validators: Validators,
    intoPath: string,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const { totalTimeoutMs } = this.#limits;
    const total = new AbortController();
    const abort = (): void => {
      total.abort(signal.reason);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      total.abort(
        new AppError(
          'SM_ASSET_UNREACHABLE',
          `The download took longer than ${totalTimeoutMs / 1000} seconds.`,
        ),
      );
    }, totalTimeoutMs);
    try {
      const response = await this.#follow(address, requestHeaders(validators), total.signal);
      const outcome = outcomeOf(response, validators);
      if (outcome === 'content') await this.#receive(response, intoPath, total.signal);
      else discard(response);
      return {
        outcome,
        validators: outcome === 'content' ? validatorsOf(response) : validators,
        cacheControl: headerOf(response, 'cache-control'),
        age: headerOf(response, 'age'),
      };
    } catch (error) {
      signal.throwIfAborted();
      throw toFetchError(total.signal.aborted ? total.signal.reason : error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    const opened = await this.#connections;
    await Promise.all([opened?.trusted.destroy(), opened?.guarded.destroy()]);
  }

  /**
   * Two sets of connections, so that one opened for the operator's CDN is never used for a user's address. The client of
   * HTTP is loaded with the first fetch: it takes the start 70 ms, and many services fetch nothing.
   */
  async #open(): Promise<Connections> {
    const [{ request }, { createAgent }] = await Promise.all([
      import('undici'),
      import('../net/connector.js'),
    ]);
    return {
      request,
      trusted: createAgent(true, this.#resolve, this.#limits),
      guarded: createAgent(false, this.#resolve, this.#limits),
    };
  }

  async #send(
    { url, trusted }: FetchTarget,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    this.#connections ??= this.#open();
    const { request, ...agents } = await this.#connections;
    const dispatcher = trusted ? agents.trusted : agents.guarded;
    return request(url, { dispatcher, method: 'GET', headers, signal });
  }

  /** Follows redirects by hand, so that every hop passes the guard. */
  async #follow(
    address: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    let target = targetOf(address, this.#policy);
    for (let hops = 0; ; hops++) {
      const response = await this.#send(target, headers, signal);
      const location = headerOf(response, 'location');
      if (!REDIRECT_STATUSES.has(response.statusCode) || location === null) return response;
      discard(response);
      if (hops === MAX_REDIRECTS) {
        throw new AppError(
          'SM_ASSET_UNREACHABLE',
          `There were more than ${MAX_REDIRECTS} redirects.`,
        );
      }
      if (!URL.canParse(location, target.url.href)) {
        throw new AppError('SM_ASSET_UNREACHABLE', 'The server redirects to an invalid address.');
      }
      target = checkTarget(new URL(location, target.url), this.#policy);
    }
  }

  async #receive(
    response: Dispatcher.ResponseData,
    intoPath: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { maxBytes } = this.#limits;
    const tooLarge = (): AppError =>
      new AppError(
        'SM_ASSET_TOO_LARGE',
        `The file is larger than ${maxBytes} bytes. Use a smaller file.`,
      );
    if (Number(headerOf(response, 'content-length') ?? 0) > maxBytes) {
      discard(response);
      throw tooLarge();
    }
    let received = 0;
    const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        received += chunk.length;
        if (received > maxBytes) throw tooLarge();
        yield chunk;
      }
    };
    await pipeline(response.body, counted, createWriteStream(intoPath, { flags: 'wx' }), {
      signal,
    });
  }
}

/** Compressed transfer is not asked for: pictures are compressed already, and unpacking would need its own limit. */
function requestHeaders({ etag, lastModified }: Validators): Record<string, string> {
  return {
    accept: 'image/*, audio/*, */*;q=0.5',
    'accept-encoding': 'identity',
    'user-agent': 'stream-manager',
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

function validatorsOf(response: Dispatcher.ResponseData): Validators {
  return {
    etag: headerOf(response, 'etag'),
    lastModified: headerOf(response, 'last-modified'),
  };
}

function outcomeOf(response: Dispatcher.ResponseData, validators: Validators): Fetched['outcome'] {
  const { statusCode } = response;
  if (statusCode === 200) return 'content';
  const isConditional = validators.etag !== null || validators.lastModified !== null;
  if (statusCode === 304 && isConditional) return 'unchanged';
  discard(response);
  throw statusError(statusCode);
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Gives the connection up rather than reading a body that nobody wants, which may never end. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined);
  response.body.destroy();
}
