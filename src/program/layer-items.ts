import type { Layer } from '../scene/schema/layer.js';
import { BLEND_MODES } from '../scene/schema/layers/base.js';
import type { CompiledLayer } from '../scene/resolve.js';
import { createLayerViews, isTimeless } from '../render/layers/view.js';
import {
  keptByLook,
  type LayerView,
  type Piece,
  type ViewContext,
} from '../render/layers/piece.js';
import type { Rect } from '../scene/region.js';
import type { Bitmap } from './bitmaps.js';
import { intersect, isEmptyRect, toItem, type Item, type Matrix } from './draw-list.js';

/** How the scene's own pixels become the program's: as large as fits, in the middle. */
export type Fit = {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  readonly frame: Rect;
};

export function fitScene(
  sceneWidth: number,
  sceneHeight: number,
  widthPx: number,
  heightPx: number,
): Fit {
  const scale = Math.min(widthPx / sceneWidth, heightPx / sceneHeight);
  const x = Math.round((widthPx - sceneWidth * scale) / 2);
  const y = Math.round((heightPx - sceneHeight * scale) / 2);
  const scenePart = {
    x0: x,
    y0: y,
    x1: Math.round(x + sceneWidth * scale),
    y1: Math.round(y + sceneHeight * scale),
  };
  return { scale, x, y, frame: intersect(scenePart, { x0: 0, y0: 0, x1: widthPx, y1: heightPx }) };
}

/** Properties that place a layer without changing what it shows. */
const PLACING = new Set(['x', 'y', 'rotation', 'opacity', 'scale', 'anchor.x', 'anchor.y']);
const GEOMETRY = ['x', 'y', 'rotation', 'scale', 'anchor.x', 'anchor.y'] as const;

/** From units of the layer's box to program pixels. */
function matrixOf(layer: Layer, view: LayerView, fit: Fit): Matrix {
  const angle = (layer.rotation * Math.PI) / 180;
  // A whole number of turns must be exactly upright: the fast paths of the kernels depend on it.
  const isTurned = layer.rotation % 360 !== 0;
  const [cos, sin] = isTurned ? [Math.cos(angle), Math.sin(angle)] : [1, 0];
  const scale = layer.scale * fit.scale;
  const [a, b, c, d] = [cos * scale, sin * scale, -sin * scale, cos * scale];
  const [anchorX, anchorY] = [layer.anchor.x * view.width, layer.anchor.y * view.height];
  return {
    a,
    b,
    c,
    d,
    e: fit.x + layer.x * fit.scale - a * anchorX - c * anchorY,
    f: fit.y + layer.y * fit.scale - b * anchorX - d * anchorY,
  };
}

/** A length that is a bitmap's to below a pixel is taken for the bitmap's: a layer at rest is shown pixel by pixel. */
function ratioOf(units: number, pixels: number, unitPx: number, isAtRest: boolean): number {
  return isAtRest && Math.abs(units * unitPx - pixels) < 1 ? 1 / unitPx : units / pixels;
}

function pieceMatrix(base: Matrix, piece: Piece, unitPx: number, isAtRest: boolean): Matrix {
  const ownX = ratioOf(piece.width, piece.widthPx, unitPx, isAtRest);
  const ownY = ratioOf(piece.height, piece.heightPx, unitPx, isAtRest);
  // A flat line has no height to tell its scale from: it has that of its width.
  const ratioX = piece.widthPx === 0 ? ownY : ownX;
  const ratioY = piece.heightPx === 0 ? ownX : ownY;
  const [x, y] = [piece.x - piece.padPx * ratioX, piece.y - piece.padPx * ratioY];
  return {
    a: base.a * ratioX,
    b: base.b * ratioX,
    c: base.c * ratioY,
    d: base.d * ratioY,
    e: base.e + base.a * x + base.c * y,
    f: base.f + base.b * x + base.d * y,
  };
}

function snapped(matrix: Matrix): Matrix {
  return { ...matrix, e: Math.round(matrix.e), f: Math.round(matrix.f) };
}

/** What the frame gives to every layer. */
export type ItemContext = Omit<ViewContext, 'scale' | 'look'> & {
  readonly fit: Fit;
  /** The bitmap of a content, ordered if need be; null when there is no memory for it. */
  readonly bitmap: (content: Piece['content']) => Bitmap | null;
};

/** Turns layers into items. Keeps the views of layers whose content does not change. */
export function createLayerItems(): (compiled: CompiledLayer, context: ItemContext) => Item[] {
  const viewLayer = createLayerViews();
  const keptView = keptByLook<LayerView>();
  const looks = new WeakMap<CompiledLayer, { readonly scale: number }>();

  /** A layer that is only placed by its animations keeps its look. */
  const lookOf = (compiled: CompiledLayer, layer: Layer, scale: number): object => {
    if (!layer.animations.every(({ property }) => PLACING.has(property))) return { scale };
    const known = looks.get(compiled);
    if (known?.scale === scale) return known;
    const look = { scale };
    looks.set(compiled, look);
    return look;
  };

  const viewOf = (
    compiled: CompiledLayer,
    layer: Layer,
    scale: number,
    context: ItemContext,
  ): LayerView => {
    const look = lookOf(compiled, layer, scale);
    const make = (): LayerView => viewLayer(layer, { ...context, scale, look }, compiled);
    return isTimeless(layer) ? keptView(look, make) : make();
  };

  return (compiled, context) => {
    const layer = compiled.at(context.sceneTimeMs);
    if (!layer.visible || layer.opacity <= 0 || layer.scale <= 0) return [];
    const { fit } = context;
    const view = viewOf(
      compiled,
      layer,
      compiled.largest('scale', layer.scale) * fit.scale,
      context,
    );
    const isAtRest = !compiled.moves(...GEOMETRY) && layer.rotation % 360 === 0;
    const exact = matrixOf(layer, view, fit);
    const base = isAtRest ? snapped(exact) : exact;
    const blend = BLEND_MODES.indexOf(layer.blend);
    const unitPx = layer.scale * fit.scale;
    return view.pieces.flatMap((piece) => {
      const clip = piece.isClipped ? intersect(fit.frame, boxBounds(base, view)) : fit.frame;
      const bitmap = isEmptyRect(clip) ? null : context.bitmap(piece.content);
      if (bitmap === null) return [];
      const item = toItem(
        `${layer.id}/${piece.name}`,
        bitmap,
        pieceMatrix(base, piece, unitPx, isAtRest),
        clip,
        layer.opacity,
        blend,
      );
      return item === null ? [] : [item];
    });
  };
}

/** The upright rectangle around a layer's box, in whole pixels. */
function boxBounds({ a, b, c, d, e, f }: Matrix, { width, height }: LayerView): Rect {
  const xs = [0, a * width, c * height, a * width + c * height];
  const ys = [0, b * width, d * height, b * width + d * height];
  return {
    x0: Math.round(Math.min(...xs) + e),
    y0: Math.round(Math.min(...ys) + f),
    x1: Math.round(Math.max(...xs) + e),
    y1: Math.round(Math.max(...ys) + f),
  };
}
