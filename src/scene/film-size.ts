/** Most pixels that all frames of a film together have in memory while it is shown: 96 MiB. */
const FILM_PIXELS = 25_165_824;

/**
 * What the size at which a film is shown is multiplied with, at most 1, so that all its frames fit into memory. On disk
 * they have their own size: a film that is shown small is sharp.
 * @param frames those that differ from the one before
 */
export function filmScale(frames: number, width: number, height: number): number {
  return Math.min(1, Math.sqrt(FILM_PIXELS / Math.max(1, frames * width * height)));
}

/** The size beyond which a film is enlarged and not drawn any sharper; null: there is none. */
export function reducedFilmSize(
  frames: number,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } | null {
  const scale = filmScale(frames, width, height);
  return scale === 1
    ? null
    : { width: Math.floor(width * scale), height: Math.floor(height * scale) };
}
