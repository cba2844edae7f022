import fc from 'fast-check';
import { FITS } from '../../src/scene/picture-fit.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';

const shares = fc.constantFrom(0, 0.3, 1);
const crops = fc.record({
  x: fc.integer({ min: 0, max: 70 }),
  y: fc.integer({ min: 0, max: 40 }),
  width: fc.integer({ min: 1, max: 80 }),
  height: fc.integer({ min: 1, max: 40 }),
});

type Animation = NonNullable<LayerInput['animations']>[number];
type Loose = Readonly<Record<string, unknown>>;
type MovingOf = (property: string, values: fc.Arbitrary<number>) => fc.Arbitrary<Animation>;

/** Layers of pictures, films and vector animations by chance, also in motion. */
export function pictureLayers(
  extents: fc.Arbitrary<number>,
  animationOf: MovingOf,
): fc.Arbitrary<Loose>[] {
  return [
    fc.record(
      {
        type: fc.constant('image'),
        asset: fc.constantFrom('opaque', 'alpha', 'film', 'missing'),
        width: extents,
        height: extents,
        fit: fc.constantFrom(...FITS),
        focus: fc.record({ x: shares, y: shares }),
        crop: fc.option(crops),
        playback: fc.record({
          loop: fc.constantFrom(true, false, 3),
          speed: fc.constantFrom(1, 0.3, -2, 0),
        }),
      },
      { requiredKeys: ['type', 'asset'] },
    ),
    fc.record({
      type: fc.constant('image'),
      asset: fc.constantFrom('opaque', 'film'),
      width: extents,
      height: extents,
      fit: fc.constantFrom(...FITS),
      crop: crops,
      animations: fc.uniqueArray(
        fc.oneof(
          animationOf('crop.x', fc.integer({ min: 0, max: 60 })),
          animationOf('crop.width', fc.integer({ min: 5, max: 60 })),
          animationOf('focus.x', shares),
          animationOf('width', extents),
          animationOf('rotation', fc.integer({ min: -90, max: 360 })),
        ),
        { selector: ({ property }) => property, minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record(
      {
        type: fc.constant('lottie'),
        asset: fc.constantFrom('lottie', 'opaque', 'missing'),
        width: extents,
        height: extents,
        fit: fc.constantFrom(...FITS),
        loop: fc.constantFrom(true, false, 2),
        speed: fc.constantFrom(1, -1, 0.5),
      },
      { requiredKeys: ['type', 'asset', 'width', 'height'] },
    ),
  ];
}
