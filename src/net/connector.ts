import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { AppError } from '../core/errors.js';
import { bareHost, isPublicAddress, notPublic } from './address.js';
import type { Resolver } from './resolver.js';

export type ConnectLimits = {
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  /** The longest pause between two parts of a body. */
  readonly bodyTimeoutMs: number;
};

/**
 * HTTP connections, public addresses only unless `allowPrivate`. The address that is checked is the one that is
 * connected to: a name is resolved once, here, and literal addresses, for which no lookup is made, are checked too.
 */
export function createAgent(
  allowPrivate: boolean,
  resolve: Resolver,
  limits: ConnectLimits,
): Agent {
  const connect = buildConnector({
    timeout: limits.connectTimeoutMs,
    lookup: createLookup(allowPrivate, resolve),
  });
  return new Agent({
    connect(options, callback) {
      const host = bareHost(options.hostname);
      if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) {
        callback(notPublic(host), null);
      } else {
        connect(options, callback);
      }
    },
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    connections: 4,
    keepAliveTimeout: 5_000,
  });
}

/** One address that is not public refuses the name: a mixed answer is what a rebinding attack looks like. */
function createLookup(allowPrivate: boolean, resolve: Resolver): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const first = addresses[0];
        if (first === undefined) {
          callback(new AppError('SM_ASSET_UNREACHABLE', `${hostname} has no address.`), '');
        } else if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
          callback(notPublic(hostname), '');
        } else if (options.all === true) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), '');
      },
    );
  };
}
