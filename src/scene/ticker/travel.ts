import { activeMs, isFilled, toNumberTrack } from '../animation.js';
import { toEasing } from '../easing.js';
import { endMsOf, shareAt, type Former } from '../motion/stage.js';
import type { Layer, LayerOf } from '../schema/layer.js';
import { bounded, boundsOf } from '../number-bounds.js';

/**
 * How far a ticker runs: the integral of its speed. What has run stays where it is whatever becomes of the speed, which
 * a product of speed and time would not have.
 */

type Ticker = LayerOf<'ticker'>;

/** Pixels of the scene that a ticker runs up to a moment of scene time, less than 0 against its direction. */
export type Travel = (sceneTimeMs: number) => number;

/** A speed that changes is summed up in steps of this, or in as many as there may be at the most. */
const STEP_MS = 4;
const MOST_STEPS = 2048;

/** The integral of a rate per second over 0 to `durationMs`: summed up once, so that it is continuous. */
function integralOf(rateAt: (ms: number) => number, durationMs: number): (ms: number) => number {
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.ceil(durationMs / STEP_MS)));
  const stepMs = durationMs / steps;
  const sums = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++)
    sums[i + 1] = (sums[i] ?? 0) + (rateAt((i + 0.5) * stepMs) * stepMs) / 1000;
  return (ms) => {
    const at = Math.min(steps, Math.max(0, ms / stepMs));
    const i = Math.min(steps - 1, Math.floor(at));
    const [before, after] = [sums[i] ?? 0, sums[i + 1] ?? 0];
    return before + (after - before) * (at - i);
  };
}

/** The animation of the speed that counts: the last one. */
function speedAnimation({ animations }: Ticker) {
  return animations.findLast(({ property }) => property === 'speed') ?? null;
}

/** The speed by the document of a layer, animations included. */
function ownSpeed(layer: Ticker): (sceneTimeMs: number) => number {
  const animation = speedAnimation(layer);
  if (animation === null) return () => layer.speed;
  const bounds = boundsOf(layer, 'speed');
  const values = animation.keyframes.map(({ value }) =>
    typeof value === 'number' ? value : layer.speed,
  );
  const track = toNumberTrack(animation, values);
  return (sceneTimeMs) =>
    isFilled(animation, sceneTimeMs) ? bounded(bounds, track(sceneTimeMs)) : layer.speed;
}

/** The way from the beginning of the scene on. */
function ownTravel(layer: Ticker): Travel {
  const animation = speedAnimation(layer);
  if (animation === null) return (sceneTimeMs) => (layer.speed * sceneTimeMs) / 1000;
  const speedAt = ownSpeed(layer);
  const { delayMs, keyframes, alternate } = animation;
  const runMs = keyframes.at(-1)?.atMs ?? 0;
  const wholeMs = activeMs(animation);
  const inRun = runMs === 0 ? () => 0 : integralOf((ms) => speedAt(delayMs + ms), runMs);
  const active = (elapsedMs: number): number => {
    if (runMs === 0) return 0;
    const run = Math.floor(elapsedMs / runMs);
    const atMs = elapsedMs - run * runMs;
    const isBack = alternate && run % 2 === 1;
    return run * inRun(runMs) + (isBack ? inRun(runMs) - inRun(runMs - atMs) : inRun(atMs));
  };
  const [before, after] = [speedAt(delayMs - 1), speedAt(delayMs + wholeMs + 1)];
  return (sceneTimeMs) => {
    const elapsedMs = sceneTimeMs - delayMs;
    if (elapsedMs <= 0) return (before * sceneTimeMs) / 1000;
    const delayed = (before * delayMs) / 1000;
    if (elapsedMs <= wholeMs) return delayed + active(elapsedMs);
    return delayed + active(wholeMs) + (after * (elapsedMs - wholeMs)) / 1000;
  };
}

/** The speed on the way from a former version. */
function speedOf(
  layer: Ticker,
  former: Former<Layer> | null,
): (sceneTimeMs: number, programTimeMs: number) => number {
  const own = ownSpeed(layer);
  if (former === null || former.was.type !== 'ticker') return own;
  const before = speedOf(former.was, former.from);
  const easing = toEasing(former.easing);
  return (sceneTimeMs, programTimeMs) => {
    const now = own(sceneTimeMs);
    const share = shareAt(former, programTimeMs);
    if (share >= 1) return now;
    const then = before(sceneTimeMs, programTimeMs);
    return then + (now - then) * (share <= 0 ? 0 : easing(share));
  };
}

const ownTravels = new WeakMap<Ticker, Travel>();

/** The way of a layer at rest, from the beginning of its scene on. */
export function travelAtRest(layer: Ticker): Travel {
  const known = ownTravels.get(layer);
  if (known !== undefined) return known;
  const travel = ownTravel(layer);
  ownTravels.set(layer, travel);
  return travel;
}

/**
 * The way of a layer that may come from a former version.
 * @param fromMs - program time from which on the way counts
 * @param takenAtMs - program time at which scene time is 0
 */
export function travelFrom(
  layer: Ticker,
  former: Former<Layer> | null,
  fromMs: number,
  takenAtMs: number,
): Travel {
  const own = travelAtRest(layer);
  const from = fromMs - takenAtMs;
  const mixedMs = former === null ? 0 : endMsOf(former) - fromMs;
  if (mixedMs <= 0) return (sceneTimeMs) => own(sceneTimeMs) - own(from);
  const speedAt = speedOf(layer, former);
  const mixed = integralOf((ms) => speedAt(from + ms, fromMs + ms), mixedMs);
  const settled = from + mixedMs;
  const earlier = speedAt(from, fromMs);
  return (sceneTimeMs) => {
    // What is drawn anew from a little before the change.
    if (sceneTimeMs < from) return (earlier * (sceneTimeMs - from)) / 1000;
    return sceneTimeMs < settled
      ? mixed(sceneTimeMs - from)
      : mixed(mixedMs) + own(sceneTimeMs) - own(settled);
  };
}
