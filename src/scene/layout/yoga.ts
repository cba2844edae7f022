import Yoga, {
  Align,
  Direction,
  Edge,
  FlexDirection,
  Gutter,
  Justify,
  type Node as YogaNode,
} from 'yoga-layout';
import type { FlexLayout, ItemAlign } from '../schema/layout.js';
import type { Box, Edges, Size } from './box.js';
import { sum } from './flexible-lengths.js';

/** An item of a flex line whose size is settled. */
export type SettledItem = Size & { readonly margin: Edges; readonly align: ItemAlign };

/** A flex line with its size across its direction. */
export type SettledLine = { readonly items: readonly SettledItem[]; readonly crossPx: number };

/** The inside of a flex container. */
export type FlexRoom = Size & { readonly gaps: { readonly row: number; readonly column: number } };

const DIRECTIONS = {
  row: FlexDirection.Row,
  column: FlexDirection.Column,
  'row-reverse': FlexDirection.RowReverse,
  'column-reverse': FlexDirection.ColumnReverse,
} as const;
/** Ways to give out the room that is left. */
const DISTRIBUTIONS = {
  start: Justify.FlexStart,
  center: Justify.Center,
  end: Justify.FlexEnd,
  'space-between': Justify.SpaceBetween,
  'space-around': Justify.SpaceAround,
  'space-evenly': Justify.SpaceEvenly,
  // The lines have been stretched already; what cannot be stretched begins where lines begin.
  stretch: Justify.FlexStart,
} as const;
const ALIGNS = {
  start: Align.FlexStart,
  center: Align.Center,
  end: Align.FlexEnd,
  stretch: Align.FlexStart,
} as const;
const ROWS = { forward: FlexDirection.Row, reversed: FlexDirection.RowReverse } as const;
const COLUMNS = { forward: FlexDirection.Column, reversed: FlexDirection.ColumnReverse } as const;
/** With `wrap-reverse` lines begin at the other side, and items stand in them the other way round. */
const REVERSED_ALIGNS = {
  start: Align.FlexEnd,
  center: Align.Center,
  end: Align.FlexStart,
  stretch: Align.FlexEnd,
} as const;

/** No rounding to whole pixels. Yoga's own defaults: nothing grows or shrinks. */
const config = Yoga.Config.create();
config.setPointScaleFactor(0);

/**
 * Nodes wait here for their next use: making one, and having it collected as garbage, costs more than all else. There are
 * never more than the largest layout so far had items.
 */
const spareNodes: PlacedNode[] = [];
const NO_MARGIN: Edges = { top: 0, right: 0, bottom: 0, left: 0 };

/** A node of Yoga with its last styles: setting one crosses into WebAssembly, so only what differs is set. */
class PlacedNode {
  readonly node: YogaNode = Yoga.Node.create(config);
  #width = Number.NaN;
  #height = Number.NaN;
  #align: Align | null = null;
  #margin = NO_MARGIN;

