import { PLAIN, toContent, type PictureContent } from '../../render/content.js';
import { toPiece, type Piece } from '../../render/layers/piece.js';
import { toPremultipliedWord } from '../../scene/color.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { BLEND_MODES } from '../../scene/schema/layers/base.js';
import {
  composedPiece,
  composedStyle,
  isComposed,
  shrinkFor,
  UNSTYLED,
  type ComposedStyle,
} from './composed.js';
import type { ItemContext } from './context.js';
import { areColorFilters, bakedPiece, filterSteps } from './filters.js';
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
import { boxBounds, intersect, isEmptyRect, isUpright, multiply } from './matrix.js';
import { picturesOf } from './pictures.js';
import { isTilted, type Place } from './place.js';
import { buffered, masking, solid } from './stack.js';
import { createViews, type GivenSize } from './views.js';

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
  pictures(layers: readonly CompiledLayer[], place: Place, context: ItemContext): PictureContent[] {
    return picturesOf(layers, null, place.unitPx, this.#layouts, context);
  }

  #stack(stack: Stack): Item[] {
    const { layers, boxes, place, context } = stack;
    const items: Item[] = [];
    for (let i = 0; i < layers.length; i++) {
      const compiled = layers[i];
      if (compiled === undefined) continue;
      const box = boxes?.[i] ?? null;
      const kept = this.#keeper.find(compiled, place, box, context);
      const isKept = kept !== null && context.again(kept);
      const own = isKept ? kept.items : this.#guarded(stack, compiled, i, false);
      if (!isKept) this.#keeper.keep(compiled, place, box, context, own);
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
    knownSize: GivenSize | null,
  ): Item[] {
    const layer = compiled.at(context.sceneTimeMs, context.wallTimeMs);
    const box = boxes?.[i] ?? null;
    const size = box ?? knownSize ?? sizeOfUnknown(layer);
    const unitPx = compiled.largest('scale', layer.scale) * place.unitPx;
    const frame = layerFrame(place, compiled, layer, box, unitPx, size);
    const content = toContent({ kind: 'placeholder' }, PLAIN, size, unitPx);
    const pieces = [toPiece('placeholder', content)];
    return this.#pieces(pieces, frame, place, context, layer.opacity, NORMAL);
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
      (isContainer && (layer.opacity < 1 || blend !== NORMAL));
    const [opacity, mode] = isBuffered ? [1, NORMAL] : [layer.opacity, blend];

    const frameOf = (size: GivenSize): Frame => {
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
            this.#scene(inner, layer, own),
          )
        : this.#scene(stack, layer, frame);
    } else {
      // A picture whose box is on its way to another size is stretched: so its bitmap stays what it is.
      const settled = layer.type === 'image' ? (box?.settled ?? null) : null;
      const view = this.#viewAt(compiled, layer, settled ?? box, unitPx, context);
      frame =
        settled === null || box === null ? frameOf(view) : stretchedFrame(frameOf(box), settled);
      const pieces =
        isFiltered && !isRecoloured
          ? view.pieces.map((piece) =>
              bakedPiece(piece, layer.filters, unitPx, context.pictureOffset),
            )
          : view.pieces;
      // What is cut off at the edge of a box that is turned out of the plane is cut off before.
      const isCut = pieces.some(({ isClipped }) => isClipped);
      if (isCut && frame.tilted !== null)
        items = this.#composed(stack, UNSTYLED, frame, opacity, mode, (inner, own) =>
          this.#pieces(pieces, own, inner.place, context, 1, NORMAL),
        );
      else
        items =
          isCut && !isUpright(frame.matrix)
            ? this.#cutPieces(pieces, frame, place, context, opacity, mode)
            : this.#pieces(pieces, frame, place, context, opacity, mode);
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
    return item === null ? [] : [item];
  }

  #pieces(
    pieces: readonly Piece[],
    frame: Frame,
    place: Place,
    context: ItemContext,
    opacity: number,
    blend: number,
  ): Item[] {
    const { matrix, width, height } = frame;
    const items: Item[] = [];
    for (const piece of pieces) {
      const clip =
        piece.isClipped && frame.tilted === null
          ? intersect(place.clip, boxBounds(matrix, width, height))
          : place.clip;
      const bitmap = isEmptyRect(clip) ? null : context.bitmap(piece.content);
      const own = opacity * (piece.opacity ?? 1);
      const item =
        bitmap === null || own <= 0 ? null : placedPiece(piece, bitmap, frame, clip, own, blend);
      if (item !== null) items.push(item);
    }
    return items;
  }

  /** The pieces of a turned layer: its box is no rectangle of program pixels, so what is cut off is masked. */
  #cutPieces(
    pieces: readonly Piece[],
    frame: Frame,
    place: Place,
    context: ItemContext,
    opacity: number,
    blend: number,
  ): Item[] {
    const draw = (clip: Place['clip'], isClipped: boolean): Item[] => {
      const some = pieces
        .filter((piece) => piece.isClipped === isClipped)
        .map((piece) => ({ ...piece, isClipped: false }));
      return this.#pieces(some, frame, { ...place, clip }, context, 1, NORMAL);
    };
    const inside = this.#cut(frame, 0, place, context, (clip) => draw(clip, true));
    const items = [...inside, ...draw(place.clip, false)];
    return opacity === 1 && blend === NORMAL
      ? items
      : buffered(`${frame.name}/`, items, () => [], opacity, blend);
  }

  #group(
    stack: Stack,
    { children }: CompiledLayer,
    group: LayerOf<'group'>,
    boxes: readonly PlacedBox[] | null,
    frame: Frame,
  ): Item[] {
    const { place, context } = stack;
    const inside = { ...place, ...frame, prefix: place.prefix };
    const draw = (clip: Place['clip']): Item[] =>
      this.#stack({
        ...{ layers: children, boxes, place: { ...inside, clip }, context },
        ...{ masking: [], failing: [] },
      });
    return [
      ...this.#pieces(groupFrame(group, frame, frame.unitPx), frame, place, context, 1, NORMAL),
      ...(group.overflow === 'visible'
        ? draw(place.clip)
        : this.#cut(frame, group.cornerRadius, place, context, draw)),
    ];
  }

  #scene(stack: Stack, layer: LayerOf<'scene'>, frame: Frame): Item[] {
    const { place, context } = stack;
    const nested = context.nested(layer.scene);
    if (nested === null || frame.width <= 0 || frame.height <= 0) return [];
    const { width, height } = nested.scene;
    const background = nested.backgroundAt(context.wallTimeMs);
    const scale = Math.min(frame.width / width, frame.height / height);
    const matrix = multiply(frame.matrix, {
      ...{ a: scale, b: 0, c: 0, d: scale },
      e: (frame.width - width * scale) / 2,
      f: (frame.height - height * scale) / 2,
    });
    const unitPx = frame.unitPx * scale;
    const own = { ...frame, width, height, matrix, unitPx, unitPxNow: frame.unitPxNow * scale };
    return this.#cut(own, layer.cornerRadius / scale, place, context, (clip) => [
      ...this.#background(own, background, { ...place, clip }, context),
      ...this.#stack({
        ...{ layers: nested.layersAt(context.wallTimeMs), boxes: null, masking: [], failing: [] },
        context: { ...context, sceneId: layer.scene },
        place: { matrix, clip, unitPx, isAtRest: own.isAtRest, prefix: `${own.name}/` },
      }),
    ]);
  }

  /** An area of one colour over the whole box. */
  #background(frame: Frame, color: string, place: Place, context: ItemContext): Item[] {
    const { matrix, width, height, unitPx } = frame;
    if (isUpright(matrix)) {
      const bounds = intersect(place.clip, boxBounds(matrix, width, height));
      const word = toPremultipliedWord(color);
      return isEmptyRect(bounds) || word === 0 ? [] : [solid(`${frame.name}/`, bounds, word)];
    }
    const drawing = { kind: 'rectangle', fill: color } as const;
    const piece = toPiece('background', toContent(drawing, PLAIN, { width, height }, unitPx));
    return this.#pieces([piece], frame, place, context, 1, NORMAL);
  }

  /** What is drawn inside a box, without what reaches out of it. */
  #cut(
    frame: Frame,
    cornerRadius: number,
    place: Place,
    context: ItemContext,
    draw: (clip: Place['clip']) => Item[],
  ): Item[] {
    const { matrix, width, height, unitPx } = frame;
    const clip = intersect(place.clip, boxBounds(matrix, width, height));
    if (isUpright(matrix)) {
      if (isEmptyRect(clip)) return [];
      if (cornerRadius === 0) return draw(clip);
    }
    const figure = maskPieces(
      {
        ...{ type: 'shape', shape: 'rectangle', mode: 'alpha', inverted: false },
        ...{ x: 0, y: 0, width, height, cornerRadius },
      },
      width,
      height,
      unitPx,
    );
    const name = `${frame.name}|`;
    const mask = this.#pieces(figure, { ...frame, name }, place, context, 1, NORMAL);
    return buffered(
      name,
      draw(isUpright(matrix) ? clip : place.clip),
      (bounds) => masking(name, mask, { mode: 'alpha', inverted: false }, bounds),
      1,
      NORMAL,
    );
  }

  /** What masks a layer; null when nothing does. */
  #maskItems(stack: Stack, compiled: CompiledLayer, { mask }: Layer, frame: Frame): Item[] | null {
    const { layers, place, context } = stack;
    if (mask === null) return null;
    if (mask.type === 'shape') {
      const pieces = maskPieces(mask, frame.width, frame.height, frame.unitPx);
      const named = { ...frame, name: `${frame.name}#` };
      return this.#pieces(pieces, named, place, context, 1, NORMAL);
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
