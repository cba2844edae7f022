import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes';
import { entitiesOf } from './entities.js';
import { brokenSvg, SVG_LIMITS, tooLargeSvg } from './errors.js';
import type { SvgElement } from './tree.js';

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
const XML = 'http://www.w3.org/XML/1998/namespace';

/** What a document says without drawing it. */
export type ParsedSvg = {
  readonly root: SvgElement;
  /** Addresses of style sheets. */
  readonly hasStyleSheets: boolean;
};

/** The name under which an attribute is kept; null when it is another namespace's and draws nothing. */
function keptName({ uri, local, name }: SaxesAttributeNS): string | null {
  if (uri === '' || uri === SVG) return name.includes(':') ? null : local;
  if ((uri === XLINK || uri === 'xlink') && local === 'href') return 'href';
  if (uri === XML && (local === 'space' || local === 'lang')) return `xml:${local}`;
  return null;
}

function attributesOf({ attributes }: SaxesTagNS): Map<string, string> {
  const kept = new Map<string, string>();
  for (const attribute of Object.values(attributes)) {
    const name = keptName(attribute);
    // The plain href wins over that of XLink.
    if (name === null || (name === 'href' && attribute.prefix !== '' && kept.has('href'))) continue;
    kept.set(name, attribute.value);
  }
  return kept;
}

/** Whether an error is one that browsers overlook: a prefix that nobody declared. */
function isHarmless(message: string): boolean {
  return /unbound namespace prefix/.test(message);
}

/**
 * Reads a drawing into a tree of its own elements; what belongs to other namespaces draws nothing and is left out,
 * as are comments and processing instructions.
 * @throws AppError SM_ASSET_BROKEN for what is no well-formed XML or no SVG, SM_ASSET_TOO_LARGE
 */
export function parseSvg(text: string): ParsedSvg {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const stack: SvgElement[] = [];
  /** How many elements are open that are not kept, the outermost of them included. */
  let skipping = 0;
  const found: { root: SvgElement | null } = { root: null };
  let elements = 0;
  let attributesOfOne = 0;
  let hasStyleSheets = false;
  let expandedLength = 0;

  parser.on('error', (error) => {
    const reason = error.message.replace(/^\d+:\d+: /, '');
    if (isHarmless(reason)) return;
    const entity = /undefined entity/.test(reason);
    throw brokenSvg(
      `${entity ? 'it uses an entity that it does not declare' : `it is not well-formed XML, ${reason}`} (line ${parser.line}, column ${parser.column}). Save it as plain SVG.`,
    );
  });
  parser.on('doctype', (doctype) => {
    for (const [name, value] of entitiesOf(doctype)) {
      // A property that counts: the same entity may be named many times.
      Object.defineProperty(parser.ENTITIES, name, {
        enumerable: true,
        get: () => {
          expandedLength += value.length;
          if (expandedLength > SVG_LIMITS.entityText)
            throw brokenSvg('its entities expand to too much text. Save it as plain SVG.');
          return value;
        },
      });
    }
  });
  parser.on('processinginstruction', ({ target }) => {
    if (target === 'xml-stylesheet') hasStyleSheets = true;
  });
  parser.on('attribute', () => {
    attributesOfOne += 1;
    if (attributesOfOne > SVG_LIMITS.attributes)
      throw tooLargeSvg(`an element of more than ${SVG_LIMITS.attributes} attributes`);
  });
  parser.on('opentag', (tag) => {
    attributesOfOne = 0;
    elements += 1;
    if (elements > SVG_LIMITS.elements)
      throw tooLargeSvg(`more than ${SVG_LIMITS.elements} elements`);
    if (stack.length + skipping >= SVG_LIMITS.depth)
      throw tooLargeSvg(`elements nested more than ${SVG_LIMITS.depth} deep`);
    const isOurs = (tag.uri === SVG || tag.uri === '') && (tag.uri === SVG || tag.prefix === '');
    if (stack.length === 0 && (!isOurs || tag.local !== 'svg'))
      throw brokenSvg(`its outermost element is <${tag.name.slice(0, 40)}>, not <svg>.`);
    if (skipping > 0 || !isOurs) {
      skipping += 1;
      return;
    }
    const parent = stack.at(-1) ?? null;
    const attributes = attributesOf(tag);
    const element: SvgElement = { name: tag.local, attributes, children: [], parent };
    if (parent === null) found.root = element;
    else parent.children.push(element);
    stack.push(element);
  });
  parser.on('closetag', () => {
    if (skipping > 0) skipping -= 1;
    else stack.pop();
  });
  const addText = (words: string): void => {
    if (skipping === 0) stack.at(-1)?.children.push(words);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text.trimStart()).close();
  if (found.root === null) throw brokenSvg('there is no <svg> in it.');
  return { root: found.root, hasStyleSheets };
}
