import { z } from 'zod';
import { TextSchema } from './values.js';

/** A pattern for a time of day or a duration. */
export const TimeFormatSchema = z.string().max(200).meta({
  description:
    'Time format with the tokens HH, H, hh, h, mm, m, ss, s, S (tenths), SS or cc (hundredths), SSS (thousandths), A, YYYY, MM, DD, D (days). Literal text is enclosed in [brackets]; other letters are rejected. In durations the largest unit of the format is not limited: with mm:ss, 90 minutes are 90:00.',
  example: 'HH:mm:ss',
});

/** What is shown in place of zero, once it is reached. */
export const FinishedTextSchema = TextSchema.nullable().default(null).meta({
  description: 'Text shown in place of zero when zero is reached; null: zero is shown.',
});
