import { deflateSync } from 'node:zlib';
import { forgePng, pngChunk } from '../assets/png.js';
import { broken, noise, type HostileFile } from './hostile-file.js';

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_END = pngChunk('IEND', Buffer.alloc(0));

function pngHead(width: number, height: number, colorType = 2): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width >>> 0, 0);
  head.writeUInt32BE(height >>> 0, 4);
  head[8] = 8;
  head[9] = colorType;
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', head)]);
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, i * 4);
  return bytes;
}

/** A control chunk of an APNG. */
function frameControl(number: number, box: readonly [number, number, number, number]): Buffer {
  return pngChunk('fcTL', Buffer.concat([u32(number, ...box), Buffer.of(0, 1, 0, 25, 0, 0)]));
}

export function hostilePngs(picture: Buffer): HostileFile[] {
  const wrongSum = Buffer.from(picture);
  wrongSum[29] = (wrongSum[29] ?? 0) ^ 255;
  const pixels = deflateSync(Buffer.alloc(100 * 301));
  const bomb = deflateSync(Buffer.alloc(300_000_000), { level: 9 });
  const empty = pngChunk('IDAT', Buffer.alloc(0));
  return [
    broken('png of 900 million pixels', forgePng(30_000, 30_000, 1000)),
    broken('png of four thousand million columns', pngHead(0xffffffff, 1)),
    broken('png of no pixels', pngHead(0, 0)),
    broken('png without pixels', Buffer.concat([pngHead(100, 100), PNG_END])),
    broken('png with a wrong sum', wrongSum),
    broken('png whose chunk is longer than it', Buffer.concat([pngHead(9, 9), u32(0x7fffffff)])),
    broken('png of zeros', Buffer.concat([PNG_SIGNATURE, Buffer.alloc(10_000_000)])),
    broken('png whose head is not first', Buffer.concat([PNG_SIGNATURE, empty, pngHead(9, 9)])),
    {
      name: 'png of 40 million pixels in 5 kB',
      bytes: forgePng(8192, 4880, 4880 * 1025),
      outcome: 'either',
    },
    {
      name: 'png that unpacks to 300 MB',
      bytes: Buffer.concat([pngHead(100, 100), pngChunk('IDAT', bomb), PNG_END]),
      outcome: 'either',
    },
    {
      name: 'png whose profile unpacks to 300 MB',
      bytes: Buffer.concat([
        pngHead(100, 100),
        pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0', 'latin1'), bomb])),
        pngChunk('IDAT', pixels),
        PNG_END,
      ]),
      outcome: 'either',
    },
    {
      name: 'png whose text unpacks to 300 MB',
      bytes: Buffer.concat([
        pngHead(100, 100),
        pngChunk('zTXt', Buffer.concat([Buffer.from('t\0\0', 'latin1'), bomb])),
        pngChunk('IDAT', pixels),
        PNG_END,
      ]),
      outcome: 'either',
    },
    {
      name: 'png of half a million empty chunks',
      bytes: Buffer.concat([
        pngHead(100, 100),
        ...Array.from({ length: 500_000 }, () => empty),
        pngChunk('IDAT', pixels),
        PNG_END,
      ]),
      outcome: 'either',
    },
    {
      name: 'png that is an archive as well',
      bytes: Buffer.concat([picture, Buffer.from('PK\x03\x04', 'latin1'), noise(4000)]),
      outcome: 'taken',
    },
    {
      name: 'png that is a page as well',
      bytes: Buffer.concat([picture, Buffer.from('<script>alert(1)</script>')]),
      outcome: 'taken',
    },
  ];
}

export function hostileApngs(): HostileFile[] {
  const pixels = deflateSync(Buffer.alloc(10 * 31));
  const start = (frames: number, width = 10, height = 10): Buffer =>
    Buffer.concat([pngHead(width, height), pngChunk('acTL', u32(frames, 0))]);
  const whole = [10, 10, 0, 0] as const;
  return [
    {
      name: 'apng that promises a thousand million frames',
      bytes: Buffer.concat([
        start(1_000_000_000),
        frameControl(0, whole),
        pngChunk('IDAT', pixels),
        PNG_END,
      ]),
      outcome: 'either',
    },
    broken(
      'apng whose frame is outside of it',
      Buffer.concat([
        start(1),
        frameControl(0, [10, 10, 0xfffffff0, 5]),
        pngChunk('IDAT', pixels),
        PNG_END,
      ]),
    ),
    broken(
      'apng of 200,000 frames',
      Buffer.concat([
        start(200_000),
        ...Array.from({ length: 200_000 }, (_, i) => frameControl(i, whole)),
        PNG_END,
      ]),
    ),
    broken(
      'apng of a thousand frames of 40 million pixels',
      Buffer.concat([
        start(1000, 8000, 5000),
        ...Array.from({ length: 1000 }, (_, i) => frameControl(i, [8000, 5000, 0, 0])),
        PNG_END,
      ]),
    ),
    broken(
      'apng without pixels',
      Buffer.concat([start(2), frameControl(0, whole), frameControl(1, whole), PNG_END]),
    ),
    broken(
      'apng whose pixels are noise',
      Buffer.concat([start(1), frameControl(0, whole), pngChunk('IDAT', noise(500)), PNG_END]),
    ),
  ];
}
