import { PLAIN, toContent } from '../../render/content.js';
import { toPiece, type LayerView } from '../../render/piece.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import { kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { FRAME_ROOM } from '../faults/frame-room.js';
import { OPAQUE, type Blending } from '../items/stack.js';
import { buffered, masking } from './buffers.js';
import {
  boundsOfSteps,
  composedStyle,
  isBetweenPixelsIn,
  shrinkFor,
  UNSTYLED,
  type ComposedStyle,
} from './composed.js';
import type { LowerContext } from './context.js';
import type { DrawStep, Effect, LayerResult, LayerStep } from './draw-list.js';
import { bakedPiece, filterEffects } from './filters.js';
import { drawBackground, drawCut, drawCutPieces, drawPieces } from './draw-pieces.js';
import {
  groupFrame,
  layerFrame,
  sizeOfUnknown,
  stretchedFrame,
  type Frame,
  type Standing,
} from './frame.js';
import { GroupLayouts, type PlacedBox } from './group-layout.js';
import type { KeptItems } from '../faults/layer-entry.js';
import type { NamedLayer } from './known-layers.js';
import { mannerOf, type Manner } from './manner.js';
import { maskPieces } from './masks.js';
import { isUpright, multiply } from './matrix.js';
import { picturesOf, type FoundPictures, type PictureWalk } from './pictures.js';
import type { Place } from './place.js';
import { shownOf, type Shown } from './shown.js';
import { createViews, type KnownSize } from './views.js';

/** What can be touched in the space of a bitmap: as far as bitmaps reach. */
const OWN_SPACE = { x0: -4096, y0: -4096, x1: 4096, y1: 4096 };

/** A stack of layers that is being drawn. */
type Stack = {
  readonly layers: readonly CompiledLayer[];
  /** Where a layout puts them; null: where they say themselves. */
  readonly boxes: readonly PlacedBox[] | null;
  readonly place: Place;
  readonly context: LowerContext;
  /** Layers that are just drawn as masks: one that would mask itself is not masked. */
  readonly masking: readonly CompiledLayer[];
  /** Layers that others stand in for: none stands in for itself. */
  readonly failing: readonly CompiledLayer[];
};

/** A layer that is being drawn. */
type Drawing = Standing & { readonly manner: Manner };

/** Its box, and its pieces before they are masked, recoloured or faded as one. */
type Drawn = { readonly frame: Frame; readonly steps: readonly DrawStep[] };

/** What is found out of a layer while it is lowered. */
type Visit = {
  size: KnownSize | null;
  lacksPicture: boolean;
  /** Time that layers inside took, milliseconds. */
  innerMs: number;
};

/** How lowering a layer went. */
type Attempt = {
  readonly result: LayerResult;
  readonly isSeen: boolean;
  readonly visit: Visit;
  readonly ownMs: number;
};

/** A layer of a stack, by its place in it. */
type Member = {
  readonly stack: Stack;
  readonly compiled: CompiledLayer;
  readonly i: number;
  /** Whether it stands in for another, and is seen however visible it is. */
  readonly isStandIn: boolean;
};

/** A layer that becomes one bitmap: what it throws and is filtered by, its box, how it is put on what is below it. */
type ComposedSpace = {
  readonly style: ComposedStyle;
  readonly frame: Frame;
  readonly blending: Blending;
};

/** A group with where its layout puts its layers; no boxes: where they say themselves. */
type Arranged = {
  readonly compiled: CompiledLayer;
  readonly boxes: readonly PlacedBox[] | null;
};

/** What the layers in a group or scene are given. */
function contextIn(compiled: CompiledLayer, context: LowerContext): LowerContext {
  const isBetween = isBetweenPixelsIn(compiled, context.isBetweenPixels);
  return isBetween === context.isBetweenPixels
    ? context
    : { ...context, isBetweenPixels: isBetween };
}

const NO_VISIT: Visit = { size: null, lacksPicture: false, innerMs: 0 };

function createVisit(): Visit {
  return { size: null, lacksPicture: false, innerMs: 0 };
}

