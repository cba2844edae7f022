import type { Layer } from './schema/layer.js';

/** Whether a layer neither turns nor leans. */
export function isStraight(layer: Layer): boolean {
  return layer.rotation % 360 === 0 && layer.skewX === 0 && layer.skewY === 0 && !isTilted(layer);
}

/** Whether a layer is turned out of the plane of the picture. */
export function isTilted({ rotationX, rotationY }: Layer): boolean {
  return rotationX % 360 !== 0 || rotationY % 360 !== 0;
}
