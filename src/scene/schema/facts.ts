import type { z } from 'zod';
import { DOCUMENTS } from '../../layers/documents.js';
import type { SchemaFacts } from '../schema-facts.js';
import { SlotSchema } from './layout.js';
import { objectOutlineOf } from './outline.js';

/** What of the schemas is needed where there are none. */
export function schemaFacts(): SchemaFacts {
  const of = ({ schema }: { readonly schema: z.ZodObject }) => objectOutlineOf(schema);
  return {
    layers: {
      image: of(DOCUMENTS.image),
      lottie: of(DOCUMENTS.lottie),
      video: of(DOCUMENTS.video),
      input: of(DOCUMENTS.input),
      text: of(DOCUMENTS.text),
      shape: of(DOCUMENTS.shape),
      pattern: of(DOCUMENTS.pattern),
      qr: of(DOCUMENTS.qr),
      progress: of(DOCUMENTS.progress),
      table: of(DOCUMENTS.table),
      vote: of(DOCUMENTS.vote),
      meter: of(DOCUMENTS.meter),
      spectrum: of(DOCUMENTS.spectrum),
      ticker: of(DOCUMENTS.ticker),
      clock: of(DOCUMENTS.clock),
      countdown: of(DOCUMENTS.countdown),
      timer: of(DOCUMENTS.timer),
      stopwatch: of(DOCUMENTS.stopwatch),
      chat: of(DOCUMENTS.chat),
      scene: of(DOCUMENTS.scene),
      group: of(DOCUMENTS.group),
    },
    image: DOCUMENTS.image.schema.parse({ id: 'image', type: 'image', asset: 'image' }),
    lottie: DOCUMENTS.lottie.schema.parse({ id: 'lottie', type: 'lottie', asset: 'lottie' }),
    slot: SlotSchema.parse({}),
  };
}
