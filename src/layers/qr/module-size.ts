import { qrModules } from '../../scene/qr-code.js';
import type { QrLayer } from './schema.js';

/** Pixels that a module of a QR code must have: cameras and encoders make a blur of smaller ones. */
const LEAST_MODULE_PX = 2;

/** Modules of a side of the largest code, version 40 of ISO/IEC 18004. */
const MOST_MODULES = 177;

/**
 * Why nobody could read a code; null: it is large enough.
 * @param unitPx - pixels that a unit of the layer takes
 */
export function modulePxProblem(
  layer: Pick<QrLayer, 'text' | 'level' | 'margin' | 'width' | 'height'>,
  unitPx: number,
): string | null {
  const { text, level, width, height } = layer;
  const margin = Math.max(0, Math.round(layer.margin));
  const roomPx = Math.min(width, height) * unitPx;
  // Most have room for any code: then it need not be encoded. What has no room at all is not seen.
  if (roomPx <= 0 || roomPx >= (MOST_MODULES + 2 * margin) * LEAST_MODULE_PX) return null;
  const modules = qrModules(text, level);
  const count = modules + 2 * margin;
  if (roomPx >= count * LEAST_MODULE_PX) return null;
  const leastUnits = unitPx > 0 ? Math.ceil((count * LEAST_MODULE_PX) / unitPx) : Infinity;
  return (
    `needs ${count} modules per side (${modules} and a margin of 2 × ${margin}) in ` +
    `${Math.round(roomPx)} pixels: ${(roomPx / count).toFixed(2)} pixels per module, but codes with less ` +
    `than ${LEAST_MODULE_PX} cannot be read. Make it ${leastUnits} wide and high, shorten it, or lower the level`
  );
}
