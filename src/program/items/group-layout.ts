import type { CompiledLayer } from '../../scene/resolve.js';
import type { GroupLayer, Layer } from '../../scene/schema/layer.js';
import type { ItemContext } from './context.js';
import type { Box } from './place.js';
import type { GivenSize, ViewAt } from './views.js';

/** How large a group is and where its layers are; no boxes where each stands at its own x and y. */
export type GroupLayout = GivenSize & { readonly boxes: readonly Box[] | null };

/** The size that a layer has by itself, in its own units, before it is scaled or turned. */
export type Measure = (
  compiled: CompiledLayer,
  layer: Layer,
  size: GivenSize | null,
  scale: number,
  context: ItemContext,
) => GivenSize;

/** Sizes of layers of every kind, and layouts of groups. */
export class GroupLayouts {
  readonly #viewAt: ViewAt;

  constructor(viewAt: ViewAt) {
    this.#viewAt = viewAt;
  }

  /** The size of a layer that no layout gives one. */
  measure(compiled: CompiledLayer, layer: Layer, scale: number, context: ItemContext): GivenSize {
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

  layOut(
    { children }: CompiledLayer,
    group: GroupLayer,
    size: GivenSize | null,
    scale: number,
    context: ItemContext,
  ): GroupLayout {
    const width = size?.width ?? group.width;
    const height = size?.height ?? group.height;
    if (width !== undefined && height !== undefined) return { width, height, boxes: null };
    // By where its layers stand at rest: what moves about in a group does not make it larger and smaller.
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
}
