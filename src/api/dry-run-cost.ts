import { AppError } from '../core/errors.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { ServiceState } from '../state/model.js';
import { reportFromState, type DryRunReport } from './dry-run.js';
import type { DryRunReporter, SnapshotService, StillService } from './ports.js';

/** Digits behind the point that predicted milliseconds are worth. */
const COST_DIGITS = 3;

function rounded(value: number): number {
  return Number(value.toFixed(COST_DIGITS));
}

export type CostSource = {
  /** Characters that a snapshot shows and no font has. */
  readonly glyphs: (snapshot: SceneSnapshot) => DryRunReport['missingGlyphs'];
  readonly stills: Pick<StillService, 'predict'>;
  readonly snapshots: SnapshotService;
  readonly renderThreads: number;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
};

/** What the scene on air of a state costs; null when there is none, or nobody has time to find out. */
async function costOf(
  { stills, snapshots, renderThreads, now }: CostSource,
  state: ServiceState,
): Promise<DryRunReport['cost']> {
  const { sceneId, takenAtMs } = state.program;
  if (sceneId === null) return null;
  const { resolution, fps } = state.config;
  try {
    const { layers, paintMs, frameMs, budgetMs, headroomPercent } = await stills.predict({
      snapshot: snapshots.snapshotOf(state, sceneId, takenAtMs),
      programTimeMs: Math.max(now(), takenAtMs),
      ...resolution,
      frameDurationMs: (1000 * fps.den) / fps.num,
      threads: renderThreads,
    });
    return {
      frameMs: rounded(frameMs),
      paintMs: rounded(paintMs),
      budgetMs: rounded(budgetMs),
      headroomPercent: rounded(headroomPercent),
      layers: layers.map((layer) => ({
        ...layer,
        frameMs: rounded(layer.frameMs),
        paintMs: rounded(layer.paintMs),
      })),
    };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Of scenes that are new or changed, and of the one that would be on air. */
function glyphsOf(
  { glyphs, snapshots, now }: CostSource,
  before: ServiceState,
  after: ServiceState,
): DryRunReport['missingGlyphs'] {
  const known = new Set(before.scenes);
  return after.scenes
    .filter((scene) => !known.has(scene) || scene.id === after.program.sceneId)
    .flatMap((scene) => glyphs(snapshots.snapshotOf(after, scene.id, now())))
    .filter(isFirst);
}

/** Scenes in scenes are looked at with each that shows them: each layer is reported once. */
function isFirst(
  { sceneId, layerId }: DryRunReport['missingGlyphs'][number],
  i: number,
  all: DryRunReport['missingGlyphs'],
): boolean {
  return all.findIndex((one) => one.sceneId === sceneId && one.layerId === layerId) === i;
}

/** Reports of a change what the states alone show, which characters cannot be written, and what the scene on air would cost. */
export function createDryRunReporter(source: CostSource): DryRunReporter {
  return async (before, after) => ({
    ...(await reportFromState(before, after)),
    missingGlyphs: glyphsOf(source, before, after),
    cost: await costOf(source, after),
  });
}