/** A layer that shows what it showed last. */
function keptAttempt(kept: KeptItems): Attempt {
  return { result: { kind: 'kept', kept }, isSeen: true, visit: NO_VISIT, ownMs: 0 };
}

/** Whether it is known already that a layer does not show what it should. */
function needsStandIn({ result, visit }: Attempt, policy: Layer['onError']): boolean {
  switch (result.kind) {
    case 'off':
    case 'failed':
      return true;
    case 'cut':
      return result.reason !== null;
    default:
      return visit.lacksPicture && policy !== 'placeholder';
  }
}

function showsPlaceholder({ pieces }: LayerView): boolean {
  return pieces.some(
    ({ content }) => 'drawing' in content && content.drawing.kind === 'placeholder',
  );
}

/**
 * Lowers the layers of a scene to what draws them. Owns what does not change from frame to frame: views and layouts. A layer
 * that throws has failed, and costs no other.
 */
export class LayerLowering {
  readonly #viewAt = createViews();
  readonly #layouts = new GroupLayouts(this.#viewAt);
  /** Of the layers that are being lowered, from the outermost on. */
  readonly #visits: Visit[] = [];

  /** The steps of a stack of layers, bottom to top. */
  lower(layers: readonly CompiledLayer[], place: Place, context: LowerContext): DrawStep[] {
    return this.#stack({ layers, boxes: null, place, context, masking: [], failing: [] });
  }

  /** The pictures of layers, be they in sight or not, as large as they get. */
  pictures(layers: readonly CompiledLayer[], place: Place, context: LowerContext): FoundPictures {
    const walk: PictureWalk = {
      layouts: this.#layouts,
      context,
      room: FRAME_ROOM.layers,
      hasUnfinishedText: false,
    };
    const scale = { scale: place.unitPx, isBetweenPixels: false };
    const contents = picturesOf(layers, null, scale, walk);
    return { contents, areAll: !walk.hasUnfinishedText };
  }

