import jpegTurbo from '@julusian/jpeg-turbo';

/** The one owner of the JPEG encoder. */

/**
 * Encodes opaque RGBA pixels, rows without gaps, as a baseline JPEG with 4:2:0 chroma. The bytes are a buffer of
 * their own, to be transferred to another thread.
 * @param quality 1 to 100.
 */
export function encodeJpeg(
  rgba: Buffer,
  widthPx: number,
  heightPx: number,
  quality: number,
): Uint8Array<ArrayBuffer> {
  const jpeg = jpegTurbo.compressSync(rgba, {
    format: jpegTurbo.FORMAT_RGBA,
    width: widthPx,
    height: heightPx,
    subsampling: jpegTurbo.SAMP_420,
    quality,
  });
  // The encoder's buffer is as large as the worst picture would be, and belongs to native code.
  return new Uint8Array(jpeg);
}
