import { hashOfLayer, type Culprit } from '../memory/culprit.js';
import { MAX_ITEMS } from '../memory/records.js';
import { createTextEngine } from '../render/text/engine.js';
import { compileScene, type CompiledScene } from '../scene/compile-scene.js';
import { EMPTY_STAGE } from '../scene/motion/stage.js';
import { compileAtRest, type CompiledLayer } from '../scene/resolve.js';
import { retainLayers } from '../scene/retain.js';
import { SCHEMA_FACTS } from '../scene/schema-facts.js';
import type { Layer } from '../scene/schema/layer.js';
import type { Scene } from '../scene/schema/scene.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { refusedLayers } from './faults/refused-layers.js';
import { Composer } from './items/compose.js';
import type { ItemContext } from './items/context.js';
import type { FoundPictures } from './items/pictures.js';
import { fitScene, type Place } from './items/place.js';
import { drawScreen, placeIn, type Drawn } from './items/shots.js';
import { screensOf, sceneById, toScreen, type Screen } from './screen.js';
import { assetsOfTransition } from '../scene/transition-facts.js';

/** What a snapshot shows, prepared for being drawn. */
export type PreparedSnapshot = {
  readonly snapshot: SceneSnapshot;
  readonly screen: Screen;
  /** The scenes that layers show, by id. */
  readonly nested: ReadonlyMap<string, CompiledScene>;
  /** Layers that are not drawn, with the reason: with them the screen would show more than can be shown. */
  readonly refused: ReadonlyMap<Layer, string>;
};

/** What layers are given that depends on what they are drawn for. */
export type DrawInputs = Pick<
  ItemContext,
  | 'wallOffsetMs'
  | 'pictureOffset'
  | 'bitmap'
  | 'levels'
  | 'composed'
  | 'again'
  | 'guarded'
  | 'measured'
>;

const NO_INPUTS: DrawInputs = {
  wallOffsetMs: 0,
  pictureOffset: () => null,
  bitmap: () => null,
  levels: () => null,
  composed: () => null,
  again: () => false,
  guarded: () => [],
  measured: () => undefined,
};

/** The moments of scenes at which layers may go over to other sizes, in order, from one on. */
function momentsOf(wallTimeMs: number, scenes: readonly CompiledScene[]): number[] {
  const moments = scenes.flatMap((scene) => scene.momentsFrom(wallTimeMs));
  return [...new Set(moments)].sort((a, b) => a - b);
}

/** Draws snapshots as items, for a frame of one size. Knows no memory: who asks says which bitmaps there are. */
export class SnapshotDrawer {
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #composer = new Composer();
  readonly #text = createTextEngine();
  #preparedSnapshots = new WeakMap<SceneSnapshot, PreparedSnapshot>();
  readonly #pictures = new WeakMap<PreparedSnapshot, FoundPictures>();
  readonly #wholePictures = new Map<string, CompiledLayer>();
  readonly #culprit: Culprit;
  #setAside: ReadonlyMap<number, string> = new Map();
  #charactersLeft = Infinity;

  constructor(widthPx: number, heightPx: number, culprit: Culprit) {
    this.#culprit = culprit;
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
  }

  /** Forgets the texts that it has set: those that are still shown are set anew. */
  forget(): void {
    this.#text.forget();
  }

  /** Layers that are not drawn, by the hash of their names, with the reason. */
  setAside(layers: ReadonlyMap<number, string>): void {
    this.#setAside = layers;
    this.#preparedSnapshots = new WeakMap();
  }

  /** What a snapshot shows, worked out once; layers that are in `before` keep what was worked out for them. */
  prepare(snapshot: SceneSnapshot, before: PreparedSnapshot | null): PreparedSnapshot {
    const known = this.#preparedSnapshots.get(snapshot);
    if (known !== undefined) return known;
    const scenes = this.#compile(snapshot, before);
    const refused = refusedLayers(scenes.screen, scenes.nested);
    const prepared = { ...scenes, refused };
    this.#preparedSnapshots.set(snapshot, prepared);
    return prepared;
  }

  /**
   * The pictures of all its layers, be they in sight or not: none is given up as long as the scene is shown. Where their
   * size depends on texts that take more than `textCharacters` together to set, they are found when it is asked again.
   */
  picturesOf(prepared: PreparedSnapshot, textCharacters = Infinity): FoundPictures {
    const known = this.#pictures.get(prepared);
    if (known !== undefined) return known;
    this.#text.allow(textCharacters);
    try {
      const found = this.#picturesOf(prepared);
      if (found.areAll) this.#pictures.set(prepared, found);
      return found;
    } finally {
      this.#text.allow(Infinity);
    }
  }

