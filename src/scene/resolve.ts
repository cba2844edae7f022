import { toColorTrack, toNumberTrack, type Track } from './animation.js';
import type { Layer } from './schema/layer.js';
import { SCENE_LIMITS } from './limits.js';
import type { Scene } from './schema/scene.js';

/** A layer whose moving fields can be asked for at any moment of scene time. */
export type CompiledLayer = {
  /** As the document has it. */
  readonly layer: Layer;
  /** The layer at a moment: the same object as `layer` when nothing of it moves. */
  readonly at: Track<Layer>;
  /** Whether any of these properties is animated. */
  moves(...properties: readonly string[]): boolean;
  /** Of a group, bottom to top; none for other kinds. */
  readonly children: readonly CompiledLayer[];
  /** Largest value that a numeric property takes over all time, curves that overshoot left out. */
  largest(property: string, atRest: number): number;
};

export type CompiledScene = { readonly scene: Scene; readonly layers: readonly CompiledLayer[] };

type Bounds = readonly [lowest: number, highest: number];

const { extentPx, fontSizePx, radiusPx, borderPx, shadowPx, offsetPx, scale } = SCENE_LIMITS;

/** What a field may reach while it moves: as in the schema, since curves may overshoot, or a little more. */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  x: [-offsetPx, offsetPx],
  y: [-offsetPx, offsetPx],
  'anchor.x': [-1, 2],
  'anchor.y': [-1, 2],
  scale: [0, scale],
  opacity: [0, 1],
  'crop.x': [0, extentPx],
  'crop.y': [0, extentPx],
  'crop.width': [1, extentPx],
  'crop.height': [1, extentPx],
  'focus.x': [0, 1],
  'focus.y': [0, 1],
  width: [0, extentPx],
  height: [0, extentPx],
  cornerRadius: [0, radiusPx],
  fontSize: [1, fontSizePx],
  lineHeight: [0.5, 5],
  letterSpacing: [-100, 500],
  lineWidth: [0, borderPx],
  gap: [0, extentPx],
  speed: [-10_000, 10_000],
  'border.width': [0, borderPx],
  'shadow.x': [-shadowPx, shadowPx],
  'shadow.y': [-shadowPx, shadowPx],
  'shadow.blur': [0, shadowPx],
};

/** For the rest, such as the rotation: small enough to be reckoned with exactly. */
const WIDEST: Bounds = [-1_000_000, 1_000_000];

function bounded(property: string, value: number): number {
  const [lowest, highest] = BOUNDS[property] ?? WIDEST;
  return Math.min(highest, Math.max(lowest, value));
}

type Setter = (target: Record<string, unknown>, sceneTimeMs: number) => void;

/** A copy of an object or a list with the value at the end of a path replaced. */
function withValue(
  target: unknown,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (Array.isArray(target)) {
    return target.map((item: unknown, i) =>
      i !== Number(key) ? item : rest.length === 0 ? value : withValue(item, rest, value),
    );
  }
  const entries = new Map<string, unknown>(
    Object.entries(typeof target === 'object' && target !== null ? target : {}),
  );
  entries.set(key, rest.length === 0 ? value : withValue(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}

function toSetter(property: string, track: Track<number | string>): Setter {
  const [first = '', ...rest] = property.split('.');
  return (target, sceneTimeMs) => {
    const value = track(sceneTimeMs);
    target[first] = rest.length === 0 ? value : withValue(target[first], rest, value);
  };
}

function compileLayer(layer: Layer): CompiledLayer {
  const setters = layer.animations.map((animation) => {
    const { property } = animation;
    if (typeof animation.keyframes[0]?.value === 'string')
      return toSetter(property, toColorTrack(animation));
    const keyframes = animation.keyframes.map((keyframe) => ({
      ...keyframe,
      value: bounded(property, Number(keyframe.value)),
    }));
    const track = toNumberTrack({ ...animation, keyframes });
    return toSetter(property, (timeMs) => bounded(property, track(timeMs)));
  });
  const moving = new Set(layer.animations.map(({ property }) => property));
  return {
    layer,
    children: layer.type === 'group' ? compileLayers(layer.layers) : [],
    at: setters.length === 0 ? () => layer : (timeMs) => withFields(layer, setters, timeMs),
    moves: (...properties) => properties.some((property) => moving.has(property)),
    largest: (property, atRest) => {
      const animation = layer.animations.findLast((candidate) => candidate.property === property);
      return animation === undefined
        ? atRest
        : Math.max(...animation.keyframes.map(({ value }) => bounded(property, Number(value))));
    },
  };
}

function withFields(layer: Layer, setters: readonly Setter[], sceneTimeMs: number): Layer {
  const moved = { ...layer };
  for (const set of setters) set(moved, sceneTimeMs);
  return moved;
}

const compiledLayers = new WeakMap<Layer, CompiledLayer>();

function compileLayers(layers: readonly Layer[]): CompiledLayer[] {
  return layers.map((layer) => {
    const known = compiledLayers.get(layer) ?? compileLayer(layer);
    compiledLayers.set(layer, known);
    return known;
  });
}

/** Prepares a scene for being asked frame by frame. Layers that did not change keep their identity. */
export function compileScene(scene: Scene): CompiledScene {
  return { scene, layers: compileLayers(scene.layers) };
}
