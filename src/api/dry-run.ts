import { z } from 'zod';
import { IdSchema } from '../scene/schema/values.js';
import { assetsOfScene } from '../scene/references.js';
import { assetsOfContent } from '../scene/sound/references.js';
import type { ServiceState } from '../state/model.js';

const MissingAssetSchema = z
  .strictObject({
    assetId: IdSchema,
    sceneIds: z
      .array(IdSchema)
      .meta({ description: 'New, changed or newly activated scenes that use the asset.' }),
    sourceIds: z
      .array(IdSchema)
      .meta({ description: 'New or changed audio sources that play the asset.' }),
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
    missingAssets: z.array(MissingAssetSchema).meta({
      description:
        'Assets without content, for which a placeholder would be shown, or nothing be heard.',
    }),
    missingGlyphs: z.array(MissingGlyphsSchema),
    cost: RenderCostSchema.nullable().meta({
      description: 'Cost of the scene that would be on air; null if it is not predicted.',
    }),
  })
  .meta({ id: 'DryRunReport' });
export type DryRunReport = z.infer<typeof DryRunReportSchema>;
type MissingAsset = z.infer<typeof MissingAssetSchema>;

type Users = { readonly sceneIds: string[]; readonly sourceIds: string[] };

/** What shows or plays which asset: scenes that are new, changed, or newly on air, and audio sources that are new or changed. */
function usersOfAssets(before: ServiceState, after: ServiceState): ReadonlyMap<string, Users> {
  const users = new Map<string, Users>();
  const usersOf = (assetId: string): Users => {
    const known = users.get(assetId) ?? { sceneIds: [], sourceIds: [] };
    users.set(assetId, known);
    return known;
  };
  const knownScenes = new Set(before.scenes);
  const taken = after.program.sceneId === before.program.sceneId ? null : after.program.sceneId;
  for (const scene of after.scenes) {
    if (knownScenes.has(scene) && scene.id !== taken) continue;
    for (const assetId of assetsOfScene(scene)) usersOf(assetId).sceneIds.push(scene.id);
  }
  const knownSources = new Set(before.sound.sources);
  for (const source of after.sound.sources) {
    if (knownSources.has(source)) continue;
    for (const assetId of new Set(assetsOfContent(source.content)))
      usersOf(assetId).sourceIds.push(source.id);
  }
  return users;
}

/** Assets without content that a change shows or plays. */
export function missingAssets(before: ServiceState, after: ServiceState): MissingAsset[] {
  return [...usersOfAssets(before, after)].flatMap(([assetId, users]): MissingAsset[] => {
    const asset = after.assets.find(({ id }) => id === assetId);
    if (asset?.contentHash != null) return [];
    const state = asset === undefined ? 'unknown' : asset.state === 'failed' ? 'failed' : 'pending';
    return [{ assetId, ...users, state }];
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
