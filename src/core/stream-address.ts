import { domainToASCII } from 'node:url';

/**
 * Addresses of streams: how they are read, which of them can work, and what of them is secret. Nothing else takes such
 * an address apart or shows one. They are read as plain text and not as `URL`, which would encode, decode and tidy up
 * what servers compare byte for byte.
 */

/** An address that a stream can be sent to. */
export type StreamAddress = {
  readonly protocol: 'rtmp' | 'rtmps';
  /** `host` or `host:port`, for messages too: no part of it is secret. */
  readonly host: string;
  /** What the server gets as its application, and as the name of the stream: exactly as written. */
  readonly application: string;
  readonly key: string;
};

export type ParsedStreamAddress =
  | { readonly ok: true; readonly address: StreamAddress }
  /** Why it cannot work, to stand behind the name of the field; repeats nothing of the address. */
  | { readonly ok: false; readonly problem: string };

/** FFmpeg reads application and key from lines of at most 999 bytes, and cuts its own address at 1,023. */
const MAX_KEY_BYTES = 980;
const MAX_APPLICATION_BYTES = 700;
/** Stands for what is hidden. */
const MASK = '***';
const EXAMPLE = 'must be an RTMP address such as rtmp://host/app/key';
/** The first part of a path, where nothing in it may be a parameter: the name of an application, which is shown. */
const SHOWN_APPLICATION = /^\/([^/?#@;=&%]+)\/./s;
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is;

/** Reads an address and says whether it can work. */
export function parseStreamAddress(text: string): ParsedStreamAddress {
  const refuse = (problem: string): ParsedStreamAddress => ({ ok: false, problem });
  if (/[\p{Cc}\p{Cs}]/u.test(text))
    return refuse('has a control character in it, such as a line break or a tab');
  if (text.trim() !== text) return refuse('begins or ends with a space');
  const [, scheme = '', authority = '', rest = ''] = PARTS.exec(text) ?? [];
  const protocol = scheme.toLowerCase();
  if (protocol !== 'rtmp' && protocol !== 'rtmps')
    return refuse(`${EXAMPLE} or rtmps://host/app/key`);
  if (authority.includes('@'))
    return refuse(
      'has a user or a password before the host, which everybody on this machine could see in the list of processes; leave them out, or put what the server wants into the query of the key',
    );
  const host = toHost(authority);
  if (host === null) return refuse(`${EXAMPLE}; this one has no valid host`);
  if (host.port !== null && !(host.port >= 1 && host.port <= 65_535))
    return refuse('has a port that is not between 1 and 65535');
  const { application, key } = splitPath(rest.slice(1));
  if (rest[0] !== '/' || application === '' || key === '')
    return refuse(`${EXAMPLE}; this one has no stream key after its application`);
  if (key[0] === '?' || key[0] === '#')
    return refuse(`${EXAMPLE}; this one has a query and no stream key`);
  if (rest.includes(MASK)) return refuse('has its key hidden; give the whole address');
  const [path = ''] = rest.split(/[?#]/, 1);
  if (path.split('/').some((segment) => segment === '.' || segment === '..'))
    return refuse('has "." or ".." as a part of its path, which servers do not follow');
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    return refuse(
      `has a stream key of ${Buffer.byteLength(key)} bytes, query included; FFmpeg takes at most ${MAX_KEY_BYTES}`,
    );
  if (Buffer.byteLength(application) > MAX_APPLICATION_BYTES)
    return refuse(
      `has an application of ${Buffer.byteLength(application)} bytes; FFmpeg takes at most ${MAX_APPLICATION_BYTES}`,
    );
  return { ok: true, address: { protocol, host: host.text, application, key } };
}

/** The one spelling in which an address that can work is kept. */
export function formatStreamAddress({ protocol, host, application, key }: StreamAddress): string {
  return `${protocol}://${host}/${application}/${key}`;
}

/**
 * An address as it may be shown: its scheme, host and the first part of its path. Takes any text, also one that is no
 * valid address: the less is understood of it, the more is hidden.
 */
export function maskStreamAddress(text: string): string {
  const parts = PARTS.exec(text);
  if (parts === null) return MASK;
  const [, scheme = '', authority = '', rest = ''] = parts;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const shownHost =
    (host === authority ? '' : `${MASK}@`) + (toHost(host) === null && host !== '' ? MASK : host);
  if (rest === '' || rest === '/') return `${scheme}://${shownHost}${rest}`;
  const application = SHOWN_APPLICATION.exec(rest)?.[1];
  const shownRest =
    application === undefined ? `${rest.slice(0, 1)}${MASK}` : `/${application}/${MASK}`;
  return `${scheme}://${shownHost}${shownRest}`;
}

/** Texts that let somebody publish, longest first: what a message of somebody else must not repeat. */
export function secretsOf({ application, key }: StreamAddress): string[] {
  const path = `/${application}/${key}`;
  const shown = SHOWN_APPLICATION.exec(path)?.[1];
  const hidden = path.slice(shown === undefined ? 1 : shown.length + 2);
  const fields = hidden.split(/[/?#&;]/);
  const values = fields.map((field) => field.slice(field.indexOf('=') + 1));
  const pieces = [key, hidden, ...fields, ...values];
  const texts = pieces.flatMap((piece) => [piece, decoded(piece)]).filter((text) => text !== '');
  return [...new Set(texts)].sort((a, b) => b.length - a.length);
}

/** A host with what is behind its colon; null when it is neither a name nor an IP address. */
function toHost(authority: string): { readonly text: string; readonly port: number | null } | null {
  const [, name = '', digits] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(authority) ?? [];
  const ascii = /^\p{ASCII}*$/u.test(name) ? name : domainToASCII(name);
  const isHost =
    ascii.startsWith('[') ||
    (ascii.length <= 253 && /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i.test(ascii));
  if (!isHost) return null;
  const port = digits === undefined ? null : Number(digits);
  return { text: port === null ? ascii : `${ascii}:${port}`, port };
}

/**
 * Application and key of what follows the slash behind the host. As in FFmpeg, the application is the first part of the
 * path, or the first two when a third follows; but a slash in a query does not count. An application may have a query of
 * its own, as in `live?token=x/stream`.
 */
function splitPath(tail: string): { readonly application: string; readonly key: string } {
  const [path = ''] = tail.split(/[?#]/, 1);
  const first = path.indexOf('/');
  const second = path.indexOf('/', first + 1);
  const colon = path.indexOf(':', first + 1);
  const isInstance = second > first && (colon < 0 || colon > second);
  const end = first < 0 ? tail.lastIndexOf('/') : isInstance ? second : first;
  return end < 0
    ? { application: tail, key: '' }
    : { application: tail.slice(0, end), key: tail.slice(end + 1) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
