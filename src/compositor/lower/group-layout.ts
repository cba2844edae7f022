import { isSameList } from '../../core/same-list.js';
import type { Size } from '../../scene/layout/box.js';
import { layOutTree, type PlacedNode } from '../../scene/layout/tree.js';
import { mixBox } from '../../scene/layout/mix-boxes.js';
import type { CompiledLayer, FormerLayout } from '../../scene/resolve.js';
import type { GroupLayer, Layer } from '../../scene/schema/layer.js';
import type { LowerContext } from './context.js';
import { LayoutNodes } from './layout-nodes.js';
import { isSameBox, type Box } from './place.js';
import type { ViewAt } from './views.js';

/** Where a layout puts a layer. */
export type PlacedBox = Box & {
  /** Where it has put the layers of the group in it; null: it has not. */
  readonly inside: readonly PlacedNode[] | null;
  /** The size that the box is on its way to; null: it is there. */
  readonly settled: Size | null;
};

/** How large a group is and where its layers are; no boxes where each stands at its own x and y. */
export type GroupLayout = Size & { readonly boxes: readonly PlacedBox[] | null };

/** What a layout has to go by besides the group. */
export type RoomFor<Outer extends Size> = {
  /** That another layout gives the group; null: none does. */
  readonly size: Outer | null;
  /** Bitmap pixels per unit of the group. */
  readonly scale: number;
  readonly context: LowerContext;
};

/** What a layout was worked out from, and what came of it. */
type Kept = { readonly from: readonly unknown[]; readonly layout: GroupLayout };

const NOWHERE: PlacedBox = { x: 0, y: 0, width: 0, height: 0, inside: null, settled: null };

function toPlacedBox({ box, children }: PlacedNode): PlacedBox {
  return { ...box, inside: children, settled: null };
}

/** How many layouts of one group are kept: as it is measured and as it is placed, with and without layers that leave. */
const KEPT_LAYOUTS = 4;

const placedBoxes = new WeakMap<readonly PlacedNode[], readonly PlacedBox[]>();

/** Nodes as boxes: the same list for the same one. */
function toPlacedBoxes(nodes: readonly PlacedNode[]): readonly PlacedBox[] {
  const known = placedBoxes.get(nodes);
  if (known !== undefined) return known;
  const boxes = nodes.map(toPlacedBox);
  placedBoxes.set(nodes, boxes);
  return boxes;
}