  /** The scenes of a snapshot; what did not change since the last one is still known. */
  #compile(
    snapshot: SceneSnapshot,
    before: PreparedSnapshot | null,
  ): Omit<PreparedSnapshot, 'refused'> {
    this.#text.fonts.add(snapshot.fonts);
    const known = (id: string): Scene | null =>
      before === null
        ? null
        : (sceneById(before.screen, id) ?? before.nested.get(id)?.scene ?? null);
    return {
      snapshot,
      screen: toScreen(snapshot, known, this.#widthPx, this.#heightPx),
      nested: new Map(
        Object.entries(snapshot.nested).map(([id, scene]) => [
          id,
          compileScene({
            scene: retainLayers(known(id), scene),
            stage: snapshot.stages[id] ?? EMPTY_STAGE,
            takenAtMs: snapshot.takenAtMs,
          }),
        ]),
      ),
    };
  }

  /**
   * Decides what is shown. Layers whose texts take more than `textCharacters` together to set throw UnfinishedText
   * in `inputs.guarded`, and go on when they are drawn again.
   */
  draw(
    prepared: PreparedSnapshot,
    wallTimeMs: number,
    inputs: DrawInputs,
    textCharacters = Infinity,
  ): Drawn {
    this.#text.allow(textCharacters);
    try {
      return this.#draw(prepared, wallTimeMs, inputs);
    } finally {
      this.#charactersLeft = this.#text.allow(Infinity);
    }
  }

  /** What was left of `textCharacters` when something was drawn last. */
  get charactersLeft(): number {
    return this.#charactersLeft;
  }

  #draw(prepared: PreparedSnapshot, wallTimeMs: number, inputs: DrawInputs): Drawn {
    const [widthPx, heightPx] = [this.#widthPx, this.#heightPx];
    const drawn = drawScreen(prepared.screen, {
      wallTimeMs,
      widthPx,
      heightPx,
      drawer: {
        layers: (screen, place) =>
          this.#composer.compose(
            screen.compiled?.layersAt(wallTimeMs) ?? [],
            place,
            this.#contextOf(prepared, wallTimeMs, screen, inputs),
          ),
        picture: (name, assetId, timeMs, view) => {
          const screen = { takenAtMs: wallTimeMs - timeMs, compiled: null };
          return this.#composer.compose(
            [this.#wholePicture(prepared.snapshot, assetId)],
            placeIn(view, this.frame(name)),
            this.#contextOf(prepared, wallTimeMs, screen, inputs),
          );
        },
      },
    });
    const { items } = drawn;
    return items.length <= MAX_ITEMS ? drawn : { ...drawn, items: items.slice(0, MAX_ITEMS) };
  }

  /** The place of what fills the frame. */
  frame(prefix: string): Place {
    const [widthPx, heightPx] = [this.#widthPx, this.#heightPx];
    return fitScene(widthPx, heightPx, widthPx, heightPx, prefix);
  }

  #picturesOf(prepared: PreparedSnapshot): FoundPictures {
    const { takenAtMs } = prepared.snapshot;
    const screens = screensOf(prepared.screen);
    // From the moment on at which its past is known: what of it is over by now is at rest.
    const shown = screens.flatMap((screen) => screen.compiled ?? []);
    const moments = momentsOf(takenAtMs, [...shown, ...prepared.nested.values()]);
    const ofScenes = moments.flatMap((wallTimeMs) =>
      screens.map((screen) => {
        const { compiled, place } = screen;
        const context = this.#contextOf(prepared, wallTimeMs, screen, NO_INPUTS);
        const layers = compiled?.layersAt(wallTimeMs) ?? [];
        return this.#composer.pictures(layers, place, context);
      }),
    );
    const ofTransitions = screens
      .flatMap(({ transition }) => transition ?? [])
      .flatMap(({ running }) => assetsOfTransition(running.kind))
      .map((assetId) => {
        const context = this.#contextOf(
          prepared,
          takenAtMs,
          { takenAtMs, compiled: null },
          NO_INPUTS,
        );
        return this.#composer.pictures(
          [this.#wholePicture(prepared.snapshot, assetId)],
          this.frame(''),
          context,
        );
      });
    const found = [...ofScenes, ...ofTransitions];
    return {
      contents: found.flatMap(({ contents }) => contents),
      areAll: found.every(({ areAll }) => areAll),
    };
  }

  /** A layer that shows a picture all over the frame, or plays it once. */
  #wholePicture({ pictures }: SceneSnapshot, assetId: string): CompiledLayer {
    const isLottie = pictures[assetId]?.lottie !== undefined;
    const key = `${assetId} ${isLottie}`;
    const known = this.#wholePictures.get(key);
    if (known !== undefined) return known;
    const { image, lottie } = SCHEMA_FACTS;
    const box = { id: 'picture', asset: assetId, width: this.#widthPx, height: this.#heightPx };
    const layer: Layer = isLottie
      ? { ...lottie, ...box, loop: false }
      : { ...image, ...box, playback: { ...image.playback, loop: false } };
    const compiled = compileAtRest(layer);
    this.#wholePictures.set(key, compiled);
    return compiled;
  }

  #contextOf(
    { snapshot, nested, refused }: PreparedSnapshot,
    wallTimeMs: number,
    { takenAtMs, compiled }: Pick<Screen, 'takenAtMs' | 'compiled'>,
    inputs: DrawInputs,
  ): ItemContext {
    return {
      ...inputs,
      wallTimeMs,
      sceneTimeMs: wallTimeMs - takenAtMs,
      sceneId: compiled?.scene.id ?? null,
      text: this.#text,
      isBetweenPixels: false,
      picture: (assetId) => snapshot.pictures[assetId] ?? null,
      nested: (sceneId) => nested.get(sceneId) ?? null,
      refused: (layer, sceneId) =>
        refused.get(layer) ??
        this.#setAside.get(hashOfLayer({ sceneId, layerId: layer.id })) ??
        null,
      culprit: this.#culprit,
    };
  }
}
