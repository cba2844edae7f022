import type { LayerInput } from '../scene/schema/layer.js';

/** One animation as a user writes it. */
export type AnimationInput = NonNullable<LayerInput['animations']>[number];

/**
 * `property = centre + amplitude · sin(2π·t / periodMs)` for ever, exactly: between its extremes a sine is the
 * easing `ease-in-out-sine`, and from the centre to an extreme it is `ease-out-sine`.
 */
export function sineMotion(
  property: string,
  centre: number,
  amplitude: number,
  periodMs: number,
): AnimationInput {
  return {
    property,
    keyframes: [
      { atMs: 0, value: centre, easing: 'ease-out-sine' },
      { atMs: periodMs / 4, value: centre + amplitude, easing: 'ease-in-out-sine' },
      { atMs: (periodMs * 3) / 4, value: centre - amplitude, easing: 'ease-in-sine' },
      { atMs: periodMs, value: centre },
    ],
    repeat: 'forever',
  };
}

/** A steady turn about the anchor, one round in `periodMs`; clockwise, or the other way when `degrees` is -360. */
export function turning(periodMs: number, degrees: 360 | -360): AnimationInput {
  return {
    property: 'rotation',
    keyframes: [
      { atMs: 0, value: 0 },
      { atMs: periodMs, value: degrees },
    ],
    repeat: 'forever',
  };
}

/** Period of a motion of one radian per second, in milliseconds. */
export const ONE_RADIAN_PER_SECOND_MS = 2 * Math.PI * 1000;
