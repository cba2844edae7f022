import type { CompiledLayer } from './resolve.js';
import { isStraight } from './straight.js';

/** What places a layer between the pixels of the program when it moves. */
const PLACING = ['x', 'y', 'rotation', 'rotationX', 'rotationY', 'skewX', 'skewY'];

/**
 * Whether a layer is turned, leans, is tilted or on its way. By its document and not by the moment: what starts and ends with
 * a transition is not decoded anew for it.
 */
export function isBetweenPixels({ layer }: CompiledLayer): boolean {
  // Turned by quarters, its pixels are still those of the frame.
  const rotation = layer.rotation % 90 === 0 ? 0 : layer.rotation;
  return (
    layer.animations.some(({ property }) => PLACING.includes(property)) ||
    !isStraight({ ...layer, rotation })
  );
}
