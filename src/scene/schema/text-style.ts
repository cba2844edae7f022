import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { PaintSchema } from './style.js';
import { ColorSchema, ExtentPxSchema, numberBetween, TextSchema } from './values.js';

const FontFamilySchema = z.string().min(1).max(200).meta({
  description:
    'A shipped family (Inter), one the system has, an uploaded font (asset:<id>, or its own family), a generic family of CSS such as monospace, or several separated by commas.',
});
const FontSizeSchema = numberBetween(1, LIMITS.fontSizePx).meta({
  description: 'Pixels of the scene.',
});
const FontWeightSchema = z.int().min(100).max(900).meta({
  description:
    'As in CSS: the nearest weight that the font has, or this very one of a variable font.',
});
const FontStyleSchema = z.enum(['normal', 'italic']);
const LetterSpacingSchema = numberBetween(-100, 500).meta({
  description:
    'Pixels of the scene after each character; letters that join, as in Arabic, stay joined.',
});
const LineHeightSchema = numberBetween(0.5, 5).meta({ description: 'Multiple of the font size.' });

export const DigitsSchema = z.enum(['auto', 'tabular', 'proportional']).meta({
  description:
    'Whether all digits are as wide as each other (tabular), so that a number that changes does not move what is beside it, or each as wide as it is (proportional); auto: as the font has them. Needs a font that has both, as Inter does.',
});

/** How signs look, in every kind of layer that shows text. */
export const TEXT_STYLE = {
  fontFamily: FontFamilySchema.default('Inter'),
  fontSize: FontSizeSchema.default(48),
  fontWeight: FontWeightSchema.default(400),
  fontStyle: FontStyleSchema.default('normal'),
  color: ColorSchema.default('#ffffff'),
};

/** How lines are set, in the kinds that show a block of text. */
export const TEXT_BLOCK = {
  ...TEXT_STYLE,
  align: z
    .enum(['left', 'center', 'right'])
    .default('left')
    .meta({ description: 'Of the lines to each other, and inside `width` when it is given.' }),
  lineHeight: LineHeightSchema.default(1.2),
  letterSpacing: LetterSpacingSchema.default(0),
  width: ExtentPxSchema.optional(),
  height: ExtentPxSchema.optional(),
};

/** Where a text runs to. */
const TextDirectionSchema = z.enum(['auto', 'ltr', 'rtl']);

/** How a time is written, in the kinds that show one: a line, or several when its words have several. */
export const TIME_TEXT = {
  ...TEXT_BLOCK,
  direction: TextDirectionSchema.default('auto').meta({
    description: 'Where each line runs to; auto goes by its first letter.',
  }),
  digits: DigitsSchema.default('tabular').meta({
    description:
      'tabular: all digits are as wide as each other, so that a running time stands still; those of a font that has none of one width stand in the middle of the room that the widest needs. proportional: each is as wide as it is, as in a sentence. auto: as the font has them.',
  }),
};

/** A part of a text that looks different: what it leaves out is as in the layer. */
export const TextSpanSchema = z
  .strictObject({
    text: TextSchema,
    fontFamily: FontFamilySchema.optional(),
    fontSize: FontSizeSchema.optional(),
    fontWeight: FontWeightSchema.optional(),
    fontStyle: FontStyleSchema.optional(),
    letterSpacing: LetterSpacingSchema.optional(),
    color: PaintSchema.optional(),
    underline: z.boolean().optional(),
    strikethrough: z.boolean().optional(),
  })
  .meta({ id: 'TextSpan', example: { text: '14 ETH', fontWeight: 700, color: '#ffd84a' } });
export type TextSpan = z.infer<typeof TextSpanSchema>;

/** A line around each letter, outside of it. */
export const TextStrokeSchema = z.strictObject({
  width: numberBetween(0, LIMITS.textStrokePx).meta({
    description: 'Pixels of the scene outside of the letter.',
  }),
  color: ColorSchema.default('#000000'),
});

const PaddingSchema = numberBetween(0, LIMITS.textPaddingPx);

/** An area behind a text, as large as the layer; the text keeps `padding` away from its edges. */
export const TextBoxSchema = z.strictObject({
  color: PaintSchema.default('#000000b3'),
  padding: z
    .union([
      PaddingSchema,
      z.strictObject({ x: PaddingSchema.default(0), y: PaddingSchema.default(0) }),
    ])
    .default(12)
    .meta({ description: 'Of all sides, or of left and right, and top and bottom.' }),
  cornerRadius: numberBetween(0, LIMITS.radiusPx)
    .optional()
    .meta({ description: 'Default: that of the layer.' }),
});

/** How a text that may take several lines, spans and scripts is set. */
export const RICH_TEXT = {
  ...TEXT_BLOCK,
  color: PaintSchema.default('#ffffff').meta({
    description: 'A colour, or a gradient over the box of the layer.',
  }),
  digits: DigitsSchema.default('auto'),
  underline: z.boolean().default(false),
  strikethrough: z.boolean().default(false),
  align: z.enum(['start', 'end', 'left', 'center', 'right', 'justify']).default('start').meta({
    description:
      'Of the lines to each other, and inside `width` when it is given. start is left in a text that runs to the right, and right in one that runs to the left.',
  }),
  verticalAlign: z
    .enum(['top', 'middle', 'bottom'])
    .default('top')
    .meta({ description: 'Inside `height` when it is given.' }),
  wrap: z.enum(['word', 'none']).default('word').meta({
    description:
      'Whether a line that is longer than `width` is broken: at the places where its script allows it (Unicode UAX #14), or inside a word that is longer than the line.',
  }),
  maxLines: z.int().min(1).max(LIMITS.textLines).nullable().default(null).meta({
    description:
      'What does not fit into so many lines is left out, and … says so. With wrap none, also what does not fit into `width`.',
  }),
  fit: z.enum(['none', 'shrink']).default('none').meta({
    description:
      'shrink: the text is made smaller until it fits into `width`, `height` and `maxLines`, at the least to `minFontSize`.',
  }),
  minFontSize: FontSizeSchema.default(8),
  direction: TextDirectionSchema.default('auto').meta({
    description: 'Where the text runs to; auto goes by the first letter of each paragraph.',
  }),
  stroke: TextStrokeSchema.nullable().default(null),
  box: TextBoxSchema.nullable().default(null),
  reveal: numberBetween(0, 1).default(1).meta({
    description: 'Share of the letters that is shown, from the first on; nothing moves meanwhile.',
  }),
};
