import type { Layout, Slot } from '../schema/layout.js';
import type { Box, GroupSize, LayoutBox, Size, WidthQuery } from './box.js';
import { paddingOf } from './frame.js';
import { layOut } from './lay-out.js';
import type { LayoutChild, LayoutResult } from './layout-child.js';

/** A layer as layouts see it: a group with its layers, or content that can be measured. */
export type LayoutNode = {
  readonly slot: Slot;
  readonly offset: { readonly x: number; readonly y: number };
} & (
  | { readonly measure: LayoutChild['measure'] }
  | { readonly layout: Layout; readonly children: readonly LayoutNode[] }
);

/** A layer's box in its group, and those of its own layers in it. */
export type PlacedNode = { readonly box: Box; readonly children: readonly PlacedNode[] };

/**
 * Places groups in groups. Every group is asked once for each width and height that matters, however deep it is.
 * @param size of the outermost group
 */
export function layOutTree(
  layout: Layout,
  size: GroupSize,
  nodes: readonly LayoutNode[],
): PlacedNode {
  const inside = insideOf(layout, nodes);
  const { width, height, boxes } = inside.layOut(size);
  return { box: { x: 0, y: 0, width, height }, children: inside.place(boxes) };
}

/** The inside of a group, which remembers what it was asked. */
type Inside = {
  readonly layOut: (size: GroupSize) => LayoutResult;
  /** Its layers with their boxes, theirs included. */
  readonly place: (boxes: readonly LayoutBox[]) => PlacedNode[];
};

/** A node as the layout of its group sees it, and its own inside when it has one. */
type Prepared = { readonly child: LayoutChild; readonly inside: Inside | null };

const prepared = new WeakMap<LayoutNode, Prepared>();

/** The same for the same node: what it was asked once need not be worked out for the next layout that it has a part in. */
function prepare(node: LayoutNode): Prepared {
  const known = prepared.get(node);
  if (known !== undefined) return known;
  const inside = 'children' in node ? insideOf(node.layout, node.children) : null;
  const measure =
    'measure' in node
      ? rememberSizes(node.measure)
      : (width: WidthQuery, height: number | null): Size =>
          inside?.layOut({ width, height, isHeightDefinite: height !== null }) ?? NOTHING;
  const leastSize = 'measure' in node ? NOTHING : paddingSize(node.layout);
  const child = { slot: node.slot, offset: node.offset, leastSize, measure };
  const made = { child, inside };
  prepared.set(node, made);
  return made;
}

/** Answers that are kept of one node: with more, it is asked for other sizes all the time, and none will come again. */
const KEPT_ANSWERS = 64;

function remember<T>(answers: Map<string, T>, key: string, answer: T): T {
  if (answers.size >= KEPT_ANSWERS) answers.clear();
  answers.set(key, answer);
  return answer;
}

function insideOf(layout: Layout, nodes: readonly LayoutNode[]): Inside {
  const all = nodes.map(prepare);
  const children = all.map(({ child }) => child);
  const results = new Map<string, LayoutResult>();
  const places = new WeakMap<readonly LayoutBox[], PlacedNode[]>();
  return {
    layOut: (size) => {
      const key = `${size.width} ${size.height ?? ''} ${size.isHeightDefinite}`;
      return results.get(key) ?? remember(results, key, layOut(layout, size, children));
    },
    place: (boxes) => {
      const known = places.get(boxes);
      if (known !== undefined) return known;
      const placed = boxes.map(({ isHeightDefinite, ...box }, i) => {
        const inside = all[i]?.inside ?? null;
        const { width, height } = box;
        const inner = inside?.layOut({ width, height, isHeightDefinite });
        return { box, children: inner === undefined ? [] : (inside?.place(inner.boxes) ?? []) };
      });
      places.set(boxes, placed);
      return placed;
    },
  };
}

/** What a group needs for its padding alone. */
function paddingSize(layout: Layout): Size {
  if (layout.type === 'absolute') return NOTHING;
  const { top, right, bottom, left } = paddingOf(layout.padding);
  return { width: left + right, height: top + bottom };
}

const NOTHING: Size = { width: 0, height: 0 };

function rememberSizes(measure: LayoutChild['measure']): LayoutChild['measure'] {
  const sizes = new Map<string, Size>();
  return (width, heightPx) => {
    const key = `${width} ${heightPx ?? ''}`;
    return sizes.get(key) ?? remember(sizes, key, measure(width, heightPx));
  };
}
