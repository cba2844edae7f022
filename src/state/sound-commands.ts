import { isDeepStrictEqual } from 'node:util';
import type { ServiceEvent } from '../core/event.js';
import { AppError } from '../core/errors.js';
import { SOUND_LIMITS } from '../scene/sound/limits.js';
import {
  type Sound,
  type SoundBus,
  SoundBusSchema,
  type SoundSource,
  SoundSourceSchema,
  StripSchema,
} from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { withRamps } from './sound-ramps.js';
import type { SceneMoment } from './staging.js';
import { invalid, validate } from './validate.js';

/** A state with another sound, and what leads to it. */
function changed(
  state: ServiceState,
  sound: Sound,
  moment: SceneMoment,
  event: Omit<ServiceEvent, 'topic'>,
): Change {
  return {
    state: { ...state, sound: withRamps(state.sound, sound, moment) },
    events: [{ topic: 'audio', ...event }],
  };
}

/** @throws AppError SM_REQUEST_INVALID */
function checkedSource(value: unknown, { buses }: Sound): SoundSource {
  const source = validate(SoundSourceSchema, value, 'audio source');
  if (source.bus !== null && !buses.some(({ id }) => id === source.bus)) {
    throw invalid('audio source', [
      { path: '/bus', message: `names no bus; there are ${buses.map(({ id }) => id).join(', ')}` },
    ]);
  }
  return source;
}

/** @throws AppError SM_AUDIO_SOURCE_EXISTS, SM_AUDIO_SOURCE_LIMIT, SM_REQUEST_INVALID */
export function createSource(
  state: ServiceState,
  command: CommandOf<'audio-source.create'>,
): Change {
  const { sound } = state;
  const source = checkedSource(command.source, sound);
  if (sound.sources.some(({ id }) => id === source.id)) {
    throw new AppError(
      'SM_AUDIO_SOURCE_EXISTS',
      `An audio source with the id ${source.id} already exists. Change it with PATCH, or choose another id.`,
    );
  }
  if (sound.sources.length >= SOUND_LIMITS.sources) {
    throw new AppError(
      'SM_AUDIO_SOURCE_LIMIT',
      `The limit of ${SOUND_LIMITS.sources} audio sources is reached. Remove one first.`,
    );
  }
  const event = { type: 'audio-source.created', data: { source } };
  return changed(state, { ...sound, sources: [...sound.sources, source] }, command, event);
}

/** @throws AppError SM_AUDIO_SOURCE_UNKNOWN, SM_REQUEST_INVALID */
export function patchSource(state: ServiceState, command: CommandOf<'audio-source.patch'>): Change {
  const { sound } = state;
  const index = indexOfSource(sound, command.sourceId);
  const before = sound.sources[index];
  const merged = mergePatch(before, command.patch);
  const source = checkedSource(merged, sound);
  checkId('audio source', source.id, command.sourceId);
  if (isDeepStrictEqual(source, before)) return { state, events: [] };
  const event = { type: 'audio-source.updated', data: { source } };
  return changed(state, { ...sound, sources: sound.sources.with(index, source) }, command, event);
}

/** @throws AppError SM_AUDIO_SOURCE_UNKNOWN */
export function removeSource(
  state: ServiceState,
  command: CommandOf<'audio-source.remove'>,
): Change {
  const { sound } = state;
  const { sourceId } = command;
  const index = indexOfSource(sound, sourceId);
  const event = { type: 'audio-source.removed', data: { sourceId } };
  return changed(state, { ...sound, sources: sound.sources.toSpliced(index, 1) }, command, event);
}

/** @throws AppError SM_AUDIO_BUS_EXISTS, SM_AUDIO_BUS_LIMIT, SM_REQUEST_INVALID */
export function createBus(state: ServiceState, command: CommandOf<'audio-bus.create'>): Change {
  const { sound } = state;
  const bus = validate(SoundBusSchema, command.bus, 'audio bus');
  if (sound.buses.some(({ id }) => id === bus.id)) {
    throw new AppError(
      'SM_AUDIO_BUS_EXISTS',
      `An audio bus with the id ${bus.id} already exists. Change it with PATCH, or choose another id.`,
    );
  }
  if (sound.buses.length >= SOUND_LIMITS.buses) {
    throw new AppError(
      'SM_AUDIO_BUS_LIMIT',
      `The limit of ${SOUND_LIMITS.buses} audio buses is reached. Remove one first.`,
    );
  }
  const event = { type: 'audio-bus.created', data: { bus } };
  return changed(state, { ...sound, buses: [...sound.buses, bus] }, command, event);
}

/** @throws AppError SM_AUDIO_BUS_UNKNOWN, SM_REQUEST_INVALID */
export function patchBus(state: ServiceState, command: CommandOf<'audio-bus.patch'>): Change {
  const { sound } = state;
  const { bus: before, index } = findBus(sound, command.busId);
  const bus = validate(SoundBusSchema, mergePatch(before, command.patch), 'audio bus');
  checkId('audio bus', bus.id, command.busId);
  if (isDeepStrictEqual(bus, before)) return { state, events: [] };
  const event = { type: 'audio-bus.updated', data: { bus } };
  return changed(state, { ...sound, buses: sound.buses.with(index, bus) }, command, event);
}

/** @throws AppError SM_AUDIO_BUS_UNKNOWN, SM_AUDIO_BUS_IN_USE */
export function removeBus(state: ServiceState, command: CommandOf<'audio-bus.remove'>): Change {
  const { sound } = state;
  const { busId } = command;
  const { index } = findBus(sound, busId);
  const user = sound.sources.find(({ bus }) => bus === busId);
  if (user !== undefined) {
    throw new AppError(
      'SM_AUDIO_BUS_IN_USE',
      `The audio bus ${busId} is used by the source ${user.id}. Move the source to another bus first.`,
    );
  }
  const event = { type: 'audio-bus.removed', data: { busId } };
  return changed(state, { ...sound, buses: sound.buses.toSpliced(index, 1) }, command, event);
}

/** @throws AppError SM_REQUEST_INVALID */
export function patchMaster(state: ServiceState, command: CommandOf<'audio-master.patch'>): Change {
  const { sound } = state;
  const master = validate(StripSchema, mergePatch(sound.master, command.patch), 'audio master');
  if (isDeepStrictEqual(master, sound.master)) return { state, events: [] };
  const event = { type: 'audio-master.updated', data: { master } };
  return changed(state, { ...sound, master }, command, event);
}

function indexOfSource({ sources }: Sound, sourceId: string): number {
  const index = sources.findIndex(({ id }) => id === sourceId);
  if (index >= 0) return index;
  throw new AppError(
    'SM_AUDIO_SOURCE_UNKNOWN',
    `There is no audio source ${sourceId}. GET /api/audio lists them.`,
  );
}

function findBus({ buses }: Sound, busId: string): { bus: SoundBus; index: number } {
  const index = buses.findIndex(({ id }) => id === busId);
  const bus = buses[index];
  if (bus !== undefined) return { bus, index };
  throw new AppError(
    'SM_AUDIO_BUS_UNKNOWN',
    `There is no audio bus ${busId}. GET /api/audio lists them.`,
  );
}

/** @throws AppError SM_REQUEST_INVALID */
function checkId(what: string, id: string, wanted: string): void {
  if (id !== wanted)
    throw invalid(what, [
      { path: '/id', message: `must be ${wanted} as in the path, or be omitted` },
    ]);
}
