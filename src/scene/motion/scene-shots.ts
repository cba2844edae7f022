import { toEasing } from '../easing.js';
import type { SceneTransition } from '../schema/scene-transition.js';
import { DIRECTION_VECTORS } from './direction-vectors.js';

/**
 * What of a scene is seen, by place: m = clamp01(gain · d + bias), with d = nx · x + ny · y, or the radius
 * hypot((x - cx) / rx, (y - cy) / ry). Places are shares of the frame.
 */
export type Ramp =
  | {
      readonly type: 'linear';
      readonly nx: number;
      readonly ny: number;
      readonly gain: number;
      readonly bias: number;
    }
  | {
      readonly type: 'radial';
      readonly cx: number;
      readonly cy: number;
      readonly rx: number;
      readonly ry: number;
      readonly gain: number;
      readonly bias: number;
    };

/** The same by the brightness of a picture that is stretched over the frame: d is its luma, 0 to 1. */
export type LumaRamp = { readonly asset: string; readonly gain: number; readonly bias: number };

/** One of the two scenes in a moment of a transition. */
export type Shot = {
  readonly which: 'from' | 'to';
  readonly opacity: number;
  /** The frame's top left corner of it, in shares of the frame. */
  readonly offsetX: number;
  readonly offsetY: number;
  /** About that corner. */
  readonly scale: number;
  readonly ramp: Ramp | null;
  readonly luma: LumaRamp | null;
};

/** What is drawn over both. */
export type Overlay =
  | { readonly type: 'color'; readonly color: string; readonly opacity: number }
  /** An animated picture over the whole frame, at a moment of its own time. */
  | { readonly type: 'picture'; readonly asset: string; readonly timeMs: number };

/** A moment of a transition: shots from the bottom up, then the overlay. */
export type Shots = { readonly shots: readonly Shot[]; readonly overlay: Overlay | null };

/** The narrowest edge, as a share of its way: two pixels of 1920, which is smooth enough for slow ones. */
const MIN_SOFTNESS = 1 / 1024;

function shot(which: Shot['which'], fields: Partial<Omit<Shot, 'which'>> = {}): Shot {
  return { which, opacity: 1, offsetX: 0, offsetY: 0, scale: 1, ramp: null, luma: null, ...fields };
}

function above(...shots: readonly Shot[]): Shots {
  return { shots, overlay: null };
}

/** The edge of a wipe over a measure that runs from `lowest` over 1: hidden at progress 0, all there at 1. */
function edge(progress: number, softness: number, lowest = 0): { gain: number; bias: number } {
  const width = Math.max(MIN_SOFTNESS, softness);
  return { gain: -1 / width, bias: (progress * (1 + width) + lowest) / width };
}

/** About a point that stays where it is. */
function scaled(scale: number, { x, y }: { x: number; y: number }): Partial<Shot> {
  return { scale, offsetX: x * (1 - scale), offsetY: y * (1 - scale) };
}

function iris(
  { center, softness }: Extract<SceneTransition, { type: 'iris' }>,
  progress: number,
  aspect: number,
): Ramp {
  // The circle through the farthest corner has radius 1.
  const farX = Math.max(center.x, 1 - center.x);
  const farY = Math.max(center.y, 1 - center.y) / aspect;
  const radius = Math.hypot(farX, farY);
  return {
    type: 'radial',
    cx: center.x,
    cy: center.y,
    rx: radius,
    ry: radius * aspect,
    ...edge(progress, softness),
  };
}

/**
 * What is on air at a moment of a transition between two scenes.
 * @param share - of its time that has gone by, 0 to 1; at 0 the old scene alone is seen, at 1 the new one
 * @param aspect - width of the frame by its height
 */
export function shotsAt(transition: SceneTransition, share: number, aspect: number): Shots {
  if (share >= 1 || transition.type === 'cut') return above(shot('to'));
  if (share <= 0 && transition.type !== 'stinger') return above(shot('from'));
  if (transition.type === 'stinger') {
    const { asset, durationMs, cutAtMs } = transition;
    const timeMs = Math.max(0, share) * durationMs;
    return {
      shots: [shot(timeMs < cutAtMs ? 'from' : 'to')],
      overlay: { type: 'picture', asset, timeMs },
    };
  }
  const progress = Math.min(1, Math.max(0, toEasing(transition.easing)(share)));
  return shotsOf(transition, progress, aspect);
}

function shotsOf(
  transition: Exclude<SceneTransition, { type: 'cut' | 'stinger' }>,
  progress: number,
  aspect: number,
): Shots {
  switch (transition.type) {
    case 'fade':
      return above(shot('from'), shot('to', { opacity: progress }));
    case 'fade-color': {
      const opacity = 1 - Math.abs(2 * progress - 1);
      return {
        shots: [shot(progress < 0.5 ? 'from' : 'to')],
        overlay: { type: 'color', color: transition.color, opacity },
      };
    }
    case 'slide': {
      const [x, y] = DIRECTION_VECTORS[transition.direction];
      const rest = progress - 1;
      return above(shot('from'), shot('to', { offsetX: x * rest, offsetY: y * rest }));
    }
    case 'push': {
      const [x, y] = DIRECTION_VECTORS[transition.direction];
      const rest = progress - 1;
      return above(
        shot('from', { offsetX: x * progress, offsetY: y * progress }),
        shot('to', { offsetX: x * rest, offsetY: y * rest }),
      );
    }
    case 'wipe': {
      const [nx, ny] = DIRECTION_VECTORS[transition.direction];
      const lowest = Math.min(0, nx) + Math.min(0, ny);
      const ramp = {
        type: 'linear',
        nx,
        ny,
        ...edge(progress, transition.softness, lowest),
      } as const;
      return above(shot('from'), shot('to', { ramp }));
    }
    case 'iris':
      return above(shot('from'), shot('to', { ramp: iris(transition, progress, aspect) }));
    case 'zoom': {
      const { direction, scale, center } = transition;
      const grown = 1 + (scale - 1) * (direction === 'in' ? progress : 1 - progress);
      const opacity = direction === 'in' ? 1 - progress : progress;
      const moving = { ...scaled(grown, center), opacity };
      return direction === 'in'
        ? above(shot('to'), shot('from', moving))
        : above(shot('from'), shot('to', moving));
    }
    case 'luma': {
      const { asset, inverted, softness } = transition;
      const { gain, bias } = edge(progress, softness);
      // Of an inverted picture d is 1 - luma.
      const luma = inverted ? { asset, gain: -gain, bias: bias + gain } : { asset, gain, bias };
      return above(shot('from'), shot('to', { luma }));
    }
  }
}
