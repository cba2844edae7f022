/**
 * The way of one frame, phase "resolve", in whichever thread composites: what each layer of a scene is at a moment. Pure;
 * owns nothing.
 */

import { isSameList } from '../core/same-list.js';
import { mixColors, toHexColor } from './color.js';
import { toEasing } from './easing.js';
import {
  compileAtRest,
  compileFormerLayout,
  createMotion,
  toCompiled,
  type CompiledLayer,
} from './resolve.js';
import { enteredAtMsOf } from './motion/entries.js';
import { leavingFrom, stackedWith } from './motion/stack.js';
import { endMsOf, shareAt, type Former, type Leaving, type Stage } from './motion/stage.js';
import type { Layer, LayerOf } from './schema/layer.js';
import type { Scene } from './schema/scene.js';
import type { TickerMotion } from './ticker/running.js';
import { travelFrom } from './ticker/travel.js';
import { appearanceMs } from './motion/appearance-length.js';

/** A scene that can be asked, frame by frame, what is drawn at a moment. */
export type CompiledScene = {
  readonly scene: Scene;
  /** What is drawn, bottom to top, those that leave included; the same list as long as its layers are the same. */
  layersAt(programTimeMs: number): readonly CompiledLayer[];
  /** As #rrggbbaa. */
  backgroundAt(programTimeMs: number): string;
  /**
   * A moment, and those after it at which layers may go over to other sizes: who asks for the layers at each of them
   * has seen all the pictures that there will be, as large as they get.
   */
  momentsFrom(programTimeMs: number): readonly number[];
};

/** A scene as it is on air: the document, what of its past is still seen, and when it was taken. */
export type StagedScene = {
  readonly scene: Scene;
  readonly stage: Stage;
  /** Program time at which scene time is 0, milliseconds since 1970. */
  readonly takenAtMs: number;
};

type Context = Omit<StagedScene, 'scene'>;

/** One layer in all its phases. */
type LayerNode = {
  /** Null when it has left. */
  at(programTimeMs: number): CompiledLayer | null;
  /** Moments after one at which it may go over to another size. */
  resizesAfter(programTimeMs: number): readonly number[];
};

/** Layers that are stacked in a group or a scene. */
type StackNode = {
  at(programTimeMs: number): readonly CompiledLayer[];
  resizesAfter(programTimeMs: number): readonly number[];
};

/** What makes a layer larger or smaller. */
const SIZES = ['scale', 'width', 'height'] as const;

/** Whether anything but its document is ever seen of a layer or of those in it. */
function isStaged(layer: Layer, context: Context): boolean {
  const { layers, groups, leaving, tickers } = context.stage;
  if (
    layers[layer.id] !== undefined ||
    tickers[layer.id] !== undefined ||
    enteredAtMsOf(layer, context.stage, context.takenAtMs) !== null
  )
    return true;
  if (layer.type !== 'group') return false;
  return (
    groups[layer.id] !== undefined ||
    leavingFrom(leaving, layer.id).length > 0 ||
    layer.layers.some((child) => isStaged(child, context))
  );
}

/** How a ticker runs that may have been changed since its scene was taken. */
export function tickerMotion(
  layer: LayerOf<'ticker'>,
  former: Former<Layer> | null,
  { stage, takenAtMs }: Context,
): TickerMotion {
  const known = stage.tickers[layer.id] ?? null;
  const anchor = known?.takenAtMs === takenAtMs ? known : null;
  const travel = travelFrom(layer, former, anchor?.atMs ?? takenAtMs, takenAtMs);
  return { anchor, travel };
}