/** Sizes of layers of every kind, and layouts of groups. Layouts are kept as long as what they depend on is the same. */
export class GroupLayouts {
  readonly #viewAt: ViewAt;
  readonly #nodes = new LayoutNodes((compiled, layer, scale, context) =>
    this.measure(compiled, layer, scale, context),
  );
  /** By the group's document, those that were asked for last first. */
  readonly #kept = new WeakMap<Layer, readonly Kept[]>();

  constructor(viewAt: ViewAt) {
    this.#viewAt = viewAt;
  }

  /** The size of a layer that no layout gives one, before it is scaled or turned. */
  measure(compiled: CompiledLayer, layer: Layer, scale: number, context: LowerContext): Size {
    if (layer.type === 'group') return this.layOut(compiled, layer, { size: null, scale, context });
    if (layer.type === 'scene') {
      const nested = context.nested(layer.scene)?.scene;
      return {
        width: layer.width ?? nested?.width ?? 0,
        height: layer.height ?? nested?.height ?? 0,
      };
    }
    const { width, height } = this.#viewAt(compiled, layer, { size: null, scale }, context);
    return { width, height };
  }

  /** Where the layers of a group stand; a box as its size is where another layout puts the group. */
  layOut(compiled: CompiledLayer, group: GroupLayer, room: RoomFor<PlacedBox>): GroupLayout {
    if (group.layout.type === 'absolute') return this.#standing(compiled, group, room);
    const { size: box } = room;
    const { children, formerLayout } = compiled;
    const isSettled = formerLayout === null && !children.some(({ isLeaving }) => isLeaving);
    if (isSettled && box !== null && box.inside !== null)
      return { width: box.width, height: box.height, boxes: toPlacedBoxes(box.inside) };
    const now = this.#withLeaving(compiled, group, room);
    return formerLayout === null ? now : this.#onTheWay(formerLayout, children, now, room);
  }

  /** A layer that leaves has no part in the layout any more: it goes from where it would be if it had. */
  #withLeaving(compiled: CompiledLayer, group: GroupLayer, room: RoomFor<Size>): GroupLayout {
    const layout = this.#arranged(compiled, group, room, false);
    if (!compiled.children.some(({ isLeaving }) => isLeaving)) return layout;
    const all = this.#arranged(compiled, group, room, true);
    const boxes = compiled.children.map(
      ({ isLeaving }, i) => (isLeaving ? all : layout).boxes?.[i] ?? NOWHERE,
    );
    return { ...layout, boxes };
  }

  /** Between a former layout, which may itself be on its way from an earlier one, and the one that follows it. */
  #onTheWay(
    former: FormerLayout,
    children: readonly CompiledLayer[],
    next: GroupLayout,
    room: RoomFor<Size>,
  ): GroupLayout {
    const { group, from } = former;
    if (group.layer.type !== 'group' || group.layer.layout.type === 'absolute') return next;
    const own = this.#arranged(group, group.layer, room, false);
    const before = from === null ? own : this.#onTheWay(from, group.children, own, room);
    const progress = former.progressAt(room.context.programTimeMs);
    const places = new Map(group.children.map(({ layer }, i) => [layer.id, before.boxes?.[i]]));
    const boxes = children.map(({ layer }, i): PlacedBox => {
      const after = next.boxes?.[i] ?? NOWHERE;
      const place = places.get(layer.id);
      return place === undefined || isSameBox(place, after)
        ? after
        : { ...mixBox(place, after, progress), inside: null, settled: after };
    });
    const { width, height } = mixBox({ ...NOWHERE, ...before }, { ...NOWHERE, ...next }, progress);
    return { width, height, boxes };
  }

  /** As large as its layers reach, where they are at rest: what moves about does not make a group larger and smaller. */
  #standing(
    { children }: CompiledLayer,
    group: GroupLayer,
    { size, scale, context }: RoomFor<Size>,
  ): GroupLayout {
    const width = size?.width ?? group.width;
    const height = size?.height ?? group.height;
    if (width !== undefined && height !== undefined) return { width, height, boxes: null };
    const corners = children
      .filter(({ isLeaving }) => !isLeaving)
      .map((child) => {
        const { layer } = child;
        const own = this.measure(child, layer, scale * layer.scale, context);
        return {
          x: layer.x + (1 - layer.anchor.x) * own.width * layer.scale,
          y: layer.y + (1 - layer.anchor.y) * own.height * layer.scale,
        };
      });
    return {
      width: width ?? Math.max(0, ...corners.map(({ x }) => x)),
      height: height ?? Math.max(0, ...corners.map(({ y }) => y)),
      boxes: null,
    };
  }

  #arranged(
    compiled: CompiledLayer,
    group: GroupLayer,
    { size, scale, context }: RoomFor<Size>,
    isWithLeaving: boolean,
  ): GroupLayout {
    const width = size?.width ?? group.width ?? 'max-content';
    const height = size?.height ?? group.height ?? null;
    const nodes = this.#nodes.of(compiled.children, { scale, context, isWithLeaving });
    const from = [group.layout, width, height, ...nodes];
    const before = this.#kept.get(compiled.layer) ?? [];
    const kept = before.find((one) => isSameList(one.from, from));
    if (kept !== undefined) return kept.layout;
    const isHeightDefinite = height !== null;
    const placed = layOutTree(
      group.layout,
      { width, height, isHeightDefinite },
      nodes.filter((node) => node !== null),
    );
    let next = 0;
    const boxes = nodes.map((node) => {
      const own = node === null ? undefined : placed.children[next++];
      return own === undefined ? NOWHERE : toPlacedBox(own);
    });
    const layout = { width: placed.box.width, height: placed.box.height, boxes };
    this.#kept.set(compiled.layer, [{ from, layout }, ...before].slice(0, KEPT_LAYOUTS));
    return layout;
  }
}
