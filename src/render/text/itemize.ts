import type { FaceUse } from '../../fonts/match.js';
import type { FontStack, Presentation } from '../../fonts/font-stack.js';
import { breakClass, BREAK, isEmoji, scriptOf } from './characters.js';
import type { StyledText } from './clean.js';
import { graphemeEnds } from './graphemes.js';
import { OBJECT } from './objects.js';

/** What of a span decides which glyphs it has. */
export type ItemStyle = {
  /** Equal for spans whose text is shaped as one: they differ in colour at most. */
  readonly shapeKey: string;
  readonly stack: FontStack;
  readonly objectWidth: number | null;
};

/** A part of a paragraph that is shaped at once: one face, one script, one direction. */
export type Item = {
  readonly from: number;
  readonly to: number;
  /** The first of the spans that it is in. */
  readonly span: number;
  readonly level: number;
  /** ISO 15924. */
  readonly script: string;
  /** Null: it is an object. */
  readonly use: FaceUse | null;
};

const TEXT_SELECTOR = 0xfe0e;
const EMOJI_SELECTOR = 0xfe0f;

/** How a cluster wants to be seen: https://www.unicode.org/reports/tr51/#Presentation_Style. */
export function presentationOf(cluster: string, first: number): Presentation {
  if (cluster.length === 1 && first < 0x2000) return 'any';
  let isJoined = false;
  for (const character of cluster) {
    const code = character.codePointAt(0) ?? 0;
    if (code === TEXT_SELECTOR) return 'text';
    if (code === EMOJI_SELECTOR) return 'emoji';
    if (code >= 0x1f3fb && code <= 0x1f3ff) isJoined = true;
    if (code === 0x200d && breakClass(first) === BREAK.pictograph) isJoined = true;
  }
  return isJoined || isEmoji(first) ? 'emoji' : 'any';
}

/** The script of what comes first in a text and has one: what is written in all scripts goes with it. */
function firstScript(text: string): string {
  for (const character of text) {
    const script = scriptOf(character.codePointAt(0) ?? 0);
    if (script !== null) return script;
  }
  return 'Latn';
}

/** Items are shaped at once, so none is much longer than this: cut after a space, or where there is none for as long. */
const LONGEST_ITEM = 512;

function isLongEnough({ from, to }: Item, text: string): boolean {
  const length = to - from;
  return length >= 2 * LONGEST_ITEM || (length >= LONGEST_ITEM && text[to - 1] === ' ');
}

/** Cuts a paragraph into items; `styles` are by span. */
export function itemize(paragraph: StyledText, styles: readonly ItemStyle[]): Item[] {
  const { text, spanOf, levels, base } = paragraph;
  const items: Item[] = [];
  // A new one for each character would be most of what is thrown away when a text is set.
  let open: { -readonly [K in keyof Item]: Item[K] } | undefined;
  let script = firstScript(text);
  let from = 0;
  for (const to of graphemeEnds(text)) {
    const span = spanOf[from] ?? 0;
    const style = styles[span];
    const first = text.codePointAt(from) ?? 0;
    script = scriptOf(first) ?? script;
    const level = levels === null ? base : (levels[from] ?? base);
    const cluster = text.slice(from, to);
    const isObject = style === undefined || (style.objectWidth !== null && cluster === OBJECT);
    const use: FaceUse | null = isObject
      ? null
      : (style.stack.faceFor(cluster, presentationOf(cluster, first)) ?? style.stack.primary);
    const goesOn: boolean =
      open !== undefined &&
      use !== null &&
      !isLongEnough(open, text) &&
      open.use === use &&
      open.level === level &&
      open.script === script &&
      styles[open.span]?.shapeKey === style?.shapeKey;
    if (open !== undefined && goesOn) open.to = to;
    else {
      open = { from, to, span, level, script, use };
      items.push(open);
    }
    from = to;
  }
  return items;
}
