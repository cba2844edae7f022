import {
  LayoutSchema,
  SlotSchema,
  type Layout,
  type LayoutInput,
  type Slot,
  type SlotInput,
} from '../../src/scene/schema/layout.js';
import type { Size, WidthQuery } from '../../src/scene/layout/box.js';
import type { LayoutNode, PlacedNode } from '../../src/scene/layout/tree.js';
import type { RandomNumbers } from './random-numbers.js';

/** A tree that our layouts and a browser can both place. */
export type TestTree = {
  readonly widthPx: number;
  readonly heightPx: number | null;
  readonly layout: Layout;
  readonly nodes: readonly TestNode[];
};

export type TestNode = {
  readonly slot: Slot;
} & ({ readonly words: Words } | { readonly layout: Layout; readonly nodes: readonly TestNode[] });

/** Content that wraps as text does: boxes of one size next to each other. One word is a picture. */
type Words = { readonly count: number; readonly width: number; readonly height: number };

const ALIGNS = ['start', 'center', 'end', 'stretch'] as const;
const DISTRIBUTIONS = [
  'start',
  'center',
  'end',
  'space-between',
  'space-around',
  'space-evenly',
] as const;

/** A tree of flex groups, with everything that the schema has for them; in the outermost group there are `depth` levels of others. */
export function randomFlexTree(random: RandomNumbers, depth = 2): TestTree {
  return {
    widthPx: random.between(200, 1200),
    heightPx: random.chance(0.7) ? random.between(150, 900) : null,
    layout: randomFlex(random),
    nodes: randomNodes(random, depth, flexSlot, randomFlex),
  };
}

/** A grid of pictures and texts. */
export function randomGridTree(random: RandomNumbers): TestTree {
  return {
    widthPx: random.between(300, 1200),
    heightPx: random.chance(0.5) ? random.between(200, 900) : null,
    layout: randomGrid(random),
    nodes: randomNodes(random, 0, gridSlot, randomGrid),
  };
}

function randomNodes(
  random: RandomNumbers,
  depth: number,
  slotOf: (random: RandomNumbers) => SlotInput,
  layoutOf: (random: RandomNumbers) => Layout,
): TestNode[] {
  return Array.from({ length: random.between(1, 6) }, (): TestNode => {
    const slot = SlotSchema.parse(slotOf(random));
    if (depth > 0 && random.chance(0.4)) {
      const layout = layoutOf(random);
      const nested = randomNodes(random, depth - 1, slotOf, layoutOf);
      return { slot: withWidth(random, slot, layout), layout, nodes: nested };
    }
    const isText = random.chance(0.4);
    return {
      slot,
      words: isText
        ? {
            count: random.between(2, 12),
            width: random.between(8, 60),
            height: random.between(8, 30),
          }
        : { count: 1, width: random.between(5, 240), height: random.between(5, 160) },
    };
  });
}

/**
 * Columns that wrap get a width and no greatest height: how large they are otherwise, browsers find by laying them out
 * several times, which we do in the usual cases only; the schema says so.
 */
function withWidth(random: RandomNumbers, slot: Slot, layout: Layout): Slot {
  const isWrappingColumn =
    layout.type === 'flex' && layout.direction.startsWith('column') && layout.wrap !== 'nowrap';
  return isWrappingColumn
    ? { ...slot, width: randomLength(random, 500), maxHeight: undefined }
    : slot;
}

function spacing(random: RandomNumbers): Pick<LayoutInput & { type: 'flex' }, 'gap' | 'padding'> {
  return {
    ...(random.chance(0.5) ? { gap: random.between(0, 40) } : {}),
    ...(random.chance(0.2) ? { rowGap: random.between(0, 40) } : {}),
    ...(random.chance(0.2) ? { columnGap: random.between(0, 40) } : {}),
    ...(random.chance(0.4) ? { padding: random.between(0, 40) } : {}),
    ...(random.chance(0.2)
      ? { padding: { top: random.between(0, 30), left: random.between(0, 30) } }
      : {}),
  };
}

