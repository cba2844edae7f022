import { z } from 'zod';
import { IdSchema } from '../../scene/schema/values.js';
import type { ServiceState } from '../../state/model.js';

/** Where a scene is shown. */
export const TallyLightSchema = z.enum(['program', 'preview', 'both']).meta({
  id: 'TallyLight',
  description: 'Where a scene is shown: on air, in preview, or both.',
});

/** What is on air. */
export const ProgramViewSchema = z
  .strictObject({
    sceneId: IdSchema.nullable().meta({ description: 'Scene on air; null: a black picture.' }),
    takenAtMs: z.number().nullable().meta({
      description:
        'Wall-clock time at which the scene went on air (its scene time 0), in milliseconds since 1970.',
    }),
  })
  .meta({ id: 'ProgramBus' });

/** What is in preview. */
export const PreviewViewSchema = z
  .strictObject({
    sceneId: IdSchema.nullable().meta({ description: 'Scene in preview; null: none.' }),
    loadedAtMs: z.number().nullable().meta({
      description:
        'Wall-clock time at which the scene was loaded into preview (its scene time 0 there), in milliseconds since 1970.',
    }),
  })
  .meta({ id: 'PreviewBus' });

export function toProgramView({ program }: ServiceState): z.output<typeof ProgramViewSchema> {
  const { sceneId, takenAtMs } = program;
  return { sceneId, takenAtMs: sceneId === null ? null : takenAtMs };
}

export function toPreviewView({ preview }: ServiceState): z.output<typeof PreviewViewSchema> {
  return { sceneId: preview?.sceneId ?? null, loadedAtMs: preview?.loadedAtMs ?? null };
}
