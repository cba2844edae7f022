import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { ColorSchema, ExtentPxSchema, numberBetween } from './values.js';

/** How signs look, in every kind of layer that shows text. */
export const TEXT_STYLE = {
  fontFamily: z.string().min(1).max(200).default('Inter').meta({
    description: 'A shipped family (Inter), one the system has, or several separated by commas.',
  }),
  fontSize: numberBetween(1, LIMITS.fontSizePx)
    .default(48)
    .meta({ description: 'Pixels of the scene.' }),
  fontWeight: z.int().min(100).max(900).default(400),
  fontStyle: z.enum(['normal', 'italic']).default('normal'),
  color: ColorSchema.default('#ffffff'),
};

/** How lines are set, in the kinds that show a block of text. */
export const TEXT_BLOCK = {
  ...TEXT_STYLE,
  align: z
    .enum(['left', 'center', 'right'])
    .default('left')
    .meta({ description: 'Of the lines to each other, and inside `width` when it is given.' }),
  lineHeight: numberBetween(0.5, 5)
    .default(1.2)
    .meta({ description: 'Multiple of the font size.' }),
  letterSpacing: numberBetween(-100, 500).default(0),
  width: ExtentPxSchema.optional(),
  height: ExtentPxSchema.optional(),
};
