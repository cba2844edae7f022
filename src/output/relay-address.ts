/** An RTMP address taken apart: what may be shown and what may not. */
export type RelayAddress = {
  /** `host:port` for messages. */
  readonly host: string;
  /** Texts of the address that let somebody publish: the key, the query, user info. */
  readonly secrets: readonly string[];
};

const PROTOCOLS = new Set(['rtmp:', 'rtmps:']);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes an `rtmp://` or `rtmps://` address apart; null when it is none, or names no stream. */
export function parseRelayAddress(url: string): RelayAddress | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname, search, searchParams, username, password } = new URL(url);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const key = segments.at(-1);
  if (!PROTOCOLS.has(protocol) || host === '' || key === undefined || segments.length < 2)
    return null;
  const texts = [key, search.slice(1), ...searchParams.values(), username, password];
  const secrets = texts.flatMap((text) => [text, decoded(text)]).filter((text) => text !== '');
  return { host, secrets: [...new Set(secrets)].sort((a, b) => b.length - a.length) };
}
