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

/** The change with the variables of playlists as they are with what plays now. */
export function withPlayingVariables(before: ServiceState, change: Change, atMs: number): Change {
  const { state } = change;
  const values = state.sound.sources.flatMap((source) => {
    if (source.content.kind !== 'playlist' || source.content.variable === null) return [];
    const was = before.sound.sources.find(({ id }) => id === source.id);
    const hadSame =
      was?.content.kind === 'playlist' && was.content.variable === source.content.variable;
    const now = nowPlaying(state, source);
    const isSame =
      hadSame && isDeepStrictEqual(now, nowPlaying(before, was)) && was.id === source.id;
    return isSame ? [] : [[source.content.variable, now ?? ''] as const];
  });
  if (values.length === 0) return change;
  const set = setVariables(state, {
    type: 'variables.set',
    values: Object.fromEntries(values),
    atMs,
    transition: null,
  });
  return { state: set.state, events: [...change.events, ...set.events] };
}
