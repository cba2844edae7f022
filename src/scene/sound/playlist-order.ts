import { createHash } from 'node:crypto';
import type { ContentOf } from './content.js';

/** The order in which the entries of a playlist come: a function of the playlist, its seed, and how many came before. */

/** A number from 0 up to `below` that follows from a text. */
function numberOf(text: string, below: number): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) % below;
}

/** The entries of a round in their order: a Fisher-Yates shuffle. */
function shuffledRound(count: number, seed: string, round: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = numberOf(`${seed} ${round} ${last}`, last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** That round, whose first entry is not the last of the round before. */
function shuffled(count: number, seed: string, round: number): number[] {
  const order = shuffledRound(count, seed, round);
  if (round === 0 || count < 3) return order;
  const before = shuffledRound(count, seed, round - 1);
  // The round before may have been changed in its first two places only.
  if (order[0] === before.at(-1)) [order[0], order[1]] = [order[1] ?? 0, order[0] ?? 0];
  return order;
}

/** The number of the entry that comes at a turn; null: the playlist is over. */
export function entryAt(
  { entries, order, repeat }: ContentOf<'playlist'>,
  seed: string,
  turn: number,
): number | null {
  const count = entries.length;
  if (turn >= count && !repeat) return null;
  if (order === 'listed') return turn % count;
  return shuffled(count, seed, Math.floor(turn / count))[turn % count] ?? null;
}

/** The next turn, from `from` on, at which an entry comes; within the first round if there is but one. */
export function turnOf(
  playlist: ContentOf<'playlist'>,
  seed: string,
  entry: number,
  from: number,
): number {
  const count = playlist.entries.length;
  const first = playlist.repeat ? from : 0;
  for (let turn = first; turn < first + 2 * count; turn++)
    if (entryAt(playlist, seed, turn) === entry) return turn;
  return first;
}
