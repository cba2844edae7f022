import { z } from 'zod';
import { IdSchema } from '../../scene/schema/values.js';
import type { ServiceState } from '../../state/model.js';

/** Where a scene is shown. */
export const TallyLightSchema = z.enum(['program', 'preview', 'both']).meta({
  id: 'TallyLight',
  description: 'Where a scene is shown: on air, in preview, or both.',
});

/** What is on air. */
export const ProgramBusSchema = z
  .strictObject({
    sceneId: IdSchema.nullable().meta({ description: 'Null: a black picture.' }),
    takenAtMs: z
      .number()
      .nullable()
      .meta({ description: 'Wall-clock moment at which it went on air: its scene time 0.' }),
  })
  .meta({ id: 'ProgramBus' });

/** What is in preview. */
export const PreviewBusSchema = z
  .strictObject({
    sceneId: IdSchema.nullable().meta({ description: 'Null: none is in preview.' }),
    loadedAtMs: z
      .number()
      .nullable()
      .meta({ description: 'Wall-clock moment at which it was loaded: its scene time 0 there.' }),
  })
  .meta({ id: 'PreviewBus' });

export function toProgramBus({ program }: ServiceState): z.output<typeof ProgramBusSchema> {
  const { sceneId, takenAtMs } = program;
  return { sceneId, takenAtMs: sceneId === null ? null : takenAtMs };
}

export function toPreviewBus({ preview }: ServiceState): z.output<typeof PreviewBusSchema> {
  return { sceneId: preview?.sceneId ?? null, loadedAtMs: preview?.loadedAtMs ?? null };
}
