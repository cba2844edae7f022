import type { ProgramMap } from '../memory/map.js';
import { MAX_ITEMS, MAX_TILES, TILE_MAX_PX, TILE_MAX_WIDTH_PX } from '../memory/records.js';
import type { PictureContent } from '../render/content.js';
import type { Paint } from '../render/painter.js';
import type { PaintReport } from '../render/tasks.js';
import { createTextMeasure } from '../render/text-metrics.js';
import { toHexColor } from '../scene/color.js';
import { Region, toTiles, type Rect } from '../scene/region.js';
import { compileScene, type CompiledScene } from '../scene/compile-scene.js';
import { EMPTY_STAGE } from '../scene/motion/stage.js';
import { retainLayers } from '../scene/retain.js';
import type { Scene } from '../scene/schema/scene.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import { addDamage } from './damage.js';
import type { LayerFault } from './faults/layer-entry.js';
import { LayerGuard } from './faults/layer-guard.js';
import { Composer } from './items/compose.js';
import type { ItemContext } from './items/context.js';
import type { Item } from './items/item.js';
import { fitScene, type Place } from './items/place.js';
import { PaintOrders, PaintWork, type PaintsApart } from './paint-orders.js';
import { PaintsAhead } from './paints-ahead.js';
import { writeJob } from './write-job.js';

/** One program frame that has been decided: what must be painted and drawn, and where its patches will be. */
export type PlannedFrame = {
  readonly n: number;
  /** The newest revision of the scene of which all is to be seen. */
  readonly revision: number;
  readonly slot: number;
  readonly damage: Region;
  /** Held once until it is drawn, and once until another frame has been planned after it. */
  readonly bitmaps: readonly Bitmap[];
  readonly paints: readonly Paint[];
  readonly tileCount: number;
  readonly tilePx: number;
};

/** The bytes R G B 255 of a colour as the little-endian word that the kernels fill with. */
function toOpaqueWord(color: string): number {
  const [r, g, b] = Buffer.from(toHexColor(color).slice(1), 'hex');
  return 0xff000000 | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0) | 0;
}

type Look = {
  readonly snapshot: SceneSnapshot;
  readonly compiled: CompiledScene | null;
  /** The scenes that it shows, by id. */
  readonly nested: ReadonlyMap<string, CompiledScene>;
  readonly place: Place;
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

export type PlannerOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly bitmaps: BitmapStore;
  /**
   * Where contents are painted that would keep a frame waiting: then their layers show what they showed before until
   * they are there. Null: every frame has all that it shows painted, so that it is whole and depends on no other.
   */
  readonly apart: PaintsApart | null;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};

/**
 * Decides frames, in order: what the scene shows at a moment, how that differs from the frame planned before, and
 * the job that draws the difference. Owns the bitmaps.
 */
export class FramePlanner {
  readonly #map: ProgramMap;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #bitmaps: BitmapStore;
  readonly #orders: PaintOrders;
  readonly #guard: LayerGuard;
  readonly #apart: PaintsApart | null;
  readonly #composer = new Composer();
  readonly #measure = createTextMeasure();
  readonly #looks = new WeakMap<SceneSnapshot, Look>();
  #look: Look | null = null;
  #before: Before | null = null;

