import type { SnapshotService } from '../api/ports.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { ScheduledSnapshot } from '../compositor/contract.js';
import { airStateOf, sceneAirStateOf, type AirState } from '../state/air.js';
import type { ForeseenState } from '../state/foreseen.js';
import type { ServiceState } from '../state/model.js';
import type { AssetSources } from './sources.js';
import { withFonts } from './snapshot-fonts.js';

/** What of a state is shown, with the pictures and fonts that are there, as one message to those who draw it. */
export function toSnapshot(
  state: ServiceState,
  { nested: inner, assets: shown, ...shot }: AirState,
  assets: AssetSources,
  acceptedAtNs: bigint | null,
): SceneSnapshot {
  const nested = Object.fromEntries(inner.map((one) => [one.id, one]));
  const pictures = Object.fromEntries(
    shown.map((asset) => [asset.id, assets.pictureSourceOf(asset)]),
  );
  const drawn = withFonts({ ...shot, nested }, shown, (asset) => assets.fontPathOf(asset));
  return { ...drawn, revision: state.revision, pictures, acceptedAtNs };
}

/** What waits for its moment on air. One after the other they share what they have in common, also in a message. */
export function toScheduled(
  foreseen: readonly ForeseenState[],
  assets: AssetSources,
): ScheduledSnapshot[] {
  return foreseen.map(({ batch, state }) => ({
    batchId: batch.id,
    dueAtMs: batch.dueAtMs,
    dueFrame: batch.dueFrame,
    programTimeMs: batch.programTimeMs ?? batch.dueAtMs,
    rejectLate: batch.late === 'reject',
    snapshot: toSnapshot(state, airStateOf(state), assets, null),
  }));
}

/** Snapshots of any scene of any state. */
export function createSnapshots(assets: AssetSources): SnapshotService {
  return {
    snapshotOf: (state, sceneId, takenAtMs) =>
      toSnapshot(state, sceneAirStateOf(state, sceneId, takenAtMs), assets, null),
  };
}
