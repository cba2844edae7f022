import { isDeepStrictEqual } from 'node:util';
import type { ServiceEvent } from '../core/event.js';
import { AppError } from '../core/errors.js';
import { MasterSchema, type Sound } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { type SoundList, withSoundList } from './sound-lists.js';
import { withRamps } from './sound-ramps.js';
import type { SceneMoment } from './staging.js';
import { invalid, validate } from './validate.js';

/** A state with another sound, and the ramps that lead to it. */
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

/** @throws AppError SM_AUDIO_*_EXISTS, SM_AUDIO_*_LIMIT, SM_REQUEST_INVALID */
export function createSoundItem(state: ServiceState, command: CommandOf<'sound.create'>): Change {
  const { sound } = state;
  return withSoundList(command.list, (list) => {
    const item = validate(list.schema, command.item, list.what);
    const items = list.read(sound);
    if (items.some(({ id }) => id === item.id)) {
      throw new AppError(
        list.codes.exists,
        `An ${list.what} with the id ${item.id} already exists. Change it with PATCH, or choose another id.`,
      );
    }
    if (items.length >= list.limit) {
      throw new AppError(
        list.codes.limit,
        `The limit of ${list.limit} is reached. Remove an ${list.what} first.`,
      );
    }
    const next = list.write(sound, [...items, item]);
    checkBuses(next, list.what);
    return changed(state, next, command, { type: `${list.event}.created`, data: { item } });
  });
}

/** @throws AppError SM_AUDIO_*_UNKNOWN, SM_REQUEST_INVALID */
export function patchSoundItem(state: ServiceState, command: CommandOf<'sound.patch'>): Change {
  const { sound } = state;
  return withSoundList(command.list, (list) => {
    const items = list.read(sound);
    const index = indexOf(list, sound, command.id);
    const item = validate(list.schema, mergePatch(items[index], command.patch), list.what);
    if (item.id !== command.id) {
      throw invalid(list.what, [
        { path: '/id', message: `must be ${command.id} as in the path, or be omitted` },
      ]);
    }
    if (isDeepStrictEqual(item, items[index])) return { state, events: [] };
    const next = list.write(sound, items.with(index, item));
    checkBuses(next, list.what);
    return changed(state, next, command, { type: `${list.event}.updated`, data: { item } });
  });
}

/** @throws AppError SM_AUDIO_*_UNKNOWN, SM_AUDIO_BUS_IN_USE */
export function removeSoundItem(state: ServiceState, command: CommandOf<'sound.remove'>): Change {
  const { sound } = state;
  const { list: name, id } = command;
  return withSoundList(name, (list) => {
    const index = indexOf(list, sound, id);
    if (name === 'buses') checkUnused(sound, id);
    const next = list.write(sound, list.read(sound).toSpliced(index, 1));
    return changed(state, next, command, { type: `${list.event}.removed`, data: { id } });
  });
}

/** @throws AppError SM_REQUEST_INVALID */
export function patchMaster(state: ServiceState, command: CommandOf<'sound.master'>): Change {
  const { sound } = state;
  const master = validate(MasterSchema, mergePatch(sound.master, command.patch), 'audio master');
  if (isDeepStrictEqual(master, sound.master)) return { state, events: [] };
  const event = { type: 'audio-master.updated', data: { master } };
  return changed(state, { ...sound, master }, command, event);
}

function indexOf<T extends { readonly id: string }>(
  list: SoundList<T>,
  sound: Sound,
  wanted: string,
): number {
  const index = list.read(sound).findIndex(({ id }) => id === wanted);
  if (index >= 0) return index;
  throw new AppError(
    list.codes.unknown,
    `There is no ${list.what} ${wanted}. GET /api/audio shows what there is.`,
  );
}

/** @throws AppError SM_REQUEST_INVALID */
function checkBuses({ sources, buses, ducking }: Sound, what: string): void {
  const ids = buses.map(({ id }) => id);
  const check = (path: string, id: string | null): void => {
    if (id !== null && !ids.includes(id))
      throw invalid(what, [{ path, message: `names no bus; there are ${ids.join(', ')}` }]);
  };
  for (const { bus } of sources) check('/bus', bus);
  for (const { when, bus } of ducking) {
    check('/when', when);
    check('/bus', bus);
    if (when === bus)
      throw invalid(what, [{ path: '/bus', message: 'must not be the bus that is listened to' }]);
  }
}

/** @throws AppError SM_AUDIO_BUS_IN_USE */
function checkUnused({ sources, ducking }: Sound, busId: string): void {
  const source = sources.find(({ bus }) => bus === busId);
  const rule = ducking.find(({ when, bus }) => [when, bus].includes(busId));
  const user = source === undefined ? rule?.id : source.id;
  if (user === undefined) return;
  throw new AppError(
    'SM_AUDIO_BUS_IN_USE',
    `The audio bus ${busId} is used by ${user}. Change or remove ${user} first.`,
  );
}
