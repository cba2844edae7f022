import { keptByLook, type LayerView, type ViewContext } from '../../render/piece.js';
import { createLayerViews, kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer } from '../../scene/schema/layer.js';

/** A size that a layout gives to a layer in place of its own. */
export type GivenSize = { readonly width: number; readonly height: number };

type Look = { readonly scale: number; readonly size: GivenSize | null };

/** What the frame gives to every view. */
export type FrameContext = Omit<ViewContext, 'scale' | 'look'>;

export type ViewAt = (
  compiled: CompiledLayer,
  /** The layer at this moment. */
  layer: Layer,
  size: GivenSize | null,
  /** Bitmap pixels per unit. */
  scale: number,
  context: FrameContext,
) => LayerView;

function isSameSize(a: GivenSize | null, b: GivenSize | null): boolean {
  return a === b || (a !== null && b !== null && a.width === b.width && a.height === b.height);
}

/** A layer as large as its layout wants it. */
export function sized(layer: Layer, size: GivenSize | null): Layer {
  return size === null ? layer : { ...layer, width: size.width, height: size.height };
}

/** Views of layers; those whose content does not change are kept. */
export function createViews(): ViewAt {
  const viewLayer = createLayerViews();
  const keptView = keptByLook<LayerView>();
  const freeLooks = new WeakMap<CompiledLayer, Look>();
  const sizedLooks = new WeakMap<CompiledLayer, Look>();

  /** A layer that is only placed by its motion keeps its look. */
  const lookOf = (
    compiled: CompiledLayer,
    layer: Layer,
    size: GivenSize | null,
    scale: number,
  ): Look => {
    if (!compiled.keepsLook) return { scale, size };
    // A layer in a layout is looked at both ways: by itself to be measured, and in its box.
    const looks = size === null ? freeLooks : sizedLooks;
    const known = looks.get(compiled);
    if (known?.scale === scale && isSameSize(known.size, size)) return known;
    const look = { scale, size };
    looks.set(compiled, look);
    return look;
  };

  return (compiled, layer, size, scale, context) => {
    const look = lookOf(compiled, layer, size, scale);
    const make = (): LayerView => {
      const { sceneTimeMs, wallTimeMs, wallOffsetMs, text, isBetweenPixels } = context;
      const { picture, pictureOffset } = context;
      return viewLayer(
        sized(layer, size),
        {
          sceneTimeMs,
          wallTimeMs,
          wallOffsetMs,
          scale,
          text,
          look,
          isBetweenPixels,
          picture,
          pictureOffset,
        },
        compiled,
      );
    };
    return kindViewOf(layer).dependsOn === 'nothing' ? keptView(look, make) : make();
  };
}
