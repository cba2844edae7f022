import fc from 'fast-check';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { figureLayers } from './random-figures.js';
import { pictureLayers } from './random-pictures.js';
import { feedLayers } from './random-feeds.js';
import { SceneSchema, type Scene } from '../../src/scene/schema/scene.js';
import {
  colours,
  filters,
  LAYER_IDS,
  layouts,
  masks,
  skews,
  slots,
  type LooseLayer,
} from './random-styles.js';
import { ways } from './random-motion.js';
import { BLEND_MODES } from '../../src/scene/blend-modes.js';

/** Scenes and edits by chance, small enough that many can be drawn in a second. */

/** Whole, halves, and anything. */
const places = fc.oneof(
  fc.integer({ min: -60, max: 200 }),
  fc.integer({ min: -60, max: 200 }).map((value) => value + 0.5),
  fc.double({ min: -60, max: 200, noNaN: true }),
);
const rotations = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 360, -720) },
  { weight: 2, arbitrary: fc.integer({ min: -400, max: 400 }) },
);
const scales = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.double({ min: 0.1, max: 2.5, noNaN: true }) },
);
const opacities = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.25, 0.6, 0.999) },
);
const blends = fc.oneof(
  { weight: 4, arbitrary: fc.constant('normal' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...BLEND_MODES) },
);
const anchors = fc.constantFrom({ x: 0, y: 0 }, { x: 0.5, y: 0.5 }, { x: 1, y: 0.3 });
const shadows = fc.option(
  fc.record({
    x: fc.integer({ min: -8, max: 8 }),
    y: fc.integer({ min: -8, max: 8 }),
    blur: fc.integer({ min: 0, max: 6 }),
    color: colours,
  }),
  { nil: null, freq: 3 },
);
const borders = fc.option(fc.record({ width: fc.integer({ min: 0, max: 6 }), color: colours }), {
  nil: null,
  freq: 3,
});

const common = fc.record({
  slot: slots,
  skewX: skews,
  skewY: skews,
  rotationX: skews,
  rotationY: skews,
  perspective: fc.constantFrom(60, 500, 1600),
  filters,
  mask: masks,
  x: places,
  y: places,
  rotation: rotations,
  scale: scales,
  opacity: opacities,
  blend: blends,
  anchor: anchors,
  shadow: shadows,
  border: borders,
  cornerRadius: fc.constantFrom(0, 0, 0, 5, 100),
  visible: fc.constantFrom(true, true, true, true, false),
  enter: ways,
  exit: ways,
});

const keyframeTimes = fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), {
  minLength: 1,
  maxLength: 4,
});
const easings = fc.constantFrom('linear', 'hold', 'ease-in-out', 'ease-out-bounce', 'ease-in-back');

function animationOf(
  property: string,
  values: fc.Arbitrary<number | string>,
): fc.Arbitrary<NonNullable<LayerInput['animations']>[number]> {
  return fc
    .record({
      times: keyframeTimes,
      values: fc.array(values, { minLength: 4, maxLength: 4 }),
      easing: easings,
      repeat: fc.constantFrom(0, 2, 'forever' as const),
      alternate: fc.boolean(),
      delayMs: fc.constantFrom(0, 0, 333),
    })
    .map(({ times, values: four, easing, ...rest }) => ({
      property,
      ...rest,
      keyframes: times
        .sort((a, b) => a - b)
        .map((atMs, i) => ({ atMs, value: four[i] ?? four[0] ?? 0, easing })),
    }));
}

const animations = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 4,
    arbitrary: fc.uniqueArray(
      fc.oneof(
        animationOf('x', places),
        animationOf('y', places),
        animationOf('rotation', fc.integer({ min: -90, max: 360 })),
        animationOf('scale', fc.double({ min: 0.2, max: 2, noNaN: true })),
        animationOf('opacity', fc.constantFrom(0, 0.5, 1)),
        animationOf('cornerRadius', fc.integer({ min: 0, max: 20 })),
        animationOf('anchor.x', fc.constantFrom(0, 0.5, 1)),
      ),
      { selector: ({ property }) => property, minLength: 1, maxLength: 2 },
    ),
  },
);

const extents = fc.oneof(
  fc.integer({ min: 1, max: 120 }),
  fc.double({ min: 1, max: 120, noNaN: true }),
);
const texts = fc.constantFrom('Lot 42', 'two\nlines', 'Ärger', 'ok 🎉', 'a longer line of text');
const fontSizes = fc.constantFrom(9, 14, 22.5, 40);
const aligns = fc.constantFrom('left' as const, 'center' as const, 'right' as const);

const leaves: fc.Arbitrary<LooseLayer> = fc.oneof(
  fc.record({
    type: fc.constant('shape'),
    shape: fc.constantFrom('rectangle', 'ellipse', 'line'),
    width: extents,
    height: extents,
    fill: colours,
    lineWidth: fc.integer({ min: 0, max: 9 }),
  }),
  fc.record(
    {
      type: fc.constant('text'),
      text: texts,
      fontSize: fontSizes,
      color: colours,
      align: aligns,
      letterSpacing: fc.constantFrom(0, 0, 3, -1),
      width: extents,
    },
    { requiredKeys: ['type', 'text', 'fontSize'] },
  ),
  fc.record({
    type: fc.constant('ticker'),
    text: texts,
    fontSize: fontSizes,
    width: extents,
    height: extents,
    speed: fc.constantFrom(60, 125, -33.3, 0),
    gap: fc.constantFrom(7, 30),
  }),
  fc.record({
    type: fc.constant('timer'),
    format: fc.constantFrom('HH:mm:ss', 's', '[bid ]s.cc', 'SSS'),
    fontSize: fontSizes,
    align: aligns,
  }),
  fc.record({
    type: fc.constant('clock'),
    timeZone: fc.constantFrom('UTC', 'Europe/Paris'),
    fontSize: fontSizes,
  }),
  fc.record({
    type: fc.constant('countdown'),
    to: fc.constantFrom('2024-05-01T12:00:01Z', '2024-06-01T00:00:00+02:00'),
    fontSize: fontSizes,
  }),
  ...pictureLayers(extents, animationOf),
  ...feedLayers(extents),
  { weight: 4, arbitrary: figureLayers },
);

