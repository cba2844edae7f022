import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { RICH_TEXT, TextSpanSchema } from '../../scene/schema/text-style.js';
import { TextSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** Text of one or more lines, in any script. Its shadows are those of the letters, not of the box. */
export const TextLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('text'),
  text: TextSchema.optional().meta({
    description: 'Text to show; \\n separates paragraphs. Required when there are no `spans`.',
  }),
  spans: z
    .array(TextSpanSchema)
    .max(LIMITS.spansPerText)
    .refine(
      (spans) => spans.reduce((sum, { text }) => sum + text.length, 0) <= LIMITS.textChars,
      `must not contain more than ${LIMITS.textChars} characters in total`,
    )
    .nullable()
    .default(null)
    .meta({ description: 'Parts of the text with different styles, in place of `text`.' }),
  ...RICH_TEXT,
});
export type TextLayer = z.infer<typeof TextLayerSchema>;
