/** A weight on a spring: https://en.wikipedia.org/wiki/Harmonic_oscillator#Damped_harmonic_oscillator. */
export type Spring = {
  readonly mass: number;
  readonly stiffness: number;
  readonly damping: number;
  /** At the start, in ways from start to rest per second; positive is towards the rest. */
  readonly velocity: number;
};

/** Where a spring counts as settled: a thousandth of its way is less than a pixel of most ways. */
const SETTLED = 1e-3;

/** Ratios of damping this near to 1 are taken for it: the two other forms divide by what is left. */
const CRITICAL_BAND = 1e-4;

/** One spring's motion over time in seconds. */
type Motion = {
  /** What is left of the way: 1 at the start, 0 at rest. */
  readonly left: (seconds: number) => number;
  /** At least as large as what is left, and falling in the end. */
  readonly bound: (seconds: number) => number;
};

/**
 * The closed solutions of m·x'' + c·x' + k·x = 0 with x(0) = 1 and x'(0) = -velocity, by the ratio of damping
 * c / (2·√(k·m)): swinging below 1, as fast as can be without at 1, creeping above.
 */
function motionOf({ mass, stiffness, damping, velocity }: Spring): Motion {
  const natural = Math.sqrt(stiffness / mass);
  const ratio = damping / (2 * Math.sqrt(stiffness * mass));
  if (Math.abs(ratio - 1) < CRITICAL_BAND) {
    const slope = natural - velocity;
    return {
      left: (t) => (1 + slope * t) * Math.exp(-natural * t),
      bound: (t) => (1 + Math.abs(slope) * t) * Math.exp(-natural * t),
    };
  }
  const decay = ratio * natural;
  if (ratio < 1) {
    const damped = natural * Math.sqrt(1 - ratio ** 2);
    const swing = (decay - velocity) / damped;
    return {
      left: (t) => Math.exp(-decay * t) * (Math.cos(damped * t) + swing * Math.sin(damped * t)),
      bound: (t) => Math.exp(-decay * t) * Math.hypot(1, swing),
    };
  }
  const spread = natural * Math.sqrt(ratio ** 2 - 1);
  // The slow root as a quotient: as a difference it would lose its digits for strong damping.
  const fast = -decay - spread;
  const slow = -(natural ** 2) / (decay + spread);
  const ofFast = (-velocity - slow) / (fast - slow);
  const ofSlow = 1 - ofFast;
  return {
    left: (t) => ofSlow * Math.exp(slow * t) + ofFast * Math.exp(fast * t),
    bound: (t) => Math.abs(ofSlow) * Math.exp(slow * t) + Math.abs(ofFast) * Math.exp(fast * t),
  };
}

/** Bisects for the end of the motion: the bound falls through a value once. */
function settled({ bound }: Motion): number {
  let high = 1;
  while (bound(high) > SETTLED) high *= 2;
  let low = 0;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (bound(middle) > SETTLED) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * A spring as a curve of progress: the whole of its motion, until it has settled, runs while progress goes from 0 to 1.
 * The thousandth that would be missing at the end is spread over the way, so that it ends at 1 exactly.
 */
export function toSpringEasing(spring: Spring): (progress: number) => number {
  const motion = motionOf(spring);
  const seconds = settled(motion);
  const missing = motion.left(seconds);
  return (progress) => 1 - motion.left(progress * seconds) + missing * progress;
}

/** Seconds after which no more than a thousandth of a spring's way is ever left. */
export function settlingSecondsOf(spring: Spring): number {
  return settled(motionOf(spring));
}
