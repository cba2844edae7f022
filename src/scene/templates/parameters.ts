import { z } from 'zod';
import { SCENE_LIMITS, TEMPLATE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, IdSchema, TextSchema } from '../schema/values.js';
import type { JsonValue } from '../variables/json-value.js';

const ListSchema = z.array(z.json()).max(LIMITS.listItems);

/** What a parameter of each type may be. */
const VALUE_SCHEMAS = {
  string: TextSchema,
  number: z.number(),
  boolean: z.boolean(),
  color: ColorSchema,
  asset: IdSchema,
  array: ListSchema,
} as const;

export type ParameterType = keyof typeof VALUE_SCHEMAS;

/** Name of a parameter, as it stands in `${name}`. */
export const ParameterNameSchema = z
  .string()
  .max(SCENE_LIMITS.nameChars)
  .regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and _, and not start with a digit')
  .refine(
    (name) => !['item', 'index', 'number', '__proto__'].includes(name),
    'must not be item, index or number, which refer to the item of a list',
  );

/** A value that is passed when a scene is made of a template. */
export const ParameterSchema = z
  .strictObject({
    name: ParameterNameSchema,
    type: z.enum(['string', 'number', 'boolean', 'color', 'asset', 'array']),
    description: z.string().max(1000).default(''),
    required: z.boolean().default(false),
    default: z.json().optional().meta({
      description:
        'Value if none is passed, of the type of the parameter. Without a default, fields that consist of the parameter are omitted.',
    }),
  })
  .superRefine((parameter, context) => {
    if (parameter.default === undefined) return;
    const problem = problemWith(parameter.type, parameter.default);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['default'], message: problem });
  })
  .meta({ id: 'TemplateParameter' });
export type Parameter = z.infer<typeof ParameterSchema>;

/** The parameters of a template, each name once. */
export const ParametersSchema = z
  .array(ParameterSchema)
  .max(LIMITS.parameters)
  .refine(
    (parameters) => new Set(parameters.map(({ name }) => name)).size === parameters.length,
    'must have different names',
  )
  .default([]);

/** Values of parameters, as they are passed. */
export const ArgumentsSchema = z
  .record(z.string().max(SCENE_LIMITS.nameChars), z.json())
  .meta({ description: 'Values by parameter name.' });

/** What is wrong with a value of a type; null when nothing is. */
export function problemWith(type: ParameterType, value: unknown): string | null {
  const result = VALUE_SCHEMAS[type].safeParse(value);
  if (result.success) return null;
  const [issue] = result.error.issues;
  return `must be of type ${type}: ${issue?.message ?? 'it is not'}`;
}

/** A value of each type, to try out templates whose parameters have no default. */
export const SAMPLES: Readonly<Record<ParameterType, JsonValue>> = {
  string: 'Text',
  number: 1,
  boolean: true,
  color: '#808080',
  asset: 'asset',
  array: [],
};
