/** How long fetched content is taken as it is before the server is asked again; the bounds keep both ends sane. */
export type FreshnessBounds = {
  readonly minMs: number;
  readonly maxMs: number;
  /** When the server does not say. */
  readonly defaultMs: number;
};

/**
 * Milliseconds for which a response is fresh, from its Cache-Control (RFC 9111, section 5.2.2) less its Age.
 * `no-store` and `no-cache` mean the lower bound: a picture on air has to be kept, but is asked for often.
 */
export function freshForMs(
  cacheControl: string | null,
  age: string | null,
  bounds: FreshnessBounds,
): number {
  const directives = (cacheControl ?? '').toLowerCase();
  if (/\bno-(store|cache)\b/.test(directives)) return bounds.minMs;
  const seconds =
    /\bs-maxage\s*=\s*"?(\d+)/.exec(directives) ?? /\bmax-age\s*=\s*"?(\d+)/.exec(directives);
  if (seconds === null) return bounds.defaultMs;
  const ageSeconds = /^\d+$/.test(age ?? '') ? Number(age) : 0;
  const ms = (Number(seconds[1]) - ageSeconds) * 1000;
  return Math.min(bounds.maxMs, Math.max(bounds.minMs, ms));
}
