import { AppError } from '../core/errors.js';
import type { Header } from './exchange.js';

export type OriginOptions = {
  /** Origin of the admin pages, such as https://admin.example.com; null: none. */
  readonly corsOrigin: string | null;
  /** Name or address that the service listens on; a Host header may name it. */
  readonly host: string;
  /** No token is needed: then it must be made sure that no foreign web page speaks to the service. */
  readonly open: boolean;
};

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const PREFLIGHT_SECONDS = '600';

function hostNameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').toLowerCase();
}

/** `https://a.example/path` as its origin; null when it is no address. */
export function toOrigin(address: string): string | null {
  try {
    const { origin } = new URL(address);
    return origin === 'null' ? null : origin;
  } catch {
    return null;
  }
}

/**
 * Keeps foreign web pages out: a browser carries requests to loopback for any page. With a token needed for
 * everything, a page without the token can do nothing, so it is only CORS then.
 */
export class OriginGuard {
  readonly #adminOrigin: string | null;
  readonly #ownName: string;
  readonly #open: boolean;

  constructor({ corsOrigin, host, open }: OriginOptions) {
    this.#adminOrigin = corsOrigin === null ? null : toOrigin(corsOrigin);
    this.#ownName = host.includes(':') ? `[${host}]` : host.toLowerCase();
    this.#open = open;
  }

  /**
   * Checks the names of a request. @throws AppError SM_AUTH_FORBIDDEN
   * @param upgrades whether it asks for a WebSocket, which no browser holds back by itself
   */
  check(method: string, hostHeader: string, origin: string, upgrades: boolean): void {
    if (!this.#open) return;
    const name = hostNameOf(hostHeader);
    if (!LOOPBACK.test(name) && name !== this.#ownName) {
      throw new AppError(
        'SM_AUTH_FORBIDDEN',
        `Without API_TOKEN the service accepts only its own host name, not "${hostHeader}", to prevent DNS rebinding by web pages. Use 127.0.0.1 or localhost, or set API_TOKEN.`,
      );
    }
    if (origin === '' || origin === this.#adminOrigin) return;
    if (SAFE_METHODS.has(method) && !upgrades) return;
    if (origin === `http://${hostHeader}` || origin === `https://${hostHeader}`) return;
    throw new AppError(
      'SM_AUTH_FORBIDDEN',
      `Web pages from ${origin} are not allowed to use this service. Set ADMIN_API_URL to the address of the admin pages, or set API_TOKEN.`,
    );
  }

  /** Headers that let the admin pages read an answer. */
  corsHeaders(origin: string): Header[] {
    if (this.#adminOrigin === null) return [];
    const vary: Header = ['Vary', 'Origin'];
    if (origin !== this.#adminOrigin) return [vary];
    return [
      vary,
      ['Access-Control-Allow-Origin', origin],
      [
        'Access-Control-Expose-Headers',
        'Location, Retry-After, ETag, Idempotency-Replayed, Stream-Manager-Durable',
      ],
    ];
  }

  /** Headers that answer a preflight; `allow` are the methods of the address. */
  preflightHeaders(origin: string, allow: string): Header[] {
    if (origin === '' || origin !== this.#adminOrigin) return [];
    return [
      ['Access-Control-Allow-Methods', allow],
      [
        'Access-Control-Allow-Headers',
        'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key',
      ],
      ['Access-Control-Max-Age', PREFLIGHT_SECONDS],
    ];
  }
}
