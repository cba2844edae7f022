import { promises as dns, type LookupAddress, type LookupAllOptions } from 'node:dns';
import pLimit from 'p-limit';

/** Resolves a host name to all its addresses; rejects when it has none. */
export type Resolver = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * The system's resolver. It runs in libuv's pool of four threads, where file writes run too, and may hang for half a
 * minute when the network is down: two at a time leave the other half free.
 */
export function createSystemResolver(): Resolver {
  const limit = pLimit(2);
  const options: LookupAllOptions = { all: true };
  return (hostname) => limit(() => dns.lookup(hostname, options));
}