  #stack(stack: Stack): DrawStep[] {
    const { layers, boxes, place, context } = stack;
    return layers.map((compiled, i) => {
      const shown = shownOf(compiled, { place, box: boxes?.[i] ?? null, context });
      const kept = shown === null ? null : context.known.keptOf(compiled, shown);
      return this.#layerStep({ stack, compiled, i, isStandIn: false }, shown, kept);
    });
  }

  /** A layer with how lowering it went. */
  #layerStep(member: Member, shown: Shown | null, kept: KeptItems | null): LayerStep {
    const { stack, compiled } = member;
    const { place, context } = stack;
    const named = {
      name: `${place.prefix}${compiled.layer.id}`,
      sceneId: context.sceneId,
      compiled,
    };
    const state = kept === null ? context.known.stateOf(named) : 'closed';
    const attempt =
      kept === null ? this.#attempt(member, named, state === 'open') : keptAttempt(kept);
    const { result, isSeen, visit, ownMs } = attempt;
    const isOnTrial = state === 'half-open';
    return {
      kind: 'layer',
      name: named.name,
      sceneId: named.sceneId,
      compiled,
      result,
      isOnTrial,
      isSeen,
      lacksPicture: visit.lacksPicture,
      size: visit.size,
      ownMs,
      standIn:
        isOnTrial || needsStandIn(attempt, compiled.layer.onError)
          ? this.#standIn(member, named, attempt)
          : null,
      shown,
    };
  }

  #attempt(member: Member, named: NamedLayer, isOff: boolean): Attempt {
    const { stack, compiled, isStandIn } = member;
    const { room, culprit, refused } = stack.context;
    const visit = createVisit();
    const excess = room.takeLayer();
    if (excess !== null) {
      // It fails with the one that it is in, or else by itself.
      if (this.#visits.length > 0) throw new Error(excess);
      return { result: { kind: 'left-out', reason: excess }, isSeen: false, visit, ownMs: 0 };
    }
    const without = (result: LayerResult): Attempt => {
      return { result, isSeen: this.#isSeen(member), visit, ownMs: 0 };
    };
    if (isOff) return without({ kind: 'off' });
    if (room.isOver)
      return without({ kind: 'cut', reason: room.isOftenOver ? room.overtimeReason : null });
    const refusal = refused(compiled.layer, named.sceneId);
    if (refusal !== null) return without({ kind: 'failed', reason: refusal });
    const depth = this.#visits.length;
    const startedAtMs = room.nowMs;
    this.#visits.push(visit);
    let result: LayerResult;
    try {
      const name = { sceneId: named.sceneId, layerId: compiled.layer.id };
      const steps = culprit.during(name, () => this.#layer(stack, compiled, member.i, isStandIn));
      result = { kind: 'drawn', steps };
    } catch (error) {
      result =
        error instanceof UnfinishedText
          ? { kind: 'unfinished' }
          : { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#visits.length = depth;
    }
    const tookMs = room.nowMs - startedAtMs;
    const outer = this.#visits.at(-1);
    if (outer !== undefined) outer.innerMs += tookMs;
    // Who shows what it should is not asked, since that takes working out where it is.
    const isSeen = (result.kind === 'drawn' && !visit.lacksPicture) || this.#isSeen(member);
    return { result, isSeen, visit, ownMs: tookMs - visit.innerMs };
  }

  /** Whether a layer is in sight at this moment. */
  #isSeen(member: Member): boolean {
    try {
      return member.isStandIn || this.#now(member).visible;
    } catch {
      return false;
    }
  }

  /** A layer at this moment. */
  #now({ stack, compiled }: Member): Layer {
    return compiled.at(stack.context.sceneTimeMs, stack.context.programTimeMs);
  }

  /** What is drawn in place of a layer, by its policy. It must not fail itself. */
  #standIn(member: Member, named: NamedLayer, { isSeen, visit }: Attempt): readonly DrawStep[] {
    const { onError } = member.compiled.layer;
    if (onError === 'hide' || onError === 'hold' || !isSeen) return [];
    const depth = this.#visits.push(createVisit()) - 1;
    try {
      const fallback = onError === 'fallback' ? this.#fallback(member) : null;
      if (fallback !== null) return [fallback];
      return this.#placeholder(member, visit.size ?? member.stack.context.known.sizeOf(named));
    } catch {
      return [];
    } finally {
      this.#visits.length = depth;
    }
  }

  #placeholder(member: Member, knownSize: KnownSize | null): DrawStep[] {
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
  #fallback({ stack, compiled }: Member): LayerStep | null {
    const i = stack.layers.findIndex(({ layer }) => layer.id === compiled.layer.fallback);
    const other = stack.layers[i];
    const failing = [...stack.failing, compiled];
    if (other === undefined || failing.includes(other)) return null;
    const prefix = `${stack.place.prefix}${compiled.layer.id}^`;
    const around = { ...stack, failing, place: { ...stack.place, prefix } };
    return this.#layerStep({ stack: around, compiled: other, i, isStandIn: true }, null, null);
  }

  /** The box of a layer of this size. */
  #measured(standing: Standing, layer: Layer, size: KnownSize): Frame {
    const visit = this.#visits.at(-1);
    // Its mask is measured after it.
    if (visit !== undefined) visit.size ??= size;
    return layerFrame(standing, layer, size);
  }

  #layer(stack: Stack, compiled: CompiledLayer, i: number, isMask: boolean): readonly DrawStep[] {
    const { place, context } = stack;
    const layer = compiled.at(context.sceneTimeMs, context.programTimeMs);
    if (!(layer.visible || isMask) || layer.opacity <= 0 || layer.scale <= 0) return [];
    const drawing: Drawing = {
      compiled,
      place,
      box: stack.boxes?.[i] ?? null,
      unitPx: compiled.largest('scale', layer.scale) * place.unitPx,
      manner: mannerOf(compiled, layer),
    };
    const { frame, steps } =
      layer.type === 'group'
        ? this.#drawGroup(stack, drawing, layer)
        : layer.type === 'scene'
          ? this.#drawScene(stack, drawing, layer)
          : this.#drawContent(stack, drawing, layer);
    const { isBuffered, isRecoloured, whole } = drawing.manner;
    if (!isBuffered) return steps;
    const mask = this.#maskSteps(stack, compiled, layer, frame);
    const effects: Effect[] = isRecoloured ? filterEffects(frame.name, layer.filters) : [];
    if (mask !== null && layer.mask !== null)
      effects.unshift(masking(frame.name, mask, layer.mask));
    return buffered(frame.name, steps, effects, whole);
  }

  #drawGroup(stack: Stack, drawing: Drawing, layer: LayerOf<'group'>): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    const layout = this.#layouts.layOut(compiled, layer, { size: box, scale: unitPx, context });
    const frame = this.#measured(drawing, layer, layout);
    const draw = (inner: Stack, own: Frame): DrawStep[] =>
      this.#group(inner, { compiled, boxes: layout.boxes }, layer, own);
    return {
      frame,
      steps: manner.isInOneBitmap
        ? this.#composed(
            stack,
            { style: composedStyle(layer), frame, blending: manner.pieces },
            draw,
          )
        : draw(stack, frame),
    };
  }

  #drawScene(stack: Stack, drawing: Drawing, layer: LayerOf<'scene'>): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    const size = box ?? this.#layouts.measure(compiled, layer, unitPx, context);
    const frame = this.#measured(drawing, layer, size);
    const draw = (inner: Stack, own: Frame): DrawStep[] => this.#scene(inner, compiled, layer, own);
    return {
      frame,
      steps: manner.isInOneBitmap
        ? this.#composed(
            stack,
            { style: composedStyle(layer), frame, blending: manner.pieces },
            draw,
          )
        : draw(stack, frame),
    };
  }

  /** A layer that is no group and no scene: the pieces of its view. */
  #drawContent(stack: Stack, drawing: Drawing, layer: Layer): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    // A picture whose box is on its way to another size is stretched: so its bitmap stays what it is.
    const settled = kindViewOf(layer).isStretched ? (box?.settled ?? null) : null;
    const view = this.#viewAt(compiled, layer, { size: settled ?? box, scale: unitPx }, context);
    if (typeof view.problem === 'string') throw new Error(view.problem);
    if (showsPlaceholder(view)) this.#lacksPicture();
    const frame =
      settled === null || box === null
        ? this.#measured(drawing, layer, view)
        : stretchedFrame(this.#measured(drawing, layer, box), settled);
    // What is cut off somewhere in its box is drawn upright, where a part of the box is a rectangle of pixels.
    const isCut = view.pieces.some(({ part }) => part !== undefined);
    const isBlurred = layer.filters.length > 0 && !manner.isRecoloured;
    const isCutApart = isCut && (isBlurred || !isUpright(frame.matrix) || frame.tilted !== null);
    const pieces =
      isBlurred && !isCutApart
        ? view.pieces.map((piece) =>
            bakedPiece(piece, layer.filters, unitPx, context.pictureOffset),
          )
        : view.pieces;
    // What is cut off at the edge of a box that is turned out of the plane is cut off before.
    const isBoxCut = pieces.some(({ isClipped }) => isClipped);
    if (isCutApart || (isBoxCut && frame.tilted !== null)) {
      const style = isCutApart && isBlurred ? { shadows: [], filters: layer.filters } : UNSTYLED;
      const space = { style, frame, blending: manner.pieces };
      const draw = (inner: Stack, own: Frame): DrawStep[] =>
        drawPieces(pieces, own, inner.place, OPAQUE);
      return { frame, steps: this.#composed(stack, space, draw) };
    }
    const draw = isBoxCut && !isUpright(frame.matrix) ? drawCutPieces : drawPieces;
    return { frame, steps: draw(pieces, frame, stack.place, manner.pieces) };
  }

  /**
   * A layer as one bitmap: drawn in a space of its own that does not move, so that it is painted anew only when
   * something in it changes.
   */
  #composed(
    stack: Stack,
    { style, frame, blending }: ComposedSpace,
    draw: (stack: Stack, frame: Frame) => DrawStep[],
  ): DrawStep[] {
    const drawAt = (unitPx: number, prefix: string): DrawStep[] => {
      const matrix = { a: unitPx, b: 0, c: 0, d: unitPx, e: 0, f: 0 };
      const place = { ...stack.place, matrix, clip: OWN_SPACE, unitPx, isAtRest: true, prefix };
      const own = { ...frame, matrix, unitPx, unitPxNow: unitPx, isAtRest: true, tilted: null };
      return draw({ ...stack, place }, own);
    };
    const whole = drawAt(frame.unitPx, stack.place.prefix);
    if (whole.length === 0) return [];
    const bounds = boundsOfSteps(whole);
    const shrink = bounds === null ? 1 : shrinkFor(bounds, style, frame.unitPx);
    const unitPx = frame.unitPx * shrink;
    // What layers showed last is of one space alone: in the smaller one they are others.
    const inner = shrink < 1 ? drawAt(unitPx, `${stack.place.prefix}~`) : whole;
    const onto = { ...blending, clip: stack.place.clip };
    return [{ kind: 'composed', inner, style, unitPx, frame, onto }];
  }

  #lacksPicture(): void {
    const visit = this.#visits.at(-1);
    if (visit !== undefined) visit.lacksPicture = true;
  }

  #group(
    stack: Stack,
    { compiled, boxes }: Arranged,
    group: LayerOf<'group'>,
    frame: Frame,
  ): DrawStep[] {
    const { place, context } = stack;
    const { children } = compiled;
    const around = contextIn(compiled, context);
    const inside = { ...place, ...frame, prefix: place.prefix };
    const draw = (clip: Place['clip']): DrawStep[] =>
      this.#stack({
        layers: children,
        boxes,
        place: { ...inside, clip },
        context: around,
        masking: [],
        failing: [],
      });
    return [
      ...drawPieces(groupFrame(group, frame, frame.unitPx), frame, place, OPAQUE),
      ...(group.overflow === 'visible'
        ? draw(place.clip)
        : drawCut(frame, group.cornerRadius, place, draw)),
    ];
  }

  #scene(stack: Stack, compiled: CompiledLayer, layer: LayerOf<'scene'>, frame: Frame): DrawStep[] {
    const { context } = stack;
    const around = contextIn(compiled, context);
    const nested = context.nested(layer.scene);
    if (nested === null || frame.width <= 0 || frame.height <= 0) return [];
    const { width, height } = nested.scene;
    const background = nested.backgroundAt(context.programTimeMs);
    const scale = Math.min(frame.width / width, frame.height / height);
    const matrix = multiply(frame.matrix, {
      a: scale,
      b: 0,
      c: 0,
      d: scale,
      e: (frame.width - width * scale) / 2,
      f: (frame.height - height * scale) / 2,
    });
    const unitPx = frame.unitPx * scale;
    const own = { ...frame, width, height, matrix, unitPx, unitPxNow: frame.unitPxNow * scale };
    return drawCut(own, layer.cornerRadius / scale, stack.place, (clip) => [
      ...drawBackground(own, background, { ...stack.place, clip }),
      ...this.#stack({
        layers: nested.layersAt(context.programTimeMs),
        boxes: null,
        masking: [],
        failing: [],
        context: { ...around, sceneId: layer.scene },
        place: { matrix, clip, unitPx, isAtRest: own.isAtRest, prefix: `${own.name}/` },
      }),
    ]);
  }

  /** What masks a layer; null when nothing does. */
  #maskSteps(
    stack: Stack,
    compiled: CompiledLayer,
    { mask }: Layer,
    frame: Frame,
  ): readonly DrawStep[] | null {
    const { layers, place } = stack;
    if (mask === null) return null;
    if (mask.type === 'shape') {
      const pieces = maskPieces(mask, frame.width, frame.height, frame.unitPx);
      const named = { ...frame, name: `${frame.name}#` };
      return drawPieces(pieces, named, place, OPAQUE);
    }
    const i = layers.findIndex(({ layer }) => layer.id === mask.layer);
    const other = layers[i];
    if (other === undefined || other === compiled || stack.masking.includes(other)) return null;
    const inner = {
      ...stack,
      place: { ...place, prefix: `${frame.name}#` },
      masking: [...stack.masking, compiled],
    };
    return this.#layer(inner, other, i, true);
  }
}
