import { bitmapItemsOffset } from '../memory/bitmap-layout.js';
import type { ProgramMap } from '../memory/map.js';
import {
  ITEM_BYTES,
  JOB_BACKGROUND,
  JOB_DONE,
  JOB_HEADER_BYTES,
  JOB_ITEMS,
  JOB_NEXT,
  JOB_PAINTS,
  JOB_TILES,
  MAX_ITEMS,
  MAX_TILES,
  TILE_ALIGN_PX,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_MAX_PX,
  TILE_MAX_WIDTH_PX,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../memory/records.js';
import { registerFonts } from '../render/canvas.js';
import type { Content, PictureContent } from '../render/content.js';
import type { Paint } from '../render/painter.js';
import { createTextMeasure } from '../render/text-metrics.js';
import { toOpaqueWord } from '../scene/color.js';
import { Region, toTiles, type Rect } from '../scene/region.js';
import { compileScene, type CompiledScene } from '../scene/compile-scene.js';
import { EMPTY_STAGE } from '../scene/motion/stage.js';
import { compileAtRest, type CompiledLayer } from '../scene/resolve.js';
import { LayerSchema } from '../scene/schema/layer.js';
import { assetsOfTransition } from '../scene/schema/scene-transition.js';
import { retainLayers } from '../scene/retain.js';
import type { Scene } from '../scene/schema/scene.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import { addDamage } from './damage.js';
import { Composer } from './items/compose.js';
import type { ItemContext } from './items/context.js';
import type { Item } from './items/item.js';
import { fitScene, type Place } from './items/place.js';
import { drawScreen, placeIn, type Drawn } from './items/shots.js';
import { writeItems } from './items/write-items.js';
import { screensOf, sceneById, toScreen, type Screen } from './screen.js';

/** One program frame that has been decided: what must be painted and drawn, and where its patches will be. */
export type PlannedFrame = {
  readonly n: number;
  readonly revision: number;
  readonly slot: number;
  readonly damage: Region;
  /** Held once until it is drawn, and once until another frame has been planned after it. */
  readonly bitmaps: readonly Bitmap[];
  readonly paints: readonly Paint[];
  readonly tileCount: number;
  readonly tilePx: number;
};

const NOTHING_DRAWN: Drawn = { items: [], background: toOpaqueWord('#000000') };

type Look = {
  readonly snapshot: SceneSnapshot;
  readonly screen: Screen;
  /** The scenes that layers show, by id. */
  readonly nested: ReadonlyMap<string, CompiledScene>;
  /** Of all its layers, be they in sight or not: none is given up as long as the scene is shown. */
  readonly pictures: readonly PictureContent[];
};

/** What the next frame is compared with. */
type Before = {
  readonly items: readonly Item[];
  readonly bitmaps: readonly Bitmap[];
  readonly background: number;
  readonly place: Place;
};

/** What a frame needs besides its items; its bitmaps are held as soon as they are found, so that none is given up for the next. */
type Work = { readonly paints: Paint[]; readonly bitmaps: Set<Bitmap> };

function take(bitmap: Bitmap, { bitmaps }: Work): Bitmap {
  if (!bitmaps.has(bitmap)) bitmap.uses += 1;
  bitmaps.add(bitmap);
  return bitmap;
}

function release(bitmaps: readonly Bitmap[]): void {
  for (const bitmap of bitmaps) bitmap.uses -= 1;
}

/** The moments of scenes at which layers may go over to other sizes, in order, from one on. */
function momentsOf(wallTimeMs: number, scenes: readonly CompiledScene[]): number[] {
  const moments = scenes.flatMap((scene) => scene.momentsFrom(wallTimeMs));
  return [...new Set(moments)].sort((a, b) => a - b);
}

/** Ends the use of a planned frame's bitmaps: it is drawn, or lost. */
export function releaseFrame({ bitmaps }: PlannedFrame): void {
  release(bitmaps);
}

/**
 * Decides frames, in order: what the scene shows at a moment, how that differs from the frame planned before, and
 * the job that draws the difference. Owns the bitmaps.
 */
export class FramePlanner {
  readonly #map: ProgramMap;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #bitmaps: BitmapStore;
  readonly #composer = new Composer();
  readonly #measure = createTextMeasure();
  readonly #onLayerFailed: (layerId: string, error: unknown) => void;
  readonly #reported = new WeakSet<CompiledLayer>();
  readonly #wholePictures = new Map<string, CompiledLayer>();
  #look: Look | null = null;
  #before: Before | null = null;

  constructor(
    memory: WebAssembly.Memory,
    map: ProgramMap,
    bitmaps: BitmapStore,
    onLayerFailed: (layerId: string, error: unknown) => void,
  ) {
    this.#onLayerFailed = onLayerFailed;
    this.#map = map;
    this.#view = new DataView(memory.buffer);
    this.#bitmaps = bitmaps;
  }

  /** The scene that frames planned from now on show. */
  show(snapshot: SceneSnapshot): void {
    this.#look = { ...this.#compile(snapshot), pictures: this.picturesOf(snapshot) };
  }

  /** The scenes of a snapshot; what did not change since the last one is still known. */
  #compile(snapshot: SceneSnapshot): Omit<Look, 'pictures'> {
    registerFonts(snapshot.fonts);
    const before = this.#look;
    const { widthPx, heightPx } = this.#map;
    const known = (id: string): Scene | null =>
      before === null
        ? null
        : (sceneById(before.screen, id) ?? before.nested.get(id)?.scene ?? null);
    return {
      snapshot,
      screen: toScreen(snapshot, known, widthPx, heightPx),
      nested: new Map(
        Object.entries(snapshot.nested).map(([id, scene]) => [
          id,
          compileScene({
            scene: retainLayers(known(id), scene),
            ...{ stage: snapshot.stages[id] ?? EMPTY_STAGE, takenAtMs: snapshot.takenAtMs },
          }),
        ]),
      ),
    };
  }

  /** Makes the next planned frame a whole one: after a frame was lost, nothing can build on it. */
  invalidate(): void {
    release(this.#before?.bitmaps ?? []);
    this.#before = null;
  }

  /** The pictures that scenes need and their sizes, for loading them before they are shown. */
  picturesOf(snapshot: SceneSnapshot): PictureContent[] {
    const look = this.#compile(snapshot);
    const screens = screensOf(look.screen);
    const nothing = (): null => null;
    // From the moment on at which its past is known: what of it is over by now is at rest.
    const shown = screens.flatMap((screen) => screen.compiled ?? []);
    const moments = momentsOf(snapshot.takenAtMs, [...shown, ...look.nested.values()]);
    const ofScenes = moments.flatMap((wallTimeMs) =>
      screens.flatMap(({ compiled, takenAtMs, place }) => {
        const context = this.#contextOf(look, wallTimeMs, takenAtMs, nothing, nothing);
        return this.#composer.pictures(compiled?.layersAt(wallTimeMs) ?? [], place, context);
      }),
    );
    const ofTransitions = screens
      .flatMap(({ transition }) => transition ?? [])
      .flatMap(({ running }) => assetsOfTransition(running.kind))
      .flatMap((assetId) => {
        const { takenAtMs } = snapshot;
        const context = this.#contextOf(look, takenAtMs, takenAtMs, nothing, nothing);
        return this.#composer.pictures([this.#wholePicture(assetId)], this.#frame(''), context);
      });
    return [...ofScenes, ...ofTransitions];
  }

  /** A layer that shows a picture all over the frame. */
  #wholePicture(assetId: string): CompiledLayer {
    const { widthPx, heightPx } = this.#map;
    const known = this.#wholePictures.get(assetId);
    if (known !== undefined) return known;
    const layer = LayerSchema.parse({
      ...{ id: 'picture', type: 'image', asset: assetId, width: widthPx, height: heightPx },
    });
    const compiled = compileAtRest(layer);
    this.#wholePictures.set(assetId, compiled);
    return compiled;
  }

  #frame(prefix: string): Place {
    const { widthPx, heightPx } = this.#map;
    return fitScene(widthPx, heightPx, widthPx, heightPx, prefix);
  }

  /**
   * Plans frame `n` into a free job slot. `wallTimeMs` is the moment that it shows. Frames that differ in nothing
   * from the one before have no tiles.
   */
  plan(n: number, slot: number, wallTimeMs: number): PlannedFrame {
    const look = this.#look;
    const work: Work = { paints: [], bitmaps: new Set() };
    const { items, background } =
      look === null ? NOTHING_DRAWN : this.#draw(look, wallTimeMs, work);
    const place = look?.screen.place ?? this.#frame('');
    const damage = this.#damageOf(items, background, place);
    const bitmaps = [...work.bitmaps];
    for (const bitmap of bitmaps) bitmap.uses += 1;
    release(this.#before?.bitmaps ?? []);
    this.#before = { items, bitmaps, background, place };
    const tiles = this.#tilesOf(damage);
    this.#writeJob(slot, items, tiles, work.paints.length, background);
    const tilePx = tiles.reduce((sum, { x0, y0, x1, y1 }) => sum + (x1 - x0) * (y1 - y0), 0);
    return {
      n,
      revision: look?.snapshot.revision ?? 0,
      slot,
      damage,
      bitmaps,
      paints: work.paints,
      tileCount: tiles.length,
      tilePx,
    };
  }

  #draw(look: Look, wallTimeMs: number, work: Work): Drawn {
    for (const content of look.pictures) this.#paintedPicture(content, work);
    const contextAt = (takenAtMs: number): ItemContext =>
      this.#contextOf(
        look,
        wallTimeMs,
        takenAtMs,
        (content) => this.#paintedPicture(content, work)?.offset ?? null,
        (content, items) =>
          'drawing' in content
            ? this.#bitmapOf(content, items, work)
            : this.#paintedPicture(content, work),
      );
    const { widthPx, heightPx } = this.#map;
    const drawn = drawScreen(look.screen, {
      ...{ wallTimeMs, widthPx, heightPx },
      drawer: {
        layers: ({ compiled, takenAtMs }, place) =>
          this.#composer.compose(compiled?.layersAt(wallTimeMs) ?? [], place, contextAt(takenAtMs)),
        picture: (name, assetId, timeMs, view) =>
          this.#composer.compose(
            [this.#wholePicture(assetId)],
            placeIn(view, this.#frame(name)),
            contextAt(wallTimeMs - timeMs),
          ),
      },
    });
    const { items } = drawn;
    return items.length <= MAX_ITEMS ? drawn : { ...drawn, items: items.slice(0, MAX_ITEMS) };
  }

  #contextOf(
    { snapshot, nested }: Omit<Look, 'pictures'>,
    wallTimeMs: number,
    takenAtMs: number,
    pictureOffset: ItemContext['pictureOffset'],
    bitmap: (content: Content | PictureContent, items: readonly Item[]) => Bitmap | null,
  ): ItemContext {
    return {
      ...{ wallTimeMs, pictureOffset, composed: bitmap },
      bitmap: (content) => bitmap(content, []),
      sceneTimeMs: wallTimeMs - takenAtMs,
      measure: this.#measure,
      picture: (assetId) => snapshot.pictures[assetId] ?? null,
      nested: (sceneId) => nested.get(sceneId) ?? null,
      guarded: (compiled, make) => this.#guarded(compiled, make),
    };
  }

  /** A layer that fails is left out and reported: it does not cost the others a frame. */
  #guarded(compiled: CompiledLayer, make: () => Item[]): Item[] {
    try {
      return make();
    } catch (error) {
      if (!this.#reported.has(compiled)) this.#onLayerFailed(compiled.layer.id, error);
      this.#reported.add(compiled);
      return [];
    }
  }

  #paintedPicture(content: PictureContent, work: Work): Bitmap | null {
    const bitmap = this.#bitmaps.find(content.key);
    return bitmap !== null && this.#bitmaps.isPainted(bitmap) ? take(bitmap, work) : null;
  }

  #bitmapOf(content: Content, items: readonly Item[], work: Work): Bitmap | null {
    const bitmap = this.#bitmaps.get(content);
    if (bitmap === null) return null;
    if (!bitmap.isOrdered) {
      bitmap.isOrdered = true;
      const { widthPx, heightPx } = content;
      writeItems(this.#view, bitmapItemsOffset(bitmap.offset, widthPx, heightPx), items);
      work.paints.push({ offset: bitmap.offset, content });
    }
    return take(bitmap, work);
  }

  #damageOf(items: readonly Item[], background: number, place: Place): Region {
    const damage = new Region(this.#map.widthPx, this.#map.heightPx);
    const before = this.#before;
    const isComparable =
      before?.background === background &&
      before.place.matrix.a === place.matrix.a &&
      before.place.matrix.e === place.matrix.e &&
      before.place.matrix.f === place.matrix.f;
    if (isComparable) addDamage(damage, before.items, items);
    else damage.addAll();
    return damage;
  }

  #tilesOf(damage: Region): Rect[] {
    const tiles = toTiles(damage.toRects(), TILE_MAX_PX, TILE_MAX_WIDTH_PX);
    if (tiles.length <= MAX_TILES) return tiles;
    damage.addAll();
    return toTiles(damage.toRects(), TILE_MAX_PX, TILE_MAX_WIDTH_PX);
  }

  /** Plain writes: the task message that starts the lanes comes after them. */
  #writeJob(
    slot: number,
    items: readonly Item[],
    tiles: readonly Rect[],
    paintCount: number,
    background: number,
  ): void {
    const offset = this.#map.jobOffsets[slot] ?? 0;
    const i32 = (at: number, value: number): void => {
      this.#view.setInt32(at, value, true);
    };
    i32(offset + JOB_NEXT, 0);
    i32(offset + JOB_DONE, 0);
    i32(offset + JOB_PAINTS, paintCount);
    i32(offset + JOB_TILES, tiles.length);
    i32(offset + JOB_ITEMS, items.length);
    i32(offset + JOB_BACKGROUND, background);
    writeItems(this.#view, offset + JOB_HEADER_BYTES, items);
    const tilesOffset = tilesOffsetOf(this.#map, slot);
    let patch = this.#map.arenaOffsets[slot] ?? 0;
    tiles.forEach((tile, i) => {
      const at = tilesOffset + i * TILE_BYTES;
      i32(at + TILE_X, tile.x0);
      i32(at + TILE_Y, tile.y0);
      i32(at + TILE_WIDTH, tile.x1 - tile.x0);
      i32(at + TILE_HEIGHT, tile.y1 - tile.y0);
      i32(at + TILE_PATCH, patch);
      const paddedPx = Math.ceil((tile.x1 - tile.x0) / TILE_ALIGN_PX) * TILE_ALIGN_PX;
      patch += Math.ceil((paddedPx * (tile.y1 - tile.y0) * 1.5) / 64) * 64;
    });
  }
}

/** Where a job's tile records begin. */
export function tilesOffsetOf(map: ProgramMap, slot: number): number {
  return (map.jobOffsets[slot] ?? 0) + JOB_HEADER_BYTES + MAX_ITEMS * ITEM_BYTES;
}
