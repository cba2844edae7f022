import { textSizeOf } from '../../render/layers/text.js';
import type { Size } from '../../scene/layout/box.js';
import type { LayoutChild } from '../../scene/layout/layout-child.js';
import { layOutTree, type LayoutNode, type PlacedNode } from '../../scene/layout/tree.js';
import { mixBox } from '../../scene/layout/mix-boxes.js';
import type { CompiledLayer, FormerLayout } from '../../scene/resolve.js';
import type { GroupLayer, Layer, LayerOf } from '../../scene/schema/layer.js';
import { SlotSchema, type Slot } from '../../scene/schema/layout.js';
import type { ItemContext } from './context.js';
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

/** What a layout was worked out from, and what came of it. */
type Kept = { readonly from: readonly unknown[]; readonly layout: GroupLayout };

const NOWHERE: PlacedBox = { x: 0, y: 0, width: 0, height: 0, inside: null, settled: null };

function toPlacedBox({ box, children }: PlacedNode): PlacedBox {
  return { ...box, inside: children, settled: null };
}

const DEFAULT_SLOT = SlotSchema.parse({});

/** A layer's own size stands for what its slot leaves out. */
function slotOf(layer: Layer): Slot {
  const slot = layer.slot ?? DEFAULT_SLOT;
  const width = slot.width ?? layer.width;
  const height = slot.height ?? layer.height;
  return width === slot.width && height === slot.height ? slot : { ...slot, width, height };
}

/** Pictures keep their shape: at a width or a height that is given, the other follows. */
function keepingShape({ width, height }: Size): LayoutChild['measure'] {
  return (query, heightPx) => {
    if (width <= 0 || height <= 0) return { width, height };
    if (typeof query === 'number') return { width: query, height: (query / width) * height };
    return heightPx === null
      ? { width, height }
      : { width: (heightPx / height) * width, height: heightPx };
  };
}

/** Sizes of layers of every kind, and layouts of groups. Layouts are kept as long as what they depend on is the same. */
export class GroupLayouts {
  readonly #viewAt: ViewAt;
  readonly #kept = new WeakMap<CompiledLayer, Kept>();

  constructor(viewAt: ViewAt) {
    this.#viewAt = viewAt;
  }

  /** The size of a layer that no layout gives one, before it is scaled or turned. */
  measure(compiled: CompiledLayer, layer: Layer, scale: number, context: ItemContext): Size {
    if (layer.type === 'group') return this.layOut(compiled, layer, null, scale, context);
    if (layer.type === 'scene') {
      const nested = context.nested(layer.scene)?.scene;
      return {
        width: layer.width ?? nested?.width ?? 0,
        height: layer.height ?? nested?.height ?? 0,
      };
    }
    const { width, height } = this.#viewAt(compiled, layer, null, scale, context);
    return { width, height };
  }

  /** @param box - where another layout puts the group */
  layOut(
    compiled: CompiledLayer,
    group: GroupLayer,
    box: PlacedBox | null,
    scale: number,
    context: ItemContext,
  ): GroupLayout {
    if (group.layout.type === 'absolute')
      return this.#standing(compiled, group, box, scale, context);
    const { children, formerLayout } = compiled;
    const isSettled = formerLayout === null && !children.some(({ isLeaving }) => isLeaving);
    if (isSettled && box !== null && box.inside !== null)
      return { width: box.width, height: box.height, boxes: box.inside.map(toPlacedBox) };
    const now = this.#withLeaving(compiled, group, box, scale, context);
    return formerLayout === null
      ? now
      : this.#onTheWay(formerLayout, children, now, box, scale, context);
  }

  /** A layer that leaves has no part in the layout any more: it goes from where it would be if it had. */
  #withLeaving(
    compiled: CompiledLayer,
    group: GroupLayer,
    size: Size | null,
    scale: number,
    context: ItemContext,
  ): GroupLayout {
    const layout = this.#arranged(compiled, group, size, scale, context, false);
    if (!compiled.children.some(({ isLeaving }) => isLeaving)) return layout;
    const all = this.#arranged(compiled, group, size, scale, context, true);
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
    size: Size | null,
    scale: number,
    context: ItemContext,
  ): GroupLayout {
    const { group, from } = former;
    if (group.layer.type !== 'group' || group.layer.layout.type === 'absolute') return next;
    const own = this.#arranged(group, group.layer, size, scale, context, false);
    const before =
      from === null ? own : this.#onTheWay(from, group.children, own, size, scale, context);
    const progress = former.progressAt(context.wallTimeMs);
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
    size: Size | null,
    scale: number,
    context: ItemContext,
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
    size: Size | null,
    scale: number,
    context: ItemContext,
    isWithLeaving: boolean,
  ): GroupLayout {
    const width = size?.width ?? group.width ?? 'max-content';
    const height = size?.height ?? group.height ?? null;
    const from: unknown[] = [group.layout, width, height, isWithLeaving];
    const { children } = compiled;
    const nodes = this.#nodes(children, scale, context, from, isWithLeaving);
    const kept = this.#kept.get(compiled);
    if (kept?.from.length === from.length && kept.from.every((value, i) => value === from[i]))
      return kept.layout;
    const isHeightDefinite = height !== null;
    const placed = layOutTree(group.layout, { width, height, isHeightDefinite }, nodes.flat());
    let next = 0;
    const boxes = nodes.map((node) => {
      const own = node.length === 0 ? undefined : placed.children[next++];
      return own === undefined ? NOWHERE : toPlacedBox(own);
    });
    const layout = { width: placed.box.width, height: placed.box.height, boxes };
    this.#kept.set(compiled, { from, layout });
    return layout;
  }

  /**
   * Layers as a layout sees them, each in a list of its own: empty when it has no part in it. `from` is added what they
   * depend on.
   */
  #nodes(
    children: readonly CompiledLayer[],
    scale: number,
    context: ItemContext,
    from: unknown[],
    isWithLeaving: boolean,
  ): LayoutNode[][] {
    return children.map((child) => {
      const layer = child.at(context.sceneTimeMs, context.wallTimeMs);
      if (!layer.visible || (child.isLeaving && !isWithLeaving)) {
        from.push(null);
        return [];
      }
      const place = { slot: slotOf(layer), offset: { x: layer.x, y: layer.y } };
      from.push(layer.slot, layer.width, layer.height);
      if (place.slot.absolute) from.push(layer.x, layer.y);
      if (layer.type === 'group' && layer.layout.type !== 'absolute') {
        from.push(layer.layout);
        const inside = this.#nodes(
          child.children,
          scale * layer.scale,
          context,
          from,
          isWithLeaving,
        );
        return [{ ...place, layout: layer.layout, children: inside.flat() }];
      }
      const own = this.measure(child, layer, scale * layer.scale, context);
      from.push(child.layer, own.width, own.height);
      return [{ ...place, measure: measureOf(layer, own, context) }];
    });
  }
}

function measureOf(layer: Layer, own: Size, context: ItemContext): LayoutChild['measure'] {
  if (layer.type === 'text') return measureText(layer, context);
  return layer.type === 'image' || layer.type === 'scene' ? keepingShape(own) : () => own;
}

function measureText(layer: LayerOf<'text'>, { measure }: ItemContext): LayoutChild['measure'] {
  return (query) =>
    textSizeOf(
      layer,
      measure,
      query === 'max-content' ? null : query === 'min-content' ? 1 : query,
    );
}
