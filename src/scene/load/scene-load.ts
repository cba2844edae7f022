import { rulesOf } from '../../layers/rules.js';
import type { Layer } from '../schema/layer.js';
import type { Scene } from '../schema/scene.js';
import { isMoving, itemsOf } from './layer-parts.js';
import {
  areaOf,
  isBitmap,
  isCutByMask,
  isTurned,
  largestOf,
  nsPerPx,
  opensBuffer,
} from './layer-work.js';

/** What showing something takes at the most; what it holds is counted as often as it is shown. */
export type Load = {
  /** Layers, those of nested scenes and the parts of tables, chats and tickers among them. */
  readonly layers: number;
  /** Those of them that are planned anew for every frame: what they show changes, or where they are. */
  readonly moving: number;
  /** Draw items. */
  readonly items: number;
  /** Processor time to draw all of it once into a frame of 1920×1080, milliseconds of one core. */
  readonly workMs: number;
  /** Groups and scenes that stand in each other. */
  readonly depth: number;
  /** Buffers that are open at once while it is drawn. */
  readonly buffers: number;
};

/** A load, and where most of it comes from. */
export type SceneLoad = Load & {
  readonly parts: readonly { readonly path: readonly (string | number)[]; readonly load: Load }[];
};

export const NO_LOAD: Load = { layers: 0, moving: 0, items: 0, workMs: 0, depth: 0, buffers: 0 };

const NO_SCENE: SceneLoad = { ...NO_LOAD, parts: [] };

const FRAME_PX = 1920 * 1080;

/** The load of both together. */
export function addLoads(a: Load, b: Load): Load {
  return {
    layers: a.layers + b.layers,
    moving: a.moving + b.moving,
    items: a.items + b.items,
    workMs: a.workMs + b.workMs,
    depth: Math.max(a.depth, b.depth),
    buffers: Math.max(a.buffers, b.buffers),
  };
}

/** Layers that are stacked, and how large a unit of theirs is drawn. */
type Stack = {
  readonly layers: readonly Layer[];
  readonly scene: Scene;
  readonly scale: number;
  /** Whether their own x and y say where they are in the scene, so that it can be known that they are out of sight. */
  readonly isPlaced: boolean;
  /** Of layers that are masks or stand-ins of others: they are drawn once more for each. */
  readonly known: Map<Layer, Load>;
};

/** A scene with the layers that are on their way out of it. */
export type StagedScene = { readonly scene: Scene; readonly leaving: readonly Layer[] };

/** What a scene came to, and what those came to that it shows. */
type Remembered = {
  readonly load: SceneLoad;
  readonly leaving: readonly Layer[];
  readonly shown: ReadonlyMap<string, SceneLoad>;
};

/** Hangs on the scenes themselves, which never change: a change of one is no reason to count the others anew. */
const remembered = new WeakMap<Scene, Remembered>();

/**
 * What the scenes of a state take. Each is counted once, however often it is shown: the time is linear in what the
 * documents hold.
 */
export class SceneLoads {
  readonly #find: (id: string) => StagedScene | null;
  readonly #known = new Map<string, SceneLoad>();
  /** Scenes that are being counted: one that would show itself adds nothing more. */
  readonly #open = new Set<string>();
  /** Scenes that the one shows that is being counted. */
  #shownScenes = new Map<string, SceneLoad>();

  /** @param find - a scene by its id, as it is shown: with its variables put in */
  constructor(find: (id: string) => StagedScene | null) {
    this.#find = find;
  }

  /** What a scene takes; nothing if there is none of this id. */
  of(sceneId: string): SceneLoad {
    const known = this.#known.get(sceneId);
    if (known !== undefined) return known;
    const staged = this.#open.has(sceneId) ? null : this.#find(sceneId);
    if (staged === null) return NO_SCENE;
    this.#open.add(sceneId);
    const load = this.#remembered(staged) ?? this.#counted(staged);
    this.#open.delete(sceneId);
    this.#known.set(sceneId, load);
    return load;
  }

