import { toEasing } from './easing.js';
import type { GroupLayer, Layer } from './schema/layer.js';
import { toAnimated } from './motion/animated-layer.js';
import { isUnderWay, toAppearing } from './motion/appearing-layer.js';
import { hearingFieldsOf } from './motion/hearing-layer.js';
import { toVersioned } from './motion/mixed-layer.js';
import { largerOf, type MovingLayer } from './motion/moving-layer.js';
import { endMsOf, shareAt, type Former } from './motion/stage.js';
import type { Heard } from './sound/heard.js';
import type { TickerMotion } from './ticker/running.js';
import { travelAtRest } from './ticker/travel.js';

/**
 * A layer as it moves during one phase: at rest, on its way from a former version, coming, or going. The same object
 * as long as the phase lasts, so that what is worked out for it can be kept by it.
 */
export type CompiledLayer = {
  /** As the document has it. */
  readonly layer: Layer;
  /** Paths of the fields that move in this phase, such as `x` or `shadow.blur`. */
  readonly moving: ReadonlySet<string>;
  /** It has been removed or hidden, and is drawn until its exit is over: no part of its group's layout any more. */
  readonly isLeaving: boolean;
  /** Of a group, bottom to top; none for other kinds. */
  readonly children: readonly CompiledLayer[];
  /** Of a group whose layers are on their way from where they were; else null. */
  readonly formerLayout: FormerLayout | null;
  /** How a ticker runs; null for other kinds. */
  readonly ticker: TickerMotion | null;
  /**
   * The layer at a moment: the same object as `layer` when nothing of it moves.
   * @param sceneTimeMs - since the scene was taken
   * @param programTimeMs - within the phase
   * @param heard - with the frame
   */
  at(sceneTimeMs: number, programTimeMs: number, heard: Heard): Layer;
  /** Whether its box stays where it is: nothing moves that places, turns or scales it. */
  readonly isStill: boolean;
  /** Whether what it shows stays the same, wherever it goes: nothing moves but what places it and its opacity. */
  readonly keepsAppearance: boolean;
  /** Whether any of these properties moves in this phase, or any that is in them. */
  moves(...properties: readonly string[]): boolean;
  /**
   * Largest value that a numeric property takes in this phase, curves that overshoot left out.
   * @param atRest - for a property that the document leaves out
   */
  largest(property: string, atRest: number): number;
};

/** A group as it was laid out before. The boxes of its layers are mixed: from these to those of now. */
export type FormerLayout = {
  readonly group: CompiledLayer;
  /** What that one was itself on the way from. */
  readonly from: FormerLayout | null;
  /** How far the boxes are on their way from this layout to the next: 0 to 1, beyond for curves that overshoot. */
  progressAt(programTimeMs: number): number;
};

/** What a layer's place in a scene says about it. */
export type Past = {
  readonly former: Former<Layer> | null;
  /** When its entry and its exit began; null: it has none. */
  readonly enteredAtMs: number | null;
  readonly leftAtMs: number | null;
};

/** What places a layer's box, turns and scales it. */
const PLACING = [
  ...['x', 'y', 'rotation', 'rotationX', 'rotationY', 'perspective', 'skewX', 'skewY'],
  ...['scale', 'anchor.x', 'anchor.y'],
];

/** What can move without changing what a layer shows. */
const PLACING_PATHS = new Set([...PLACING, 'opacity']);

type Phase = Pick<CompiledLayer, 'children' | 'formerLayout' | 'isLeaving' | 'ticker'>;

/** One phase of a layer as others see it. */
export function toCompiled(
  motion: MovingLayer,
  { children, formerLayout, isLeaving, ticker }: Phase,
): CompiledLayer {
  const hearing = hearingFieldsOf(motion.layer);
  const moving = [...new Set([...motion.moving, ...(hearing?.moving ?? [])])];
  const known = new Map<string, boolean>();
  const movesOne = (property: string): boolean => {
    let answer = known.get(property);
    if (answer === undefined) {
      answer = moving.some((path) => path === property || path.startsWith(`${property}.`));
      known.set(property, answer);
    }
    return answer;
  };
  const largest = new Map<string, number | null>();
  return {
    layer: motion.layer,
    moving: hearing === null ? motion.moving : new Set(moving),
    isLeaving,
    children,
    formerLayout,
    ticker,
    at: (sceneTimeMs, programTimeMs, heard) => {
      const layer = motion.at(sceneTimeMs, programTimeMs);
      return hearing === null ? layer : hearing.at(layer, heard);
    },
    isStill: !PLACING.some(movesOne),
    keepsAppearance: moving.every((path) => PLACING_PATHS.has(path)),
    moves: (...properties) => moving.length > 0 && properties.some(movesOne),
    largest: (property, atRest) => {
      let value = largest.get(property);
      if (value === undefined) {
        value = largerOf(motion.largest(property), hearing?.largest(property) ?? null);
        largest.set(property, value);
      }
      return value ?? atRest;
    },
  };
}

const atRest = new WeakMap<Layer, CompiledLayer>();

/** A layer of which nothing but its document is seen, nor of those in it. Kept as long as the document is there. */
export function compileAtRest(layer: Layer): CompiledLayer {
  const known = atRest.get(layer);
  if (known !== undefined) return known;
  const children = layer.type === 'group' ? layer.layers.map(compileAtRest) : [];
  const ticker = layer.type === 'ticker' ? { anchor: null, travel: travelAtRest(layer) } : null;
  const phase = { children, formerLayout: null, isLeaving: false, ticker };
  const compiled = toCompiled(toAnimated(layer), phase);
  atRest.set(layer, compiled);
  return compiled;
}

/** The layouts that a group comes from; null: it is laid out as it is. */
export function compileFormerLayout(former: Former<GroupLayer> | null): FormerLayout | null {
  if (former === null) return null;
  const easing = toEasing(former.easing);
  return {
    group: compileAtRest(former.was),
    from: compileFormerLayout(former.from),
    progressAt: (programTimeMs) => {
      const share = shareAt(former, programTimeMs);
      return share <= 0 || share >= 1 ? share : easing(share);
    },
  };
}

/** The motion of a layer at a moment, by phase; the same object for the same phase. */
export function createMotion(layer: Layer, { former, enteredAtMs, leftAtMs }: Past) {
  const phases = new Map<number, MovingLayer>();
  const { enter, exit } = layer;
  const make = (isMixing: boolean, isEntering: boolean, isLeaving: boolean): MovingLayer => {
    let motion = toVersioned(layer, isMixing ? former : null);
    if (isEntering && enter !== null && enteredAtMs !== null)
      motion = toAppearing(motion, enter, enteredAtMs, false);
    if (isLeaving && exit !== null && leftAtMs !== null)
      motion = toAppearing(motion, exit, leftAtMs, true);
    return motion;
  };
  return (programTimeMs: number): MovingLayer => {
    const isMixing = former !== null && programTimeMs < endMsOf(former);
    const isEntering =
      enter !== null && enteredAtMs !== null && isUnderWay(enter, enteredAtMs, programTimeMs);
    const isLeaving = leftAtMs !== null;
    const key = (isMixing ? 1 : 0) + (isEntering ? 2 : 0);
    const motion = phases.get(key) ?? make(isMixing, isEntering, isLeaving);
    phases.set(key, motion);
    return motion;
  };
}
