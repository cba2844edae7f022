import { LRUCache } from 'lru-cache';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { TickerItem } from '../../scene/schema/ticker-item.js';
import { isUpright, wayPxOf } from '../../scene/ticker/extents.js';
import {
  createRunningQueue,
  isStanding,
  MAX_COPIES,
  placePx,
  standingPlaces,
  textPeriodPx,
  textStartPx,
  type RunningQueue,
  type TickerMotion,
} from '../../scene/ticker/running.js';
import type { PictureContent } from '../../render/content.js';
import { inlineContents } from '../../render/inline-picture.js';
import {
  decorationOf,
  keptByAppearance,
  type Piece,
  type ViewContext,
  type ViewOf,
} from '../../render/piece.js';
import { frameOf } from '../../render/frame-piece.js';
import { itemPicture, piecesAt, toRunningItem, type RunningItem } from './item.js';
import type { TickerLayer } from './schema.js';
import { toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

type Content = Pick<TickerItem, 'text' | 'color' | 'image'>;

/** Items that are kept as they were set, of all tickers. */
const KEPT_ITEMS = 500;

/** What is the same at every moment. */
type TickerAppearance = {
  readonly items: readonly RunningItem[];
  readonly separator: RunningItem | null;
  readonly frame: readonly Piece[];
  /** What an item looks like. */
  readonly setItem: (item: Content) => RunningItem;
  /** Of a ticker with items. */
  readonly queue: RunningQueue | null;
  /** Pictures and the beginning of the scene, which it depends on. */
  readonly of: string;
  readonly longest: number;
};

/** Pieces of something whose beginning is at a place of the way, from the left or top edge. */
type Draw = (name: string, item: RunningItem, atPx: number) => void;

/** The text comes round without end; at the beginning of the scene it begins at the left or top edge. */
function drawText(
  layer: TickerLayer,
  appearance: TickerAppearance,
  startPx: number,
  draw: Draw,
): void {
  const [text] = appearance.items;
  const { separator } = appearance;
  const extents = { items: {}, separator: separator?.extent ?? 0 };
  const period = textPeriodPx(layer, text?.extent ?? 0, extents);
  if (text === undefined || text.strips.length === 0 || period <= 0) return;
  const way = wayPxOf(layer);
  // The first copy that can be seen begins at or before the edge.
  let at = startPx - Math.ceil(startPx / period) * period;
  for (let copy = 0; at < way && copy < MAX_COPIES; copy++, at += period) {
    draw(`${copy}`, text, at);
    if (separator !== null) draw(`${copy}|`, separator, at + text.extent + layer.gap);
  }
}

/** Items where they stand when nothing has ever moved, the first at the left or top edge. */
function drawStanding(
  layer: TickerLayer,
  { items, separator }: TickerAppearance,
  draw: Draw,
): void {
  const extents = items.map(({ extent }) => extent);
  for (const [i, { atPx, isJoined }] of standingPlaces(
    layer,
    extents,
    separator?.extent ?? 0,
  ).entries()) {
    const item = items[i];
    if (item === undefined || atPx > wayPxOf(layer) + layer.fontSize) break;
    draw(`${i}`, item, atPx);
    if (separator !== null && isJoined)
      draw(`${i}|`, separator, atPx - layer.gap - separator.extent);
  }
}

function drawQueue(
  layer: TickerLayer,
  appearance: TickerAppearance,
  sceneTimeMs: number,
  draw: Draw,
): void {
  const { separator, items, longest } = appearance;
  const lead = separator === null ? 0 : separator.extent + layer.gap;
  // Letters and separators reach out of their items.
  const most = wayPxOf(layer) + longest + 2 * layer.fontSize + lead;
  const least = -lead - layer.fontSize;
  for (const one of appearance.queue?.between(least, most, sceneTimeMs) ?? []) {
    const item =
      (one.index === null ? undefined : items[one.index]) ?? appearance.setItem(one.content);
    draw(one.name, item, placePx(layer, one.ranPx, item.extent));
    if (separator !== null && one.isJoined)
      draw(`${one.name}|`, separator, placePx(layer, one.ranPx + lead, separator.extent));
  }
}

/** What the look of an item depends on besides itself. */
function styleKey(layer: TickerLayer, scale: number): string {
  const { fontFamily, fontSize, fontWeight, fontStyle, color, align, shadow, digits } = layer;
  const across = isUpright(layer) ? layer.width : layer.height;
  const font = [fontFamily, fontSize, fontWeight, fontStyle, digits];
  return JSON.stringify([...font, color, align, isUpright(layer), across, shadow, scale]);
}

/** An item as it was set in a style. */
type KeptItem = {
  readonly style: string;
  /** Of its picture. */
  readonly contentHash: string | null;
  readonly running: RunningItem;
};

/** Text or items that run through a box. All is painted once; only its place changes. */
export function createTickerView(): ViewOf<TickerLayer> {
  const kept = new LRUCache<string, RunningItem>({ max: KEPT_ITEMS });
  /** The same by the item of the document, which need not be looked up by its text. */
  const ofItems = new WeakMap<Content, KeptItem>();
  const keptAppearances = keptByAppearance<{ current: TickerAppearance | null }>();

  const makeAppearance = (
    layer: TickerLayer,
    motion: TickerMotion,
    context: ViewContext,
    of: string,
  ): TickerAppearance => {
    const style = styleKey(layer, context.scale);
    const setItem = (item: Content): RunningItem => {
      const source = item.image === null ? null : context.picture(item.image);
      const contentHash = source?.contentHash ?? null;
      const own = ofItems.get(item);
      if (own?.style === style && own.contentHash === contentHash) return own.running;
      const key = JSON.stringify([item.text, item.color, contentHash, style]);
      const running = kept.get(key) ?? toRunningItem(layer, item, context);
      kept.set(key, running);
      ofItems.set(item, { style, contentHash, running });
      return running;
    };
    const textOnly = (text: string): Content => ({ text, color: null, image: null });
    const items = (layer.items ?? [textOnly(layer.text ?? '')]).map(setItem);
    const separator = layer.separator === '' ? null : setItem(textOnly(layer.separator));
    const extents = items.map(({ extent }) => extent);
    const takenAtMs = takenAtMsOf(context);
    return {
      items,
      separator,
      setItem,
      of,
      frame: frameOf(decorationOf(layer), layer, context.scale),
      queue:
        layer.items === null || isStanding(layer, motion)
          ? null
          : createRunningQueue(
              layer,
              { items: extents, separator: separator?.extent ?? 0 },
              motion,
              takenAtMs,
            ),
      longest: Math.max(0, ...extents),
    };
  };

  return (moving, context, compiled) => {
    const { ticker: motion, layer: document } = compiled;
    if (motion === null || document.type !== 'ticker')
      throw new Error('a ticker is compiled with how it runs');
    // Where things enter goes by the document: a speed on its way to another may pass 0.
    const layer = { ...moving, speed: document.speed };
    const { width, height, items } = layer;
    const appearances = keptAppearances(context.appearance, () => ({ current: null }));
    const images = (items ?? []).map(({ image }) =>
      image === null ? '' : (context.picture(image)?.contentHash ?? ''),
    );
    const of = `${takenAtMsOf(context)} ${images.join(' ')}`;
    const appearance =
      appearances.current?.of === of
        ? appearances.current
        : makeAppearance(layer, motion, context, of);
    appearances.current = appearance;
    const pieces: Piece[] = [];
    const draw: Draw = (name, item, atPx) => {
      const at = isUpright(layer) ? { x: 0, y: atPx } : { x: atPx, y: 0 };
      pieces.push(...piecesAt(name, item, at, { layer, context }));
    };
    const { sceneTimeMs } = context;
    if (items === null) drawText(layer, appearance, textStartPx(layer, motion, sceneTimeMs), draw);
    else if (appearance.queue === null) drawStanding(layer, appearance, draw);
    else drawQueue(layer, appearance, sceneTimeMs, draw);
    return { width, height, pieces: [...pieces, ...appearance.frame] };
  };
}

/** To the thousandth of a millisecond: the difference of two large numbers is not exact. */
function takenAtMsOf({ programTimeMs, sceneTimeMs }: ViewContext): number {
  return Math.round((programTimeMs - sceneTimeMs) * 1000) / 1000;
}

/** The pictures that a ticker needs, as large as they get. */
export function tickerPicturesOf(
  layer: TickerLayer,
  { picture, scale }: Pick<ViewContext, 'picture' | 'scale'>,
  compiled: CompiledLayer,
): PictureContent[] {
  const fontSize = compiled.largest('fontSize', layer.fontSize);
  return (layer.items ?? []).flatMap((item) => {
    const inline = itemPicture({ fontSize }, item, picture);
    return inline === null ? [] : inlineContents(inline, scale);
  });
}

/** How the kind is drawn. */
export const TICKER_VIEW: KindView<TickerLayer> = {
  create: createTickerView,
  dependsOn: 'moment',
  pictures: tickerPicturesOf,
  spans: (layer) =>
    (layer.items ?? [{ text: layer.text ?? '' }]).map(({ text }) =>
      toFontSpan(text + layer.separator, layer),
    ),
  size: 'own',
  isStretched: false,
};
