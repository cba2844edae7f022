/** One that takes part in a distribution. */
export type Share = {
  /** Its part; 0 gets nothing. */
  readonly weight: number;
  /** The most it takes. */
  readonly mostPx: number;
};

/** Gives out room by weight; what one cannot take goes to the others. */
export function distribute(
  roomPx: number,
  shares: readonly Share[],
): { readonly givenPx: readonly number[]; readonly restPx: number } {
  const givenPx = shares.map(() => 0);
  let restPx = Math.max(0, roomPx);
  let open = shares.map((share, index) => ({ ...share, index })).filter(({ weight }) => weight > 0);
  while (open.length > 0 && restPx > 0) {
    const weights = open.reduce((total, { weight }) => total + weight, 0);
    const perWeight = restPx / weights;
    const full = open.filter(
      ({ weight, mostPx, index }) => mostPx - (givenPx[index] ?? 0) <= perWeight * weight,
    );
    if (full.length === 0) {
      for (const { index, weight } of open)
        givenPx[index] = (givenPx[index] ?? 0) + perWeight * weight;
      return { givenPx, restPx: 0 };
    }
    for (const { index, mostPx } of full) {
      restPx -= mostPx - (givenPx[index] ?? 0);
      givenPx[index] = mostPx;
    }
    open = open.filter((share) => !full.includes(share));
  }
  return { givenPx, restPx: Math.max(0, restPx) };
}
