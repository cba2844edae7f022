export { scaleI420ToRgba } from './scale';
export { rgbaToI420 } from './convert';
export { composeBitmap, renderTile } from './compose';
export { matrixPixels } from './color-matrix';
export { keyPixels } from './chroma-key';
export { makeLevels } from './levels';
export { measureRows } from './pixels';
export { applyPatch, copyRect, i420ToRgba } from './frame';
export { i420BandToRgba } from './i420-band';
