import { isSameList } from '../../core/same-list.js';
import { kindViewOf } from '../../layers/views.js';
import type { Size } from '../../scene/layout/box.js';
import type { LayoutChild } from '../../scene/layout/layout-child.js';
import type { LayoutNode } from '../../scene/layout/tree.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { SCHEMA_FACTS } from '../../scene/schema-facts.js';
import type { Slot } from '../../scene/schema/layout.js';
import type { LowerContext } from './context.js';

/** The size of a layer that no layout gives one. */
export type MeasureLayer = (
  compiled: CompiledLayer,
  layer: Layer,
  scale: number,
  context: LowerContext,
) => Size;

/** What layers are measured with. */
export type Measuring = {
  /** Bitmap pixels per unit of the group. */
  readonly scale: number;
  readonly context: LowerContext;
  /** Whether layers that leave have a place as well. */
  readonly isWithLeaving: boolean;
};

/** A node with what it was made of, besides the layer's document. */
type Known = {
  readonly node: LayoutNode;
  readonly slot: Layer['slot'];
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Where the layer stands itself, if its layout leaves that to it. */
  readonly x: number;
  readonly y: number;
  /** Of content; null for groups with a layout. */
  readonly own: Size | null;
};

/** A layer's own size stands for what its slot leaves out. */
function slotOf(layer: Layer): Slot {
  const slot = layer.slot ?? SCHEMA_FACTS.slot;
  const width = slot.width ?? layer.width;
  const height = slot.height ?? layer.height;
  return width === slot.width && height === slot.height ? slot : { ...slot, width, height };
}

function isPlacedAlike(known: Known, layer: Layer): boolean {
  const isAbsolute = layer.slot?.absolute === true;
  return (
    known.slot === layer.slot &&
    known.width === layer.width &&
    known.height === layer.height &&
    (!isAbsolute || (known.x === layer.x && known.y === layer.y))
  );
}

/**
 * Layers as layouts see them. A node is the same object as long as nothing differs that a layout goes by: what was worked
 * out for it is kept by it.
 */
export class LayoutNodes {
  readonly #measure: MeasureLayer;
  /** By the layer's document; of groups also as they are with the layers that leave. */
  readonly #known = new WeakMap<Layer, readonly Known[]>();

  constructor(measure: MeasureLayer) {
    this.#measure = measure;
  }

  /** A node for each layer; null for those that have no part in the layout. */
  of(children: readonly CompiledLayer[], measuring: Measuring): (LayoutNode | null)[] {
    const { scale, context, isWithLeaving } = measuring;
    return children.map((child) => {
      const layer = child.at(context.sceneTimeMs, context.programTimeMs, context.heard);
      if (!layer.visible || (child.isLeaving && !isWithLeaving)) return null;
      const inner = scale * layer.scale;
      return layer.type === 'group' && layer.layout.type !== 'absolute'
        ? this.#group(child, layer, { ...measuring, scale: inner })
        : this.#content(child, layer, inner, context);
    });
  }

  #group(child: CompiledLayer, layer: LayerOf<'group'>, measuring: Measuring): LayoutNode {
    const { layout } = layer;
    const all = this.of(child.children, measuring);
    const children = all.filter((node) => node !== null);
    const found = this.#known
      .get(child.layer)
      ?.find(
        (known) =>
          isPlacedAlike(known, layer) &&
          'layout' in known.node &&
          known.node.layout === layout &&
          isSameList(known.node.children, children),
      );
    return found?.node ?? this.#keep(child, layer, null, { layout, children });
  }

  #content(child: CompiledLayer, layer: Layer, scale: number, context: LowerContext): LayoutNode {
    const own = this.#measure(child, layer, scale, context);
    const found = this.#known
      .get(child.layer)
      ?.find(
        (known) =>
          isPlacedAlike(known, layer) &&
          known.own?.width === own.width &&
          known.own.height === own.height,
      );
    return (
      found?.node ?? this.#keep(child, layer, own, { measure: measureOf(layer, own, context) })
    );
  }

  #keep(
    child: CompiledLayer,
    layer: Layer,
    own: Size | null,
    content:
      | Pick<Extract<LayoutNode, { layout: unknown }>, 'layout' | 'children'>
      | Pick<Extract<LayoutNode, { measure: unknown }>, 'measure'>,
  ): LayoutNode {
    const { slot, width, height, x, y } = layer;
    const node: LayoutNode = { slot: slotOf(layer), offset: { x, y }, ...content };
    const [last] = this.#known.get(child.layer) ?? [];
    const known = { node, slot, width, height, x, y, own };
    this.#known.set(child.layer, last === undefined ? [known] : [known, last]);
    return node;
  }
}

function measureOf(layer: Layer, own: Size, { text }: LowerContext): LayoutChild['measure'] {
  const { size } = kindViewOf(layer);
  if (size === 'own') return () => own;
  return size === 'shape' ? keepingShape(own) : (query) => size(layer, text, query);
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
