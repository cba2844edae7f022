import { rulesOf } from '../../layers/rules.js';
import type { Layer } from '../schema/layer.js';

/** The largest value that a number of a layer has or gets by its animations. */
export function largestOf(
  layer: Layer,
  property: 'scale' | 'width' | 'height' | 'opacity',
): number {
  const own = valueOf(layer, property) ?? 0;
  const keyframes = layer.animations
    .filter((animation) => animation.property === property)
    .flatMap((animation) => animation.keyframes);
  return keyframes.reduce(
    (most, { value }) => (typeof value === 'number' ? Math.max(most, value) : most),
    own,
  );
}

function valueOf(layer: Layer, property: 'scale' | 'width' | 'height' | 'opacity'): number | null {
  switch (property) {
    case 'scale':
      return layer.scale;
    case 'opacity':
      return layer.opacity;
    case 'width':
      return 'width' in layer ? (layer.width ?? null) : null;
    case 'height':
      return 'height' in layer ? (layer.height ?? null) : null;
  }
}

/** Whether a field of a layer is changed by one of its animations. */
export function isAnimated(layer: Layer, ...properties: readonly string[]): boolean {
  return layer.animations.some(({ property }) => properties.includes(property));
}

/** Units that a layer covers at the most, before it is scaled; `whole`: if that cannot be known from it alone. */
export function areaOf(layer: Layer, whole: number): number {
  const [width, height] = [largestOf(layer, 'width'), largestOf(layer, 'height')];
  if (width > 0 && height > 0) return width * height;
  return rulesOf(layer).coveredArea(layer, width) ?? whole;
}

/** Whether a layer is turned out of the plane, or leans or turns in it. */
export function isTurned(layer: Layer): boolean {
  return (
    layer.rotation % 360 !== 0 ||
    layer.skewX !== 0 ||
    layer.skewY !== 0 ||
    isAnimated(layer, 'rotation', 'skewX', 'skewY') ||
    isInSpace(layer)
  );
}

function isInSpace(layer: Layer): boolean {
  return (
    layer.rotationX !== 0 || layer.rotationY !== 0 || isAnimated(layer, 'rotationX', 'rotationY')
  );
}

/**
 * Nanoseconds for each pixel of a layer, as the kernels take them on the machine of `program/cost/item-cost.ts`. They
 * are rounded up: what a bound is made of must not be too small.
 */
const NS_PER_PX = {
  plain: 1.2,
  turned: 2,
  inSpace: 10.5,
  /** A buffer: opened, closed, and put on what is below. */
  buffer: 0.6,
  mask: 1.8,
  colorFilter: 2.2,
  blend: 2.4,
  hueBlend: 5,
} as const;

const HUE_BLENDS: ReadonlySet<Layer['blend']> = new Set([
  'hue',
  'saturation',
  'color',
  'luminosity',
]);

/** What a layer takes for each pixel that it covers, nanoseconds; those in it are left out. */
export function nsPerPx(layer: Layer): number {
  const blend =
    layer.blend === 'normal'
      ? 0
      : HUE_BLENDS.has(layer.blend)
        ? NS_PER_PX.hueBlend
        : NS_PER_PX.blend;
  const effects =
    blend +
    (opensBuffer(layer) ? NS_PER_PX.buffer : 0) +
    (layer.mask === null ? 0 : NS_PER_PX.mask) +
    layer.filters.filter(({ type }) => type !== 'blur').length * NS_PER_PX.colorFilter;
  // What is in a group or a scene is counted for itself; without a background they draw nothing of their own.
  if (layer.type === 'group' && layer.background === null && !isBitmap(layer)) return effects;
  if (isInSpace(layer)) return effects + NS_PER_PX.inSpace;
  return effects + (isTurned(layer) ? NS_PER_PX.turned : NS_PER_PX.plain);
}

/** Whether a group or scene is drawn into a bitmap of its own, which buffers outside of it do not reach into. */
export function isBitmap(layer: Layer): boolean {
  if (layer.type !== 'group' && layer.type !== 'scene') return false;
  return (
    layer.shadow !== null || layer.filters.some(({ type }) => type === 'blur') || isInSpace(layer)
  );
}

/** Whether a layer is drawn into a transparent buffer first. */
export function opensBuffer(layer: Layer): boolean {
  const isContainer = layer.type === 'group' || layer.type === 'scene';
  const isFaded = layer.opacity < 1 || layer.blend !== 'normal' || isAnimated(layer, 'opacity');
  return (
    layer.mask !== null ||
    (isFaded && (isContainer || rulesOf(layer).hasOverlaps)) ||
    (isContainer && layer.filters.length > 0)
  );
}

/** Whether what is in a layer is cut off by a mask: at a round or a turned edge. */
export function isCutByMask(layer: Layer): boolean {
  const isCut = layer.type === 'scene' || (layer.type === 'group' && layer.overflow === 'hidden');
  return isCut && (layer.cornerRadius > 0 || isAnimated(layer, 'cornerRadius') || isTurned(layer));
}
