import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import { stripExpressions } from '../scene/sound/bound-sound.js';
import { isPlayback } from '../scene/sound/content.js';
import { SOUND_LIMITS } from '../scene/sound/limits.js';
import { canReadAhead } from '../scene/sound/read-ahead.js';
import { type Sound, SoundMasterSchema, type Strip } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import { mergePatch } from './merge-patch.js';
import type { ServiceState } from './model.js';
import { checkSourceUnused } from './scene-sources.js';
import { changedSound } from './sound-change.js';
import { checkCuts } from './sound-cuts.js';
import { type SoundList, withSoundList } from './sound-lists.js';
import { invalid, validate } from './validate.js';

/** @throws AppError SM_AUDIO_*_EXISTS, SM_AUDIO_*_LIMIT, SM_REQUEST_INVALID */
export function createSoundItem(state: ServiceState, command: CommandOf<'sound.create'>): Change {
  const { sound } = state;
  return withSoundList(command.list, (list) => {
    const item = validate(list.schema, command.item, list.what);
    if (list.stripOf !== null) checkBindings(list.stripOf(item), '/strip', list.what);
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
    checkOffsets(next, list.what);
    checkCuts(sound, next, list.what);
    checkDecoders(sound, next);
    return changedSound(state, next, command.atMs, {
      type: `${list.event}.created`,
      data: { item },
    });
  });
}

const ContentKind = z.looseObject({ content: z.looseObject({ kind: z.string() }) });

/** What a patch is merged into: a content of another kind takes the place of the one there is, of which it has nothing. */
function patchable(item: object | undefined, patch: unknown): object | undefined {
  if (item === undefined || !('content' in item)) return item;
  const asked = ContentKind.safeParse(patch).data?.content.kind;
  const isOther = asked !== undefined && asked !== ContentKind.safeParse(item).data?.content.kind;
  return isOther ? { ...item, content: undefined } : item;
}

/** @throws AppError SM_AUDIO_*_UNKNOWN, SM_REQUEST_INVALID */
export function patchSoundItem(state: ServiceState, command: CommandOf<'sound.patch'>): Change {
  const { sound } = state;
  return withSoundList(command.list, (list) => {
    const items = list.read(sound);
    const index = indexOf(list, sound, command.id);
    const item = validate(
      list.schema,
      mergePatch(patchable(items[index], command.patch), command.patch),
      list.what,
    );
    if (item.id !== command.id) {
      throw invalid(list.what, [
        { path: '/id', message: `must be ${command.id} as in the path, or be omitted` },
      ]);
    }
    if (isDeepStrictEqual(item, items[index])) return { state, events: [] };
    if (list.stripOf !== null) checkBindings(list.stripOf(item), '/strip', list.what);
    const next = list.write(sound, items.with(index, item));
    checkBuses(next, list.what);
    checkOffsets(next, list.what);
    checkCuts(sound, next, list.what);
    checkDecoders(sound, next);
    return changedSound(state, next, command.atMs, {
      type: `${list.event}.updated`,
      data: { item },
    });
  });
}

/** @throws AppError SM_AUDIO_*_UNKNOWN, SM_AUDIO_BUS_IN_USE, SM_AUDIO_SOURCE_IN_USE */
export function removeSoundItem(state: ServiceState, command: CommandOf<'sound.remove'>): Change {
  const { sound } = state;
  const { list: name, id } = command;
  return withSoundList(name, (list) => {
    const index = indexOf(list, sound, id);
    if (name === 'buses') checkUnused(sound, id);
    if (name === 'sources') checkSourceUnused(state, id);
    const next = list.write(sound, list.read(sound).toSpliced(index, 1));
    return changedSound(state, next, command.atMs, { type: `${list.event}.removed`, data: { id } });
  });
}

/** @throws AppError SM_REQUEST_INVALID */
export function patchMaster(state: ServiceState, command: CommandOf<'sound.master'>): Change {
  const { sound } = state;
  const patched = mergePatch(sound.master, command.patch);
  const master = validate(SoundMasterSchema, patched, 'audio master');
  if (isDeepStrictEqual(master, sound.master)) return { state, events: [] };
  checkBindings(master, '', 'audio master');
  const event = { type: 'audio-master.updated', data: { master } };
  return changedSound(state, { ...sound, master }, command.atMs, event);
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
function checkBindings(strip: Strip, path: string, what: string): void {
  const { complaints } = stripExpressions(strip);
  if (complaints.length === 0) return;
  throw invalid(
    what,
    complaints.map(({ field, message }) => ({ path: `${path}/bindings/${field}`, message })),
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

/** @throws AppError SM_AUDIO_SOURCE_LIMIT */
function checkDecoders(before: Sound, { sources }: Sound): void {
  const count = (list: Sound['sources']): number =>
    list.filter(({ content }) => isPlayback(content)).length;
  const most = SOUND_LIMITS.decodedSources;
  if (count(sources) <= most || count(sources) <= count(before.sources)) return;
  throw new AppError(
    'SM_AUDIO_SOURCE_LIMIT',
    `The limit of ${most} sources of the kinds file, url, stream and playlist is reached. Remove one first, or play clips.`,
  );
}

/** @throws AppError SM_REQUEST_INVALID */
function checkOffsets({ sources }: Sound, what: string): void {
  const wrong = sources.find(({ offsetMs, content }) => offsetMs < 0 && !canReadAhead(content));
  if (wrong === undefined) return;
  const message = `must not be negative for content of kind ${wrong.content.kind}, which is not there before it is heard; give the other sources a positive one instead`;
  throw invalid(what, [{ path: '/offsetMs', message }]);
}

/** @throws AppError SM_AUDIO_BUS_IN_USE */
function checkUnused({ sources, clips, ducking }: Sound, busId: string): void {
  const source = [...sources, ...clips].find(({ bus }) => bus === busId);
  const rule = ducking.find(({ when, bus }) => [when, bus].includes(busId));
  const user = source === undefined ? rule?.id : source.id;
  if (user === undefined) return;
  throw new AppError(
    'SM_AUDIO_BUS_IN_USE',
    `The audio bus ${busId} is used by ${user}. Change or remove ${user} first.`,
  );
}
