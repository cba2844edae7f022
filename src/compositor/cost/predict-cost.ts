import { NO_CULPRIT } from '../../memory/culprit.js';
import { bitmapBytes } from '../../memory/bitmap-layout.js';
import { MAX_ITEMS } from '../../memory/records.js';
import type { PictureContent } from '../../render/content.js';
import { predictPaintMs } from '../../render/paint-cost.js';
import { Region, type Rect } from '../../memory/region.js';
import type { SceneSnapshot } from '../../scene/snapshot.js';
import { pictureFormatOf } from '../../scene/video-track.js';
import { levelsOf, type Bitmap } from '../bitmaps.js';
import { addDamage } from '../damage.js';
import { FrameRoom } from '../faults/frame-room.js';
import { entryKeyOf } from '../faults/layer-entry.js';
import { intersect, isEmptyRect } from '../lower/matrix.js';
import type { Item } from '../items/item.js';
import type { DrawList, LayerStep } from '../lower/draw-list.js';
import { NOTHING_KNOWN } from '../lower/known-layers.js';
import { STATED } from '../../scene/sound/heard.js';
import { SceneLowering } from '../lower/lower.js';
import { toItems, type BitmapOwner } from '../realise/realise.js';
import { CHANGED_NS_PER_PX, itemNsPerPx } from './item-cost.js';

const NO_PIXELS = new SharedArrayBuffer(0);

export type CostRequest = {
  readonly snapshot: SceneSnapshot;
  /** Program time from which on it is looked at, milliseconds since 1970. */
  readonly programTimeMs: number;
  /** Of the program frame, pixels. */
  readonly width: number;
  readonly height: number;
  /** How long one frame is on air, milliseconds. */
  readonly frameDurationMs: number;
  /** Render threads that share a frame. */
  readonly threads: number;
};

/** What one layer costs, those in it left out. */
export type LayerCost = {
  readonly sceneId: string;
  readonly layerId: string;
  /** Once, when it comes: painting its contents, milliseconds of one core. */
  readonly paintMs: number;
  /** With every frame, on the average: painting what changes, and drawing it. */
  readonly frameMs: number;
  readonly bitmapBytes: number;
  /** Pixels that it draws anew with every frame, on the average. */
  readonly changedPx: number;
};

export type CostPrediction = {
  /** In the order in which they are drawn; layers that are not in sight cost nothing and are left out. */
  readonly layers: readonly LayerCost[];
  readonly paintMs: number;
  readonly frameMs: number;
  /** Processor time that the render threads have for a frame, milliseconds. */
  readonly budgetMs: number;
  /** Part of the budget that is left, percent: below 0 frames are late. */
  readonly headroomPercent: number;
};

/** Moments within the first second at which a frame is compared with the next one, milliseconds: what changes now and then is met by some. */
const SAMPLES_MS = [0, 270, 530, 790] as const;

type Sums = {
  readonly sceneId: string;
  readonly layerId: string;
  paintMs: number;
  frameMs: number;
  bitmapBytes: number;
  changedPx: number;
};

/** What is drawn on the frame. */
type Drawn = { readonly background: number; readonly items: readonly Item[] };

/** Realises draw lists with bitmaps that are nowhere, and keeps account of whose they would be. */
class Account implements BitmapOwner {
  readonly sums = new Map<string, Sums>();
  readonly #bitmaps = new Map<string, Bitmap>();
  readonly #owners = new WeakMap<Item, Sums>();
  #current: Sums | null = null;
  /** What paints are for: the first frame of all, one that follows another, or one that only others are compared with. */
  phase: 'first' | 'next' | 'other' = 'first';

  ownerOf(item: Item): Sums | null {
    return this.#owners.get(item) ?? null;
  }

  drawn({ background, steps }: DrawList): Drawn {
    return { background, items: toItems(steps, this).slice(0, MAX_ITEMS) };
  }

  /** Where a picture would be. */
  pictureOffset(content: PictureContent): number {
    return this.#bitmapOf(content).offset;
  }

  bitmap(content: Bitmap['content']): Bitmap {
    return this.#bitmapOf(content);
  }

  composed(content: Bitmap['content']): Bitmap {
    return this.#bitmapOf(content);
  }

  levels(bitmap: Bitmap): Bitmap {
    return this.#bitmapOf(levelsOf(bitmap));
  }

  layer(step: LayerStep): readonly Item[] {
    const { sceneId, compiled, result } = step;
    if (result.kind !== 'drawn') return [];
    const outer = this.#current;
    const key = entryKeyOf(step);
    const own = this.sums.get(key) ?? {
      sceneId: sceneId ?? '',
      layerId: compiled.layer.id,
      paintMs: 0,
      frameMs: 0,
      bitmapBytes: 0,
      changedPx: 0,
    };
    this.sums.set(key, own);
    this.#current = own;
    const items = toItems(result.steps, this);
    for (const item of items) if (!this.#owners.has(item)) this.#owners.set(item, own);
    this.#current = outer;
    return items;
  }

  #bitmapOf(content: Bitmap['content']): Bitmap {
    const known = this.#bitmaps.get(content.key);
    if (known !== undefined) return known;
    const serial = this.#bitmaps.size + 1;
    const bitmap: Bitmap = {
      content,
      serial,
      offset: serial,
      uses: 0,
      lastTurn: 0,
      isOrdered: true,
      isInBackground: false,
      owner: null,
      failure: null,
    };
    this.#bitmaps.set(content.key, bitmap);
    this.#countPaint(content);
    return bitmap;
  }

