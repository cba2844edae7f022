import { crc32 } from 'node:zlib';

type Size = { readonly width: number; readonly height: number };

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
}

/**
 * An animated PNG whose first frame is the picture, for a minute, and whose second is empty:
 * https://www.w3.org/TR/png-3/#apng-frame-based-animation
 */
export function makeApng(
  rgba: Uint8ClampedArray,
  { width, height }: Size,
  deflate: (bytes: Buffer) => Buffer,
): Buffer {
  const stride = width * 4;
  const rows = (pixels: Uint8ClampedArray): Buffer => {
    const filtered = Buffer.alloc((stride + 1) * height);
    for (let y = 0; y < height; y++)
      filtered.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
    return deflate(filtered);
  };
  const control = (sequence: number, seconds: number): Buffer =>
    Buffer.concat([words(sequence, width, height, 0, 0), Buffer.from([0, seconds, 0, 1, 0, 0])]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([words(width, height), Buffer.from([8, 6, 0, 0, 0])])),
    chunk('acTL', words(2, 0)),
    chunk('fcTL', control(0, 60)),
    chunk('IDAT', rows(rgba)),
    chunk('fcTL', control(1, 60)),
    chunk('fdAT', Buffer.concat([words(2), rows(new Uint8ClampedArray(rgba.length))])),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A vector animation that shows nothing but the picture, which is embedded in it. */
export function makeLottie(png: Buffer, { width, height }: Size): Buffer {
  const still = (k: unknown): { a: 0; k: unknown } => ({ a: 0, k });
  return Buffer.from(
    JSON.stringify({
      v: '5.7.0',
      fr: 30,
      ip: 0,
      op: 60,
      w: width,
      h: height,
      ddd: 0,
      assets: [
        {
          id: 'p',
          w: width,
          h: height,
          u: '',
          e: 1,
          p: `data:image/png;base64,${png.toString('base64')}`,
        },
      ],
      layers: [
        {
          ddd: 0,
          ind: 1,
          ty: 2,
          nm: 'picture',
          refId: 'p',
          sr: 1,
          ao: 0,
          bm: 0,
          ip: 0,
          op: 60,
          st: 0,
          ks: {
            o: still(100),
            r: still(0),
            p: still([0, 0, 0]),
            a: still([0, 0, 0]),
            s: still([100, 100, 100]),
          },
        },
      ],
    }),
  );
}
