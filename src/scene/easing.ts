import bezierEasing from 'bezier-easing';
import * as penner from 'd3-ease';
import { toSpringEasing } from './motion/spring.js';
import {
  toLinearEasing,
  toStepEasing,
  type LinearStop,
  type StepPosition,
} from './motion/step-curves.js';

/** Progress in, progress out; both run from 0 to 1, the latter may overshoot. */
export type Easing = (progress: number) => number;

/** CSS's own curves: https://www.w3.org/TR/css-easing-1/#cubic-bezier-easing-functions. */
const CSS_EASINGS: Readonly<Record<string, Easing>> = {
  linear: (t) => t,
  hold: (t) => (t < 1 ? 0 : 1),
  'step-start': toStepEasing(1, 'jump-start'),
  'step-end': toStepEasing(1, 'jump-end'),
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

/**
 * Springs under names, from the well-known presets of react-spring
 * (https://www.react-spring.dev/docs/advanced/config#presets): mass 1, then stiffness and damping.
 */
const NAMED_SPRINGS: Readonly<Record<string, readonly [stiffness: number, damping: number]>> = {
  spring: [170, 26],
  'spring-gentle': [120, 14],
  'spring-wobbly': [180, 12],
  'spring-stiff': [210, 20],
  'spring-slow': [280, 60],
};

/** What the numbers of a spring may be: weak enough to move visibly, strong enough to settle at all. */
const SPRING_LIMITS = {
  mass: [0.01, 100],
  stiffness: [0.1, 100_000],
  damping: [0.01, 10_000],
  velocity: [-1000, 1000],
} as const;

const MAX_STEPS = 1000;
const MAX_STOPS = 64;

/** Keywords of https://www.w3.org/TR/css-easing-1/#step-easing-functions that stand for others. */
const STEP_POSITIONS: Readonly<Record<string, StepPosition>> = {
  start: 'jump-start',
  end: 'jump-end',
  'jump-start': 'jump-start',
  'jump-end': 'jump-end',
  'jump-none': 'jump-none',
  'jump-both': 'jump-both',
};

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A plain decimal number, or NaN. */
function toNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}

function isWithin(value: number, [lowest, highest]: readonly [number, number]): boolean {
  return value >= lowest && value <= highest;
}

function parseBezier(parts: readonly string[]): Easing | null {
  const numbers = parts.map(toNumber);
  const [x1 = NaN, y1 = NaN, x2 = NaN, y2 = NaN] = numbers;
  const isCurve = numbers.length === 4 && [y1, y2].every(Number.isFinite);
  if (!isCurve || !isWithin(x1, [0, 1]) || !isWithin(x2, [0, 1])) return null;
  return bezierEasing(x1, y1, x2, y2);
}

function parseSteps(parts: readonly string[]): Easing | null {
  const [count = '', position = 'jump-end'] = parts;
  const steps = /^\d{1,4}$/.test(count) ? Number(count) : 0;
  const known = Object.hasOwn(STEP_POSITIONS, position) ? STEP_POSITIONS[position] : undefined;
  const fewest = known === 'jump-none' ? 2 : 1;
  if (parts.length > 2 || known === undefined || !isWithin(steps, [fewest, MAX_STEPS])) return null;
  return toStepEasing(steps, known);
}

/** A stop may name two places: it is a level from the one to the other. */
function parseStop(text: string): LinearStop[] | null {
  const words = text.split(/\s+/);
  const values = words.filter((word) => !word.endsWith('%')).map(toNumber);
  const places = words
    .filter((word) => word.endsWith('%'))
    .map((word) => toNumber(word.slice(0, -1)));
  const [value = NaN] = values;
  const isInBackground = words.length === 3 && !words[1]?.endsWith('%');
  const isStop = values.length === 1 && places.length <= 2 && !isInBackground;
  if (!isStop || !Number.isFinite(value) || !places.every(Number.isFinite)) return null;
  return places.length === 0
    ? [{ value, at: null }]
    : places.map((at) => ({ value, at: at / 100 }));
}

function parseLinear(parts: readonly string[]): Easing | null {
  const stops = parts.map(parseStop);
  const whole = stops.flatMap((stop) => stop ?? []);
  if (stops.includes(null) || parts.length < 2 || parts.length > MAX_STOPS) return null;
  return toLinearEasing(whole);
}

function parseSpring(parts: readonly string[]): Easing | null {
  const numbers = parts.map(toNumber);
  const [mass = NaN, stiffness = NaN, damping = NaN, velocity = 0] = numbers;
  const isSpring =
    numbers.length <= 4 &&
    isWithin(mass, SPRING_LIMITS.mass) &&
    isWithin(stiffness, SPRING_LIMITS.stiffness) &&
    isWithin(damping, SPRING_LIMITS.damping) &&
    isWithin(velocity, SPRING_LIMITS.velocity);
  return isSpring ? toSpringEasing({ mass, stiffness, damping, velocity }) : null;
}

const FUNCTIONS: Readonly<Record<string, (parts: readonly string[]) => Easing | null>> = {
  'cubic-bezier': parseBezier,
  steps: parseSteps,
  linear: parseLinear,
  spring: parseSpring,
};

const NAMED: ReadonlyMap<string, Easing> = new Map([
  ...Object.entries(CSS_EASINGS),
  ...Object.entries(PENNER_EASINGS),
  ...Object.entries(NAMED_SPRINGS).map(([name, [stiffness, damping]]): [string, Easing] => [
    name,
    toSpringEasing({ mass: 1, stiffness, damping, velocity: 0 }),
  ]),
]);

const CALL = /^(cubic-bezier|steps|linear|spring)\(([^()]*)\)$/;

/** The curve of an easing as it is written, or null when it is none. */
export function parseEasing(text: string): Easing | null {
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  const [, name = '', list = ''] = CALL.exec(text) ?? [];
  return FUNCTIONS[name]?.(list.split(',').map((part) => part.trim())) ?? null;
}

/** The curve of a text that passed `EasingSchema`. @throws Error when it did not */
export function toEasing(text: string): Easing {
  const easing = parseEasing(text);
  if (easing === null) throw new Error(`${text} is no easing`);
  return easing;
}
