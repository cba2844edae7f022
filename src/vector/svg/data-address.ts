/** A data: address, parsed (RFC 2397). */
export type DataAddress = { readonly mediaType: string; readonly bytes: Buffer };

/** What stands in a data: address; null when it is another one, or damaged. */
export function readDataAddress(address: string): DataAddress | null {
  const found = /^\s*data:([^;,]*)((?:;[^;,]*)*),/i.exec(address);
  if (found === null) return null;
  const [head, mediaType = '', parameters = ''] = found;
  const body = address.slice(head.length);
  const bytes = /;\s*base64\s*$/i.test(parameters)
    ? Buffer.from(unescaped(body).toString('latin1'), 'base64')
    : unescaped(body);
  return bytes.length === 0 ? null : { mediaType: mediaType.trim().toLowerCase(), bytes };
}

function unescaped(text: string): Buffer {
  if (!text.includes('%')) return Buffer.from(text);
  const parts = text.split(/%([0-9a-f]{2})/i);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))),
  );
}

/** The address of bytes. */
export function dataAddressOf(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}