/** A layer of a kind, without its id. */
function layersOf(kinds: fc.Arbitrary<LooseLayer>): fc.Arbitrary<LooseLayer> {
  return fc
    .tuple(common, animations, kinds)
    .map(([shared, moves, kind]) => ({ ...shared, animations: moves, ...kind }));
}

const scenesInside = fc.record(
  { type: fc.constant('scene'), scene: fc.constantFrom('inner', 'missing'), width: extents },
  { requiredKeys: ['type', 'scene'] },
);

/** Groups, in groups as well. */
const groups: fc.Arbitrary<LooseLayer> = fc.letrec<{ group: LooseLayer; child: LooseLayer }>(
  (tie) => ({
    group: fc.record(
      {
        type: fc.constant('group'),
        layers: fc.array(tie('child'), { maxLength: 3 }),
        overflow: fc.constantFrom('visible', 'hidden'),
        layout: layouts,
        background: fc.option(colours, { nil: null }),
        width: extents,
        height: extents,
      },
      { requiredKeys: ['type', 'layers'] },
    ),
    child: fc.oneof({ depthSize: 'small' }, layersOf(leaves), layersOf(tie('group'))),
  }),
).group;

/** A layer without its id. */
const layers = layersOf(
  fc.oneof(
    { weight: 5, arbitrary: leaves },
    { weight: 2, arbitrary: groups },
    { weight: 1, arbitrary: scenesInside },
  ),
);

/** A layer with its id, and all in it with ids that are made of it. */
function withId(layer: LooseLayer, id: string): LooseLayer {
  const inside: unknown = layer['layers'];
  if (!Array.isArray(inside)) return { ...layer, id };
  return {
    ...layer,
    id,
    layers: inside.map((child: LooseLayer, i) => withId(child, `${id}${i}`)),
  };
}

/** The scene that layers show. */
export const INNER_SCENE = SceneSchema.parse({
  id: 'inner',
  width: 80,
  height: 60,
  background: '#40206080',
  layers: [
    { id: 'a', type: 'shape', shape: 'ellipse', width: 40, height: 70, fill: '#ffd040' },
    { id: 'b', type: 'timer', format: 's.cc', fontSize: 18 },
  ],
});

/** A scene document as it comes from outside: the schema has not seen it yet. */
export type LooseScene = {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly layers: readonly LooseLayer[];
};

/** What a user does to a scene on air. */
export type Edit = (scene: LooseScene) => LooseScene;

const ids = fc.constantFrom(...LAYER_IDS);

/** Shows as text what an edit does: a failed property prints it. */
function named(name: string, edit: Edit): Edit {
  return Object.assign(edit, { [fc.toStringMethod]: () => name });
}

export const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(ids, layers, fc.nat(6)).map(([id, layer, place]) =>
    named(`put ${id} at ${place}: ${JSON.stringify(layer)}`, (scene) => {
      const rest = scene.layers.filter((one) => one['id'] !== id);
      rest.splice(Math.min(place, rest.length), 0, withId(layer, id));
      return { ...scene, layers: rest };
    }),
  ),
  fc.tuple(ids, common).map(([id, fields]) =>
    named(`patch ${id}: ${JSON.stringify(fields)}`, (scene) => ({
      ...scene,
      layers: scene.layers.map((layer) => (layer['id'] === id ? { ...layer, ...fields } : layer)),
    })),
  ),
  ids.map((id) =>
    named(`remove ${id}`, (scene) => ({
      ...scene,
      layers: scene.layers.filter((layer) => layer['id'] !== id),
    })),
  ),
  fc.tuple(fc.nat(5), fc.nat(5)).map(([from, to]) =>
    named(`move layer ${from} to ${to}`, (scene) => {
      const list = [...scene.layers];
      const [moved] = list.splice(from, 1);
      if (moved !== undefined) list.splice(Math.min(to, list.length), 0, moved);
      return { ...scene, layers: list };
    }),
  ),
  colours.map((background) =>
    named(`background ${background}`, (scene) => ({ ...scene, background })),
  ),
  fc
    .constantFrom([192, 128], [384, 256], [100, 100], [191, 77])
    .map(([width = 1, height = 1]) =>
      named(`scene of ${width}x${height}`, (scene) => ({ ...scene, width, height })),
    ),
);

export const scenes: fc.Arbitrary<LooseScene> = fc
  .tuple(fc.array(layers, { minLength: 1, maxLength: 5 }), colours)
  .map(([list, background]) => ({
    id: 'scene',
    width: 192,
    height: 128,
    background,
    layers: list.map((layer, i) => withId(layer, LAYER_IDS[i] ?? 'z')),
  }));

/** The document with its defaults. @throws ZodError when it does not fit the schema: a mistake of this file */
export function toScene(input: LooseScene): Scene {
  return SceneSchema.parse(input);
}
