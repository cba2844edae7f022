import { compile } from 'css-select';
import { tooComplexSvg } from './errors.js';
import {
  parseStyleAttribute,
  parseStyleSheet,
  type Declaration,
  type StyleRule,
} from './style-sheet.js';
import { descendants, type SvgElement } from './tree.js';

type Node = SvgElement | string;

const isTag = (node: Node): node is SvgElement => typeof node !== 'string';
const siblingsOf = (node: Node): Node[] =>
  isTag(node) ? [...(node.parent?.children ?? [node])] : [node];

/** How the selector library walks a drawing. */
const ADAPTER = {
  isTag,
  getAttributeValue: ({ attributes }: SvgElement, name: string): string | undefined =>
    attributes.get(name),
  getChildren: (node: Node): Node[] => (isTag(node) ? [...node.children] : []),
  getName: ({ name }: SvgElement): string => name,
  getParent: ({ parent }: SvgElement): Node | null => parent,
  getSiblings: siblingsOf,
  getText: (node: Node): string =>
    isTag(node) ? node.children.map((child) => ADAPTER.getText(child)).join('') : node,
  hasAttrib: ({ attributes }: SvgElement, name: string): boolean => attributes.has(name),
  removeSubsets: (nodes: Node[]): Node[] => nodes,
};

/** States that nobody brings a picture into; a rule for them is not shown and nothing is lost. */
const STATES = /:(hover|active|focus(-within|-visible)?|visited|target)\b/i;

function matcherOf(
  { selector }: StyleRule,
  notDrawn: Set<string>,
): ((element: SvgElement) => boolean) | null {
  if (STATES.test(selector) && !/:not\(/i.test(selector)) return null;
  try {
    return compile<Node, SvgElement>(selector, { adapter: ADAPTER, xmlMode: true });
  } catch {
    notDrawn.add(`style rules for ${selector.slice(0, 60)}`);
    return null;
  }
}

/** Comparisons of rules with elements, in all; one with siblings goes through many. */
const MAX_COMPARISONS = 10_000_000;
const SIBLINGS = /[~+]|:(?:nth|has|first|last|only|not|is|where)/gi;
const SIBLINGS_FACTOR = 10;

/** @throws AppError SM_ASSET_TOO_COMPLEX when working out the styles would take too long */
function checkWork(rules: readonly StyleRule[], elements: number): void {
  const perElement = rules.reduce(
    (sum, { selector }) => sum + 1 + SIBLINGS_FACTOR * (selector.match(SIBLINGS)?.length ?? 0),
    0,
  );
  if (perElement * elements <= MAX_COMPARISONS) return;
  throw tooComplexSvg(
    `it has too many style rules, ${rules.length} for ${elements} elements. Use fewer and simpler ones, or attributes.`,
  );
}

/** A declared value with what decides between it and others of its property. */
type Ranked = Declaration & { readonly rank: number };

/** Attributes of its own that an element has count less than any rule, its style attribute more than any. */
const STYLE_ATTRIBUTE_RANK = 1e9;
const IMPORTANT_RANK = 1e10;

/** The values of each element after the cascade of CSS; those that are inherited stand where they are declared. */
export type Styles = ReadonlyMap<SvgElement, ReadonlyMap<string, string>>;

/**
 * Works out what the style sheets and style attributes of a drawing give to each element.
 * @param notDrawn - gets a line for each part of them that is not shown
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_COMPLEX
 */
export function cascade(root: SvgElement, notDrawn: Set<string>): Styles {
  const sheets = [...descendants(root)]
    .filter(
      ({ name, attributes }) =>
        name === 'style' && /^(text\/css)?$/i.test(attributes.get('type') ?? ''),
    )
    .map((element) =>
      parseStyleSheet(element.children.filter((child) => typeof child === 'string').join('')),
    );
  for (const sheet of sheets) for (const what of sheet.notDrawn) notDrawn.add(what);
  const written = sheets.flatMap(({ rules: own }) => own);
  checkWork(written, [...descendants(root)].length);
  const rules = written.map((rule) => ({ rule, matches: matcherOf(rule, notDrawn) }));
  const styles = new Map<SvgElement, Map<string, string>>();
  for (const element of descendants(root)) {
    const won = new Map<string, Ranked>();
    const declare = (declaration: Declaration, rank: number): void => {
      const ranked = {
        ...declaration,
        rank: rank + (declaration.isImportant ? IMPORTANT_RANK : 0),
      };
      const before = won.get(declaration.property);
      if (before === undefined || before.rank <= ranked.rank) won.set(declaration.property, ranked);
    };
    for (const { rule, matches } of rules)
      if (matches?.(element) === true)
        for (const declaration of rule.declarations) declare(declaration, rule.specificity);
    const own = element.attributes.get('style') ?? '';
    for (const declaration of own === '' ? [] : parseStyleAttribute(own))
      declare(declaration, STYLE_ATTRIBUTE_RANK);
    styles.set(element, new Map([...won].map(([property, { value }]) => [property, value])));
  }
  return styles;
}
