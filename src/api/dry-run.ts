import { z } from 'zod';
import { IdSchema } from '../scene/schema/values.js';
import { assetsOfScene } from '../scene/references.js';
import type { ServiceState } from '../state/model.js';

const MissingAssetSchema = z
  .strictObject({
    assetId: IdSchema,
    sceneIds: z
      .array(IdSchema)
      .meta({ description: 'The new, changed or newly shown scenes that show it.' }),
    state: z
      .enum(['unknown', 'pending', 'failed'])
      .meta({ description: '`unknown`: there is no asset of this id.' }),
  })
  .meta({ id: 'MissingAsset' });

const MissingGlyphsSchema = z
  .strictObject({
    sceneId: IdSchema,
    layerId: IdSchema,
    characters: z.string().meta({ description: 'Those that no font of the layer has.' }),
  })
  .meta({ id: 'MissingGlyphs' });

const LayerCostSchema = z
  .strictObject({
    sceneId: IdSchema,
    layerId: IdSchema,
    frameMs: z.number().meta({ description: 'With every frame, on the average.' }),
    paintMs: z.number().meta({ description: 'Once, when it comes.' }),
    bitmapBytes: z.number(),
    changedPx: z.number().meta({ description: 'Drawn anew with every frame, on the average.' }),
  })
  .meta({ id: 'LayerCost' });

const RenderCostSchema = z
  .strictObject({
    frameMs: z.number().meta({ description: 'Processor time of one frame, milliseconds.' }),
    paintMs: z.number().meta({
      description: 'Processor time of what is painted once, apart from frames if need be.',
    }),
    budgetMs: z
      .number()
      .meta({ description: 'Processor time that the render threads have for a frame.' }),
    headroomPercent: z
      .number()
      .meta({ description: 'Part of the budget that is left; below 0 frames are late.' }),
    layers: z.array(LayerCostSchema).meta({ description: 'Those in sight, bottom to top.' }),
  })
  .meta({ id: 'RenderCost' });

/** What a change would bring with it. */
export const DryRunReportSchema = z
  .strictObject({
    missingAssets: z
      .array(MissingAssetSchema)
      .meta({ description: 'Pictures that would show a placeholder.' }),
    missingGlyphs: z.array(MissingGlyphsSchema),
    cost: RenderCostSchema.nullable().meta({
      description: 'Of the scene that would be on air; null when it is not predicted.',
    }),
  })
  .meta({ id: 'DryRunReport' });
export type DryRunReport = z.infer<typeof DryRunReportSchema>;
type MissingAsset = z.infer<typeof MissingAssetSchema>;

/** Assets without content that scenes would show which are new, changed, or newly on air. */
export function missingAssets(before: ServiceState, after: ServiceState): MissingAsset[] {
  const known = new Set(before.scenes);
  const users = new Map<string, string[]>();
  const taken = after.program.sceneId === before.program.sceneId ? null : after.program.sceneId;
  for (const scene of after.scenes) {
    if (known.has(scene) && scene.id !== taken) continue;
    for (const id of assetsOfScene(scene)) users.set(id, [...(users.get(id) ?? []), scene.id]);
  }
  return [...users].flatMap(([assetId, sceneIds]): MissingAsset[] => {
    const asset = after.assets.find(({ id }) => id === assetId);
    if (asset?.contentHash != null) return [];
    const state = asset === undefined ? 'unknown' : asset.state === 'failed' ? 'failed' : 'pending';
    return [{ assetId, sceneIds, state }];
  });
}

/** What the states alone can tell of a change; glyphs and cost take somebody who can draw. */
export function reportFromState(before: ServiceState, after: ServiceState): Promise<DryRunReport> {
  return Promise.resolve({
    missingAssets: missingAssets(before, after),
    missingGlyphs: [],
    cost: null,
  });
}
