import type { Piece } from '../../render/piece.js';
import type { Layer } from '../../scene/schema/layer.js';
import type { CompiledScene } from '../../scene/compile-scene.js';
import type { Bitmap } from '../bitmaps.js';
import type { KeptItems } from '../faults/layer-entry.js';
import type { Culprit } from '../../memory/culprit.js';
import type { GuardedLayer } from '../faults/guarded-layer.js';
import type { Item } from '../items/item.js';
import type { FrameContext, KnownSize } from './views.js';

/** What the frame gives to every layer. */
export type ItemContext = FrameContext & {
  /** The bitmap of a content, ordered if need be; null when there is no memory for it. */
  readonly bitmap: (content: Piece['content']) => Bitmap | null;
  /** The bitmap of a content that items draw. */
  readonly composed: (content: Piece['content'], items: readonly Item[]) => Bitmap | null;
  /** The levels of a bitmap, ordered if need be; null as long as they are not to be had. */
  readonly levels: (bitmap: Bitmap) => Bitmap | null;
  /** A scene that a layer shows; null when there is none of this id. */
  readonly nested: (sceneId: string) => CompiledScene | null;
  /** Whether a layer that changed in nothing shows what it showed last, which is held for the frame then. */
  readonly again: (kept: KeptItems) => boolean;
  /** What a layer draws, or what is to be seen in place of it. */
  readonly guarded: (layer: GuardedLayer) => Item[];
  /** Told how large the layer is that is being drawn. */
  readonly measured: (size: KnownSize) => void;
  /** Why a layer of the screen must not be drawn, by its document; null: it may. */
  readonly refused: (layer: Layer, sceneId: string | null) => string | null;
  readonly culprit: Culprit;
  /** The scene whose layers are drawn. */
  readonly sceneId: string | null;
};
