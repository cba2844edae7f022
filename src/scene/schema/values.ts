import { z } from 'zod';
import { isColor } from '../color.js';
import { parseEasing } from '../easing.js';
import { SCENE_LIMITS as LIMITS } from '../limits.js';

/** Ids are the user's own or made by the service; they stand in addresses, so they are plain. */
export const IdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'must be 1 to 64 letters, digits, _ or -, and not start with _ or -',
  )
  // Ids are names in many records, where these would be found without having been put in.
  .refine((id) => !(id in Object.prototype), 'must not be a reserved name such as constructor')
  .meta({
    id: 'Id',
    description: 'Identifier of 1 to 64 letters, digits, _ or -.',
    example: 'lot-42',
  });

/** Any CSS colour; see https://www.w3.org/TR/css-color-4/. */
export const ColorSchema = z
  .string()
  .max(64)
  .refine(isColor, 'must be a CSS colour such as #ffcc00, rgb(0 0 0 / 50%) or white')
  .meta({ id: 'Color', description: 'A CSS colour.', example: '#ffcc00' });

/** A finite number between two bounds, both allowed. */
export function numberBetween(min: number, max: number): z.ZodNumber {
  return z.number().min(min).max(max);
}

export const OffsetPxSchema = numberBetween(-LIMITS.offsetPx, LIMITS.offsetPx);
export const ExtentPxSchema = numberBetween(1, LIMITS.extentPx);
/** A moment of the wall clock. */
export const MomentMsSchema = numberBetween(0, LIMITS.momentMs).meta({
  description: 'Point in time in milliseconds since 1970-01-01T00:00:00Z.',
  example: 1_767_225_600_000,
});
export const NameSchema = z.string().max(LIMITS.nameChars);
export const TextSchema = z.string().max(LIMITS.textChars);

/** A language tag of BCP 47. */
export const LocaleSchema = z
  .string()
  .max(64)
  .refine(isLocale, 'must be a language tag such as en, de-CH or ar-EG-u-nu-latn')
  .meta({ id: 'Locale', description: 'A language tag (BCP 47).', example: 'de-CH' });

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** How progress becomes progress; see `parseEasing`. */
export const EasingSchema = z
  .string()
  .max(1000)
  .refine(
    (text) => parseEasing(text) !== null,
    'must be a CSS easing (ease-in-out, cubic-bezier(…), steps(…), linear(…)), one of Penner’s (ease-out-bounce, …), a spring (spring-gentle, spring(mass, stiffness, damping)), linear or hold',
  )
  .meta({
    id: 'Easing',
    description:
      'Easing function: a CSS or Penner easing name, linear, hold, cubic-bezier(x1, y1, x2, y2), steps(n, jump-start|jump-end|jump-none|jump-both), linear(stops), spring, spring-gentle, spring-wobbly, spring-stiff, spring-slow, or spring(mass, stiffness, damping, velocity). The settling time of a spring is scaled to the duration.',
    example: 'ease-in-out-sine',
  });
