import { deflateRawSync, gzipSync } from 'node:zlib';
import { strangersFiles } from './hostile-strangers.js';
import { hostileFonts } from './hostile-fonts.js';
import { hostileVectors } from './hostile-vectors.js';
import sharp from 'sharp';
import { hostileApngs, hostilePngs } from './hostile-pngs.js';
import { broken, noise, packedZeros, type HostileFile } from './hostile-file.js';
import { makeGif, makeMovingWebp } from './moving-media.js';

type Photo = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

function photo(format: Photo, width = 320, height = 240): Promise<Buffer> {
  const raw = { width, height, channels: 3 } as const;
  return sharp(noise(width * height * 3), { raw })
    .toFormat(format)
    .toBuffer();
}

async function cutFiles(): Promise<HostileFile[]> {
  const files: HostileFile[] = [];
  for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
    const bytes = await photo(format);
    for (const share of [0.05, 0.5, 0.9])
      files.push(
        broken(`${format} cut at ${share}`, bytes.subarray(0, Math.floor(bytes.length * share))),
      );
  }
  return files;
}

async function gifs(): Promise<HostileFile[]> {
  const film = await makeGif([100, 100, 100, 100, 100, 100]);
  const head = (width: number, height: number): Buffer => {
    const bytes = Buffer.from('GIF89a\0\0\0\0\xf0\0\0\0\0\0\xff\xff\xff', 'latin1');
    bytes.writeUInt16LE(width, 6);
    bytes.writeUInt16LE(height, 8);
    return bytes;
  };
  const frame = (width: number, height: number): Buffer => {
    const bytes = Buffer.from(',\0\0\0\0\0\0\0\0\0\x02\x02L\x01\0', 'latin1');
    bytes.writeUInt16LE(width, 5);
    bytes.writeUInt16LE(height, 7);
    return bytes;
  };
  const end = Buffer.of(0x3b);
  const words = Buffer.concat([Buffer.of(255), noise(255)]);
  const comment = Buffer.concat([
    Buffer.of(0x21, 0xfe),
    ...Array.from({ length: 40_000 }, () => words),
    Buffer.of(0),
  ]);
  return [
    {
      // Its decoder takes the one pixel that there is.
      name: 'gif of 65535 by 65535',
      bytes: Buffer.concat([head(65_535, 65_535), frame(1, 1), end]),
      outcome: 'either',
    },
    broken('gif that is a head only', head(10, 10)),
    broken('gif without frames', Buffer.concat([head(10, 10), end])),
    broken(
      'gif of 5000 frames',
      Buffer.concat([head(1, 1), ...Array.from({ length: 5000 }, () => frame(1, 1)), end]),
    ),
    broken(
      'gif of 1000 frames of 4 million pixels',
      Buffer.concat([head(2000, 2000), ...Array.from({ length: 1000 }, () => frame(1, 1)), end]),
    ),
    {
      name: 'gif with ten megabytes of comment',
      bytes: Buffer.concat([
        film.subarray(0, 13 + 3 * 2 ** (((film[10] ?? 0) & 7) + 1)),
        comment,
        film.subarray(13 + 3 * 2 ** (((film[10] ?? 0) & 7) + 1)),
      ]),
      outcome: 'either',
    },
    {
      name: 'gif whose frames are larger than it',
      bytes: Buffer.concat([head(4, 4), frame(60_000, 60_000), frame(60_000, 60_000), end]),
      outcome: 'either',
    },
    {
      name: 'gif and a newline',
      bytes: Buffer.concat([film, Buffer.from('\n')]),
      outcome: 'taken',
    },
  ];
}

async function jpegs(): Promise<HostileFile[]> {
  const raw = { width: 3000, height: 2000, channels: 3 } as const;
  const progressive = await sharp(Buffer.alloc(3000 * 2000 * 3, 99), { raw })
    .jpeg({ progressive: true })
    .toBuffer();
  const lastScan = progressive.subarray(progressive.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
  const scans = Buffer.concat([
    progressive.subarray(0, -2),
    ...Array.from({ length: 2000 }, () => lastScan),
    progressive.subarray(-2),
  ]);
  const picture = await photo('jpeg');
  const large = Buffer.from(picture);
  const frame = large.indexOf(Buffer.of(0xff, 0xc0));
  large.writeUInt16BE(65_000, frame + 5);
  large.writeUInt16BE(65_000, frame + 7);
  const tables = Buffer.from(picture);
  tables.fill(0xff, tables.indexOf(Buffer.of(0xff, 0xc4)) + 4, frame + 200);
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'),
    ...Array.from({ length: 3000 }, () =>
      Buffer.from('\x01\0\x12\x01\x03\0\xff\xff\xff\xff\x08\0\0\0\x08\0\0\0', 'latin1'),
    ),
  ]);
  const marker = Buffer.alloc(4);
  marker.writeUInt16BE(0xffe1, 0);
  marker.writeUInt16BE(exif.length + 2, 2);
  return [
    broken('jpeg of two thousand scans', scans),
    broken('jpeg that says 65000 by 65000', large),
    broken('jpeg with damaged tables', tables),
    broken('jpeg of two bytes', Buffer.of(0xff, 0xd8, 0xff, 0xe0)),
    {
      name: 'jpeg whose orientation goes in circles',
      bytes: Buffer.concat([picture.subarray(0, 2), marker, exif, picture.subarray(2)]),
      outcome: 'either',
    },
  ];
}

