import { LRUCache } from 'lru-cache';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import type { TickerItem } from '../../scene/schema/layers/ticker.js';
import { extentKey, isUpright, wayOf } from '../../scene/ticker/extents.js';
import { occurrencesBetween, runsOf, type Laps } from '../../scene/ticker/queue.js';
import type { PictureContent } from '../content.js';
import { inlineContents } from './inline-picture.js';
import { decorationOf, keptByLook, type Piece, type ViewContext, type ViewOf } from './piece.js';
import { frameOf } from './text.js';
import { itemPicture, piecesAt, toRunningItem, type RunningItem } from './ticker-item.js';

type Ticker = LayerOf<'ticker'>;

/** What is next to nothing is repeated so often at the most. */
const MAX_COPIES = 128;

/** Items that are kept as they were set, of all tickers. */
const KEPT_ITEMS = 500;

/** Pixels from the edge at which items enter to where they are, and where that is in the box. */
function placeAt(layer: Ticker, ranPx: number, extent: number): { x: number; y: number } {
  const isBackwards = layer.speed < 0;
  const isTowardsOrigin = (layer.direction === 'left' || layer.direction === 'up') !== isBackwards;
  const way = isUpright(layer) ? layer.height : layer.width;
  const at = isTowardsOrigin ? way - ranPx : ranPx - extent;
  return isUpright(layer) ? { x: 0, y: at } : { x: at, y: 0 };
}

/** What is the same at every moment. */
type TickerLook = {
  readonly items: readonly RunningItem[];
  readonly separator: RunningItem | null;
  readonly frame: readonly Piece[];
  /** Pictures and the beginning of the scene, by which it is told whether it is still so. */
  readonly of: string;
  readonly runs: readonly Laps[];
  readonly longest: number;
};

/** The text comes round without end; at the beginning of the scene it begins at the edge to which it runs. */
function textPieces(layer: Ticker, look: TickerLook, context: ViewContext): Piece[] {
  const [text] = look.items;
  const { separator } = look;
  const lead = separator === null ? 0 : separator.extent + layer.gap;
  const period = (text?.extent ?? 0) + layer.gap + lead;
  if (text === undefined || text.strips.length === 0 || period <= 0) return [];
  const isReversed = layer.direction === 'right' || layer.direction === 'down';
  const run = ((isReversed ? -1 : 1) * layer.speed * context.sceneTimeMs) / 1000;
  const way = isUpright(layer) ? layer.height : layer.width;
  const pieces: Piece[] = [];
  const draw = (name: string, item: RunningItem, at: number): void => {
    const [x, y] = isUpright(layer) ? [0, at] : [at, 0];
    pieces.push(...piecesAt(name, item, x, y, layer, context));
  };
  // The first copy that can be seen begins at or before the edge.
  let at = -(((run % period) + period) % period);
  for (let copy = 0; at < way && copy < MAX_COPIES; copy++, at += period) {
    draw(`${copy}`, text, at);
    if (separator !== null) draw(`${copy}|`, separator, at + text.extent + layer.gap);
  }
  return pieces;
}

/** Items where they stand when nothing moves: one after the other from the edge to which they would run. */
function standingPieces(layer: Ticker, look: TickerLook, context: ViewContext): Piece[] {
  let at = 0;
  return look.items.flatMap((item, i) => {
    const [x, y] = isUpright(layer) ? [0, at] : [at, 0];
    at += item.extent + layer.gap;
    return piecesAt(`${i}`, item, x, y, layer, context);
  });
}

