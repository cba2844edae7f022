import { generate, parse, walk, type CssNode, type List, type Rule } from 'css-tree';
import { brokenSvg } from './errors.js';

/** A declaration as it is written. */
export type Declaration = {
  readonly property: string;
  readonly value: string;
  readonly isImportant: boolean;
};

/** Declarations and one of the selectors that they stand behind. */
export type StyleRule = {
  readonly selector: string;
  /** [ids, classes and attributes, elements] as one number. */
  readonly specificity: number;
  readonly declarations: readonly Declaration[];
};

/** What a style sheet has that is shown, and what of it is not. */
export type StyleSheet = {
  readonly rules: readonly StyleRule[];
  readonly notDrawn: ReadonlySet<string>;
};

/** Style rules of a drawing, all in all; each is tried on each element. */
const MAX_RULES = 2000;

/** Brackets in each other in a style sheet or a style attribute. */
const MAX_BRACKETS = 64;

/**
 * Whether CSS may be parsed: brackets in each other take a parser's stack, and time.
 * @throws AppError SM_ASSET_BROKEN
 */
function checkBrackets(css: string): void {
  let depth = 0;
  for (const [bracket] of css.matchAll(/[([{}\])]/g)) {
    depth = Math.max(0, depth + ('([{'.includes(bracket) ? 1 : -1));
    if (depth > MAX_BRACKETS)
      throw brokenSvg(`its styles nest brackets more than ${MAX_BRACKETS} deep.`);
  }
}

const PARSING = {
  parseValue: false,
  parseCustomProperty: false,
  onParseError: () => undefined,
} as const;

/** What at-rules say that a still drawing does not show; null: nothing is lost. */
const AT_RULES: Readonly<Record<string, string | null>> = {
  import: 'imported style sheets (@import)',
  'font-face': 'embedded fonts (@font-face): upload the font as an asset',
  keyframes: 'CSS animations',
  '-webkit-keyframes': null,
  charset: null,
  namespace: null,
  page: null,
  property: null,
};

/** Whether what is for some media is for a picture on a screen, in a light colour scheme. */
function isForScreen(media: string): boolean {
  return media
    .toLowerCase()
    .split(',')
    .some((query) => {
      const words = query.replace(/\s*:\s*/g, ':').trim();
      return (
        words === '' ||
        /^(only )?(all|screen)$|^((only )?(all|screen) and )?\(prefers-color-scheme:(light|no-preference)\)$|^\(prefers-reduced-motion\)$/.test(
          words,
        )
      );
    });
}

/** Media that a picture on a screen, in a light colour scheme, is plainly not. */
const OTHER_MEDIA =
  /^(only )?(print|speech|braille|embossed|handheld|projection|tty|tv|aural)\b|^not (all|screen)$|prefers-color-scheme:dark|prefers-reduced-motion:reduce|prefers-contrast|forced-colors|hover|pointer/;

/** Whether rules for some media may be seen in browsers, which depends on what only these know. */
function isUndecided(media: string): boolean {
  return media
    .toLowerCase()
    .split(',')
    .some((query) => !OTHER_MEDIA.test(query.replace(/\s*:\s*/g, ':').trim()));
}

/** Pseudo-classes that count as much as the most specific selector in their brackets. */
const LIKE_ITS_ARGUMENT = /^(not|is|has|matches|-webkit-any|-moz-any)$/i;

/** What a selector counts in the cascade: https://www.w3.org/TR/selectors-4/#specificity-rules. */
function specificityOf(selector: CssNode): number {
  let total = 0;
  walk(selector, {
    enter(node: CssNode) {
      if (node.type === 'IdSelector') total += 1_000_000;
      else if (node.type === 'ClassSelector' || node.type === 'AttributeSelector') total += 1_000;
      else if (node.type === 'TypeSelector' && node.name !== '*') total += 1;
      else if (node.type === 'PseudoClassSelector') {
        if (LIKE_ITS_ARGUMENT.test(node.name)) total += mostSpecificIn(node.children);
        else if (!/^where$/i.test(node.name)) total += 1_000;
        return walk.skip;
      }
      return undefined;
    },
  });
  return total;
}

function mostSpecificIn(children: List<CssNode> | null): number {
  let most = 0;
  children?.forEach((child) => {
    const selectors = child.type === 'SelectorList' ? child.children.toArray() : [child];
    most = Math.max(most, ...selectors.map(specificityOf));
  });
  return most;
}

function declarationsIn(node: CssNode): Declaration[] {
  const declarations: Declaration[] = [];
  walk(node, {
    visit: 'Declaration',
    enter({ property, value, important }) {
      declarations.push({
        property: property.startsWith('--') ? property : property.toLowerCase(),
        value: generate(value).trim(),
        isImportant: important !== false,
      });
    },
  });
  return declarations;
}

/** The declarations of a `style` attribute. What is no CSS is left out. @throws AppError SM_ASSET_BROKEN */
export function parseStyleAttribute(css: string): Declaration[] {
  checkBrackets(css);
  return declarationsIn(parse(css, { ...PARSING, context: 'declarationList' }));
}

function rulesOf({ prelude, block }: Rule, rules: StyleRule[]): void {
  const declarations = declarationsIn(block);
  if (prelude.type !== 'SelectorList' || declarations.length === 0) return;
  prelude.children.forEach((selector) => {
    rules.push({
      selector: generate(selector),
      specificity: specificityOf(selector),
      declarations,
    });
  });
}

/**
 * The rules of a style sheet that are for a picture on a screen, in their order. What is no CSS is left out, as
 * browsers do.
 * @throws AppError SM_ASSET_BROKEN
 */
export function parseStyleSheet(css: string): StyleSheet {
  checkBrackets(css);
  const rules: StyleRule[] = [];
  const notDrawn = new Set<string>();
  const addFrom = (node: CssNode): void => {
    if (node.type === 'Rule') rulesOf(node, rules);
    if (node.type === 'StyleSheet' || node.type === 'Block') node.children.forEach(addFrom);
    if (node.type !== 'Atrule') return;
    const { name, prelude, block } = node;
    const lost = AT_RULES[name.toLowerCase()];
    if (lost !== undefined) {
      if (lost !== null) notDrawn.add(lost);
      return;
    }
    const condition = prelude === null ? '' : generate(prelude);
    const isMedia = /^media$/i.test(name);
    const isShown =
      /^layer$/i.test(name) ||
      (/^supports$/i.test(name) && !/^not\b/i.test(condition.trim())) ||
      (isMedia && isForScreen(condition));
    if (!isShown && isMedia && isUndecided(condition))
      notDrawn.add(`style rules for @media ${condition.slice(0, 60)}`);
    if (isShown && block !== null) block.children.forEach(addFrom);
  };
  addFrom(parse(css, PARSING));
  if (rules.length > MAX_RULES) {
    notDrawn.add(`style rules beyond the first ${MAX_RULES}`);
    rules.length = MAX_RULES;
  }
  return { rules, notDrawn };
}
