import { z } from 'zod';
import { TextSchema } from './values.js';

/** A pattern for a time of day or a duration. */
export const TimeFormatSchema = z.string().max(200).meta({
  description:
    'HH, H, hh, h, mm, m, ss, s, S (tenths), SS or cc (hundredths), SSS (thousandths), A, YYYY, MM, DD, D (days); words in [brackets]; any other letter is refused. In what shows a duration the largest unit takes all that is above it.',
  example: 'HH:mm:ss',
});

/** What is shown in place of zero, once it is reached. */
export const FinishedTextSchema = TextSchema.nullable().default(null).meta({
  description: 'Shown in place of zero once that is reached; null: zero stays.',
});
