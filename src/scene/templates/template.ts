import { z } from 'zod';
import { TEMPLATE_LIMITS as LIMITS } from '../limits.js';
import { IdSchema, NameSchema } from '../schema/values.js';
import { ParametersSchema } from './parameters.js';

/** Ids that begin so are those of the templates that come with the service. */
export const BUILT_IN_PREFIX = 'builtin-';

const DocumentSchema = z
  .record(z.string(), z.json())
  .refine(
    (document) => JSON.stringify(document).length <= LIMITS.jsonChars,
    `must be at most ${LIMITS.jsonChars} characters of JSON`,
  )
  .meta({
    id: 'TemplateDocument',
    description:
      'A scene without its id, with placeholders. `"${name}"` as a whole text is the parameter with its type (a field whose parameter is not passed is omitted), `${name}` inside a text is its text, `$${` is `${` itself. An object with `"$if": "name"` or `"$unless": "name"` is there when that parameter is, or is not. An object in a list with `"$each": "name"` is there for each item of that list, with `${item}`, `${item.field}`, `${index}` from 0 and `${number}` from 1. Variables of run time (`{{bid.amount}}`) stay as they are.',
  });

/** A scene to be made from parameters. */
export const TemplateSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    description: z.string().max(2000).default(''),
    parameters: ParametersSchema,
    scene: DocumentSchema,
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof TemplateSchema>;
/** A template as it is written. */
export type TemplateInput = z.input<typeof TemplateSchema>;
/** An object of a template's document. */
export type DocumentPart = TemplateInput['scene'];
