import { createHash } from 'node:crypto';
import type { Header } from '../exchange.js';
import { hiddenOperation, type RawOperation } from '../operation.js';

/** Nothing from elsewhere; styles inline because swagger-ui sets them so; pictures made in the page (blob:, data:). */
const PAGE_POLICY: Header = [
  'Content-Security-Policy',
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
];

type Content = {
  readonly path: string;
  readonly mediaType: string;
  /** Made on first use, then kept. */
  readonly read: () => Promise<string | Uint8Array> | string | Uint8Array;
};

/** A page, script or style that is the same for everybody. It holds nothing of this installation, so it needs no token. */
export function pageOperation({ path, mediaType, read }: Content): RawOperation {
  let loaded: Promise<{ body: string | Uint8Array; etag: string }> | null = null;
  const load = async (): Promise<{ body: string | Uint8Array; etag: string }> => {
    const body = await read();
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    return { body, etag };
  };
  return hiddenOperation(`page ${path}`, path, async (exchange) => {
    const { body, etag } = await (loaded ??= load());
    const headers: Header[] = [
      ['Content-Type', mediaType],
      ['ETag', etag],
      ['Cache-Control', 'no-cache'],
      ['Referrer-Policy', 'no-referrer'],
      PAGE_POLICY,
    ];
    if (exchange.header('if-none-match') === etag) exchange.send(304, headers, null);
    else exchange.send(200, headers, body);
  });
}