function randomFlex(random: RandomNumbers): Layout {
  return LayoutSchema.parse({
    type: 'flex',
    direction: random.pick(['row', 'row', 'column', 'column', 'row-reverse', 'column-reverse']),
    wrap: random.pick(['nowrap', 'nowrap', 'wrap', 'wrap', 'wrap-reverse']),
    ...spacing(random),
    justify: random.pick(DISTRIBUTIONS),
    align: random.pick(ALIGNS),
    alignContent: random.pick([...DISTRIBUTIONS, 'stretch']),
  });
}

function randomGrid(random: RandomNumbers): Layout {
  const tracks = (): number | (number | string)[] =>
    random.chance(0.3)
      ? random.between(1, 4)
      : Array.from({ length: random.between(1, 4) }, () =>
          random.pick([random.between(20, 200), 'auto', '1fr', '2fr', '0.4fr']),
        );
  return LayoutSchema.parse({
    type: 'grid',
    columns: tracks(),
    ...(random.chance(0.5) ? { rows: tracks() } : {}),
    ...spacing(random),
    justify: random.pick(ALIGNS),
    align: random.pick(ALIGNS),
  });
}

function randomLength(random: RandomNumbers, maxPx: number): number | string {
  return random.chance(0.4) ? `${random.between(5, 100)}%` : random.between(5, maxPx);
}

function anySlot(random: RandomNumbers): SlotInput {
  return {
    ...(random.chance(0.25) ? { width: randomLength(random, 300) } : {}),
    ...(random.chance(0.25) ? { height: randomLength(random, 200) } : {}),
    ...(random.chance(0.15) ? { minWidth: randomLength(random, 200) } : {}),
    ...(random.chance(0.15) ? { maxWidth: randomLength(random, 300) } : {}),
    ...(random.chance(0.15) ? { minHeight: randomLength(random, 150) } : {}),
    ...(random.chance(0.15) ? { maxHeight: randomLength(random, 200) } : {}),
    ...(random.chance(0.3) ? { margin: random.between(-10, 20) } : {}),
    ...(random.chance(0.15) ? { margin: { left: random.between(0, 30), top: -5 } } : {}),
    ...(random.chance(0.2) ? { alignSelf: random.pick(ALIGNS) } : {}),
    ...(random.chance(0.1) ? { order: random.between(-1, 1) } : {}),
  };
}

function flexSlot(random: RandomNumbers): SlotInput {
  return {
    ...anySlot(random),
    ...(random.chance(0.4) ? { grow: random.pick([1, 1, 2, 0.3]) } : {}),
    ...(random.chance(0.3) ? { shrink: random.pick([0, 2, 0.3]) } : {}),
    ...(random.chance(0.25) ? { basis: randomLength(random, 300) } : {}),
  };
}

function gridSlot(random: RandomNumbers): SlotInput {
  return {
    ...anySlot(random),
    ...(random.chance(0.2) ? { justifySelf: random.pick(ALIGNS) } : {}),
    ...(random.chance(0.2) ? { column: random.between(1, 3) } : {}),
    ...(random.chance(0.2) ? { row: random.between(1, 3) } : {}),
    ...(random.chance(0.2) ? { columnSpan: random.between(1, 3) } : {}),
    ...(random.chance(0.2) ? { rowSpan: random.between(1, 3) } : {}),
  };
}

/** The tree as our layouts take it. */
export function toLayoutNodes(nodes: readonly TestNode[]): LayoutNode[] {
  return nodes.map((node): LayoutNode => {
    const place = { slot: node.slot, offset: { x: 0, y: 0 } };
    if ('nodes' in node)
      return { ...place, layout: node.layout, children: toLayoutNodes(node.nodes) };
    return { ...place, measure: (width) => measureWords(node.words, width) };
  });
}

function measureWords({ count, width, height }: Words, query: WidthQuery): Size {
  const perLine =
    query === 'max-content'
      ? count
      : query === 'min-content'
        ? 1
        : Math.min(count, Math.max(1, Math.floor(query / width)));
  return { width: perLine * width, height: Math.ceil(count / perLine) * height };
}

