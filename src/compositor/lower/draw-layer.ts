import { kindViewOf } from '../../layers/views.js';
import type { LayerView } from '../../render/piece.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { OPAQUE, type Blending } from '../items/stack.js';
import { buffered, masking } from './buffers.js';
import {
  boundsOfSteps,
  composedStyle,
  isBetweenPixelsIn,
  shrinkFor,
  UNSTYLED,
} from './composed.js';
import type { LowerContext } from './context.js';
import type { ComposedStyle, DrawStep, Effect, Frame } from './draw-list.js';
import { drawBackground, drawCut, drawCutPieces, drawPieces } from './draw-pieces.js';
import { bakedPiece, filterEffects } from './filters.js';
import { groupFrame, layerFrame, stretchedFrame, type Standing } from './frame.js';
import { GroupLayouts, type PlacedBox } from './group-layout.js';
import type { LayerNotes, LayerStack, StackedLayer } from './layer-stack.js';
import { mannerOf, type Manner } from './manner.js';
import { maskPieces } from './masks.js';
import { isUpright, multiply } from './matrix.js';
import type { Place } from './place.js';
import { createViews, type KnownSize } from './views.js';

/** What can be touched in the space of a bitmap: as far as bitmaps reach. */
const OWN_SPACE = { x0: -4096, y0: -4096, x1: 4096, y1: 4096 };

/** A layer that is being drawn. */
type Drawing = Standing & { readonly manner: Manner; readonly notes: LayerNotes };

/** Its box, and its pieces before they are masked, recoloured or faded as one. */
type Drawn = { readonly frame: Frame; readonly steps: readonly DrawStep[] };

/** A layer that becomes one bitmap: what it throws and is filtered by, its box, how it is put on what is below it. */
type ComposedSpace = {
  readonly style: ComposedStyle;
  readonly frame: Frame;
  readonly blending: Blending;
};

