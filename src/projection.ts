import type { AssetRoom } from './assets/service.js';
import { toScheduled, toSnapshot } from './assets/snapshots.js';
import type { PreviewBus } from './bus/preview-bus.js';
import type { ProgramHandle } from './program/program-handle.js';
import type { OutputTarget, ProgramConfig } from './stitcher/contract.js';
import { airStateOf, isSameOnAir, previewStateOf } from './state/air.js';
import type { ForeseenState } from './state/foreseen.js';
import type { ServiceState, StreamConfig } from './state/model.js';
import type { Applied } from './state/port.js';

/** What the state means to the program and the preview: what each of them is told. */

/** The size, rate and encoding of the program. */
export function toProgramConfig({ resolution, fps, bitrate, preset }: StreamConfig): ProgramConfig {
  return { ...resolution, frameRate: fps, bitrateBps: bitrate, preset };
}

/** The outputs that should run. The built-in one publishes with a secret that the state does not know. */
export function toTargets(state: ServiceState, publishUrl: string | null): OutputTarget[] {
  return state.outputs.flatMap(({ id, url, enabled, builtIn }) => {
    if (!enabled) return [];
    if (!builtIn) return [{ id, url }];
    return publishUrl === null ? [] : [{ id, url: publishUrl }];
  });
}

/** Tells the program what a command has changed for it. */
export function follow(
  { command, before, after, acceptedAtNs }: Applied,
  foreseen: readonly ForeseenState[],
  program: ProgramHandle,
  assets: AssetRoom,
  publishUrl: string | null,
): void {
  // What is scheduled holds all that comes before it: any change may be one of it too.
  const isUnscheduled = foreseen.length === 0 && before.batches === after.batches;
  const shown = airStateOf(after);
  if (!isUnscheduled || !isSameOnAir(airStateOf(before), shown)) {
    const isOnAirAlready = command.type === 'batch.commit';
    program.show(
      toSnapshot(after, shown, assets, isOnAirAlready ? null : acceptedAtNs),
      toScheduled(foreseen, assets),
    );
  }
  if (before.config !== after.config) program.configure(toProgramConfig(after.config));
  if (before.outputs !== after.outputs) program.setOutputs(toTargets(after, publishUrl));
}

/** Tells the preview bus what a command has changed for it. */
export function followPreview(
  { before, after, acceptedAtNs }: Applied,
  bus: PreviewBus,
  assets: AssetRoom,
): void {
  const shown = previewStateOf(after);
  if (!isSameOnAir(previewStateOf(before), shown))
    bus.show(toSnapshot(after, shown, assets, acceptedAtNs));
  if (before.config !== after.config) bus.configure(toProgramConfig(after.config));
}