  /** What it was at another time, if all that it shows is the same. */
  #remembered({ scene, leaving }: StagedScene): SceneLoad | null {
    const before = remembered.get(scene);
    if (before === undefined || !isSameList(before.leaving, leaving)) return null;
    const isSame = [...before.shown].every(([id, load]) => this.of(id) === load);
    return isSame ? before.load : null;
  }

  #counted(staged: StagedScene): SceneLoad {
    const outer = this.#shownScenes;
    const shown = new Map<string, SceneLoad>();
    this.#shownScenes = shown;
    const load = this.#scene(staged);
    this.#shownScenes = outer;
    remembered.set(staged.scene, { load, leaving: staged.leaving, shown });
    return load;
  }

  #scene({ scene, leaving }: StagedScene): SceneLoad {
    const stack: Stack = {
      layers: scene.layers,
      scene,
      scale: 1,
      isPlaced: true,
      known: new Map(),
    };
    const parts = scene.layers.map((layer, i) => ({ path: [i], load: this.#shown(layer, stack) }));
    const gone = leaving.map((layer) => {
      const load = this.#shown(layer, stack);
      // It moves as long as its exit runs.
      return { ...load, moving: load.layers };
    });
    const sum = [...parts.map(({ load }) => load), ...gone].reduce<Load>(addLoads, NO_LOAD);
    return { ...sum, parts };
  }

  /** A layer as far as it is seen. */
  #shown(layer: Layer, stack: Stack): Load {
    const isSeen = layer.visible && largestOf(layer, 'opacity') > 0;
    return isSeen ? this.#layer(layer, stack) : NO_LOAD;
  }

  #layer(layer: Layer, stack: Stack): Load {
    const known = stack.known.get(layer);
    if (known !== undefined) return known;
    // Layers may mask each other: the round ends where it began.
    stack.known.set(layer, NO_LOAD);
    const load = this.#withMask(layer, this.#own(layer, stack), stack);
    stack.known.set(layer, load);
    return load;
  }

  #own(layer: Layer, stack: Stack): Load {
    const part = coverageOf(layer, stack);
    const workMs = (part * FRAME_PX * nsPerPx(layer)) / 1e6;
    const inside = this.#inside(layer, stack, part);
    const isContainer = layer.type === 'group' || layer.type === 'scene';
    const cut = isCutByMask(layer) ? 1 : 0;
    // Those inside a bitmap of its own are opened while that is drawn, when none outside of it is.
    const open = Math.max(isBitmap(layer) ? 0 : inside.buffers + cut, cut * 2);
    const layers = rulesOf(layer).parts(layer) + inside.layers;
    return {
      layers,
      // What is in a group that moves moves with it.
      moving: isMoving(layer) ? layers : inside.moving,
      items: itemsOf(layer) + inside.items,
      workMs: workMs + inside.workMs,
      depth: inside.depth + (isContainer ? 1 : 0),
      buffers: open + (opensBuffer(layer) ? 1 : 0),
    };
  }

  #inside(layer: Layer, stack: Stack, part: number): Load {
    if (layer.type === 'group') {
      const inner: Stack = {
        layers: layer.layers,
        scene: stack.scene,
        scale: stack.scale * largestOf(layer, 'scale'),
        isPlaced: false,
        known: new Map(),
      };
      return layer.layers.reduce<Load>(
        (sum, child) => addLoads(sum, this.#shown(child, inner)),
        NO_LOAD,
      );
    }
    if (layer.type !== 'scene') return NO_LOAD;
    const nested = this.of(layer.scene);
    this.#shownScenes.set(layer.scene, nested);
    return { ...nested, workMs: nested.workMs * part };
  }

  /** A layer that is the mask of another is drawn again for it, in a buffer on top of that one's. */
  #withMask(layer: Layer, load: Load, stack: Stack): Load {
    const { mask } = layer;
    if (mask === null) return load;
    if (mask.type === 'shape') return { ...load, buffers: Math.max(load.buffers, 2) };
    const other = stack.layers.find(({ id }) => id === mask.layer);
    if (other === undefined || other === layer) return load;
    const masking = this.#layer(other, stack);
    return addLoads(load, { ...masking, buffers: masking.buffers + 2 });
  }
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** The part of the frame that a layer covers at the most, from 0 to 1. */
function coverageOf(layer: Layer, { scene, scale, isPlaced }: Stack): number {
  const whole = scene.width * scene.height;
  const unit = scale * largestOf(layer, 'scale');
  const part = Math.min(1, (areaOf(layer, whole) * unit * unit) / whole);
  return isPlaced && isOutOfSight(layer, scene) ? 0 : part;
}

/** Whether a layer of a scene stands beside it and never moves. */
function isOutOfSight(layer: Layer, scene: Scene): boolean {
  if (!('width' in layer) || !('height' in layer)) return false;
  const { width, height, x, y, anchor, scale } = layer;
  if (width === undefined || height === undefined || layer.shadow !== null) return false;
  if (layer.animations.length > 0 || layer.enter !== null || isTurned(layer)) return false;
  const [left, top] = [x - anchor.x * width * scale, y - anchor.y * height * scale];
  return (
    left >= scene.width ||
    top >= scene.height ||
    left + width * scale <= 0 ||
    top + height * scale <= 0
  );
}
