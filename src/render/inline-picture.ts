import { filmScale } from '../scene/film-size.js';
import { filmDurationMs, filmFrameAt } from '../scene/playhead.js';
import type { PictureSource } from '../scene/snapshot.js';
import { toPictureContent, type PictureContent } from './content.js';
import type { Piece, ViewContext } from './piece.js';

/** Pictures in a line are at most so many times as wide as high. */
const MAX_ASPECT = 4;

/** A picture that stands in a line of text. */
export type InlinePicture = {
  readonly source: PictureSource;
  readonly width: number;
  readonly height: number;
};

/** A picture as high as given; null when it is not there, or is none. */
export function toInline(source: PictureSource | null, height: number): InlinePicture | null {
  if (source === null || source.lottie !== undefined) return null;
  const aspect = Math.min(MAX_ASPECT, source.width / Math.max(1, source.height));
  return { source, width: height * aspect, height };
}

/** The bitmaps of a picture in a line: one, or one for each frame of a film. */
export function inlineContents(
  { source, width, height }: InlinePicture,
  scale: number,
): PictureContent[] {
  const { contentHash, path, film } = source;
  const shrink =
    film === undefined ? 1 : filmScale(film.frames.length, width * scale, height * scale);
  const [widthPx, heightPx] = [width * scale * shrink, height * scale * shrink];
  const toPicture = (range: PictureContent['range']): PictureContent =>
    toPictureContent({ contentHash, path, range, part: null, chromaKey: null }, widthPx, heightPx);
  if (film !== undefined) return film.frames.map(({ start, bytes }) => toPicture({ start, bytes }));
  return [toPicture(null)];
}

/** The bitmap that is shown at a moment; a film that is still being read stands still. Null: there is none yet. */
export function inlineContentAt(
  { film }: PictureSource,
  contents: readonly PictureContent[],
  { sceneTimeMs, pictureOffset }: Pick<ViewContext, 'sceneTimeMs' | 'pictureOffset'>,
): PictureContent | null {
  const durationMs = film === undefined ? 0 : filmDurationMs(film);
  const first =
    film === undefined || durationMs <= 0
      ? 0
      : filmFrameAt(film, Math.max(0, sceneTimeMs) % durationMs);
  for (let i = first; i >= 0; i--) {
    const content = contents[i];
    if (content !== undefined && pictureOffset(content) !== null) return content;
  }
  return null;
}

/** A picture's bitmap in its place, cut off at the layer's box. */
export function inlinePiece(
  name: string,
  content: PictureContent,
  box: Pick<Piece, 'x' | 'y' | 'width' | 'height'>,
): Piece {
  const { widthPx, heightPx } = content;
  return { name, content, padPx: 0, ...box, widthPx, heightPx, isClipped: true };
}