  #countPaint(content: Bitmap['content']): void {
    const own = this.#current;
    if (own === null) return;
    const ms = 'drawing' in content ? predictPaintMs(content) : 0;
    if (this.phase === 'next') own.frameMs += ms;
    if (this.phase === 'first') {
      own.paintMs += ms;
      own.bitmapBytes += bitmapBytes(content.widthPx, content.heightPx, 0);
    }
  }
}

function areaOf(rects: readonly Rect[], bounds: Rect): number {
  return rects.reduce((sum, rect) => {
    const { x0, y0, x1, y1 } = intersect(rect, bounds);
    return isEmptyRect({ x0, y0, x1, y1 }) ? sum : sum + (x1 - x0) * (y1 - y0);
  }, 0);
}

/** The part of the frame that differs between two frames. */
function changeOf(before: Drawn, after: Drawn, { width, height }: CostRequest): Rect[] {
  const region = new Region(width, height);
  if (before.background === after.background) addDamage(region, before.items, after.items);
  else region.addAll();
  return region.toRects();
}

/**
 * What showing a snapshot costs, found by laying it out and drawing it into nothing: a pure function of what is asked
 * but for the factor, by which the machine is slower (above 1) or faster than the one of the constants.
 */
export function predictCost(request: CostRequest, machineFactor: number): CostPrediction {
  const { snapshot, programTimeMs, width, height, frameDurationMs, threads } = request;
  const lowering = new SceneLowering(width, height, NO_CULPRIT);
  const account = new Account();
  const prepared = lowering.prepare(snapshot, null);
  const frame = { x0: 0, y0: 0, x1: width, y1: height };
  const room = new FrameRoom(false);
  const drawnAt = (atMs: number): Drawn => {
    room.begin();
    return account.drawn(
      lowering.lower(prepared, atMs, {
        wallOffsetMs: 0,
        heard: STATED,
        pictureOffset: (content) => account.pictureOffset(content),
        // As if it were there: nothing is painted.
        videoFrame: ({ widthPx, heightPx, video }, number) => ({
          number,
          ring: { memory: NO_PIXELS, widthPx, heightPx, format: pictureFormatOf(video), slots: 1 },
        }),
        // Another picture with each frame, as large as the program: an input has no more.
        livePicture: (key) => ({
          key,
          number: Math.round(atMs),
          ageMs: 0,
          ring: {
            memory: NO_PIXELS,
            widthPx: width,
            heightPx: height,
            format: 'i420',
            slots: 1,
          },
        }),
        known: NOTHING_KNOWN,
        room,
      }),
    );
  };
  let commonMs = 0;
  for (const sampleMs of SAMPLES_MS) {
    const atMs = programTimeMs + sampleMs;
    account.phase = sampleMs === SAMPLES_MS[0] ? 'first' : 'other';
    const before = drawnAt(atMs);
    account.phase = 'next';
    const after = drawnAt(atMs + frameDurationMs);
    const rects = changeOf(before, after, request);
    commonMs += (areaOf(rects, frame) * CHANGED_NS_PER_PX) / 1e6;
    for (const item of after.items) {
      const own = account.ownerOf(item);
      const px = areaOf(rects, item.bounds);
      const ms = (px * itemNsPerPx(item)) / 1e6;
      if (own === null) commonMs += ms;
      else {
        own.frameMs += ms;
        own.changedPx += item.kind === 'bitmap' || item.kind === 'solid' ? px : 0;
      }
    }
  }
  const layers = [...account.sums.values()]
    .filter(({ bitmapBytes: bytes, changedPx }) => bytes > 0 || changedPx > 0)
    .map(({ frameMs, paintMs, changedPx, ...rest }) => ({
      ...rest,
      paintMs: paintMs * machineFactor,
      frameMs: (frameMs / SAMPLES_MS.length) * machineFactor,
      changedPx: Math.round(changedPx / SAMPLES_MS.length),
    }));
  const sum = (pick: (layer: LayerCost) => number): number =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  const frameMs = sum((layer) => layer.frameMs) + (commonMs / SAMPLES_MS.length) * machineFactor;
  const budgetMs = frameDurationMs * threads;
  return {
    layers,
    frameMs,
    budgetMs,
    paintMs: sum(({ paintMs }) => paintMs),
    headroomPercent: 100 * (1 - frameMs / budgetMs),
  };
}
