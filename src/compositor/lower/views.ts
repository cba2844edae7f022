import { keptByAppearance, type LayerView, type ViewContext } from '../../render/piece.js';
import { createLayerViews, kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer } from '../../scene/schema/layer.js';

/** A size that a layout gives to a layer in place of its own. */
export type KnownSize = { readonly width: number; readonly height: number };

/** How large a layer is seen. */
export type Appearance = {
  /** Bitmap pixels per unit. */
  readonly scale: number;
  /** That a layout gives it; null: its own. */
  readonly size: KnownSize | null;
};

/** What the frame gives to every view. */
export type FrameContext = Omit<ViewContext, 'scale' | 'appearance'>;

export type ViewAt = (
  compiled: CompiledLayer,
  /** The layer at this moment. */
  layer: Layer,
  appearance: Appearance,
  context: FrameContext,
) => LayerView;

function isSameSize(a: KnownSize | null, b: KnownSize | null): boolean {
  return a === b || (a !== null && b !== null && a.width === b.width && a.height === b.height);
}

/** A layer as large as its layout wants it. */
export function sized(layer: Layer, size: KnownSize | null): Layer {
  return size === null ? layer : { ...layer, width: size.width, height: size.height };
}

/** Views of layers; those whose content does not change are kept. */
export function createViews(): ViewAt {
  const viewLayer = createLayerViews();
  const keptView = keptByAppearance<LayerView>();
  const freeAppearances = new WeakMap<CompiledLayer, Appearance>();
  const sizedAppearances = new WeakMap<CompiledLayer, Appearance>();

  /** A layer that is only placed by its motion keeps its appearance. */
  const appearanceOf = (compiled: CompiledLayer, { scale, size }: Appearance): Appearance => {
    if (!compiled.keepsAppearance) return { scale, size };
    // A layer in a layout is seen both ways: by itself to be measured, and in its box.
    const appearances = size === null ? freeAppearances : sizedAppearances;
    const known = appearances.get(compiled);
    if (known?.scale === scale && isSameSize(known.size, size)) return known;
    const appearance = { scale, size };
    appearances.set(compiled, appearance);
    return appearance;
  };

  return (compiled, layer, wanted, context) => {
    const { size, scale } = wanted;
    const appearance = appearanceOf(compiled, wanted);
    const make = (): LayerView => {
      const { sceneTimeMs, programTimeMs, wallOffsetMs, heard, text, isBetweenPixels } = context;
      const { picture, pictureOffset, videoFrame, livePicture, takenAtMs } = context;
      return viewLayer(
        sized(layer, size),
        {
          sceneTimeMs,
          programTimeMs,
          wallOffsetMs,
          heard,
          scale,
          text,
          appearance,
          isBetweenPixels,
          picture,
          pictureOffset,
          videoFrame,
          livePicture,
          takenAtMs,
        },
        compiled,
      );
    };
    return kindViewOf(layer).dependsOn === 'nothing' ? keptView(appearance, make) : make();
  };
}
