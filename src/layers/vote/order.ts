import type { VoteLayer, VoteOption } from './schema.js';

/** An option and where it stands. */
export type PlacedOption = {
  readonly option: VoteOption;
  /** Options before it. */
  readonly place: number;
};

/** The options in the order in which they stand. Those of equal votes stay in the order they are written in. */
export function placedOptions({
  options,
  order,
}: Pick<VoteLayer, 'options' | 'order'>): PlacedOption[] {
  const sign = order === 'ascending' ? 1 : order === 'descending' ? -1 : 0;
  return options
    .toSorted((a, b) => sign * (a.value - b.value))
    .map((option, place) => ({ option, place }));
}

/** The most votes that any option has; null: none has any. Who has as many has won, alone or with others. */
export function winningValue({ options }: Pick<VoteLayer, 'options'>): number | null {
  const most = Math.max(0, ...options.map(({ value }) => value));
  return most > 0 ? most : null;
}
