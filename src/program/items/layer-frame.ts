import type { CompiledLayer } from '../../scene/resolve.js';
import type { Layer } from '../../scene/schema/layer.js';
import type { ItemContext } from './context.js';
import { multiply, type Matrix } from './matrix.js';
import { isStraight, layerMatrix, snapped, type Box, type Place } from './place.js';
import type { GivenSize } from './views.js';

const GEOMETRY = ['x', 'y', 'rotation', 'skewX', 'skewY', 'scale', 'anchor.x', 'anchor.y'] as const;

const UNKNOWN_SIZE = { width: 320, height: 180 };

/** A stack of layers that is being drawn. */
export type Stack = {
  readonly layers: readonly CompiledLayer[];
  /** Where a layout puts them; null: where they say themselves. */
  readonly boxes: readonly Box[] | null;
  readonly place: Place;
  readonly context: ItemContext;
  /** Layers that are just drawn as masks: one that would mask itself is not masked. */
  readonly masking: readonly CompiledLayer[];
  /** Layers that others stand in for: none stands in for itself. */
  readonly failing: readonly CompiledLayer[];
};

/** The box of a layer at a moment. */
export type Frame = GivenSize & {
  readonly name: string;
  /** From its box to program pixels. */
  readonly matrix: Matrix;
  /** Most program pixels that a unit takes, and what it takes now. */
  readonly unitPx: number;
  readonly unitPxNow: number;
  readonly isAtRest: boolean;
};

/** The box of a layer of a stack that is this large. */
export function frameIn(
  { place, boxes }: Stack,
  compiled: CompiledLayer,
  layer: Layer,
  i: number,
  unitPx: number,
  { width, height }: GivenSize,
): Frame {
  const isAtRest = place.isAtRest && isStraight(layer) && !compiled.moves(...GEOMETRY);
  const own = layerMatrix(layer, width, height, boxes?.[i] ?? null);
  const exact = multiply(place.matrix, own);
  return {
    ...{ width, height, unitPx, isAtRest },
    name: `${place.prefix}${layer.id}`,
    matrix: isAtRest ? snapped(exact) : exact,
    unitPxNow: Math.hypot(exact.a, exact.b),
  };
}

/** The size of a layer that never came to be laid out, in units: as it says itself, or about that of a line of text. */
export function sizeOfUnknown(layer: Layer): GivenSize {
  const [width, height] = [
    'width' in layer ? layer.width : undefined,
    'height' in layer ? layer.height : undefined,
  ];
  return { width: width ?? UNKNOWN_SIZE.width, height: height ?? UNKNOWN_SIZE.height };
}