/** A group or scene, its box, and how it is drawn. */
type Enclosing = {
  readonly manner: Manner;
  readonly layer: LayerOf<'group'> | LayerOf<'scene'>;
  readonly frame: Frame;
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

/** The box of a layer of this size, which is noted. Its mask is measured after it. */
function measured(drawing: Drawing, layer: Layer, size: KnownSize): Frame {
  drawing.notes.size ??= size;
  return layerFrame(drawing, layer, size);
}

function showsPlaceholder({ pieces }: LayerView): boolean {
  return pieces.some(
    ({ content }) => 'drawing' in content && content.drawing.kind === 'placeholder',
  );
}

/**
 * Says by which steps layers are drawn: how their pieces, or what is in them, are placed, cut, masked, recoloured and faded.
 * Owns what does not change from frame to frame: views and layouts.
 */
export class LayerDrawing {
  readonly #viewAt = createViews();
  readonly layouts = new GroupLayouts(this.#viewAt);
  readonly #lowerStack: (stack: LayerStack) => DrawStep[];

  /** @param lowerStack - lowers the layers in a group or a scene */
  constructor(lowerStack: (stack: LayerStack) => DrawStep[]) {
    this.#lowerStack = lowerStack;
  }

  /** The steps that draw a layer; none when nothing of it can be seen. @throws whatever keeps it from being drawn */
  draw({ stack, compiled, i, isForced }: StackedLayer, notes: LayerNotes): readonly DrawStep[] {
    const { place, context } = stack;
    const layer = compiled.at(context.sceneTimeMs, context.programTimeMs, context.heard);
    if (!(layer.visible || isForced) || layer.opacity <= 0 || layer.scale <= 0) return [];
    const drawing: Drawing = {
      compiled,
      place,
      box: stack.boxes?.[i] ?? null,
      unitPx: compiled.largest('scale', layer.scale) * place.unitPx,
      manner: mannerOf(compiled, layer),
      notes,
    };
    const { frame, steps } =
      layer.type === 'group'
        ? this.#drawGroup(stack, drawing, layer)
        : layer.type === 'scene'
          ? this.#drawScene(stack, drawing, layer)
          : this.#drawContent(stack, drawing, layer);
    const { isBuffered, isRecoloured, whole } = drawing.manner;
    if (!isBuffered) return steps;
    const mask = this.#maskSteps(stack, drawing, layer, frame);
    const effects: Effect[] = isRecoloured ? filterEffects(frame.name, layer.filters) : [];
    if (mask !== null && layer.mask !== null)
      effects.unshift(masking(frame.name, mask, layer.mask));
    return buffered(frame.name, steps, effects, whole);
  }

  #drawGroup(stack: LayerStack, drawing: Drawing, layer: LayerOf<'group'>): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    const layout = this.layouts.layOut(compiled, layer, { size: box, scale: unitPx, context });
    const frame = measured(drawing, layer, layout);
    const draw = (inner: LayerStack, own: Frame): DrawStep[] =>
      this.#group(inner, { compiled, boxes: layout.boxes }, layer, own);
    return { frame, steps: this.#enclosing(stack, { manner, layer, frame }, draw) };
  }

  #drawScene(stack: LayerStack, drawing: Drawing, layer: LayerOf<'scene'>): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    const size = box ?? this.layouts.measure(compiled, layer, unitPx, context);
    const frame = measured(drawing, layer, size);
    const draw = (inner: LayerStack, own: Frame): DrawStep[] =>
      this.#scene(inner, compiled, layer, own);
    return { frame, steps: this.#enclosing(stack, { manner, layer, frame }, draw) };
  }

  /** A layer that has others in it: as one bitmap where its manner says so. */
  #enclosing(
    stack: LayerStack,
    { manner, layer, frame }: Enclosing,
    draw: (stack: LayerStack, frame: Frame) => DrawStep[],
  ): DrawStep[] {
    if (!manner.isInOneBitmap) return draw(stack, frame);
    const space = { style: composedStyle(layer), frame, blending: manner.pieces };
    return this.#composed(stack, space, draw);
  }

  /** A layer that is no group and no scene: the pieces of its view. */
  #drawContent(stack: LayerStack, drawing: Drawing, layer: Layer): Drawn {
    const { compiled, box, unitPx, manner } = drawing;
    const { context } = stack;
    // A picture whose box is on its way to another size is stretched: so its bitmap stays what it is.
    const settled = kindViewOf(layer).isStretched ? (box?.settled ?? null) : null;
    const view = this.#viewAt(compiled, layer, { size: settled ?? box, scale: unitPx }, context);
    if (typeof view.problem === 'string') throw new Error(view.problem);
    if (showsPlaceholder(view)) drawing.notes.lacksPicture = true;
    // What masks it is drawn with the same notes.
    drawing.notes.coming ??= view.coming ?? null;
    const frame =
      settled === null || box === null
        ? measured(drawing, layer, view)
        : stretchedFrame(measured(drawing, layer, box), settled);
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
      const draw = (inner: LayerStack, own: Frame): DrawStep[] =>
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
    stack: LayerStack,
    { style, frame, blending }: ComposedSpace,
    draw: (stack: LayerStack, frame: Frame) => DrawStep[],
  ): DrawStep[] {
    const drawAt = (unitPx: number, path: string): DrawStep[] => {
      const matrix = { a: unitPx, b: 0, c: 0, d: unitPx, e: 0, f: 0 };
      const place = { ...stack.place, matrix, clip: OWN_SPACE, unitPx, isAtRest: true, path };
      const own = { ...frame, matrix, unitPx, unitPxNow: unitPx, isAtRest: true, tilted: null };
      return draw({ ...stack, place }, own);
    };
    const whole = drawAt(frame.unitPx, stack.place.path);
    if (whole.length === 0) return [];
    const bounds = boundsOfSteps(whole);
    const shrink = bounds === null ? 1 : shrinkFor(bounds, style, frame.unitPx);
    const unitPx = frame.unitPx * shrink;
    // What layers showed last is of one space alone: in the smaller one they are others.
    const inner = shrink < 1 ? drawAt(unitPx, `${stack.place.path}~`) : whole;
    const onto = { ...blending, clip: stack.place.clip };
    return [{ kind: 'composed', inner, style, unitPx, frame, onto }];
  }

  #group(
    stack: LayerStack,
    { compiled, boxes }: Arranged,
    group: LayerOf<'group'>,
    frame: Frame,
  ): DrawStep[] {
    const { place, context } = stack;
    const { children } = compiled;
    const around = contextIn(compiled, context);
    const inside = { ...place, ...frame };
    const draw = (clip: Place['clip']): DrawStep[] =>
      this.#lowerStack({
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

  #scene(
    stack: LayerStack,
    compiled: CompiledLayer,
    layer: LayerOf<'scene'>,
    frame: Frame,
  ): DrawStep[] {
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
      ...this.#lowerStack({
        layers: nested.layersAt(context.programTimeMs),
        boxes: null,
        masking: [],
        failing: [],
        context: { ...around, sceneId: layer.scene },
        place: {
          matrix,
          clip,
          unitPx,
          isAtRest: own.isAtRest,
          depth: stack.place.depth,
          path: `${stack.place.path}${layer.id}/`,
        },
      }),
    ]);
  }

  /** What masks a layer; null when nothing does. */
  #maskSteps(
    stack: LayerStack,
    { compiled, notes }: Drawing,
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
      place: { ...place, path: `${place.path}${compiled.layer.id}#` },
      masking: [...stack.masking, compiled],
    };
    return this.draw({ stack: inner, compiled: other, i, isForced: true }, notes);
  }
}