  constructor(options: PlannerOptions) {
    const { memory, map, bitmaps, apart } = options;
    this.#map = map;
    this.#view = new DataView(memory.buffer);
    this.#bitmaps = bitmaps;
    this.#apart = apart;
    this.#guard = new LayerGuard({
      ...{ bitmaps, isLive: apart !== null },
      monotonicMs: () => performance.now(),
      onFailed: options.onLayerFailed,
      onRecovered: options.onLayerRecovered,
    });
    this.#orders = new PaintOrders({
      ...{ view: this.#view, bitmaps, apart, guard: this.#guard },
    });
  }

  /** A paint has ended: of a frame, or apart from it. */
  painted(bitmap: Bitmap, { tookMs, failure }: PaintReport): void {
    bitmap.failure ??= failure;
    this.#guard.painted(bitmap.owner, tookMs);
    if (failure === null && 'drawing' in bitmap.content)
      this.#apart?.costs.observe(bitmap.content, tookMs);
  }

  /** What became of the layers. */
  get guard(): LayerGuard {
    return this.#guard;
  }

  /** The scene that frames planned from now on show. */
  show(snapshot: SceneSnapshot): void {
    this.#look = this.#lookOf(snapshot);
  }

  /** Whether another scene would be shown than is now. */
  isOtherScene({ scene }: SceneSnapshot): boolean {
    return this.#look?.snapshot.scene?.id !== scene?.id;
  }

  /** What a snapshot shows, worked out once. */
  #lookOf(snapshot: SceneSnapshot): Look {
    const known = this.#looks.get(snapshot);
    if (known !== undefined) return known;
    const { compiled, nested } = this.#compile(snapshot);
    const place = this.#placeOf(compiled);
    const look = {
      ...{ snapshot, compiled, nested, place },
      pictures: compiled === null ? [] : this.#picturesOf(snapshot, compiled, nested, place),
    };
    this.#looks.set(snapshot, look);
    return look;
  }

  /** The scene of a snapshot and those in it; what did not change since the last one is still known. */
  #compile(snapshot: SceneSnapshot): Pick<Look, 'compiled' | 'nested'> {
    const before = this.#look;
    const known = (id: string): Scene | null => before?.nested.get(id)?.scene ?? null;
    return {
      compiled:
        snapshot.scene === null
          ? null
          : compileScene({
              scene: retainLayers(before?.compiled?.scene ?? null, snapshot.scene),
              ...{ stage: snapshot.stage, takenAtMs: snapshot.takenAtMs },
            }),
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

  #placeOf(compiled: CompiledScene | null): Place {
    const { widthPx, heightPx } = this.#map;
    const { width, height } = compiled?.scene ?? { width: widthPx, height: heightPx };
    return fitScene(width, height, widthPx, heightPx);
  }

  /** Makes the next planned frame a whole one: after a frame was lost, nothing can build on it. */
  invalidate(): void {
    release(this.#before?.bitmaps ?? []);
    this.#before = null;
  }

  /** The pictures that a scene needs and their sizes, for loading them before it is shown. */
  picturesOf(snapshot: SceneSnapshot): readonly PictureContent[] {
    return this.#lookOf(snapshot).pictures;
  }

  #picturesOf(
    snapshot: SceneSnapshot,
    compiled: CompiledScene,
    nested: Look['nested'],
    place: Place,
  ): PictureContent[] {
    const nothing = (): null => null;
    const given = {
      ...{ pictureOffset: nothing, bitmap: nothing, composed: nothing },
      ...{ guarded: () => [], measured: nothing },
    };
    // From the moment on at which its past is known: what of it is over by now is at rest.
    return momentsOf(snapshot.takenAtMs, [compiled, ...nested.values()]).flatMap((wallTimeMs) => {
      const context = this.#contextOf({ snapshot, nested }, wallTimeMs, given);
      return this.#composer.pictures(compiled.layersAt(wallTimeMs), place, context);
    });
  }

  /** The paints that a scene needs at a moment, as far as they can be known before others are done. */
  paintsOf(snapshot: SceneSnapshot, wallTimeMs: number): PaintsAhead {
    const look = this.#lookOf(snapshot);
    const ahead = new PaintsAhead(this.#bitmaps, this.#orders);
    const context = this.#contextOf(look, wallTimeMs, {
      pictureOffset: (content) => this.#paintedPicture(content)?.offset ?? null,
      bitmap: (content) => ahead.bitmap(content, []),
      composed: (content, items) => ahead.composed(content, items),
      guarded: ({ draw }) => ahead.guarded(draw),
      measured: () => undefined,
    });
    this.#composer.compose(look.compiled?.layersAt(wallTimeMs) ?? [], look.place, context);
    return ahead;
  }

  /**
   * Plans frame `n` into a free job slot. `wallTimeMs` is the moment that it shows. Frames that differ in nothing
   * from the one before have no tiles.
   */
  plan(n: number, slot: number, wallTimeMs: number): PlannedFrame {
    const look = this.#look;
    const work = new PaintWork();
    const revision = look?.snapshot.revision ?? 0;
    this.#guard.begin({
      ...{ wallTimeMs, revision },
      hold: (bitmap) => {
        work.hold(bitmap);
      },
    });
    const items = look === null ? [] : this.#itemsOf(look, wallTimeMs, work);
    const shownRevision = this.#guard.end();
    const background = toOpaqueWord(look?.compiled?.backgroundAt(wallTimeMs) ?? '#000');
    const place = look?.place ?? this.#placeOf(null);
    const damage = this.#damageOf(items, background, place);
    const bitmaps = [...work.bitmaps];
    for (const bitmap of bitmaps) bitmap.uses += 1;
    release(this.#before?.bitmaps ?? []);
    this.#before = { items, bitmaps, background, place };
    const tiles = this.#tilesOf(damage);
    const paintCount = work.paints.length;
    writeJob(this.#view, this.#map, slot, { items, tiles, paintCount, background });
    const tilePx = tiles.reduce((sum, { x0, y0, x1, y1 }) => sum + (x1 - x0) * (y1 - y0), 0);
    return {
      n,
      revision: shownRevision,
      slot,
      damage,
      bitmaps,
      paints: work.paints,
      tileCount: tiles.length,
      tilePx,
    };
  }

  #itemsOf(look: Look, wallTimeMs: number, work: PaintWork): Item[] {
    const { compiled, place, pictures } = look;
    const taken = (content: PictureContent): Bitmap | null => {
      const bitmap = this.#paintedPicture(content);
      if (bitmap !== null) work.hold(bitmap);
      return bitmap;
    };
    for (const content of pictures) taken(content);
    const context = this.#contextOf(look, wallTimeMs, {
      pictureOffset: (content) => taken(content)?.offset ?? null,
      bitmap: (content) =>
        'drawing' in content ? this.#orders.bitmap(content, [], work) : taken(content),
      composed: (content, items) =>
        'drawing' in content ? this.#orders.composed(content, items, work) : null,
      guarded: (layer) => this.#guard.guarded(layer),
      measured: (size) => {
        this.#guard.measured(size);
      },
    });
    const items = this.#composer.compose(compiled?.layersAt(wallTimeMs) ?? [], place, context);
    return items.length <= MAX_ITEMS ? items : items.slice(0, MAX_ITEMS);
  }

  #contextOf(
    { snapshot, nested }: Pick<Look, 'snapshot' | 'nested'>,
    wallTimeMs: number,
    given: Pick<ItemContext, 'pictureOffset' | 'bitmap' | 'composed' | 'guarded' | 'measured'>,
  ): ItemContext {
    return {
      ...given,
      wallTimeMs,
      sceneTimeMs: wallTimeMs - snapshot.takenAtMs,
      sceneId: snapshot.scene?.id ?? null,
      measure: this.#measure,
      picture: (assetId) => snapshot.pictures[assetId] ?? null,
      nested: (sceneId) => nested.get(sceneId) ?? null,
    };
  }

  #paintedPicture(content: PictureContent): Bitmap | null {
    const bitmap = this.#bitmaps.find(content.key);
    return bitmap !== null && this.#bitmaps.isPainted(bitmap) ? bitmap : null;
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
}
