import fc from 'fast-check';

/** Styles and layouts of layers by chance. */

/** A layer as it comes from outside, or a part of one. */
export type LooseLayer = Readonly<Record<string, unknown>>;

export const LAYER_IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

export const colours = fc.constantFrom(
  '#ff0000',
  '#00ff0080',
  'white',
  'rgb(0 0 255 / 30%)',
  '#ffcc00',
);

export const skews = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -50, max: 50 }) },
);
const amounts = fc.constantFrom(0, 0.3, 1);
export const filters = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(
        fc.record({ type: fc.constantFrom('grayscale', 'sepia', 'invert'), amount: amounts }),
        fc.record({ type: fc.constantFrom('brightness', 'contrast'), amount: amounts }),
        fc.record({ type: fc.constant('hue'), degrees: fc.integer({ min: 0, max: 360 }) }),
        fc.record({ type: fc.constant('tint'), color: colours, amount: amounts }),
        fc.record({ type: fc.constant('blur'), radius: fc.constantFrom(0, 1.5, 4) }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
);
const maskModes = fc.record({ mode: fc.constantFrom('alpha', 'luma'), inverted: fc.boolean() });
export const masks = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...LAYER_IDS), maskModes)
      .map(([layer, mode]) => ({ type: 'layer', layer, ...mode })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.record({
          shape: fc.constantFrom('rectangle', 'ellipse'),
          x: fc.integer({ min: -5, max: 30 }),
          width: fc.integer({ min: 0, max: 60 }),
          cornerRadius: fc.constantFrom(0, 6),
        }),
        maskModes,
      )
      .map(([figure, mode]) => ({ type: 'shape', ...figure, ...mode })),
  },
);

export const slots = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<LooseLayer>(
      { grow: 1 },
      { width: '50%', margin: 3 },
      { absolute: true },
      { alignSelf: 'center', shrink: 0 },
    ),
  },
);
export const layouts = fc.constantFrom<LooseLayer>(
  { type: 'absolute' },
  { type: 'absolute' },
  { type: 'flex', gap: 3, padding: 2 },
  { type: 'flex', direction: 'column', align: 'center' },
  { type: 'flex', wrap: 'wrap', justify: 'end' },
  { type: 'grid', columns: [20, '1fr'], gap: 2 },
  { type: 'tiles', aspectRatio: 1.5, gap: 2 },
);
