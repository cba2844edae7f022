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

function insideOf(layout: Layout, nodes: readonly LayoutNode[]): Inside {
  const insides = nodes.map((node) =>
    'children' in node ? insideOf(node.layout, node.children) : null,
  );
  const children = nodes.map((node, i): LayoutChild => {
    const inside = insides[i] ?? null;
    const measure =
      'measure' in node
        ? rememberSizes(node.measure)
        : (width: WidthQuery, height: number | null): Size =>
            inside?.layOut({ width, height, isHeightDefinite: height !== null }) ?? NOTHING;
    const leastSize = 'measure' in node ? NOTHING : paddingSize(node.layout);
    return { slot: node.slot, offset: node.offset, leastSize, measure };
  });
  const results = new Map<string, LayoutResult>();
  return {
    layOut: (size) => {
      const key = `${size.width} ${size.height ?? ''} ${size.isHeightDefinite}`;
      const known = results.get(key);
      if (known !== undefined) return known;
      const result = layOut(layout, size, children);
      results.set(key, result);
      return result;
    },
    place: (boxes) =>
      boxes.map(({ isHeightDefinite, ...box }, i) => {
        const inside = insides[i] ?? null;
        const { width, height } = box;
        const inner = inside?.layOut({ width, height, isHeightDefinite });
        return { box, children: inner === undefined ? [] : (inside?.place(inner.boxes) ?? []) };
      }),
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
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const size = measure(width, heightPx);
    sizes.set(key, size);
    return size;
  };
}
