/**
 * The way of one frame, phase "lower", in the compositor thread: from layers at a moment to steps of the draw list, one result
 * for each layer. Owns the views and layouts that do not change from frame to frame.
 */

import { PLAIN, toContent } from '../../render/content.js';
import { toPiece } from '../../render/piece.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer } from '../../scene/schema/layer.js';
import { FRAME_ROOM } from '../faults/frame-room.js';
import { OPAQUE } from '../items/stack.js';
import { ComingWork } from './coming.js';
import type { LowerContext } from './context.js';
import { LayerDrawing } from './draw-layer.js';
import type { DrawStep, LayerResult, LayerStep } from './draw-list.js';
import { drawPieces } from './draw-pieces.js';
import { layerFrame, sizeOfUnknown } from './frame.js';
import type { NamedLayer } from '../faults/named-layer.js';
import type { LayerNotes, LayerStack, StackedLayer } from './layer-stack.js';
import { picturesOf, type FoundPictures, type PictureWalk } from './pictures.js';
import type { Place } from './place.js';
import { shownOf, type Shown } from './shown.js';
import type { KnownSize } from './views.js';

/** How lowering a layer went. */
type Attempt = {
  readonly result: LayerResult;
  readonly isSeen: boolean;
  readonly notes: LayerNotes;
  readonly ownMs: number;
};

function createNotes(): LayerNotes {
  return { size: null, lacksPicture: false, innerMs: 0, coming: null };
}

/** Whether it is known already that a layer does not show what it should. */
function needsStandIn({ result, notes }: Attempt, policy: Layer['onError']): boolean {
  switch (result.kind) {
    case 'off':
    case 'failed':
      return true;
    case 'cut':
      return result.reason !== null;
    default:
      return notes.lacksPicture && policy !== 'placeholder';
  }
}

/**
 * Lowers the layers of a scene to what draws them. A layer
 * that throws has failed, and costs no other.
 */
export class LayerLowering {
  readonly #drawing = new LayerDrawing((stack) => this.#stack(stack));
  /** Of the layers that are being lowered, from the outermost on. */
  readonly #open: LayerNotes[] = [];
  /** What layers that have been lowered will show soon. */
  readonly coming = new ComingWork();

  /** The steps of a stack of layers, bottom to top. */
  lower(layers: readonly CompiledLayer[], place: Place, context: LowerContext): DrawStep[] {
    return this.#stack({ layers, boxes: null, place, context, masking: [], failing: [] });
  }

  /** The pictures of layers, be they in sight or not, as large as they get. */
  pictures(layers: readonly CompiledLayer[], place: Place, context: LowerContext): FoundPictures {
    const walk: PictureWalk = {
      layouts: this.#drawing.layouts,
      context,
      room: FRAME_ROOM.layers,
      hasUnfinishedText: false,
    };
    const scale = { scale: place.unitPx, isBetweenPixels: false };
    const contents = picturesOf(layers, null, scale, walk);
    return { contents, areAll: !walk.hasUnfinishedText };
  }

