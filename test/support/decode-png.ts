import sharp from 'sharp';

/** A decoded picture. */
export type DecodedPng = {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of a pixel, 0 to 255. */
  readonly at: (x: number, y: number) => readonly [number, number, number, number];
};

export async function decodePng(bytes: Uint8Array): Promise<DecodedPng> {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return {
    width,
    height,
    at: (x, y) => {
      const i = (y * width + x) * 4;
      return [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0, data[i + 3] ?? 0];
    },
  };
}
