/**
 * The way of one frame, phases "resolve" and "lower", in the compositor thread: from a snapshot and a moment to a draw list.
 * Owns the compiled scenes and the text engine; knows no bitmaps.
 */

import { hashOfLayer, type Culprit } from '../../memory/culprit.js';
import type { Content } from '../../render/content.js';
import { createTextEngine } from '../../render/text/engine.js';
import { compileScene, type CompiledScene } from '../../scene/compile-scene.js';
import { EMPTY_STAGE } from '../../scene/motion/stage.js';
import { compileAtRest, type CompiledLayer } from '../../scene/resolve.js';
import { retainLayers } from '../../scene/retain.js';
import { SCHEMA_FACTS } from '../../scene/schema-facts.js';
import type { Layer } from '../../scene/schema/layer.js';
import type { Scene } from '../../scene/schema/scene.js';
import { STATED } from '../../scene/sound/heard.js';
import type { SceneSnapshot } from '../../scene/snapshot.js';
import { refusedLayers } from '../faults/refused-layers.js';
import { FrameRoom } from '../faults/frame-room.js';
import type { LowerContext } from './context.js';
import type { DrawList } from './draw-list.js';
import { NOTHING_KNOWN } from './known-layers.js';
import { LayerLowering } from './lower-layers.js';
import type { FoundPictures } from './pictures.js';
import { fitScene, type FrameSize, type Place } from './place.js';
import { drawScreen, placeIn } from './lower-screen.js';
import { screensOf, sceneById, toScreen, type Screen } from './screen.js';
import { assetsOfTransition } from '../../scene/transition-facts.js';

/** What a snapshot shows, prepared for being lowered. */
export type PreparedSnapshot = {
  readonly snapshot: SceneSnapshot;
  readonly screen: Screen;
  /** The scenes that layers show, by id. */
  readonly nested: ReadonlyMap<string, CompiledScene>;
  /** Layers that are not drawn, with the reason: with them the screen would show more than can be shown. */
  readonly refused: ReadonlyMap<Layer, string>;
};

/** A frame that has been lowered. */
export type LoweredFrame = DrawList & {
  /** What its layers will show soon, and is better painted before. */
  readonly coming: readonly Content[];
};

/** What layers are given that depends on what they are lowered for. */
export type LowerInputs = Pick<
  LowerContext,
  'wallOffsetMs' | 'heard' | 'pictureOffset' | 'videoFrame' | 'livePicture' | 'known' | 'room'
>;

/** For finding pictures, which depends on no frame. */
const NO_INPUTS: LowerInputs = {
  wallOffsetMs: 0,
  heard: STATED,
  pictureOffset: () => null,
  videoFrame: () => null,
  livePicture: () => null,
  known: NOTHING_KNOWN,
  room: new FrameRoom(false),
};

/** The moments of scenes at which layers may go over to other sizes, in order, from one on. */
function momentsOf(programTimeMs: number, scenes: readonly CompiledScene[]): number[] {
  const moments = scenes.flatMap((scene) => scene.momentsFrom(programTimeMs));
  return [...new Set(moments)].sort((a, b) => a - b);
}

/**
 * Resolves snapshots at a moment and lowers them to draw lists, for a frame of one size. In the compositor thread, and
 * wherever it is found out what a scene takes. Owns what was worked out for scenes and layers; knows no bitmaps.
 */
export class SceneLowering {
  readonly #frameSize: FrameSize;
  readonly #layers = new LayerLowering();
  readonly #text = createTextEngine();
  #preparedSnapshots = new WeakMap<SceneSnapshot, PreparedSnapshot>();
  readonly #pictures = new WeakMap<PreparedSnapshot, FoundPictures>();
  readonly #wholePictures = new Map<string, CompiledLayer>();
  readonly #culprit: Culprit;
  #setAside: ReadonlyMap<number, string> = new Map();
  #charactersLeft = Infinity;

  constructor(widthPx: number, heightPx: number, culprit: Culprit) {
    this.#culprit = culprit;
    this.#frameSize = { widthPx, heightPx };
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
      screen: toScreen(snapshot, known, this.#frameSize),
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
   * What is shown at a moment. Of layers whose texts take more than `textCharacters` together to set some are unfinished: they
   * go on when they are lowered again.
   */
  lower(
    prepared: PreparedSnapshot,
    programTimeMs: number,
    inputs: LowerInputs,
    textCharacters = Infinity,
  ): LoweredFrame {
    this.#text.allow(textCharacters);
    try {
      const list = this.#lower(prepared, programTimeMs, inputs);
      return {
        ...list,
        coming: this.#layers.coming.take(this.#text, this.#culprit, () => inputs.room.nowMs),
      };
    } finally {
      this.#charactersLeft = this.#text.allow(Infinity);
    }
  }

  /** What was left of `textCharacters` when something was lowered last. */
  get charactersLeft(): number {
    return this.#charactersLeft;
  }

  #lower(prepared: PreparedSnapshot, programTimeMs: number, inputs: LowerInputs): DrawList {
    return drawScreen(prepared.screen, {
      programTimeMs,
      ...this.#frameSize,
      drawer: {
        layers: (screen, place) =>
          this.#layers.lower(
            screen.compiled?.layersAt(programTimeMs) ?? [],
            place,
            this.#contextOf(prepared, programTimeMs, screen, inputs),
          ),
        picture: (name, assetId, timeMs, view) => {
          const screen = { takenAtMs: programTimeMs - timeMs, compiled: null };
          return this.#layers.lower(
            [this.#wholePicture(prepared.snapshot, assetId)],
            placeIn(view, this.frame(name)),
            this.#contextOf(prepared, programTimeMs, screen, inputs),
          );
        },
      },
    });
  }

  /** The place of what fills the frame, and is in no scene. */
  frame(path: string): Place {
    const { widthPx: width, heightPx: height } = this.#frameSize;
    return fitScene({ width, height }, this.#frameSize, { depth: 0, path });
  }

  #picturesOf(prepared: PreparedSnapshot): FoundPictures {
    const { takenAtMs } = prepared.snapshot;
    const screens = screensOf(prepared.screen);
    // From the moment on at which its past is known: what of it is over by now is at rest.
    const shown = screens.flatMap((screen) => screen.compiled ?? []);
    const moments = momentsOf(takenAtMs, [...shown, ...prepared.nested.values()]);
    const ofScenes = moments.flatMap((programTimeMs) =>
      screens.map((screen) => {
        const { compiled, place } = screen;
        const context = this.#contextOf(prepared, programTimeMs, screen, NO_INPUTS);
        const layers = compiled?.layersAt(programTimeMs) ?? [];
        return this.#layers.pictures(layers, place, context);
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
        return this.#layers.pictures(
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
    const box = {
      id: 'picture',
      asset: assetId,
      width: this.#frameSize.widthPx,
      height: this.#frameSize.heightPx,
    };
    const layer: Layer = isLottie
      ? { ...lottie, ...box, loop: false }
      : { ...image, ...box, playback: { ...image.playback, loop: false } };
    const compiled = compileAtRest(layer);
    this.#wholePictures.set(key, compiled);
    return compiled;
  }

  #contextOf(
    { snapshot, nested, refused }: PreparedSnapshot,
    programTimeMs: number,
    { takenAtMs, compiled }: Pick<Screen, 'takenAtMs' | 'compiled'>,
    inputs: LowerInputs,
  ): LowerContext {
    return {
      ...inputs,
      programTimeMs,
      sceneTimeMs: programTimeMs - takenAtMs,
      takenAtMs,
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
