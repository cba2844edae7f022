/**
 * What FFmpeg is told where something is: addresses with http alone, since the guard speaks to encrypted servers itself. Each host
 * has one of its own, so that whatever a playlist says relative to itself (`part.ts`, `../x`, `/y`) leads to where it is meant.
 */

const GUARD_HOST = 'guard.invalid';
const ENCRYPTED = `.https.${GUARD_HOST}`;
/** Of the literals of IPv6, which cannot be part of a name. */
const IPV6 = '.ip6';

/** Leads on to the track's own address: arguments can be seen by everybody on the machine. */
const TRACK_HOST = `track.${GUARD_HOST}`;
export const TRACK_URL = `http://${TRACK_HOST}/`;

function encodedHost(hostname: string): string {
  return hostname.startsWith('[')
    ? `${hostname.slice(1, -1).replaceAll(':', '-')}${IPV6}`
    : hostname;
}

function decodedHost(name: string): string {
  return name.endsWith(IPV6) ? `[${name.slice(0, -IPV6.length).replaceAll('-', ':')}]` : name;
}

/** The address for FFmpeg of one elsewhere. */
export function nameOf(url: URL): string {
  if (url.protocol !== 'https:') return url.href;
  const port = url.port === '' ? '' : `:${url.port}`;
  return `http://${encodedHost(url.hostname)}${ENCRYPTED}${port}${url.pathname}${url.search}`;
}

/** What FFmpeg asks for: `track`, an address elsewhere, or null when that is none. */
export function askedFor(text: string): URL | 'track' | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hostname === TRACK_HOST) return 'track';
  if (!url.hostname.endsWith(ENCRYPTED)) return url;
  const host = decodedHost(url.hostname.slice(0, -ENCRYPTED.length));
  const port = url.port === '' ? '' : `:${url.port}`;
  const real = `https://${host}${port}${url.pathname}${url.search}`;
  return URL.canParse(real) ? new URL(real) : null;
}
