import { fontCatalogue } from '../../fonts/catalogue.js';
import type { TickerItem } from '../../scene/schema/ticker-item.js';
import { extentKey, isUpright, type TickerExtents } from '../../scene/ticker/extents.js';
import type { PictureSource, SceneSnapshot } from '../../scene/snapshot.js';
import type { PictureContent } from '../../render/content.js';
import { createTextEngine, type TextEngine } from '../../render/text/engine.js';
import {
  inlineContentAt,
  inlineContents,
  inlinePiece,
  toInline,
  type InlinePicture,
} from '../../render/inline-picture.js';
import { toClippedPiece, type Piece, type ViewContext } from '../../render/piece.js';
import { blockHeight, blockStrips, lineStrips, lineWidth, type Strip } from './strips.js';
import type { TickerLayer } from './schema.js';

type Content = Pick<TickerItem, 'text' | 'color' | 'image'>;
type Picture = (assetId: string) => PictureSource | null;

/** How high pictures are, and the space between one and its text, in font sizes. */
const PICTURE_EM = 1.3;
const PICTURE_GAP_EM = 0.4;

/** Something that runs, from the top left of where its beginning is. */
export type RunningItem = {
  /** Along the way, in units. */
  readonly extent: number;
  readonly strips: readonly Strip[];
  readonly picture: {
    readonly source: PictureSource;
    readonly contents: readonly PictureContent[];
    readonly box: Pick<Piece, 'x' | 'y' | 'width' | 'height'>;
  } | null;
};

/** The picture of an item, as large as it is in the line. */
export function itemPicture(
  { fontSize }: Pick<TickerLayer, 'fontSize'>,
  { image }: Pick<TickerItem, 'image'>,
  picture: Picture,
): InlinePicture | null {
  return image === null ? null : toInline(picture(image), fontSize * PICTURE_EM);
}

/** Room that a picture takes before its text. */
function roomFor(layer: TickerLayer, inline: InlinePicture | null): number {
  return inline === null ? 0 : inline.width + layer.fontSize * PICTURE_GAP_EM;
}

/** How long an item is along its way. */
function itemExtent(
  layer: TickerLayer,
  item: Pick<TickerItem, 'text' | 'image'>,
  picture: Picture,
  engine: TextEngine,
): number {
  const inline = itemPicture(layer, item, picture);
  const room = roomFor(layer, inline);
  return isUpright(layer)
    ? Math.max(inline?.height ?? 0, blockHeight(layer, item.text, layer.width - room, engine))
    : room + lineWidth(layer, item.text, engine);
}

/** The lengths of all that runs through a ticker. */
export function measureTicker(
  layer: TickerLayer,
  picture: Picture,
  engine: TextEngine,
): TickerExtents {
  const items = (layer.items ?? []).map((item): [string, number] => [
    extentKey(item),
    itemExtent(layer, item, picture, engine),
  ]);
  const separator = { text: layer.separator, image: null };
  return {
    items: Object.fromEntries(items),
    separator: layer.separator === '' ? 0 : itemExtent(layer, separator, picture, engine),
  };
}

/** What of a ticker is measured: the layer as it is drawn, and the pictures in it. */
type MeasuredTicker = { readonly layer: TickerLayer; readonly pictures: SceneSnapshot['pictures'] };

/** What is kept of texts that are measured and not shown: a long list of items. */
const MEASURED_UNITS = 60_000;

/**
 * A measure of tickers with a memory of its own.
 * @param resolve - what of a ticker is drawn with these assets
 */
export function createTickerMeasure<Assets>(
  resolve: (layer: TickerLayer, assets: Assets) => MeasuredTicker,
): (layer: TickerLayer, assets: Assets) => TickerExtents {
  let engine: TextEngine | null = null;
  return (layer, assets) => {
    engine ??= createTextEngine(fontCatalogue(), MEASURED_UNITS);
    const shown = resolve(layer, assets);
    return measureTicker(shown.layer, (id) => shown.pictures[id] ?? null, engine);
  };
}

/** Sets an item: its bitmaps are painted once, however it moves. */
export function toRunningItem(
  layer: TickerLayer,
  item: Content,
  context: Pick<ViewContext, 'text' | 'scale' | 'picture'>,
): RunningItem {
  const { scale, picture } = context;
  const inline = itemPicture(layer, item, picture);
  const room = roomFor(layer, inline);
  const color = item.color ?? layer.color;
  const strips = isUpright(layer)
    ? blockStrips(layer, { text: item.text, color, width: layer.width - room }, context)
    : lineStrips(layer, { text: item.text, color }, context);
  const extent = itemExtent(layer, item, picture, context.text);
  const across = isUpright(layer) ? extent : layer.height;
  return {
    extent,
    strips: strips.map((strip) => ({ ...strip, x: strip.x + room })),
    picture:
      inline === null
        ? null
        : {
            source: inline.source,
            contents: inlineContents(inline, scale),
            box: {
              x: 0,
              y: (across - inline.height) / 2,
              width: inline.width,
              height: inline.height,
            },
          },
  };
}

/** A ticker at the moment of which it is shown. */
export type ShownTicker = {
  readonly layer: TickerLayer;
  readonly context: Pick<ViewContext, 'sceneTimeMs' | 'pictureOffset'>;
};

/** The pieces of an item that are in sight when its beginning is at a place of the box. */
export function piecesAt(
  name: string,
  item: RunningItem,
  { x, y }: { readonly x: number; readonly y: number },
  { layer, context }: ShownTicker,
): Piece[] {
  const { width, height, fontSize } = layer;
  const isSeen = (left: number, top: number, ownWidth: number, ownHeight: number): boolean =>
    left + ownWidth + fontSize > 0 &&
    left - fontSize < width &&
    top + ownHeight + fontSize > 0 &&
    top - fontSize < height;
  const pieces = item.strips.flatMap(({ content, x: left, y: top }, i) =>
    isSeen(x + left, y + top, content.boxWidth, content.boxHeight)
      ? [toClippedPiece(`${name}.${i}`, content, x + left, y + top)]
      : [],
  );
  if (item.picture === null) return pieces;
  const { source, contents, box } = item.picture;
  const content = inlineContentAt(source, contents, context);
  const isInSight = isSeen(x + box.x, y + box.y, box.width, box.height);
  return content === null || !isInSight
    ? pieces
    : [...pieces, inlinePiece(`${name}.picture`, content, { ...box, x: x + box.x, y: y + box.y })];
}
