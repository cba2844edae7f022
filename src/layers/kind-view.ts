import type { PictureContent } from '../render/content.js';
import type { ViewContext, ViewOf } from '../render/piece.js';
import type { TextEngine } from '../render/text/engine.js';
import type { FontSpan } from '../render/text/missing-glyphs.js';
import type { Size, WidthQuery } from '../scene/layout/box.js';
import type { CompiledLayer } from '../scene/resolve.js';
import type { Layer } from '../scene/schema/layer.js';

/** How large pictures are shown, and which there are. */
export type PictureContext = Pick<
  ViewContext,
  'picture' | 'scale' | 'isBetweenPixels' | 'takenAtMs'
>;

/** How layers of a kind are drawn. */
export type KindView<L extends Layer> = {
  /** Makes what says which pieces a layer of the kind shows, with a memory of its own. */
  readonly create: () => ViewOf<L>;
  /**
   * What the view of a layer that does not move depends on besides the layer: `nothing`, so that it can be kept;
   * `picture`, kept as long as its picture is the same and stands still; the `moment`; or the `sound` of the frame.
   */
  readonly dependsOn: 'nothing' | 'picture' | 'moment' | 'sound';
  /** The pictures that it needs, as large as they get; null: layers of the kind never show any. */
  readonly pictures:
    | ((layer: L, context: PictureContext, compiled: CompiledLayer) => readonly PictureContent[])
    | null;
  /** What it shows in letters, for whoever asks whether there are glyphs for it. */
  readonly spans: (layer: L) => readonly FontSpan[];
  /**
   * How large it is in a layout that leaves its size open: `own` its own size, `shape` at a given width or height the
   * other follows, or by a measure, such as that of text.
   */
  readonly size: 'own' | 'shape' | ((layer: L, text: TextEngine, query: WidthQuery) => Size);
  /** Whether it is stretched while a layout gives it another size, so that its bitmap stays what it is. */
  readonly isStretched: boolean;
};

/** For kinds that show no letters. */
export const noSpans = (): readonly never[] => [];