  setSize(widthPx: number, heightPx: number): void {
    if (widthPx !== this.#width) this.node.setWidth(widthPx);
    if (heightPx !== this.#height) this.node.setHeight(heightPx);
    this.#width = widthPx;
    this.#height = heightPx;
  }

  setAlign(align: Align): void {
    if (align !== this.#align) this.node.setAlignSelf(align);
    this.#align = align;
  }

  setMargin(margin: Edges): void {
    const { top, right, bottom, left } = this.#margin;
    if (margin.top !== top) this.node.setMargin(Edge.Top, margin.top);
    if (margin.right !== right) this.node.setMargin(Edge.Right, margin.right);
    if (margin.bottom !== bottom) this.node.setMargin(Edge.Bottom, margin.bottom);
    if (margin.left !== left) this.node.setMargin(Edge.Left, margin.left);
    this.#margin = margin;
  }

  setFlow(direction: FlexDirection, justify: Justify, gaps: FlexRoom['gaps']): void {
    this.node.setFlexDirection(direction);
    this.node.setJustifyContent(justify);
    this.node.setGap(Gutter.Row, gaps.row);
    this.node.setGap(Gutter.Column, gaps.column);
  }
}

function takeNode(widthPx: number, heightPx: number, margin: Edges, align: Align): PlacedNode {
  const placed = spareNodes.pop() ?? new PlacedNode();
  placed.setSize(widthPx, heightPx);
  placed.setMargin(margin);
  placed.setAlign(align);
  return placed;
}

/**
 * Places lines in a flex container and items in the lines. Yoga gets sizes only, no rules for finding them, and a node for
 * each line: so its results are those of browsers, see `layOutFlex`.
 * @returns boxes of all items, line by line, from the inner top left corner of the container
 */
export function placeLines(
  layout: FlexLayout,
  room: FlexRoom,
  lines: readonly SettledLine[],
): Box[] {
  const isRow = layout.direction.startsWith('row');
  const isBackwards = layout.direction.endsWith('-reverse');
  const isReversed = layout.wrap === 'wrap-reverse';
  const aligns = isReversed ? REVERSED_ALIGNS : ALIGNS;
  const root = takeNode(room.width, room.height, NO_MARGIN, Align.Auto);
  const taken = lines.map((line) => {
    const [width, height] = isRow ? [room.width, line.crossPx] : [line.crossPx, room.height];
    return {
      line: takeNode(width, height, NO_MARGIN, Align.FlexStart),
      items: line.items.map((item) =>
        takeNode(item.width, item.height, item.margin, aligns[item.align]),
      ),
    };
  });
  const crossPx = sum(lines.map((line) => line.crossPx));
  const crossFreePx = isRow
    ? room.height - crossPx - room.gaps.row * (lines.length - 1)
    : room.width - crossPx - room.gaps.column * (lines.length - 1);
  root.setFlow(
    (isRow ? COLUMNS : ROWS)[isReversed ? 'reversed' : 'forward'],
    distributionOf(layout.alignContent, crossFreePx, isReversed),
    room.gaps,
  );
  for (const [i, { line, items }] of taken.entries()) {
    const settled = lines[i];
    if (settled === undefined) continue;
    const freePx = freePxOf(settled, room, isRow);
    line.setFlow(
      DIRECTIONS[layout.direction],
      distributionOf(layout.justify, freePx, isBackwards),
      room.gaps,
    );
    root.node.insertChild(line.node, i);
    for (const [k, item] of items.entries()) line.node.insertChild(item.node, k);
  }
  root.node.calculateLayout(undefined, undefined, Direction.LTR);
  const boxes: Box[] = [];
  for (const [i, { line, items }] of taken.entries()) {
    const left = line.node.getComputedLeft();
    const top = line.node.getComputedTop();
    for (const [k, { node }] of items.entries()) {
      const { width, height } = lines[i]?.items[k] ?? { width: 0, height: 0 };
      const [x, y] = [left + node.getComputedLeft(), top + node.getComputedTop()];
      boxes.push({ x, y, width, height });
      line.node.removeChild(node);
    }
    root.node.removeChild(line.node);
    spareNodes.push(...items, line);
  }
  spareNodes.push(root);
  return boxes;
}

/**
 * Where there is no room to give out, what has space around it overflows at the right and the bottom only: browsers fall
 * back to `start`, Yoga to the side where the direction begins. With space between, both do the latter.
 */
function distributionOf(
  kind: keyof typeof DISTRIBUTIONS,
  freePx: number,
  isReversed: boolean,
): Justify {
  if (freePx < 0 && (kind === 'space-around' || kind === 'space-evenly'))
    return isReversed ? Justify.FlexEnd : Justify.FlexStart;
  return DISTRIBUTIONS[kind];
}

function freePxOf(
  { items }: SettledLine,
  { width, height, gaps }: FlexRoom,
  isRow: boolean,
): number {
  const [roomPx, gapPx] = isRow ? [width, gaps.column] : [height, gaps.row];
  const takenPx = items.map((item) =>
    isRow
      ? item.width + item.margin.left + item.margin.right
      : item.height + item.margin.top + item.margin.bottom,
  );
  return roomPx - sum(takenPx) - gapPx * (items.length - 1);
}
