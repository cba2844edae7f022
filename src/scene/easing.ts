import bezierEasing from 'bezier-easing';
import * as penner from 'd3-ease';

/** Progress in, progress out; both run from 0 to 1, the latter may overshoot. */
export type Easing = (progress: number) => number;

/** CSS's own curves: https://www.w3.org/TR/css-easing-1/#cubic-bezier-easing-functions. */
const CSS_EASINGS: Readonly<Record<string, Easing>> = {
  linear: (t) => t,
  hold: (t) => (t < 1 ? 0 : 1),
  ease: bezierEasing(0.25, 0.1, 0.25, 1),
  'ease-in': bezierEasing(0.42, 0, 1, 1),
  'ease-out': bezierEasing(0, 0, 0.58, 1),
  'ease-in-out': bezierEasing(0.42, 0, 0.58, 1),
};

/** Penner's families under the names people know them by: in, out, in-out. */
const PENNER_FAMILIES: Readonly<Record<string, readonly [Easing, Easing, Easing]>> = {
  sine: [penner.easeSinIn, penner.easeSinOut, penner.easeSinInOut],
  quad: [penner.easeQuadIn, penner.easeQuadOut, penner.easeQuadInOut],
  cubic: [penner.easeCubicIn, penner.easeCubicOut, penner.easeCubicInOut],
  quart: [
    penner.easePolyIn.exponent(4),
    penner.easePolyOut.exponent(4),
    penner.easePolyInOut.exponent(4),
  ],
  quint: [
    penner.easePolyIn.exponent(5),
    penner.easePolyOut.exponent(5),
    penner.easePolyInOut.exponent(5),
  ],
  expo: [penner.easeExpIn, penner.easeExpOut, penner.easeExpInOut],
  circ: [penner.easeCircleIn, penner.easeCircleOut, penner.easeCircleInOut],
  back: [penner.easeBackIn, penner.easeBackOut, penner.easeBackInOut],
  elastic: [penner.easeElasticIn, penner.easeElasticOut, penner.easeElasticInOut],
  bounce: [penner.easeBounceIn, penner.easeBounceOut, penner.easeBounceInOut],
};

const PENNER_EASINGS: Readonly<Record<string, Easing>> = Object.fromEntries(
  Object.entries(PENNER_FAMILIES).flatMap(([family, [easeIn, easeOut, easeInOut]]) => [
    [`ease-in-${family}`, easeIn],
    [`ease-out-${family}`, easeOut],
    [`ease-in-out-${family}`, easeInOut],
  ]),
);

/** The curve of a name that passed `EasingSchema`. */
export function toEasing(name: string): Easing {
  const named = CSS_EASINGS[name] ?? PENNER_EASINGS[name];
  if (named !== undefined) return named;
  const [x1 = 0, y1 = 0, x2 = 1, y2 = 1] = name
    .slice(name.indexOf('(') + 1, -1)
    .split(',')
    .map(Number);
  return bezierEasing(x1, y1, x2, y2);
}
