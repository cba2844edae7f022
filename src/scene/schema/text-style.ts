import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { PaintSchema } from './style.js';
import { ColorSchema, ExtentPxSchema, numberBetween, TextSchema } from './values.js';

const FontFamilySchema = z.string().min(1).max(200).meta({
  description:
    'Font family: a bundled font (Inter), a font of the system, an uploaded font (asset:<id>, or its family name), a generic CSS family such as monospace, or a list of these separated by commas.',
});
const FontSizeSchema = numberBetween(1, LIMITS.fontSizePx).meta({
  description: 'Font size in scene pixels.',
});
const FontWeightSchema = z.int().min(100).max(900).meta({
  description:
    'Font weight as in CSS: the nearest available weight, or the exact weight of a variable font.',
});
const FontStyleSchema = z.enum(['normal', 'italic']);
const LetterSpacingSchema = numberBetween(-100, 500).meta({
  description:
    'Space after each character in scene pixels. Letters of cursive scripts such as Arabic stay joined.',
});
const LineHeightSchema = numberBetween(0.5, 5).meta({ description: 'Multiple of the font size.' });

export const DigitsSchema = z.enum(['auto', 'tabular', 'proportional']).meta({
  description:
    'Width of digits. tabular: all digits have the same width, so that changing numbers do not move adjacent text. proportional: each digit has its natural width. auto: the default of the font. Requires a font with both variants, such as Inter.',
});

/** How characters look, in every kind of layer that shows text. */
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
    .meta({ description: 'Alignment of the lines, within `width` if it is set.' }),
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
    description: 'Text direction of each line; auto: determined by its first letter.',
  }),
  digits: DigitsSchema.default('tabular').meta({
    description:
      'Width of digits. tabular: all digits have the same width, so that a running time does not move; if the font has no tabular digits, each digit is centred in the width of the widest. proportional: each digit has its natural width. auto: the default of the font.',
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
    description: 'Width of the outline outside of the letter, in scene pixels.',
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
    .meta({
      description:
        'Padding in pixels: one value for all sides, or x (left and right) and y (top and bottom).',
    }),
  cornerRadius: numberBetween(0, LIMITS.radiusPx)
    .optional()
    .meta({ description: 'Corner radius in pixels. Default: the corner radius of the layer.' }),
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
      'Alignment of the lines, within `width` if it is set. start is left in left-to-right text and right in right-to-left text.',
  }),
  verticalAlign: z
    .enum(['top', 'middle', 'bottom'])
    .default('top')
    .meta({ description: 'Vertical alignment within `height` if it is set.' }),
  wrap: z.enum(['word', 'none']).default('word').meta({
    description:
      'Whether lines longer than `width` are wrapped. Lines break where the script allows it (Unicode UAX #14), and inside of words that are longer than a line.',
  }),
  maxLines: z.int().min(1).max(LIMITS.textLines).nullable().default(null).meta({
    description:
      'Maximum number of lines; longer text is truncated with an ellipsis. With wrap none, lines that exceed `width` are truncated as well.',
  }),
  fit: z.enum(['none', 'shrink']).default('none').meta({
    description:
      'shrink: reduces the font size until the text fits into `width`, `height` and `maxLines`, but not below `minFontSize`.',
  }),
  minFontSize: FontSizeSchema.default(8),
  direction: TextDirectionSchema.default('auto').meta({
    description: 'Text direction; auto: determined by the first letter of each paragraph.',
  }),
  stroke: TextStrokeSchema.nullable().default(null),
  box: TextBoxSchema.nullable().default(null),
  reveal: numberBetween(0, 1).default(1).meta({
    description:
      'Fraction of the letters that is shown, starting with the first. The position of the letters does not depend on it.',
  }),
};
