import { AppError } from '../core/errors.js';
import { brokenSvg, encodeEntities, readSvg } from './svg-text.js';

/** Bounds of a drawing: what its elements may refer to, and how often, the renderer bounds by itself. */
export const SVG_LIMITS = { bytes: 2_000_000, elements: 20_000, depth: 100 } as const;

/** A drawing without anything that acts or reaches outside. */
export type CleanSvg = {
  readonly text: string;
  /** Pictures that stand in it, to be checked like others. */
  readonly pictures: readonly Buffer[];
};

/** What draws; whatever else there is, with all that is in it, is left out. */
const ELEMENTS = new Set(
  `svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image
   linearGradient radialGradient stop clipPath mask pattern marker filter style feBlend feColorMatrix
   feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
   feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
   feSpecularLighting feSpotLight feTile feTurbulence`.split(/\s+/),
);

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const EMBEDDED = /^data:image\/(?:png|jpe?g|webp|gif);base64,([A-Za-z0-9+/=\s]+)$/;

/** Whether a value of CSS names nothing outside: backslashes would hide what it names. */
function isInnocent(css: string): boolean {
  return !css.includes('\\') && !/url\(\s*["']?\s*[^#"'\s]/i.test(css) && !/image-set/i.test(css);
}

function cleanStyle(css: string): string {
  const kept = css.replace(/@import[^;]*(;|$)/gi, '').replace(/@font-face\s*\{[^}]*\}/gi, '');
  return isInnocent(kept) ? kept : '';
}

/** The attributes of an element that are kept. */
function cleanAttributes(
  name: string,
  attributes: ReadonlyMap<string, string>,
  pictures: Buffer[],
): string {
  let text = '';
  for (const [attribute, value] of attributes) {
    if (/^on/i.test(attribute) || /^xmlns(:|$)/.test(attribute)) continue;
    if (attribute === 'href' || attribute === 'xlink:href') {
      const embedded = name === 'image' ? EMBEDDED.exec(value) : null;
      if (embedded !== null) pictures.push(Buffer.from(embedded[1] ?? '', 'base64'));
      else if (!value.startsWith('#')) continue;
    } else if ((attribute.includes(':') && attribute !== 'xml:space') || !isInnocent(value)) {
      continue;
    }
    text += ` ${attribute}="${encodeEntities(value)}"`;
  }
  return text;
}

/**
 * Takes out of a drawing what is not drawing: scripts, handlers, links, animations, foreign elements, and every
 * reference to something outside of it.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
 */
export function cleanSvg(bytes: Uint8Array): CleanSvg {
  if (bytes.length > SVG_LIMITS.bytes)
    throw tooLarge(`${bytes.length} bytes; at most ${SVG_LIMITS.bytes} are taken`);
  const pictures: Buffer[] = [];
  const stack: string[] = [];
  /** Names of the elements that are open inside of one that is left out, itself included. */
  const skipped: string[] = [];
  let elements = 0;
  let text = '';
  for (const token of readSvg(decode(bytes))) {
    if (token.kind === 'text') {
      if (skipped.length > 0 || stack.length === 0) continue;
      const words = stack.at(-1) === 'style' ? cleanStyle(token.text) : token.text;
      text += encodeEntities(words);
    } else if (token.kind === 'close') {
      const open = skipped.length > 0 ? skipped.pop() : stack.pop();
      if (open !== token.name) throw brokenSvg(`</${token.name}> closes nothing.`);
      if (skipped.length === 0 && (ELEMENTS.has(token.name) || token.name === 'a'))
        text += `</${written(token.name)}>`;
    } else {
      const { name, isEmpty } = token;
      elements += 1;
      if (elements > SVG_LIMITS.elements)
        throw tooLarge(`more than ${SVG_LIMITS.elements} elements`);
      if (stack.length + skipped.length >= SVG_LIMITS.depth)
        throw tooLarge(`elements nested more than ${SVG_LIMITS.depth} deep`);
      if (stack.length === 0 && (text !== '' || name !== 'svg'))
        throw brokenSvg('its outermost element is not <svg>.');
      if (skipped.length > 0 || (!ELEMENTS.has(name) && name !== 'a')) {
        if (!isEmpty) skipped.push(name);
        continue;
      }
      const isRoot = text === '';
      const attributes = name === 'a' ? '' : cleanAttributes(name, token.attributes, pictures);
      text += `<${written(name)}${isRoot ? ` ${NAMESPACES}` : ''}${attributes}${isEmpty ? '/' : ''}>`;
      if (!isEmpty) stack.push(name);
    }
  }
  if (text === '' || stack.length > 0) throw brokenSvg('it ends too early.');
  return { text, pictures };
}

/** A link is a group without its address. */
function written(name: string): string {
  return name === 'a' ? 'g' : name;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('SM_ASSET_BROKEN', 'The SVG is not UTF-8. Save it as UTF-8.', [], {
      cause: error,
    });
  }
}

function tooLarge(what: string): AppError {
  return new AppError('SM_ASSET_TOO_LARGE', `The SVG has ${what}. Make it simpler.`);
}