  #stack(stack: LayerStack): DrawStep[] {
    const { layers, boxes, place, context } = stack;
    return layers.map((compiled, i) => {
      const shown = shownOf(compiled, { place, box: boxes?.[i] ?? null, context });
      const kept = shown === null ? null : context.known.keptOf(compiled, shown);
      return kept ?? this.#layerStep({ stack, compiled, i, isForced: false }, shown);
    });
  }

  /** A layer with how lowering it went. */
  #layerStep(member: StackedLayer, shown: Shown | null): LayerStep {
    const { stack, compiled } = member;
    const { place, context } = stack;
    const named = {
      depth: place.depth,
      path: place.path + compiled.layer.id,
      sceneId: context.sceneId,
      compiled,
    };
    const state = context.known.stateOf(named);
    const attempt = this.#attempt(member, named, state === 'open');
    const { result, isSeen, notes, ownMs } = attempt;
    const isOnTrial = state === 'half-open';
    return {
      kind: 'layer',
      depth: named.depth,
      path: named.path,
      sceneId: named.sceneId,
      compiled,
      result,
      isOnTrial,
      isSeen,
      lacksPicture: notes.lacksPicture,
      size: notes.size,
      ownMs,
      standIn:
        isOnTrial || needsStandIn(attempt, compiled.layer.onError)
          ? this.#standIn(member, named, attempt)
          : null,
      shown,
    };
  }

  #attempt(member: StackedLayer, named: NamedLayer, isOff: boolean): Attempt {
    const { stack, compiled } = member;
    const { room, culprit, refused } = stack.context;
    const notes = createNotes();
    const excess = room.takeLayer();
    if (excess !== null) {
      // It fails with the one that it is in, or else by itself.
      if (this.#open.length > 0) throw new Error(excess);
      return { result: { kind: 'left-out', reason: excess }, isSeen: false, notes, ownMs: 0 };
    }
    const without = (result: LayerResult): Attempt => {
      return { result, isSeen: this.#isSeen(member), notes, ownMs: 0 };
    };
    if (isOff) return without({ kind: 'off' });
    if (room.isOver)
      return without({ kind: 'cut', reason: room.isOftenOver ? room.overtimeReason : null });
    const refusal = refused(compiled.layer, named.sceneId);
    if (refusal !== null) return without({ kind: 'failed', reason: refusal });
    const depth = this.#open.length;
    const startedAtMs = room.nowMs;
    this.#open.push(notes);
    let result: LayerResult;
    try {
      const name = { sceneId: named.sceneId, layerId: compiled.layer.id };
      const steps = culprit.during(name, () => this.#drawing.draw(member, notes));
      result = { kind: 'drawn', steps };
      if (notes.coming !== null) this.coming.add({ name, contents: notes.coming });
    } catch (error) {
      result =
        error instanceof UnfinishedText
          ? { kind: 'unfinished' }
          : { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#open.length = depth;
    }
    const tookMs = room.nowMs - startedAtMs;
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.innerMs += tookMs;
    // Who shows what it should is not asked, since that takes working out where it is.
    const isSeen = (result.kind === 'drawn' && !notes.lacksPicture) || this.#isSeen(member);
    return { result, isSeen, notes, ownMs: tookMs - notes.innerMs };
  }

  /** Whether a layer is in sight at this moment. */
  #isSeen(member: StackedLayer): boolean {
    try {
      return member.isForced || this.#now(member).visible;
    } catch {
      return false;
    }
  }

  /** A layer at this moment. */
  #now({ stack, compiled }: StackedLayer): Layer {
    return compiled.at(stack.context.sceneTimeMs, stack.context.programTimeMs, stack.context.heard);
  }

  /** What is drawn in place of a layer, by its policy. It must not fail itself. */
  #standIn(
    member: StackedLayer,
    named: NamedLayer,
    { isSeen, notes }: Attempt,
  ): readonly DrawStep[] {
    const { onError } = member.compiled.layer;
    if (onError === 'hide' || onError === 'hold' || !isSeen) return [];
    const depth = this.#open.push(createNotes()) - 1;
    try {
      const fallback = onError === 'fallback' ? this.#fallback(member) : null;
      if (fallback !== null) return [fallback];
      return this.#placeholder(member, notes.size ?? member.stack.context.known.sizeOf(named));
    } catch {
      return [];
    } finally {
      this.#open.length = depth;
    }
  }

  #placeholder(member: StackedLayer, knownSize: KnownSize | null): DrawStep[] {
    const { stack, compiled, i } = member;
    const { place, boxes } = stack;
    const layer = this.#now(member);
    const box = boxes?.[i] ?? null;
    const size = box ?? knownSize ?? sizeOfUnknown(layer);
    const unitPx = compiled.largest('scale', layer.scale) * place.unitPx;
    const frame = layerFrame({ compiled, place, box, unitPx }, layer, size);
    const content = toContent({ kind: 'placeholder' }, PLAIN, size, unitPx);
    const pieces = [toPiece('placeholder', content)];
    return drawPieces(pieces, frame, place, { ...OPAQUE, opacity: layer.opacity });
  }

  /** The layer that stands in for one that fails; null: there is none. */
  #fallback({ stack, compiled }: StackedLayer): LayerStep | null {
    const i = stack.layers.findIndex(({ layer }) => layer.id === compiled.layer.fallback);
    const other = stack.layers[i];
    const failing = [...stack.failing, compiled];
    if (other === undefined || failing.includes(other)) return null;
    const path = `${stack.place.path}${compiled.layer.id}^`;
    const around = { ...stack, failing, place: { ...stack.place, path } };
    return this.#layerStep({ stack: around, compiled: other, i, isForced: true }, null);
  }
}
