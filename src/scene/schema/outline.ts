import { z } from 'zod';
import type { ObjectOutline, Outline } from '../schema-facts.js';

/** What a schema says about numbers. What refers to itself, such as the layers of a group, says nothing. */
export function outlineOf(schema: unknown): Outline {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return outlineOf(schema.unwrap());
  if (schema instanceof z.ZodNumber) {
    return {
      kind: 'number',
      lowest: finiteOrNull(schema.minValue),
      highest: finiteOrNull(schema.maxValue),
      isWhole: schema.format === 'safeint' || schema.format === 'int32',
    };
  }
  if (schema instanceof z.ZodArray) return { kind: 'list', element: outlineOf(schema.element) };
  if (schema instanceof z.ZodUnion)
    return { kind: 'union', options: schema.options.map(outlineOf) };
  if (schema instanceof z.ZodObject) return objectOutlineOf(schema);
  return null;
}

/** What the schema of an object says about the numbers in it. */
export function objectOutlineOf({ shape }: z.ZodObject): ObjectOutline {
  const type: unknown = shape['type'];
  const fields = Object.entries(shape).map(([name, field]) => [name, outlineOf(field)] as const);
  return {
    kind: 'object',
    types: type instanceof z.ZodLiteral ? [...type.values].map(String) : null,
    fields: Object.fromEntries(fields),
  };
}

/** Bounds that JSON can hold. */
function finiteOrNull(bound: number | null): number | null {
  return bound !== null && Number.isFinite(bound) ? bound : null;
}
