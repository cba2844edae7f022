import { brokenSvg } from './errors.js';

/** Byte order marks, and how `<?` begins in the encodings of two bytes without one. */
const ENCODINGS_BY_HEAD: readonly (readonly [string, string])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
  ['3c003f00', 'utf-16le'],
  ['3c007300', 'utf-16le'],
  ['003c003f', 'utf-16be'],
  ['003c0073', 'utf-16be'],
];

function encodingByHead(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return ENCODINGS_BY_HEAD.find(([start]) => head.startsWith(start))?.[1] ?? null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? null;
}

/**
 * The text of an XML document: in the encoding that its first bytes show, or that it declares, or UTF-8.
 * @throws AppError SM_ASSET_BROKEN when it is in another one
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingByHead(bytes) ?? declaredEncoding(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw brokenSvg(`its text is not ${encoding}, as it should be. Save it as UTF-8.`);
  }
}

/** Whether a file may be a drawing, by its first bytes: what comes before the drawing itself can be long. */
export function looksLikeSvg(head: Uint8Array): boolean {
  const encoding = encodingByHead(head) ?? 'latin1';
  const text = new TextDecoder(encoding).decode(head).trimStart();
  if (/^<(?:[\w-]+:)?svg[\s/>]/i.test(text)) return true;
  return (
    /^<(?:\?xml|!--|!DOCTYPE\s+(?:[\w-]+:)?svg)/i.test(text) &&
    !/<(?:html|!DOCTYPE\s+html)/i.test(text)
  );
}
