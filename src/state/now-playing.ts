import { isDeepStrictEqual } from 'node:util';
import type { NowPlaying } from '../program/contract.js';
import type { PlaylistEntry } from '../scene/sound/content.js';
import type { SoundSource } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { Asset, ServiceState } from './model.js';
import { currentEntry } from './sound-playback.js';
import { setVariables } from './variable-commands.js';

/** The last part of an address, without its ending. */
function nameInUrl(url: string): string {
  const path = new URL(url).pathname;
  const last = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** @param number - of the entry, from 0 */
export function titled(number: number, entry: PlaylistEntry, assets: readonly Asset[]): NowPlaying {
  if (entry.kind === 'url')
    return { entry: number, title: nameInUrl(entry.url), artist: '', album: '' };
  const asset = assets.find(({ id }) => id === entry.asset);
  const { title = null, artist = null, album = null } = asset?.audio ?? {};
  const name = asset === undefined || asset.name === '' ? entry.asset : asset.name;
  return { entry: number, title: title ?? name, artist: artist ?? '', album: album ?? '' };
}

/** What of a playlist a source plays; null: it is none, or it is over. */
export function nowPlaying(state: ServiceState, source: SoundSource): NowPlaying | null {
  const { content } = source;
  const playback = state.sound.playback[source.id];
  if (content.kind !== 'playlist' || playback === undefined) return null;
  const entry = currentEntry(source, playback);
  const playing = entry === null ? undefined : content.entries[entry];
  if (entry === null || playing === undefined) return null;
  return titled(entry, playing, state.assets);
}

type Told = { readonly variable: string; readonly value: NowPlaying | '' };

/** What each playlist with a variable puts into it, by the id of the source. */
function toldBy(state: ServiceState): ReadonlyMap<string, Told> {
  return new Map(
    state.sound.sources.flatMap((source) => {
      if (source.content.kind !== 'playlist' || source.content.variable === null) return [];
      const { variable } = source.content;
      return [[source.id, { variable, value: nowPlaying(state, source) ?? '' }] as const];
    }),
  );
}

/**
 * Values of variables that a change of the sound or of the assets gives them, by their names: what plays now, or an empty text
 * where no playlist tells of it any more.
 */
export function playingValues(
  before: ServiceState,
  after: ServiceState,
): Readonly<Record<string, Told['value']>> {
  if (before.sound === after.sound && before.assets === after.assets) return {};
  const [was, is] = [toldBy(before), toldBy(after)];
  const variables = new Set([...is.values()].map(({ variable }) => variable));
  const gone = [...was.values()].filter(({ variable }) => !variables.has(variable));
  const changed = [...is].filter(([id, told]) => !isDeepStrictEqual(told, was.get(id)));
  return Object.fromEntries([
    ...gone.map(({ variable }) => [variable, ''] as const),
    ...changed.map(([, { variable, value }]) => [variable, value] as const),
  ]);
}

/**
 * The change with the variables of playlists as they are with what plays now.
 * @throws AppError SM_REQUEST_INVALID when there is no room for a variable
 */
export function withPlayingVariables(before: ServiceState, change: Change, atMs: number): Change {
  const values = playingValues(before, change.state);
  if (Object.keys(values).length === 0) return change;
  const command = { type: 'variables.set', values, atMs, transition: null } as const;
  const set = setVariables(change.state, command);
  return { state: set.state, events: [...change.events, ...set.events] };
}