function createNode(layer: Layer, leaving: Leaving | null, context: Context): LayerNode {
  if (leaving === null && !isStaged(layer, context)) {
    const compiled = compileAtRest(layer);
    return { at: () => compiled, resizesAfter: () => [] };
  }
  const isGroup = layer.type === 'group';
  const former = leaving === null ? (context.stage.layers[layer.id] ?? null) : leaving.former;
  const enteredAtMs =
    leaving === null ? enteredAtMsOf(layer, context.stage, context.takenAtMs) : leaving.enteredAtMs;
  const leftAtMs = leaving === null ? null : leaving.startMs;
  const motionAt = createMotion(layer, { former, enteredAtMs, leftAtMs });
  const formerGroup = isGroup ? (context.stage.groups[layer.id] ?? null) : null;
  const formerLayout = compileFormerLayout(formerGroup);
  const stack = isGroup ? createStack(layer.layers, layer.id, context) : null;
  const goneAtMs =
    leaving === null || layer.exit === null ? Infinity : leaving.startMs + appearanceMs(layer.exit);
  const ticker = layer.type === 'ticker' ? tickerMotion(layer, former, context) : null;
  let last: CompiledLayer | null = null;
  let lastMotion: unknown = null;

  const at = (programTimeMs: number): CompiledLayer | null => {
    if (programTimeMs >= goneAtMs) return null;
    const motion = motionAt(programTimeMs);
    const children = stack?.at(programTimeMs) ?? [];
    const isLaidOut = formerGroup === null || programTimeMs >= endMsOf(formerGroup);
    const layout = isLaidOut ? null : formerLayout;
    const isSame =
      motion === lastMotion && last?.formerLayout === layout && isSameList(last.children, children);
    if (last !== null && isSame) return last;
    lastMotion = motion;
    last = toCompiled(motion, {
      children,
      formerLayout: layout,
      isLeaving: leaving !== null,
      ticker,
    });
    return last;
  };
  const ownEnds = [
    former === null ? 0 : endMsOf(former),
    enteredAtMs === null || layer.enter === null ? 0 : enteredAtMs + appearanceMs(layer.enter),
  ];
  return {
    at,
    resizesAfter: (programTimeMs) => [
      ...(SIZES.some((name) => motionAt(programTimeMs).moving.has(name)) ? ownEnds : []),
      ...(formerGroup === null ? [] : [endMsOf(formerGroup)]),
      ...(stack?.resizesAfter(programTimeMs) ?? []),
    ],
  };
}

function createStack(
  layers: readonly Layer[],
  groupId: string | null,
  context: Context,
): StackNode {
  const nodes = stackedWith(layers, leavingFrom(context.stage.leaving, groupId)).map(
    ({ layer, leaving }) =>
      leaving === null
        ? createNode(layer, null, context)
        : createNode(leaving.layer, leaving, context),
  );
  let last: readonly CompiledLayer[] = [];
  return {
    at: (programTimeMs) => {
      const now = nodes.flatMap((node) => node.at(programTimeMs) ?? []);
      if (!isSameList(last, now)) last = now;
      return last;
    },
    resizesAfter: (programTimeMs) => nodes.flatMap((node) => node.resizesAfter(programTimeMs)),
  };
}

/** The colour of a scene's background on the way from what it was. */
function toBackground(
  now: string,
  former: Former<string> | null,
): (programTimeMs: number) => string {
  const own = toHexColor(now);
  if (former === null) return () => own;
  const before = toBackground(former.was, former.from);
  const easing = toEasing(former.easing);
  return (programTimeMs) => {
    const share = shareAt(former, programTimeMs);
    if (share >= 1) return own;
    return mixColors(before(programTimeMs), own)(share <= 0 ? 0 : easing(share));
  };
}

/** Prepares a scene for being asked frame by frame. What did not change since another time keeps its identity. */
export function compileScene({ scene, ...context }: StagedScene): CompiledScene {
  const stack = createStack(scene.layers, null, context);
  return {
    scene,
    layersAt: (programTimeMs) => stack.at(programTimeMs),
    backgroundAt: toBackground(scene.background, context.stage.background),
    momentsFrom: (programTimeMs) => {
      const later = stack.resizesAfter(programTimeMs).filter((moment) => moment > programTimeMs);
      return [...new Set([programTimeMs, ...later.sort((a, b) => a - b)])];
    },
  };
}
