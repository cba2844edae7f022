import { PLAIN, toContent } from '../../render/content.js';
import { toPiece } from '../../render/piece.js';
import { rulesOf } from '../../layers/rules.js';
import { kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { isTilted } from '../../scene/straight.js';
import { FRAME_ROOM } from '../faults/frame-room.js';
import {
  composedPiece,
  composedStyle,
  isComposed,
  isBetweenPixelsIn,
  shrinkFor,
  UNSTYLED,
  type ComposedStyle,
} from './composed.js';
import type { ItemContext } from './context.js';
import { areColorFilters, bakedPiece, filterSteps } from './filters.js';
import { drawBackground, drawCut, drawCutPieces, drawPieces } from './draw-pieces.js';
import {
  groupFrame,
  layerFrame,
  placedPiece,
  sizeOfUnknown,
  stretchedFrame,
  type Frame,
} from './frame.js';
import { GroupLayouts, type PlacedBox } from './group-layout.js';
import type { Item } from './item.js';
import { ItemKeeper } from './kept-items.js';
import { maskPieces } from './masks.js';
import { isUpright, multiply } from './matrix.js';
import { picturesOf, type FoundPictures, type PictureWalk } from './pictures.js';
import type { Place } from './place.js';
import { withLevels } from './reduction.js';
import { buffered, masking } from './stack.js';
import { createViews, type KnownSize } from './views.js';
import { BLEND_MODES } from '../../scene/blend-modes.js';

const NORMAL = BLEND_MODES.indexOf('normal');

/** What can be touched in the space of a bitmap: as far as bitmaps reach. */
const OWN_SPACE = { x0: -4096, y0: -4096, x1: 4096, y1: 4096 };

/** A stack of layers that is being drawn. */
type Stack = {
  readonly layers: readonly CompiledLayer[];
  /** Where a layout puts them; null: where they say themselves. */
  readonly boxes: readonly PlacedBox[] | null;
  readonly place: Place;
  readonly context: ItemContext;
  /** Layers that are just drawn as masks: one that would mask itself is not masked. */
  readonly masking: readonly CompiledLayer[];
  /** Layers that others stand in for: none stands in for itself. */
  readonly failing: readonly CompiledLayer[];
};

/** What the layers in a group or scene are given. */
function contextIn(compiled: CompiledLayer, context: ItemContext): ItemContext {
  const isBetween = isBetweenPixelsIn(compiled, context.isBetweenPixels);
  return isBetween === context.isBetweenPixels
    ? context
    : { ...context, isBetweenPixels: isBetween };
}

/** Turns the layers of a scene into the items of a frame. Keeps what does not change from frame to frame. */
export class Composer {
  readonly #viewAt = createViews();
  readonly #layouts = new GroupLayouts(this.#viewAt);
  readonly #keeper = new ItemKeeper();

  /** The items of a stack of layers, bottom to top. */
  compose(layers: readonly CompiledLayer[], place: Place, context: ItemContext): Item[] {
    return this.#stack({ layers, boxes: null, place, context, masking: [], failing: [] });
  }

  /** The pictures of layers, be they in sight or not, as large as they get. */
  pictures(layers: readonly CompiledLayer[], place: Place, context: ItemContext): FoundPictures {
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

  #stack(stack: Stack): Item[] {
    const { layers, boxes, place, context } = stack;
    const items: Item[] = [];
    for (let i = 0; i < layers.length; i++) {
      const compiled = layers[i];
      if (compiled === undefined) continue;
      const box = boxes?.[i] ?? null;
      const isSettled = box === null || box.settled === null;
      const kept = isSettled ? this.#keeper.find(compiled, place, box, context) : null;
      const isKept = kept !== null && context.again(kept);
      const own = isKept ? kept.items : this.#guarded(stack, compiled, i, false);
      if (!isKept && isSettled) this.#keeper.keep(compiled, place, box, context, own);
      for (const item of own) items.push(item);
    }
    return items;
  }

  /** A layer, or what is seen in place of it when it fails. */
  #guarded(stack: Stack, compiled: CompiledLayer, i: number, isStandIn: boolean): Item[] {
    const { place, context } = stack;
    return context.guarded({
      name: `${place.prefix}${compiled.layer.id}`,
      sceneId: context.sceneId,
      compiled,
      refusal: context.refused(compiled.layer, context.sceneId),
      draw: () => this.#layer(stack, compiled, i, isStandIn),
      isSeen: () => isStandIn || compiled.at(context.sceneTimeMs, context.wallTimeMs).visible,
      placeholder: (size) => this.#placeholder(stack, compiled, i, size),
      fallback: () => this.#fallback(stack, compiled),
    });
  }

  #placeholder(
    { place, boxes, context }: Stack,
    compiled: CompiledLayer,
    i: number,
    knownSize: KnownSize | null,
  ): Item[] {
    const layer = compiled.at(context.sceneTimeMs, context.wallTimeMs);
    const box = boxes?.[i] ?? null;
    const size = box ?? knownSize ?? sizeOfUnknown(layer);
    const unitPx = compiled.largest('scale', layer.scale) * place.unitPx;
    const frame = layerFrame(place, compiled, layer, box, unitPx, size);
    const content = toContent({ kind: 'placeholder' }, PLAIN, size, unitPx);
    const pieces = [toPiece('placeholder', content)];
    return drawPieces(pieces, frame, place, context, layer.opacity, NORMAL);
  }

  /** The layer that stands in for one that fails; null: there is none. */
  #fallback(stack: Stack, compiled: CompiledLayer): Item[] | null {
    const i = stack.layers.findIndex(({ layer }) => layer.id === compiled.layer.fallback);
    const other = stack.layers[i];
    const failing = [...stack.failing, compiled];
    if (other === undefined || failing.includes(other)) return null;
    const prefix = `${stack.place.prefix}${compiled.layer.id}^`;
    return this.#guarded({ ...stack, failing, place: { ...stack.place, prefix } }, other, i, true);
  }

  #layer(stack: Stack, compiled: CompiledLayer, i: number, isMask: boolean): Item[] {
    const { place, context } = stack;
    const layer = compiled.at(context.sceneTimeMs, context.wallTimeMs);
    if (!(layer.visible || isMask) || layer.opacity <= 0 || layer.scale <= 0) return [];
    const box = stack.boxes?.[i] ?? null;
    const unitPx = compiled.largest('scale', layer.scale) * place.unitPx;
    const isContainer = layer.type === 'group' || layer.type === 'scene';
    const isFiltered = layer.filters.length > 0;
    const isInOneBitmap = isContainer && (isComposed(layer) || isTilted(layer));
    const isRecoloured =
      isFiltered &&
      areColorFilters(layer.filters) &&
      (isContainer ? !isInOneBitmap : layer.filters !== compiled.layer.filters);
    const blend = BLEND_MODES.indexOf(layer.blend);
    const isBuffered =
      layer.mask !== null ||
      isRecoloured ||
      ((isContainer || rulesOf(layer).hasOverlaps) && (layer.opacity < 1 || blend !== NORMAL));
    const [opacity, mode] = isBuffered ? [1, NORMAL] : [layer.opacity, blend];

    const frameOf = (size: KnownSize): Frame => {
      context.measured(size);
      return layerFrame(place, compiled, layer, box, unitPx, size);
    };

    let frame: Frame;
    let items: Item[];
    if (layer.type === 'group') {
      const layout = this.#layouts.layOut(compiled, layer, box, unitPx, context);
      frame = frameOf(layout);
      items = isInOneBitmap
        ? this.#composed(stack, composedStyle(layer), frame, opacity, mode, (inner, own) =>
            this.#group(inner, compiled, layer, layout.boxes, own),
          )
        : this.#group(stack, compiled, layer, layout.boxes, frame);
    } else if (layer.type === 'scene') {
      frame = frameOf(box ?? this.#layouts.measure(compiled, layer, unitPx, context));
      items = isInOneBitmap
        ? this.#composed(stack, composedStyle(layer), frame, opacity, mode, (inner, own) =>
            this.#scene(inner, compiled, layer, own),
          )
        : this.#scene(stack, compiled, layer, frame);
    } else {
      // A picture whose box is on its way to another size is stretched: so its bitmap stays what it is.
      const settled = kindViewOf(layer).isStretched ? (box?.settled ?? null) : null;
      const view = this.#viewAt(compiled, layer, settled ?? box, unitPx, context);
      if (typeof view.problem === 'string') throw new Error(view.problem);
      frame =
        settled === null || box === null ? frameOf(view) : stretchedFrame(frameOf(box), settled);
      // What is cut off somewhere in its box is drawn upright, where a part of the box is a rectangle of pixels.
      const isCut = view.pieces.some(({ part }) => part !== undefined);
      const isBlurred = isFiltered && !isRecoloured;
      const isCutApart = isCut && (isBlurred || !isUpright(frame.matrix) || frame.tilted !== null);
      const pieces =
        isBlurred && !isCutApart
          ? view.pieces.map((piece) =>
              bakedPiece(piece, layer.filters, unitPx, context.pictureOffset),
            )
          : view.pieces;
      // What is cut off at the edge of a box that is turned out of the plane is cut off before.
      const isBoxCut = pieces.some(({ isClipped }) => isClipped);
      const style = isBlurred ? { shadows: [], filters: layer.filters } : UNSTYLED;
      if (isCutApart || (isBoxCut && frame.tilted !== null))
        items = this.#composed(
          stack,
          isCutApart ? style : UNSTYLED,
          frame,
          opacity,
          mode,
          (inner, own) => drawPieces(pieces, own, inner.place, context, 1, NORMAL),
        );
      else
        items =
          isBoxCut && !isUpright(frame.matrix)
            ? drawCutPieces(pieces, frame, place, context, opacity, mode)
            : drawPieces(pieces, frame, place, context, opacity, mode);
    }
    if (!isBuffered) return items;
    const mask = this.#maskItems(stack, compiled, layer, frame);
    return buffered(
      frame.name,
      items,
      (bounds) => [
        ...(mask === null || layer.mask === null
          ? []
          : masking(frame.name, mask, layer.mask, bounds)),
        ...(isRecoloured ? filterSteps(frame.name, layer.filters, bounds) : []),
      ],
      layer.opacity,
      blend,
    );
  }

  /**
   * A layer as one bitmap: drawn in a space of its own that does not move, so that it is painted anew only when
   * something in it changes.
   */
  #composed(
    stack: Stack,
    style: ComposedStyle,
    frame: Frame,
    opacity: number,
    blend: number,
    draw: (stack: Stack, frame: Frame) => Item[],
  ): Item[] {
    const drawAt = (unitPx: number, prefix: string): Item[] => {
      const matrix = { a: unitPx, b: 0, c: 0, d: unitPx, e: 0, f: 0 };
      const place = { ...stack.place, matrix, clip: OWN_SPACE, unitPx, isAtRest: true, prefix };
      const own = { ...frame, matrix, unitPx, unitPxNow: unitPx, isAtRest: true, tilted: null };
      return draw({ ...stack, place }, own);
    };
    const whole = drawAt(frame.unitPx, stack.place.prefix);
    const shrink = shrinkFor(whole);
    const unitPx = frame.unitPx * shrink;
    // What layers showed last is of one space alone: in the smaller one they are others.
    const items = shrink < 1 ? drawAt(unitPx, `${stack.place.prefix}~`) : whole;
    const piece = composedPiece(style, items, unitPx);
    const bitmap = piece === null ? null : stack.context.composed(piece.content, items);
    if (piece === null || bitmap === null) return [];
    const item = placedPiece(piece, bitmap, frame, stack.place.clip, opacity, blend);
    return item === null ? [] : [withLevels(item, stack.context)];
  }

  #group(
    stack: Stack,
    compiled: CompiledLayer,
    group: LayerOf<'group'>,
    boxes: readonly PlacedBox[] | null,
    frame: Frame,
  ): Item[] {
    const { place, context } = stack;
    const { children } = compiled;
    const around = contextIn(compiled, context);
    const inside = { ...place, ...frame, prefix: place.prefix };
    const draw = (clip: Place['clip']): Item[] =>
      this.#stack({
        layers: children,
        boxes,
        place: { ...inside, clip },
        context: around,
        masking: [],
        failing: [],
      });
    return [
      ...drawPieces(groupFrame(group, frame, frame.unitPx), frame, place, context, 1, NORMAL),
      ...(group.overflow === 'visible'
        ? draw(place.clip)
        : drawCut(frame, group.cornerRadius, place, context, draw)),
    ];
  }

  #scene(stack: Stack, compiled: CompiledLayer, layer: LayerOf<'scene'>, frame: Frame): Item[] {
    const { place, context } = stack;
    const around = contextIn(compiled, context);
    const nested = context.nested(layer.scene);
    if (nested === null || frame.width <= 0 || frame.height <= 0) return [];
    const { width, height } = nested.scene;
    const background = nested.backgroundAt(context.wallTimeMs);
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
    return drawCut(own, layer.cornerRadius / scale, place, context, (clip) => [
      ...drawBackground(own, background, { ...place, clip }, context),
      ...this.#stack({
        layers: nested.layersAt(context.wallTimeMs),
        boxes: null,
        masking: [],
        failing: [],
        context: { ...around, sceneId: layer.scene },
        place: { matrix, clip, unitPx, isAtRest: own.isAtRest, prefix: `${own.name}/` },
      }),
    ]);
  }

  /** What masks a layer; null when nothing does. */
  #maskItems(stack: Stack, compiled: CompiledLayer, { mask }: Layer, frame: Frame): Item[] | null {
    const { layers, place, context } = stack;
    if (mask === null) return null;
    if (mask.type === 'shape') {
      const pieces = maskPieces(mask, frame.width, frame.height, frame.unitPx);
      const named = { ...frame, name: `${frame.name}#` };
      return drawPieces(pieces, named, place, context, 1, NORMAL);
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
