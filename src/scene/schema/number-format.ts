import { z } from 'zod';
import { NumberOptionsSchema } from '../variables/filter-options.js';

/** How a number is written, in the terms of https://tc39.es/ecma402/#numberformat-objects. */
export const NumberFormatSchema = NumberOptionsSchema.extend({
  style: z.enum(['decimal', 'percent', 'currency', 'unit']).default('decimal'),
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, 'must be a currency code such as EUR')
    .optional(),
  unit: z.string().max(64).optional(),
})
  .superRefine(({ locale, ...options }, context) => {
    try {
      new Intl.NumberFormat(locale, options);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', message: `is not a valid number format: ${message}` });
    }
  })
  .meta({ example: { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 } });
export type NumberFormat = z.infer<typeof NumberFormatSchema>;
