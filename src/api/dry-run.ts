import { z } from 'zod';
import { IdSchema } from '../scene/schema/values.js';
import { assetsOfScene } from '../scene/references.js';
import type { ServiceState } from '../state/model.js';

const MissingAssetSchema = z
  .strictObject({
    assetId: IdSchema,
    sceneIds: z
      .array(IdSchema)
      .meta({ description: 'New, changed or newly activated scenes that use the asset.' }),
    state: z
      .enum(['unknown', 'pending', 'failed'])
      .meta({ description: 'State of the asset. `unknown`: there is no asset with this id.' }),
  })
  .meta({ id: 'MissingAsset' });

const MissingGlyphsSchema = z
  .strictObject({
    sceneId: IdSchema,
    layerId: IdSchema,
    characters: z.string().meta({ description: 'Characters that no font of the layer contains.' }),
  })
  .meta({ id: 'MissingGlyphs' });

const LayerCostSchema = z
  .strictObject({
    sceneId: IdSchema,
    layerId: IdSchema,
    frameMs: z.number().meta({ description: 'Average CPU time per frame, in milliseconds.' }),
    paintMs: z.number().meta({
      description: 'CPU time to paint the layer once, when it first appears, in milliseconds.',
    }),
    bitmapBytes: z.number(),
    changedPx: z
      .number()
      .meta({ description: 'Average number of pixels that are redrawn per frame.' }),
  })
  .meta({ id: 'LayerCost' });

const RenderCostSchema = z
  .strictObject({
    frameMs: z.number().meta({ description: 'CPU time per frame, in milliseconds.' }),
    paintMs: z.number().meta({
      description:
        'CPU time of everything that is painted only once, in milliseconds. This work may be spread over several frames.',
    }),
    budgetMs: z.number().meta({
      description: 'CPU time that the render threads have available per frame, in milliseconds.',
    }),
    headroomPercent: z
      .number()
      .meta({ description: 'Percentage of the budget that remains. Below 0, frames are late.' }),
    layers: z.array(LayerCostSchema).meta({ description: 'Visible layers, bottom to top.' }),
  })
  .meta({ id: 'RenderCost' });

/** What a change would bring with it. */
export const DryRunReportSchema = z
  .strictObject({
    missingAssets: z
      .array(MissingAssetSchema)
      .meta({ description: 'Assets without content, for which a placeholder would be shown.' }),
    missingGlyphs: z.array(MissingGlyphsSchema),
    cost: RenderCostSchema.nullable().meta({
      description: 'Cost of the scene that would be on air; null if it is not predicted.',
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
