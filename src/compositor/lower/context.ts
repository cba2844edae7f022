import type { Culprit } from '../../memory/culprit.js';
import type { CompiledScene } from '../../scene/compile-scene.js';
import type { Layer } from '../../scene/schema/layer.js';
import type { FrameRoom } from '../faults/frame-room.js';
import type { KnownLayers } from './known-layers.js';
import type { FrameContext } from './views.js';

/** What the frame gives to every layer that is lowered. */
export type LowerContext = FrameContext & {
  /** A scene that a layer shows; null when there is none of this id. */
  readonly nested: (sceneId: string) => CompiledScene | null;
  /** Why a layer of the screen must not be drawn, by its document; null: it may. */
  readonly refused: (layer: Layer, sceneId: string | null) => string | null;
  /** What frames before have shown. */
  readonly known: KnownLayers;
  /** How many layers there may be, and how long lowering them may take. */
  readonly room: FrameRoom;
  readonly culprit: Culprit;
  /** The scene whose layers are lowered. */
  readonly sceneId: string | null;
};
