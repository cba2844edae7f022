/** Milliseconds on the monotonic clock, which all threads of the process share: `performance.now()` begins anew in each of them. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
