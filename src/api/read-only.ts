import type { z } from 'zod';

/**
 * A field of a resource as it is read, for the body that the resource is changed with: it may be sent back, so that a
 * client can read, change one field and send all of it, and is not looked at.
 */
export function readOnly<T extends z.ZodType>(schema: T): z.ZodOptional<T> {
  return schema.optional().meta({ readOnly: true });
}