async function webps(): Promise<HostileFile[]> {
  const film = await makeMovingWebp([100, 100, 100, 100, 100, 100]);
  const large = Buffer.from(film);
  large.writeUIntLE(16_383, 24, 3);
  large.writeUIntLE(16_383, 27, 3);
  const long = Buffer.from(film);
  long.writeUInt32LE(0xfffffff0, 4);
  const inner = Buffer.from(film);
  inner.writeUInt32LE(0xfffffff0, film.indexOf('ANMF') + 4);
  return [
    broken('webp of 16384 by 16384', large),
    broken('webp whose frame is longer than it', inner),
    broken('webp of noise', Buffer.concat([film.subarray(0, 40), noise(5000)])),
    { name: 'webp that says it is longer', bytes: long, outcome: 'either' },
  ];
}

async function avifs(): Promise<HostileFile[]> {
  const picture = await photo('avif');
  const moving = Buffer.from(picture);
  moving.write('avis', 8, 'latin1');
  const damaged = Buffer.from(picture);
  noise(200).copy(damaged, 40);
  return [
    broken('avif with a damaged head', damaged),
    broken('avif of noise', Buffer.concat([picture.subarray(0, 32), noise(9000)])),
    broken('avif that moves', moving),
  ];
}

function drawings(): HostileFile[] {
  const svg = (inner: string): Buffer =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="400">${inner}</svg>`,
    );
  return [
    broken(
      'svg with entities that multiply',
      Buffer.from(
        `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i] ?? ''} "${`&${'abcdefghi'[i] ?? ''};`.repeat(10)}">`).join('')}]><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>`,
      ),
    ),
    broken('svg nested 5000 deep', svg('<g>'.repeat(5000) + '</g>'.repeat(5000))),
  ];
}

function lotties(): HostileFile[] {
  return [
    broken('lottie nested 100,000 deep', Buffer.from(`{"layers":${'['.repeat(100_000)}`)),
    broken(
      'lottie of a million frames',
      Buffer.from('{"v":"5","fr":30,"ip":0,"op":1000000,"w":9,"h":9,"layers":[{}]}'),
    ),
  ];
}

function fonts(): HostileFile[] {
  const woff2 = Buffer.alloc(48);
  woff2.write('wOF2', 0, 'latin1');
  const packed = packedZeros(200_000_000);
  woff2.writeUInt16BE(1, 12);
  woff2.writeUInt32BE(packed.length, 20);
  const directory = Buffer.concat([
    Buffer.of(0x3f),
    Buffer.from('name'),
    Buffer.of(0xdf, 0xaf, 0x84, 0),
  ]);
  const ttf = Buffer.alloc(60);
  ttf.writeUInt32BE(0x10000, 0);
  ttf.writeUInt16BE(65_535, 4);
  return [
    broken('woff2 that unpacks to 200 MB', Buffer.concat([woff2, directory, packed])),
    broken('ttf of 65535 tables', ttf),
  ];
}

function others(): HostileFile[] {
  return [
    broken('nothing', Buffer.alloc(0)),
    broken('one byte', Buffer.of(0x89)),
    broken('noise', noise(100_000)),
    broken('40 MB of zeros', Buffer.alloc(40_000_000)),
    broken('a packed file', gzipSync(noise(1000))),
    broken('a packed file without a head', deflateRawSync(Buffer.alloc(100_000))),
    broken('a program', Buffer.concat([Buffer.from('\x7fELF', 'latin1'), noise(1000)])),
  ];
}

/** Some hundred and seventy of them; making them takes seconds. */
export async function makeHostileFiles(): Promise<HostileFile[]> {
  return [
    ...(await cutFiles()),
    ...hostilePngs(await photo('png')),
    ...hostileApngs(),
    ...(await gifs()),
    ...(await jpegs()),
    ...(await webps()),
    ...(await avifs()),
    ...drawings(),
    ...lotties(),
    ...hostileVectors(),
    ...fonts(),
    ...hostileFonts(),
    ...others(),
    ...(await strangersFiles()),
  ];
}