function queuePieces(layer: Ticker, look: TickerLook, context: ViewContext): Piece[] {
  const items = layer.items ?? [];
  const speed = Math.abs(layer.speed) / 1000;
  if (speed === 0) return standingPieces(layer, look, context);
  const way = isUpright(layer) ? layer.height : layer.width;
  const { wallTimeMs } = context;
  const { separator } = look;
  const lead = separator === null ? 0 : separator.extent + layer.gap;
  // Signs and separators reach out of their items.
  const reach = way + look.longest + 2 * layer.fontSize + lead;
  const seen = occurrencesBetween(
    look.runs,
    wallTimeMs - reach / speed,
    wallTimeMs + (lead + layer.fontSize) / speed,
    MAX_COPIES,
  );
  return seen.flatMap(({ item: i, enterMs, isJoined }) => {
    const item = look.items[i];
    if (item === undefined) return [];
    const ranPx = (wallTimeMs - enterMs) * speed;
    // To the hundredth of a millisecond: closer to each other no two enter.
    const name = `${items[i]?.id ?? i}@${Math.round(enterMs * 100)}`;
    const place = placeAt(layer, ranPx, item.extent);
    const own = piecesAt(name, item, place.x, place.y, layer, context);
    if (separator === null || !isJoined) return own;
    const before = placeAt(layer, ranPx + lead, separator.extent);
    return [...own, ...piecesAt(`${name}|`, separator, before.x, before.y, layer, context)];
  });
}

/** What the look of an item depends on besides itself. */
function styleKey(layer: Ticker, scale: number): string {
  const { fontFamily, fontSize, fontWeight, fontStyle, color, align, direction, shadow } = layer;
  const across = isUpright(layer) ? layer.width : layer.height;
  return JSON.stringify([
    ...[fontFamily, fontSize, fontWeight, fontStyle, color, align, isUpright(layer)],
    ...[across, shadow, scale, direction],
  ]);
}

/** Text or items that run through a box. All is painted once; only its place changes. */
export function createTickerView(): ViewOf<Ticker> {
  const kept = new LRUCache<string, RunningItem>({ max: KEPT_ITEMS });
  const keptLooks = keptByLook<{ current: TickerLook | null }>();

  const makeLook = (
    layer: Ticker,
    context: ViewContext,
    of: string,
    takenAtMs: number,
  ): TickerLook => {
    const style = styleKey(layer, context.scale);
    const toItem = (item: Pick<TickerItem, 'text' | 'color' | 'image'>): RunningItem => {
      const source = item.image === null ? null : context.picture(item.image);
      const key = JSON.stringify([item.text, item.color, source?.contentHash ?? null, style]);
      const known = kept.get(key) ?? toRunningItem(layer, item, context);
      kept.set(key, known);
      return known;
    };
    const text = { text: layer.text ?? '', color: null, image: null };
    const items = (layer.items ?? [text]).map(toItem);
    const separator =
      layer.separator === '' ? null : toItem({ text: layer.separator, color: null, image: null });
    const extents = (layer.items ?? []).map((item, i): [string, number] => [
      extentKey(item),
      items[i]?.extent ?? 0,
    ]);
    const way = wayOf(
      layer,
      { items: Object.fromEntries(extents), separator: separator?.extent ?? 0 },
      takenAtMs,
    );
    return {
      ...{ items, separator, of },
      frame: frameOf(decorationOf(layer), layer, context.scale),
      runs: layer.items === null || way === null ? [] : runsOf(way),
      longest: Math.max(0, ...items.map(({ extent }) => extent)),
    };
  };

  return (layer, context) => {
    const { width, height, items } = layer;
    const looks = keptLooks(context.look, () => ({ current: null }));
    // To the thousandth of a millisecond: the difference of two large numbers is not exact.
    const takenAtMs = Math.round((context.wallTimeMs - context.sceneTimeMs) * 1000) / 1000;
    const images = (items ?? []).map(({ image }) =>
      image === null ? '' : (context.picture(image)?.contentHash ?? ''),
    );
    const of = `${takenAtMs} ${images.join(' ')}`;
    const look = looks.current?.of === of ? looks.current : makeLook(layer, context, of, takenAtMs);
    looks.current = look;
    const running =
      items === null ? textPieces(layer, look, context) : queuePieces(layer, look, context);
    return { width, height, pieces: [...running, ...look.frame] };
  };
}

/** The pictures that a ticker needs, as large as they get. */
export function tickerPicturesOf(
  layer: Ticker,
  { picture, scale }: Pick<ViewContext, 'picture' | 'scale'>,
  compiled: CompiledLayer,
): PictureContent[] {
  const fontSize = compiled.largest('fontSize', layer.fontSize);
  return (layer.items ?? []).flatMap((item) => {
    const inline = itemPicture({ fontSize }, item, picture);
    return inline === null ? [] : inlineContents(inline, scale);
  });
}
