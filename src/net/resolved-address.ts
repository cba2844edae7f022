import {
  type AddressPolicy,
  bareHost,
  checkTarget,
  isPublicAddress,
  notPublic,
} from './address.js';
import type { Resolver } from './resolver.js';

/** Where a host is that has been looked up. */
export type ResolvedAddress = {
  /** The one to connect to. */
  readonly address: string;
  /** All that its name leads to. */
  readonly all: readonly string[];
  readonly port: number;
};

/**
 * Looks up where an address over HTTP is, and checks that it may be connected to. Whoever connects takes what is answered, not the name:
 * that may lead elsewhere the next time.
 * @throws AppError SM_ASSET_ADDRESS when it may not be reached, Error when there is no such host
 */
export async function resolveAddress(
  url: URL,
  policy: AddressPolicy,
  resolve: Resolver,
): Promise<ResolvedAddress> {
  const { trusted } = checkTarget(url, policy);
  const host = bareHost(url.hostname);
  const all = (await resolve(host)).map(({ address }) => address);
  const [address] = all;
  if (address === undefined) throw new Error(`${host} has no address.`);
  // One address that is not public refuses the name: a mixed answer is what a rebinding attack looks like.
  if (!trusted && !all.every(isPublicAddress)) throw notPublic(host);
  const standard = url.protocol === 'https:' ? 443 : 80;
  return { address, all, port: url.port === '' ? standard : Number(url.port) };
}
