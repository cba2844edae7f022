import ipaddr from 'ipaddr.js';
import { AppError } from '../core/errors.js';

/** Which addresses the service may fetch from, by the address alone. What a name resolves to, the connector checks. */

const WEB_PORTS: ReadonlySet<string> = new Set(['', '80', '443', '8080', '8443']);
/** From here on ports are anybody's; services of a system listen below. */
const FIRST_FREE_PORT = 1024;

/** 2000::/3 is all that IANA has assigned as global unicast; what is outside of it is special or nobody's. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address in text form (no brackets) belongs to a machine on the public internet. Loopback, private,
 * link-local (with the metadata services of clouds), mapped, translated and tunnelled addresses do not.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_V6);
}

/** The host of a URL without the brackets of an IPv6 literal and without a closing dot. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** What the operator has said about addresses; users have no say in it. */
export type AddressPolicy = {
  /** Addresses below this one may be private. Null: there is no CDN. */
  readonly cdnBaseUrl: URL | null;
  /** Hosts, as `name` or `name:port`, that may be private. */
  readonly allowPrivateHosts: ReadonlySet<string>;
  /** `free`: besides those of the web, all from 1024 on, where internet radios are. */
  readonly ports: 'web' | 'free';
};

function isAllowedPort(port: string, ports: AddressPolicy['ports']): boolean {
  return WEB_PORTS.has(port) || (ports === 'free' && Number(port) >= FIRST_FREE_PORT);
}

/** An address that may be fetched. `trusted`: the operator named it, so it may be on a private network. */
export type FetchTarget = { readonly url: URL; readonly trusted: boolean };

/**
 * Turns what a user gave, an address or a path below the CDN, into a target.
 * @throws AppError SM_ASSET_ADDRESS
 */
export function targetOf(address: string, policy: AddressPolicy): FetchTarget {
  if (URL.canParse(address)) return checkTarget(new URL(address), policy);
  if (policy.cdnBaseUrl === null) {
    throw refused(
      `${address} is not an absolute address. Use an address that starts with http:// or https://, or set CDN_BASE_URL to use paths.`,
    );
  }
  const path = address.replace(/^[/\\]+/, '');
  if (URL.canParse(path, policy.cdnBaseUrl.href)) {
    const url = new URL(path, policy.cdnBaseUrl);
    if (isBelow(url, policy.cdnBaseUrl)) return checkTarget(url, policy);
  }
  throw refused(`${address} is not below CDN_BASE_URL.`);
}

/**
 * Checks one address: the first, and that of every redirect.
 * @throws AppError SM_ASSET_ADDRESS
 */
export function checkTarget(url: URL, policy: AddressPolicy): FetchTarget {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(
      `The protocol ${url.protocol.replace(':', '')} is not supported. Use http or https.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('The address contains a user name or a password. Remove them.');
  }
  const trusted =
    (policy.cdnBaseUrl !== null && isBelow(url, policy.cdnBaseUrl)) ||
    policy.allowPrivateHosts.has(url.host) ||
    policy.allowPrivateHosts.has(url.hostname);
  if (trusted) return { url, trusted };
  if (!isAllowedPort(url.port, policy.ports)) {
    const more = policy.ports === 'free' ? `, or one from ${FIRST_FREE_PORT} on` : '';
    throw refused(`Port ${url.port} is not allowed. Use 80, 443, 8080 or 8443${more}.`);
  }
  const host = bareHost(url.hostname);
  if (host === 'localhost' || host.endsWith('.localhost')) throw notPublic(host);
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw notPublic(host);
  return { url, trusted };
}

/** The error for a host that is not on the public internet. */
export function notPublic(host: string): AppError {
  return refused(
    `${host} is not a host on the public internet. To allow it, add it to ASSET_ALLOW_PRIVATE.`,
  );
}

/** CDN_BASE_URL as a folder, so that paths are taken from below it. */
export function toBaseUrl(text: string): URL {
  const url = new URL(text);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.search = '';
  url.hash = '';
  return url;
}

/** Servers may read an encoded slash as a slash, and so leave the folder: such a path counts as outside. */
function isBelow(url: URL, base: URL): boolean {
  return (
    url.origin === base.origin &&
    url.pathname.startsWith(base.pathname) &&
    !/%2f|%5c/i.test(url.pathname.slice(base.pathname.length))
  );
}

function refused(message: string): AppError {
  return new AppError('SM_ASSET_ADDRESS', message);
}