/** The tree as HTML, each layer an element with a `data-box`. */
export function toHtml(tree: TestTree): string {
  const height = tree.heightPx === null ? 'auto' : `${tree.heightPx}px`;
  const size = `position:absolute;left:0;top:0;width:${tree.widthPx}px;height:${height}`;
  return `<div data-box style="${size};${layoutCss(tree.layout)}">${tree.nodes.map(nodeHtml).join('')}</div>`;
}

function nodeHtml(node: TestNode): string {
  const css = slotCss(node.slot);
  if ('nodes' in node) {
    const inside = node.nodes.map(nodeHtml).join('');
    return `<div data-box style="${css};${layoutCss(node.layout)}">${inside}</div>`;
  }
  const { count, width, height } = node.words;
  const kind = count === 1 ? 'display:block' : 'display:inline-block;vertical-align:top';
  const word = `<i style="${kind};width:${width}px;height:${height}px"></i>`;
  // A space of no width between words, where a line may break.
  return `<div data-box style="${css};font-size:0;line-height:0">${Array.from({ length: count }, () => word).join('&#8203;')}</div>`;
}

function px(length: number | string): string {
  return typeof length === 'number' ? `${length}px` : length;
}

function edgesCss(edges: Slot['margin']): string {
  if (typeof edges === 'number') return `${edges}px`;
  return `${edges.top}px ${edges.right}px ${edges.bottom}px ${edges.left}px`;
}

function slotCss(slot: Slot): string {
  const align = { start: 'flex-start', center: 'center', end: 'flex-end', stretch: 'stretch' };
  return [
    `margin:${edgesCss(slot.margin)};order:${slot.order}`,
    `flex:${slot.grow} ${slot.shrink} ${px(slot.basis ?? 'auto')}`,
    `width:${px(slot.width ?? 'auto')};height:${px(slot.height ?? 'auto')}`,
    `min-width:${px(slot.minWidth ?? 'auto')};min-height:${px(slot.minHeight ?? 'auto')}`,
    `max-width:${px(slot.maxWidth ?? 'none')};max-height:${px(slot.maxHeight ?? 'none')}`,
    slot.alignSelf === undefined ? '' : `align-self:${align[slot.alignSelf]}`,
    slot.justifySelf === undefined ? '' : `justify-self:${slot.justifySelf}`,
    `grid-column:${slot.column ?? 'auto'} / span ${slot.columnSpan}`,
    `grid-row:${slot.row ?? 'auto'} / span ${slot.rowSpan}`,
  ].join(';');
}

function layoutCss(layout: Layout): string {
  const flexible = (value: string): string => value.replace(/^(start|end)$/, 'flex-$1');
  if (layout.type !== 'flex' && layout.type !== 'grid') throw new Error('No CSS for this layout.');
  const gaps = `row-gap:${layout.rowGap ?? layout.gap}px;column-gap:${layout.columnGap ?? layout.gap}px`;
  const frame = `${gaps};padding:${edgesCss(layout.padding)}`;
  if (layout.type === 'flex')
    return [
      `display:flex;flex-direction:${layout.direction};flex-wrap:${layout.wrap};${frame}`,
      `justify-content:${flexible(layout.justify)};align-items:${flexible(layout.align)}`,
      `align-content:${flexible(layout.alignContent)}`,
    ].join(';');
  const tracks = (list: Exclude<typeof layout.rows, undefined>): string =>
    typeof list === 'number' ? `repeat(${list},1fr)` : list.map(px).join(' ');
  return [
    `display:grid;${frame};grid-template-columns:${tracks(layout.columns)}`,
    `grid-template-rows:${layout.rows === undefined ? 'none' : tracks(layout.rows)}`,
    `justify-items:${layout.justify};align-items:${layout.align}`,
  ].join(';');
}

/** The boxes of all layers in the order of the document, from the root's corner, as a browser gives them. */
export function flattenBoxes(
  node: PlacedNode,
  left = 0,
  top = 0,
): [x: number, y: number, width: number, height: number][] {
  const x = left + node.box.x;
  const y = top + node.box.y;
  return [
    [x, y, node.box.width, node.box.height],
    ...node.children.flatMap((child) => flattenBoxes(child, x, y)),
  ];
}
