import { AppError } from '../core/errors.js';
import { KIND_COMMANDS } from '../layers/commands.js';
import { putAsset, removeAsset } from './asset-commands.js';
import {
  applyAll,
  applyBatch,
  cancelBatch,
  commitBatch,
  failBatch,
  redateBatches,
  scheduleBatch,
  type Step,
} from './batch-commands.js';
import type { BatchRecord } from './batch-schema.js';
import { clearPreview, loadPreview, takePreview } from './switcher-commands.js';
import type { Change } from './change.js';
import type { Command, CommandOf } from './command.js';
import { deepFreeze } from './deep-freeze.js';
import { withRamps } from './level-changes.js';
import { beginClip, endClip, playClip, stopClip } from './sound-clips.js';
import { createSoundItem, patchMaster, patchSoundItem, removeSoundItem } from './sound-commands.js';
import { advanceSource, steerSource } from './sound-transport.js';
import { createLayer, patchLayer, removeLayer } from './layer-commands.js';
import { withBoundedExits } from './leaving-load.js';
import { checkLoad } from './load.js';
import type { ServiceState } from './model.js';
import { createInput, patchInput, removeInput } from './input-commands.js';
import { createOutput, patchOutput, removeOutput } from './output-commands.js';
import {
  activateScene,
  createScene,
  patchScene,
  removeScene,
  replaceScene,
} from './scene-commands.js';
import { patchConfig, wantStream } from './stream-commands.js';
import { putTransition, removeTransition, setDefaultTransition } from './transition-commands.js';
import { type MeasureTicker, withTickerAnchors } from './ticker-anchors.js';
import { tallyEventsOf } from './tally.js';
import { createTemplate, removeTemplate, replaceTemplate } from './template-commands.js';
import { removeVariable, setVariables } from './variable-commands.js';

type CommandType = Command['type'];

/** A command with its type kept as a type parameter, so that the table below needs no cast. */
type Typed<T extends CommandType> = { [P in T]: { readonly type: P } & CommandOf<P> }[T];

const REDUCERS: {
  readonly [T in CommandType]: (
    state: ServiceState,
    command: Typed<T>,
    measureTicker: MeasureTicker | null,
  ) => Change;
} = {
  'scene.create': createScene,
  'scene.replace': replaceScene,
  'scene.patch': patchScene,
  'scene.remove': removeScene,
  'scene.activate': activateScene,
  'preview.load': loadPreview,
  'preview.clear': clearPreview,
  'program.take': takePreview,
  'layer.create': createLayer,
  'layer.patch': patchLayer,
  'layer.remove': removeLayer,
  ...KIND_COMMANDS,
  'transition.default': setDefaultTransition,
  'transition.put': putTransition,
  'transition.remove': removeTransition,
  'asset.put': putAsset,
  'asset.remove': removeAsset,
  'variables.set': setVariables,
  'variables.remove': removeVariable,
  'template.create': createTemplate,
  'template.replace': replaceTemplate,
  'template.remove': removeTemplate,
  'sound.create': createSoundItem,
  'sound.patch': patchSoundItem,
  'sound.remove': removeSoundItem,
  'sound.master': patchMaster,
  'sound.transport': steerSource,
  'sound.advance': advanceSource,
  'sound.clip.play': playClip,
  'sound.clip.stop': stopClip,
  'sound.clip.begin': beginClip,
  'sound.clip.end': endClip,
  'output.create': createOutput,
  'output.patch': patchOutput,
  'output.remove': removeOutput,
  'input.create': createInput,
  'input.patch': patchInput,
  'input.remove': removeInput,
  'config.patch': patchConfig,
  'stream.want': wantStream,
  'batch.apply': (state, command, measure) => applyBatch(state, command, stepBy(measure)),
  'batch.schedule': scheduleBatch,
  'batch.commit': (state, command, measure) =>
    commitBatch(state, command, stepBy(measure), readCommands),
  'batch.redate': redateBatches,
  'batch.cancel': cancelBatch,
  'batch.fail': failBatch,
  'state.adopt': (_, { state }) => ({
    state,
    events: [{ topic: 'scene', type: 'state.adopted', data: {} }],
  }),
};

/** Commands with what clients read, change and send back: when nothing of it is new, not even the revision is. */
const SENT_BACK: ReadonlySet<CommandType> = new Set([
  'config.patch',
  'output.patch',
  'input.patch',
  'sound.patch',
  'sound.master',
  'template.replace',
]);

/** A change with the ramps of the sound. Those in a batch have theirs when they are applied one by one. */
function withSound(
  before: ServiceState,
  change: Change,
  command: { readonly type: string },
): Change {
  if (!isBatchable(command)) return change;
  const state = withRamps(before, change.state, command);
  return state === change.state ? change : { ...change, state };
}

function step<T extends CommandType>(
  state: ServiceState,
  command: Typed<T>,
  measureTicker: MeasureTicker | null,
): Change {
  const change = withSound(state, REDUCERS[command.type](state, command, measureTicker), command);
  const atMs: unknown = Reflect.get(command, 'atMs');
  if (measureTicker === null || typeof atMs !== 'number') return change;
  return { ...change, state: withTickerAnchors(state, change.state, atMs, measureTicker) };
}

function stepBy(measureTicker: MeasureTicker | null): Step {
  return (state, command) => step(state, command, measureTicker);
}

/** What may stand in a stored batch. */
function isBatchable(command: { readonly type: string }): command is Command {
  const { type } = command;
  return Object.hasOwn(REDUCERS, type) && !type.startsWith('batch.') && type !== 'state.adopt';
}

/** @throws AppError SM_STATE_UNREADABLE when one is not known: stored by another version of the service */
function readCommands(stored: BatchRecord['commands']): readonly Command[] {
  return stored.map((command) => {
    if (isBatchable(command)) return command;
    throw new AppError('SM_STATE_UNREADABLE', `No command is known by the name ${command.type}.`);
  });
}

/**
 * A state with a scheduled batch applied as it would be at its moment; revision and batch stay as they are.
 * @throws AppError when a command of it does not fit the state
 */
export function foresee(
  state: ServiceState,
  { commands }: BatchRecord,
  measureTicker: MeasureTicker | null,
): ServiceState {
  const after = applyAll(state, readCommands(commands), stepBy(measureTicker)).state;
  checkLoad(state, after);
  return deepFreeze(withBoundedExits(after));
}

/**
 * The state after a command, one revision on and deeply frozen, and the events that tell of it, each with the revision.
 * What is sent back just as it was read leaves the very state that it finds.
 * Pure: the state before stays as it is and is shared wherever nothing has changed.
 * @param measureTicker - null: tickers do not keep their place when they change
 * @throws AppError when the command does not fit the state
 */
export function reduce<T extends CommandType>(
  state: ServiceState,
  command: Typed<T>,
  measureTicker: MeasureTicker | null = null,
): Change {
  const change = step(state, command, measureTicker);
  if (change.state === state && SENT_BACK.has(command.type)) return { state, events: [] };
  // What another instance has stored is taken as it is.
  if (command.type !== 'state.adopt') checkLoad(state, change.state);
  const bounded = withBoundedExits(change.state);
  // An adopted state comes with a revision of its own, which is the later one.
  const revision = Math.max(state.revision + 1, change.state.revision);
  return {
    state: deepFreeze({ ...bounded, revision }),
    events: deepFreeze(
      [...change.events, ...tallyEventsOf(state, bounded)].map((event) => ({
        ...event,
        data: { ...event.data, revision },
      })),
    ),
  };
}
