/**
 * The way of one frame, phases "realise" and "damage", in the compositor thread: bitmaps for what is shown, the difference
 * to the frame before, and the job that draws it. Owns the guard of the layers and what the next frame is compared with.
 */

import type { Culprit } from '../memory/culprit.js';
import type { ProgramMap } from '../memory/map.js';
import { MAX_ITEMS, MAX_TILES, TILE_MAX_PX, TILE_MAX_WIDTH_PX } from '../memory/records.js';
import type { PictureContent } from '../render/content.js';
import { FRAME_CHARACTERS } from '../render/text/allowance.js';
import type { Paint } from '../render/painter.js';
import type { LivePicture } from '../memory/live-pictures.js';
import type { VideoFrames } from '../render/piece.js';
import type { PaintReport } from '../render/tasks.js';
import { toOpaqueWord } from '../scene/color.js';
import { Region, toTiles, type Rect } from '../memory/region.js';
import { STATED, type Heard } from '../scene/sound/heard.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Bitmap, BitmapStore } from './bitmaps.js';
import { addDamage } from './damage.js';
import type { LayerFault } from './faults/layer-entry.js';
import { FrameRoom } from './faults/frame-room.js';
import { LayerGuard } from './faults/layer-guard.js';
import type { Item } from './items/item.js';
import type { FoundPictures } from './lower/pictures.js';
import type { Place } from './lower/place.js';
import { NOTHING_KNOWN, type KnownLayers } from './lower/known-layers.js';
import { PaintOrders, PaintWork, type BackgroundPaints } from './realise/paint-orders.js';
import { PaintsAhead } from './realise/paints-ahead.js';
import { SceneLowering, type PreparedSnapshot } from './lower/lower.js';
import { ItemKeeper, keptIn } from './realise/kept-items.js';
import { toItems, type BitmapOwner } from './realise/realise.js';
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

/** Layers may fail while a frame is realised, then what stands in for them, and so on: so often it is tried to show something. */
const MAX_PASSES = 4;

/** What is drawn on the frame. */
type Drawn = {
  /** Opaque colour below all items, as the kernels fill with it. */
  readonly background: number;
  readonly items: readonly Item[];
};

const NOTHING_DRAWN: Drawn = { items: [], background: toOpaqueWord('#000000') };

/** What the next frame is compared with. */
type Before = Drawn & { readonly bitmaps: readonly Bitmap[]; readonly place: Place };

/** A frame that is being planned. */
type FrameWork = {
  readonly n: number;
  readonly prepared: PreparedSnapshot;
  readonly work: PaintWork;
  readonly owner: BitmapOwner;
  readonly programTimeMs: number;
  readonly wallOffsetMs: number;
};

function release(bitmaps: readonly Bitmap[]): void {
  for (const bitmap of bitmaps) bitmap.uses -= 1;
}

/** Ends the use of a planned frame's bitmaps: it is drawn, or lost. */
export function releaseFrame({ bitmaps }: PlannedFrame): void {
  release(bitmaps);
}

export type PlannerOptions = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly bitmaps: BitmapStore;
  readonly culprit: Culprit;
  /**
   * Where contents are painted that would keep a frame waiting: then their layers show what they showed before until
   * they are there. Null: every frame has all that it shows painted, so that it is whole and depends on no other.
   */
  readonly background: BackgroundPaints | null;
  /** What is heard with a frame; of use until the next is asked for. */
  readonly heardAt: (n: number) => Heard;
  readonly videoFrame: VideoFrames;
  /** The picture of a live input that is due with frame `n`. */
  readonly livePicture: (inputId: string, n: number) => LivePicture | null;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
};

/**
 * Decides frames, in order: what the scene shows at a moment, how that differs from the frame planned before, and
 * the job that draws the difference. It alone takes bitmaps from their store.
 */
export class FramePlanner {
  readonly #map: ProgramMap;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #bitmaps: BitmapStore;
  readonly #orders: PaintOrders;
  readonly #guard: LayerGuard;
  readonly #background: BackgroundPaints | null;
  readonly #heardAt: PlannerOptions['heardAt'];
  readonly #videoFrame: VideoFrames;
  readonly #livePicture: PlannerOptions['livePicture'];
  readonly #lowering: SceneLowering;
  readonly #keeper = new ItemKeeper();
  readonly #room: FrameRoom;
  readonly #known: KnownLayers;
  #prepared: PreparedSnapshot | null = null;
  #before: Before | null = null;
  /** The frame that was planned last, and what it left of the characters that a frame may set. */
  #last: { readonly n: number; readonly charactersLeft: number } | null = null;

