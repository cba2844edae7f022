import { AppError } from '../core/errors.js';

/** The parts of XML that a drawing may consist of: no processing instructions, no entities of its own. */
export type SvgToken =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      /** Whether it is closed at once, as in `<g/>`. */
      readonly isEmpty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const NAME = '[A-Za-z_][\\w:.-]*';
const COMMENT = /<!--[\s\S]*?-->/y;
const INSTRUCTION = /<\?[\s\S]*?\?>/y;
const DOCTYPE = /<!DOCTYPE[^[>]*>/iy;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const OPEN = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');
const TEXT = /[^<]+/y;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** The error for a drawing that is not taken. */
export function brokenSvg(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The SVG is not taken: ${reason}`);
}

function decodeEntities(text: string): string {
  return text.replace(/&([^;\s]{0,40});?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const point =
      code === null ? -1 : code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    const known = ENTITIES[name];
    if (known !== undefined) return known;
    throw brokenSvg(`it uses the entity ${whole}. Save it as plain SVG, without entities.`);
  });
}

/** Text as it stands in XML, also between quotes. */
export function encodeEntities(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]): [string, string] => [
      name,
      decodeEntities(double ?? single ?? ''),
    ]),
  );
}

/**
 * Reads a drawing piece by piece. Comments, processing instructions and a plain document type are left out.
 * @throws AppError SM_ASSET_BROKEN for what is no well-formed XML, and for entities and declarations
 */
export function* readSvg(text: string): Generator<SvgToken> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const skipped =
      matchAt(COMMENT, text, at) ?? matchAt(INSTRUCTION, text, at) ?? matchAt(DOCTYPE, text, at);
    const open = skipped === null ? matchAt(OPEN, text, at) : null;
    const close = matchAt(CLOSE, text, at);
    const cdata = matchAt(CDATA, text, at);
    const words = matchAt(TEXT, text, at);
    const found = skipped ?? open ?? close ?? cdata ?? words;
    if (found === null) {
      throw text.startsWith('<!DOCTYPE', at)
        ? brokenSvg('it declares entities. Save it as plain SVG, without a document type.')
        : brokenSvg(`it is not well-formed XML at character ${at}.`);
    }
    if (open !== null) {
      const [, name = '', attributes = '', slash = ''] = open;
      yield { kind: 'open', name, attributes: attributesOf(attributes), isEmpty: slash === '/' };
    } else if (close !== null) yield { kind: 'close', name: close[1] ?? '' };
    else if (cdata !== null) yield { kind: 'text', text: cdata[1] ?? '' };
    else if (words !== null) yield { kind: 'text', text: decodeEntities(words[0]) };
    at += found[0].length;
  }
}
