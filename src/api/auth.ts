import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { AppError } from '../core/errors.js';

/** Whoever sends a request. */
export type Identity = {
  readonly subject: string;
  /** Wall-clock milliseconds from which the token is no longer good; null: it stays good. */
  readonly expiresAtMs: number | null;
};

/** Finds out who sends a request. */
export interface Authenticator {
  /** Everybody may do everything: there is neither a token nor a key set. */
  readonly open: boolean;
  /** The sender of a token that needs no verification, or no longer; null when that takes more, or will not do. */
  known(token: string | null): Identity | null;
  /**
   * Settles at once where it can. `token` is null when none was sent.
   * @throws AppError SM_AUTH_REQUIRED, SM_AUTH_INVALID, SM_AUTH_UNAVAILABLE
   */
  check(token: string | null): Identity | Promise<Identity>;
}

/** Whose JSON Web Tokens are accepted. An auth service signs tokens for others, too, with the same keys. */
export type JwtTrust = {
  /** Where its keys are. */
  readonly jwksUrl: string;
  /** What `iss` and `aud` of a token must say. */
  readonly issuer: string;
  readonly audience: string;
};

export type AuthOptions = { readonly apiToken: string | null; readonly jwt: JwtTrust | null };

/** Only signatures: with a secret key (HS256) whoever checks tokens could also make them. */
const JWT_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const JWKS_TIMEOUT_MS = 3000;
/** A checked token is not checked again for this long: a signature costs more than a whole request. */
const CHECKED_TOKEN_MS = 30_000;
const CHECKED_TOKENS = 1000;
const CLOCK_TOLERANCE_SECONDS = 5;

const ANYBODY: Identity = { subject: 'anybody', expiresAtMs: null };
const OWNER: Identity = { subject: 'api-token', expiresAtMs: null };

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The token of an `Authorization` header; null when there is none. */
export function bearerToken(header: string): string | null {
  return /^bearer +(\S+) *$/i.exec(header)?.[1] ?? null;
}

const SUBPROTOCOL = 'stream-manager';
const TOKEN_PREFIX = 'bearer.';

/**
 * Browsers cannot set headers on a WebSocket, but they can name subprotocols: `stream-manager` and
 * `bearer.<token>`. Only the first is echoed: an answer must not hold the token.
 */
export function readSubprotocols(header: string): {
  readonly token: string | null;
  readonly accepted: string;
} {
  const names = header.split(',').map((name) => name.trim());
  const token = names.find((name) => name.startsWith(TOKEN_PREFIX));
  return {
    token: token === undefined ? null : token.slice(TOKEN_PREFIX.length),
    accepted: names.includes(SUBPROTOCOL) ? SUBPROTOCOL : '',
  };
}

function toAuthError(error: unknown): AppError {
  if (error instanceof errors.JWTExpired) {
    return new AppError('SM_AUTH_INVALID', 'The token has expired. Request a new token.');
  }
  if (
    error instanceof errors.JWTClaimValidationFailed &&
    (error.claim === 'aud' || error.claim === 'iss')
  ) {
    const what = error.claim === 'aud' ? 'issued for another audience' : 'issued by another issuer';
    return new AppError(
      'SM_AUTH_INVALID',
      `The token is ${what}. Request a token for this service.`,
    );
  }
  const isOfToken =
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported;
  return isOfToken
    ? new AppError('SM_AUTH_INVALID', 'The token is not valid. Request a new token.')
    : new AppError(
        'SM_AUTH_UNAVAILABLE',
        'The token cannot be verified because the keys at AUTH_JWKS_URL cannot be fetched. Try again later.',
        [],
        { cause: error },
      );
}

class TokenAuthenticator implements Authenticator {
  readonly open = false;
  readonly #tokenDigest: Buffer | null;
  readonly #jwt: (JwtTrust & { readonly keys: JWTVerifyGetKey }) | null;
  readonly #checked = new LRUCache<string, Identity>({
    max: CHECKED_TOKENS,
    ttl: CHECKED_TOKEN_MS,
  });

  constructor({ apiToken, jwt }: AuthOptions) {
    this.#tokenDigest = apiToken === null ? null : digest(apiToken);
    this.#jwt = jwt === null ? null : { ...jwt, keys: keysAt(jwt.jwksUrl) };
  }

  known(token: string | null): Identity | null {
    return token === null ? null : this.#known(digest(token));
  }

  #known(received: Buffer): Identity | null {
    // Digests are of one length and tell nothing of the token, so the time of the comparison does not either.
    if (this.#tokenDigest !== null && timingSafeEqual(received, this.#tokenDigest)) return OWNER;
    const checked = this.#checked.get(received.toString('base64'));
    return checked !== undefined && !isExpired(checked, Date.now()) ? checked : null;
  }

  check(token: string | null): Identity | Promise<Identity> {
    if (token === null) {
      throw new AppError(
        'SM_AUTH_REQUIRED',
        'Send the token in the header "Authorization: Bearer <token>", or on a WebSocket as the subprotocol "bearer.<token>".',
      );
    }
    const received = digest(token);
    const known = this.#known(received);
    if (known !== null) return known;
    if (this.#jwt === null) {
      throw new AppError('SM_AUTH_INVALID', 'The token does not match API_TOKEN.');
    }
    return this.#verify(token, received.toString('base64'), this.#jwt);
  }

  async #verify(
    token: string,
    key: string,
    { keys, issuer, audience }: JwtTrust & { readonly keys: JWTVerifyGetKey },
  ): Promise<Identity> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: JWT_ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      const identity = {
        subject: payload.sub ?? 'token',
        expiresAtMs: payload.exp === undefined ? null : payload.exp * 1000,
      };
      this.#checked.set(key, identity);
      return identity;
    } catch (error) {
      throw toAuthError(error);
    }
  }
}

function keysAt(jwksUrl: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
}

export function isExpired(identity: Identity, nowMs: number): boolean {
  return (
    identity.expiresAtMs !== null && identity.expiresAtMs + CLOCK_TOLERANCE_SECONDS * 1000 <= nowMs
  );
}

/** Open when neither a token nor a key set is configured; the configuration sees to it that this is on loopback only. */
export function createAuthenticator(options: AuthOptions): Authenticator {
  if (options.apiToken === null && options.jwt === null) {
    return { open: true, known: () => ANYBODY, check: () => ANYBODY };
  }
  return new TokenAuthenticator(options);
}