  constructor(options: PlannerOptions) {
    const { memory, map, bitmaps, background, culprit } = options;
    this.#map = map;
    this.#lowering = new SceneLowering(map.widthPx, map.heightPx, culprit);
    this.#view = new DataView(memory.buffer);
    this.#bitmaps = bitmaps;
    this.#background = background;
    this.#heardAt = options.heardAt;
    this.#videoFrame = options.videoFrame;
    this.#livePicture = options.livePicture;
    this.#room = new FrameRoom(background !== null);
    this.#guard = new LayerGuard({
      bitmaps,
      isLive: background !== null,
      onFailed: options.onLayerFailed,
      onRecovered: options.onLayerRecovered,
    });
    this.#orders = new PaintOrders({
      view: this.#view,
      bitmaps,
      background,
      guard: this.#guard,
    });
    this.#known = {
      stateOf: (layer) => this.#guard.stateOf(layer),
      sizeOf: (layer) => this.#guard.sizeOf(layer),
      keptOf: (compiled, shown) => {
        const step = this.#keeper.find(compiled, shown);
        return step !== null && this.#guard.canRepeat(step.result.kept) ? step : null;
      },
    };
  }

  /** A paint of a frame or of the background has ended. */
  painted(bitmap: Bitmap, { tookMs, failure }: PaintReport): void {
    bitmap.failure ??= failure;
    this.#guard.painted(bitmap.owner, tookMs);
    if (failure === null && 'drawing' in bitmap.content)
      this.#background?.costs.observe(bitmap.content, tookMs);
  }

  /** What became of the layers. */
  get guard(): LayerGuard {
    return this.#guard;
  }

  /** Where every frame is whole, all texts are set that it shows. */
  get #textCharacters(): number {
    return this.#background === null ? Infinity : FRAME_CHARACTERS;
  }

  /** The scene that frames planned from now on show. */
  show(snapshot: SceneSnapshot): void {
    this.#prepared = this.#lowering.prepare(snapshot, this.#prepared);
  }

  /** Layers that are not drawn, by the hash of their names, with the reason; what is shown next follows it. */
  setAside(layers: ReadonlyMap<number, string>): void {
    this.#lowering.setAside(layers);
    if (this.#prepared !== null)
      this.#prepared = this.#lowering.prepare(this.#prepared.snapshot, this.#prepared);
  }

  /** Whether another scene would be shown than is now. */
  isOtherScene({ scene }: SceneSnapshot): boolean {
    return this.#prepared?.snapshot.scene?.id !== scene?.id;
  }

  /** Gives up what is kept of texts that may not be shown any more. */
  forget(): void {
    this.#lowering.forget();
  }

  /** Makes the next planned frame a whole one: after a frame was lost, nothing can build on it. */
  invalidate(): void {
    release(this.#before?.bitmaps ?? []);
    this.#before = null;
  }

  /** The pictures that scenes need and their sizes, for loading them before they are shown. */
  picturesOf(snapshot: SceneSnapshot): readonly PictureContent[] {
    return this.#found(this.#lowering.prepare(snapshot, this.#prepared)).contents;
  }

  /** Whether these are all: where it takes many texts to know how large they are, they are found a part at a time. */
  hasAllPicturesOf(snapshot: SceneSnapshot): boolean {
    return this.#found(this.#lowering.prepare(snapshot, this.#prepared)).areAll;
  }

  #found(prepared: PreparedSnapshot): FoundPictures {
    return this.#lowering.picturesOf(prepared, this.#textCharacters);
  }

  /** The paints that a scene needs at a moment, as far as they can be known before others are done. */
  paintsOf(snapshot: SceneSnapshot, programTimeMs: number): PaintsAhead {
    const prepared = this.#lowering.prepare(snapshot, this.#prepared);
    const room = new FrameRoom(true);
    room.begin();
    const inputs = {
      wallOffsetMs: 0,
      heard: STATED,
      pictureOffset: (content: PictureContent) => this.#paintedPicture(content)?.offset ?? null,
      // What is not shown yet must not say where a video is.
      videoFrame: () => null,
      livePicture: () => null,
      known: NOTHING_KNOWN,
      room,
    };
    const list = this.#lowering.lower(prepared, programTimeMs, inputs, this.#textCharacters);
    return new PaintsAhead(this.#bitmaps, this.#orders, list);
  }

  /**
   * Plans frame `n` into a free job slot. `wallOffsetMs` is added to the program time to show the hour of day. Frames that
   * differ in nothing from the one before have no tiles.
   */
  plan(n: number, slot: number, programTimeMs: number, wallOffsetMs: number): PlannedFrame {
    const prepared = this.#prepared;
    const work = new PaintWork();
    const owner = this.#ownerFor(work);
    this.#room.begin();
    this.#guard.begin({
      programTimeMs,
      revision: prepared?.snapshot.revision ?? 0,
      hold: (bitmap) => {
        work.hold(bitmap);
      },
      owner,
    });
    const drawn =
      prepared === null
        ? NOTHING_DRAWN
        : this.#drawn({ n, prepared, work, owner, programTimeMs, wallOffsetMs });
    const revision = this.#guard.end();
    const place = prepared?.screen.place ?? this.#lowering.frame('');
    const damage = this.#damageOf(drawn, place);
    const bitmaps = [...work.bitmaps];
    for (const bitmap of bitmaps) bitmap.uses += 1;
    release(this.#before?.bitmaps ?? []);
    this.#before = { ...drawn, bitmaps, place };
    const tiles = this.#tilesOf(damage);
    const { paints } = work;
    writeJob(this.#view, this.#map, slot, { ...drawn, tiles, paintCount: paints.length });
    const tilePx = tiles.reduce((sum, { x0, y0, x1, y1 }) => sum + (x1 - x0) * (y1 - y0), 0);
    return { n, revision, slot, damage, bitmaps, paints, tileCount: tiles.length, tilePx };
  }

  /** Lowers and realises a frame: once more where layers fail meanwhile, so that it is seen what stands in for them. */
  #drawn({ n, prepared, work, owner, programTimeMs, wallOffsetMs }: FrameWork): Drawn {
    const pictureOffset = this.#pictureOffsets(prepared, work);
    const heard = this.#heardAt(n);
    const inputs = {
      wallOffsetMs,
      heard,
      pictureOffset,
      videoFrame: this.#videoFrame,
      livePicture: (inputId: string) => this.#livePicture(inputId, n),
      known: this.#known,
      room: this.#room,
    };
    // A frame that is planned anew goes on with what it had left.
    let characters = this.#last?.n === n ? this.#last.charactersLeft : this.#textCharacters;
    for (let pass = 1; ; pass++) {
      const { background, steps, coming } = this.#lowering.lower(
        prepared,
        programTimeMs,
        inputs,
        characters,
      );
      characters = this.#lowering.charactersLeft;
      this.#last = { n, charactersLeft: characters };
      // Before anything is painted for which it might be given up.
      for (const kept of keptIn(steps)) this.#guard.hold(kept);
      const items = toItems(steps, owner);
      if (!this.#guard.lacksStandIns || pass === MAX_PASSES) {
        for (const content of coming) this.#orders.ahead(content, work);
        return { background, items: items.length > MAX_ITEMS ? items.slice(0, MAX_ITEMS) : items };
      }
      this.#guard.beginAgain();
      this.#room.beginAgain();
    }
  }

  /** Where the pictures of a frame are in memory; they are held for it. */
  #pictureOffsets(
    prepared: PreparedSnapshot,
    work: PaintWork,
  ): (content: PictureContent) => number | null {
    for (const content of this.#found(prepared).contents) this.#heldPicture(content, work);
    return (content) => this.#heldPicture(content, work)?.offset ?? null;
  }

  #heldPicture(content: PictureContent, work: PaintWork): Bitmap | null {
    const bitmap = this.#paintedPicture(content);
    if (bitmap !== null) work.hold(bitmap);
    return bitmap;
  }

  /** The bitmaps of a frame that is realised. */
  #ownerFor(work: PaintWork): BitmapOwner {
    return {
      bitmap: (content) =>
        'drawing' in content
          ? this.#orders.bitmap(content, [], work)
          : this.#heldPicture(content, work),
      composed: (content, items) => this.#orders.composed(content, items, work),
      levels: (bitmap) => this.#orders.levels(bitmap, work),
      layer: (step) => {
        const items = this.#guard.layer(step);
        if (step.result.kind !== 'kept') this.#keeper.keep(step, items);
        return items;
      },
    };
  }

  #paintedPicture(content: PictureContent): Bitmap | null {
    const bitmap = this.#bitmaps.find(content.key);
    return bitmap !== null && this.#bitmaps.isPainted(bitmap) ? bitmap : null;
  }

  #damageOf({ background, items }: Drawn, place: Place): Region {
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
