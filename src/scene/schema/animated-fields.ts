import type { Layer } from './layer.js';
import { ColorSchema } from './values.js';

/** Fields that hold numbers but say what a layer is, not how it looks: they do not move. */
const FIXED_FIELDS = new Set(['fontWeight', 'offsetMs', 'startMs']);
/** Fields of these are fixed, too: how something is played, and what is painted into a bitmap before it is shown. */
const FIXED_PARTS = /^(playback|segment|chromaKey)\./;

/** A speed that changed would make the place in a film jump: it is its time times its speed. */
function isFixed({ type }: Layer, property: string): boolean {
  const isSpeed = type === 'lottie' && property === 'speed';
  return isSpeed || FIXED_FIELDS.has(property) || FIXED_PARTS.test(property);
}

type FieldValue = number | string;

/** A numeric or colour field of a layer by its path (`x`, `shadow.blur`), or null when there is none that can move. */
export function animatedFieldOf(layer: Layer, property: string): FieldValue | null {
  if (isFixed(layer, property)) return null;
  let value: unknown = layer;
  for (const key of property.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  if (typeof value === 'number') return value;
  const isColorField = /(^|\.)(color|fill|background)$/.test(property);
  return typeof value === 'string' && isColorField && ColorSchema.safeParse(value).success
    ? value
    : null;
}

/** Says of every animation of a layer whether its property can move and its values are of the right type. */
export function checkAnimatedFields(
  layer: Layer,
): { path: (string | number)[]; message: string }[] {
  return layer.animations.flatMap((animation, i) => {
    const field = animatedFieldOf(layer, animation.property);
    if (field === null) {
      return [
        {
          path: ['animations', i, 'property'],
          message: `must be a numeric or colour field that this ${layer.type} layer has; ${animation.property} is not`,
        },
      ];
    }
    const wanted = typeof field === 'number' ? 'number' : 'string';
    return animation.keyframes.flatMap((keyframe, k) =>
      typeof keyframe.value === wanted
        ? []
        : [
            {
              path: ['animations', i, 'keyframes', k, 'value'],
              message: wanted === 'number' ? 'must be a number' : 'must be a colour',
            },
          ],
    );
  });
}
