import { z } from 'zod';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Names what a layer hears. What it names need not be there: it is silent until it is. */
export const StripKeySchema = z
  .union([
    z.literal('master'),
    z.templateLiteral(['source:', z.string().regex(ID)]),
    z.templateLiteral(['bus:', z.string().regex(ID)]),
  ])
  .default('master')
  .meta({
    description:
      'Sound that is shown: source:<id>, bus:<id> or master, each behind its strip, the master before the limiter. An unknown source or bus is silent.',
    example: 'source:host',
  });
