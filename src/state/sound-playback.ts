import { isDeepStrictEqual } from 'node:util';
import { type ContentOf, isPlayback, type SoundContent } from '../scene/sound/content.js';
import { beginPlayback, type Playback } from '../scene/sound/playback.js';
import { entryAt, turnOf } from '../scene/sound/playlist-order.js';
import type { Sound, SoundSource } from '../scene/sound/schema.js';

/** What playback becomes as sources change and are steered: pure functions of the sound and a moment of program time. */

/** What the order of a source's playlist follows from. */
export function seedOf(sourceId: string, { createdAtMs }: Playback): string {
  return `${sourceId} ${createdAtMs}`;
}

/** The number of the entry that plays; null: none, or it is no playlist. */
export function currentEntry({ id, content }: SoundSource, playback: Playback): number | null {
  return content.kind === 'playlist' ? entryAt(content, seedOf(id, playback), playback.turn) : null;
}

/** The sound after a change of its sources, with playback as it is then: what goes on, begins, or is gone. */
export function withPlayback(before: Sound, after: Sound, atMs: number): Sound {
  if (before.sources === after.sources) return after;
  const former = new Map(before.sources.map((source) => [source.id, source.content]));
  const playback: Record<string, Playback> = {};
  for (const { id, content } of after.sources) {
    if (!isPlayback(content)) continue;
    const was = former.get(id);
    const known = before.playback[id];
    playback[id] =
      was === undefined || known === undefined
        ? beginPlayback(atMs)
        : continued(id, { was, content, known, atMs });
  }
  return { ...after, playback };
}

type Continuation = {
  readonly was: SoundContent;
  readonly content: SoundContent;
  readonly known: Playback;
  readonly atMs: number;
};

function continued(id: string, { was, content, known, atMs }: Continuation): Playback {
  if (isDeepStrictEqual(was, content)) return known;
  if (was.kind === 'playlist' && content.kind === 'playlist')
    return relisted(id, { was, content, known, atMs });
  return { ...beginPlayback(atMs), pausedAtMs: known.pausedAtMs === null ? null : atMs };
}

type Relisting = Pick<Continuation, 'known' | 'atMs'> &
  Readonly<Record<'was' | 'content', ContentOf<'playlist'>>>;

/** What plays goes on in a list that has changed, if it is still in there; else its first entry begins. */
function relisted(id: string, { was, content, known, atMs }: Relisting): Playback {
  const seed = seedOf(id, known);
  const entry = entryAt(was, seed, known.turn);
  const playing = entry === null ? undefined : was.entries[entry];
  if (was.order === content.order && isDeepStrictEqual(was.entries, content.entries)) return known;
  const isPlaying = (one: unknown): boolean => isDeepStrictEqual(one, playing);
  // One that occurs more than once is best taken for the one that was at its place.
  const place =
    entry !== null && isPlaying(content.entries[entry])
      ? entry
      : content.entries.findIndex(isPlaying);
  if (place >= 0) {
    const round = Math.floor(known.turn / was.entries.length);
    return { ...known, turn: turnOf(content, seed, place, round * content.entries.length) };
  }
  const pausedAtMs = known.pausedAtMs === null ? null : atMs;
  return { ...known, run: known.run + 1, turn: 0, startedAtMs: atMs, positionMs: 0, pausedAtMs };
}

/** What a source is told to do. */
export type TransportAction =
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** From the beginning of the file or of the current entry: milliseconds after its `inMs`. */
  | { readonly type: 'seek'; readonly positionMs: number }
  | { readonly type: 'skip' }
  | { readonly type: 'previous' }
  | { readonly type: 'go-to'; readonly entry: number };

/** Playback from a moment on at which a source is told something. */
export function steered(
  { id, content }: SoundSource,
  playback: Playback,
  action: TransportAction,
  atMs: number,
): Playback {
  const anew = { ...playback, run: playback.run + 1, startedAtMs: atMs, positionMs: 0 };
  const begun = { ...anew, pausedAtMs: playback.pausedAtMs === null ? null : atMs };
  const seed = seedOf(id, playback);
  switch (action.type) {
    case 'play': {
      if (playback.pausedAtMs === null) return playback;
      const pausedForMs = Math.max(0, atMs - playback.pausedAtMs);
      const startedAtMs = playback.startedAtMs + pausedForMs;
      return { ...playback, startedAtMs, pausedAtMs: null };
    }
    case 'pause':
      return playback.pausedAtMs === null ? { ...playback, pausedAtMs: atMs } : playback;
    case 'seek':
      return { ...begun, positionMs: action.positionMs };
    case 'skip':
      // A playlist that is over stays at its end, from which it is one step back to its last entry.
      return content.kind === 'playlist' && entryAt(content, seed, playback.turn) === null
        ? playback
        : { ...begun, turn: playback.turn + 1 };
    case 'previous':
      return { ...begun, turn: Math.max(0, playback.turn - 1) };
    case 'go-to':
      return content.kind === 'playlist'
        ? { ...begun, turn: turnOf(content, seed, action.entry, playback.turn + 1) }
        : playback;
  }
}
