import { z } from 'zod';
import type { Service } from './service.js';

const SamplesSchema = z.object({
  audioSamples: z.object({
    clock: z.number(),
    mixed: z.number(),
    silent: z.number(),
    missing: z.object({ mixer: z.number(), encoder: z.number() }),
    waiting: z.number(),
  }),
});

/** The ledger of sound. */
export type Samples = z.infer<typeof SamplesSchema>['audioSamples'];

export async function samplesOf(service: Service): Promise<Samples> {
  const status = JSON.parse(await service.call('GET', '/api/stream/status', null)) as unknown;
  return SamplesSchema.parse(status).audioSamples;
}
