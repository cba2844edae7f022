import type { z } from 'zod';

/** How a kind of layer is written: what the main thread checks and describes. */
export type LayerDocument<S extends z.ZodObject, I = z.input<S>> = {
  readonly schema: S;
  /** One of them, as a user may send it: it stands in the description of the API. */
  readonly example: I;
};
