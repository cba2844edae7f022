import { isDeepStrictEqual } from 'node:util';
import { tickerMotion } from '../scene/compile-scene.js';
import { walkLayers } from '../scene/layer-tree.js';
import { toVersioned } from '../scene/motion/mixed-layer.js';
import type { Former, Stage } from '../scene/motion/stage.js';
import { scenesShownWith } from '../scene/references.js';
import type { Layer, LayerOf } from '../scene/schema/layer.js';
import type { TickerAnchor } from '../scene/ticker/anchor.js';
import { anchorAfter, type MeasureExtent } from '../scene/ticker/anchoring.js';
import { extentKey, type TickerExtents } from '../scene/ticker/extents.js';
import type { LayerAddress } from './edit-layer.js';
import type { Asset, ServiceState } from './model.js';
import { shownScene, stageOf } from './staging.js';

type Ticker = LayerOf<'ticker'>;

/** How long what runs through a ticker is, as it is drawn with the pictures and fonts of these assets. */
export type MeasureTicker = (layer: Ticker, assets: readonly Asset[]) => TickerExtents;

/** Lengths of one thing after the other, each measured once a layer. */
export function extentsOf(measure: MeasureTicker, { assets }: ServiceState): MeasureExtent {
  const known = new Map<Ticker, Map<string, number>>();
  return (layer, content) => {
    const ofLayer = known.get(layer) ?? new Map<string, number>();
    known.set(layer, ofLayer);
    const key = extentKey(content);
    const found = ofLayer.get(key);
    if (found !== undefined) return found;
    const item = { ...content, color: null, atMs: null, removedAtMs: null };
    const extent = measure({ ...layer, separator: '', items: [item] }, assets).items[key] ?? 0;
    ofLayer.set(key, extent);
    return extent;
  };
}

/** The scene on air and those that it shows. */
function idsOnAir(state: ServiceState): string[] {
  const scene = shownScene(state, state.program.sceneId);
  if (scene === null) return [];
  return scenesShownWith(scene, (id) => shownScene(state, id)).map(({ id }) => id);
}

function tickersIn(state: ServiceState, sceneId: string): Map<string, Ticker> {
  const scene = shownScene(state, sceneId);
  const layers = scene === null ? [] : [...walkLayers(scene.layers)];
  return new Map(
    layers.flatMap(({ layer }): [string, Ticker][] =>
      layer.type === 'ticker' ? [[layer.id, layer]] : [],
    ),
  );
}

type Moment = { readonly atMs: number; readonly takenAtMs: number };

/** A ticker with its lengths as they are at a moment, maybe on the way from others; its speed is that of its document. */
function shownTicker(
  ticker: Ticker,
  former: Former<Layer> | null,
  { atMs, takenAtMs }: Moment,
): Ticker {
  const shown = toVersioned(ticker, former).at(atMs - takenAtMs, atMs);
  return shown.type === 'ticker' ? { ...shown, speed: ticker.speed } : ticker;
}

/** Where a ticker of a scene is after a change; null: nothing that moves it has changed. */
function anchorOf(
  before: { readonly ticker: Ticker; readonly stage: Stage },
  after: { readonly ticker: Ticker; readonly stage: Stage },
  moment: Moment,
  measure: MeasureExtent,
): TickerAnchor | null {
  const { id } = after.ticker;
  const [was, is] = [before.stage.layers[id] ?? null, after.stage.layers[id] ?? null];
  const isSame = isDeepStrictEqual(before.ticker, after.ticker) && isDeepStrictEqual(was, is);
  if (isSame) return null;
  const motion = tickerMotion(before.ticker, was, {
    stage: before.stage,
    takenAtMs: moment.takenAtMs,
  });
  return anchorAfter(
    {
      before: shownTicker(before.ticker, was, moment),
      motion,
      after: shownTicker(after.ticker, is, moment),
      atMs: moment.atMs,
      takenAtMs: moment.takenAtMs,
    },
    measure,
  );
}

/**
 * A state in which the tickers on air that a change has touched go on from where they are at its moment.
 * @param before - the state before the change
 */
export function withTickerAnchors(
  before: ServiceState,
  after: ServiceState,
  atMs: number,
  measureTicker: MeasureTicker,
): ServiceState {
  const isChanged = before.scenes !== after.scenes || before.variables !== after.variables;
  if (!isChanged || before.program.takenAtMs !== after.program.takenAtMs) return after;
  const measure = extentsOf(measureTicker, after);
  const moment = { atMs, takenAtMs: before.program.takenAtMs };
  let state = after;
  for (const sceneId of idsOnAir(after)) {
    if (shownScene(before, sceneId) === shownScene(after, sceneId)) continue;
    const [was, is] = [stageOf(before, sceneId), stageOf(after, sceneId)];
    const tickers = { ...is.tickers };
    const earlier = tickersIn(before, sceneId);
    for (const [id, ticker] of tickersIn(after, sceneId)) {
      const known = earlier.get(id);
      if (known === undefined) continue;
      const from = { ticker: known, stage: was };
      const anchor = anchorOf(from, { ticker, stage: is }, moment, measure);
      if (anchor !== null) tickers[id] = anchor;
    }
    if (isDeepStrictEqual(tickers, is.tickers)) continue;
    state = { ...state, stages: { ...state.stages, [sceneId]: { ...is, tickers } } };
  }
  return state;
}

/** Places in the list of those items of a ticker that are in sight no more and do not come again. */
export function spentItems(
  state: ServiceState,
  { sceneId, layerId }: LayerAddress,
  atMs: number,
  measureTicker: MeasureTicker,
): ReadonlySet<number> {
  const ticker = tickersIn(state, sceneId).get(layerId);
  if (ticker === undefined) return new Set();
  const { takenAtMs } = state.program;
  const stage = stageOf(state, sceneId);
  const former = stage.layers[layerId] ?? null;
  const shown = shownTicker(ticker, former, { atMs, takenAtMs });
  const motion = tickerMotion(ticker, former, { stage, takenAtMs });
  const { queue } = anchorAfter(
    { before: shown, motion, after: shown, atMs, takenAtMs },
    extentsOf(measureTicker, state),
  );
  const isInSight = new Set(queue?.entered.map(({ index }) => index));
  const spent = (ticker.items ?? []).flatMap(({ removedAtMs }, i) => {
    const isRemoved = removedAtMs !== null && removedAtMs <= atMs;
    const isOver = !ticker.loop && i < (queue?.next ?? 0) && !isInSight.has(i);
    return isRemoved || isOver ? [i] : [];
  });
  return new Set(spent);
}
