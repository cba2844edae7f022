import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { pngChunk } from '../assets/png.js';
import { noise, packedZeros, type HostileFile } from './hostile-file.js';
import { makeLottie } from './moving-media.js';

/** More of the kinds that strangers send: heads that lie, text that hides, and files that are something else. */

const XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

function svg(inner: string): Buffer {
  return Buffer.from(`<svg ${XMLNS} width="1000" height="1000">${inner}</svg>`);
}

function repeat(count: number, make: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => make(i)).join('');
}

function pngWith(chunks: readonly Buffer[], width = 4, height = 4): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', head),
    ...chunks,
    pngChunk('IDAT', deflateSync(Buffer.alloc(height * (1 + 3 * width)))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function drawings(): Record<string, Buffer> {
  const bigPng = pngWith([], 30_000, 2).toString('base64');
  const linked = (i: number): string => `<linearGradient id="g${i}" xlink:href="#g${i + 1}"/>`;
  return {
    'a hundred thousand stops of a gradient': svg(
      `<linearGradient id="g">${repeat(49_000, (i) => `<stop offset="${i / 49_000}" stop-color="#${(i % 4096).toString(16).padStart(3, '0')}"/>`)}</linearGradient><rect width="1000" height="1000" fill="url(#g)"/>`,
    ),
    'gradients that refer to each other': svg(
      `${repeat(20_000, linked)}<linearGradient id="g20000" xlink:href="#g0"/><rect width="9" height="9" fill="url(#g0)"/>`,
    ),
    'a mitre without end': svg(
      `<path stroke="#000" stroke-width="1e6" stroke-miterlimit="1e30" fill="none" d="M0 0${repeat(40_000, (i) => `L1000 ${i % 7}L0 0`)}"/>`,
    ),
    'places of a million letters': svg(
      `<text x="${'1 '.repeat(300_000)}" dx="${'1 '.repeat(300_000)}" rotate="${'9 '.repeat(300_000)}">${'a'.repeat(40_000)}</text>`,
    ),
    'letters without number': svg(`<text font-size="1e6">${'ab '.repeat(400_000)}</text>`),
    'drawings in drawings by svg': svg(
      repeat(
        99,
        () =>
          '<svg viewBox="0 0 .001 .001" preserveAspectRatio="xMidYMid slice" width="1e6" height="1e6">',
      ) +
        '<rect width="1e9" height="1e9"/>' +
        '</svg>'.repeat(99),
    ),
    'text on a path of text': svg(
      `<path id="p" d="M0 0${repeat(30_000, () => 'c9 9 8 -7 3 2')}"/>${repeat(400, () => `<text><textPath href="#p">${'word '.repeat(20)}</textPath></text>`)}`,
    ),
    'a picture of thirty thousand columns': svg(
      `<image width="9" height="9" href="data:image/png;base64,${bigPng}"/>`,
    ),
    'one picture, five thousand times': svg(
      repeat(
        5000,
        () =>
          `<image width="1000" height="1000" href="data:image/png;base64,${pngWith([]).toString('base64')}"/>`,
      ),
    ),
    'filters of a path': svg(
      `<filter id="f" x="-5" y="-5" width="11" height="11"><feTurbulence numOctaves="400"/><feMorphology radius="90"/></filter><g filter="url(#f)"><path d="M0 0H1000V1000H0z"/></g>`,
    ),
    'blurs in groups in groups': svg(
      `<filter id="f"><feGaussianBlur stdDeviation="300"/></filter>${'<g filter="url(#f)">'.repeat(90)}<path d="M0 0H1000V1000H0z"/>${'</g>'.repeat(90)}`,
    ),
    'clips of clips': svg(
      `${repeat(90, (i) => `<clipPath id="c${i}" clip-path="url(#c${i + 1})"><path d="M0 0H1000V1000H0z"/></clipPath>`)}<path d="M0 0H1000V1000H0z" clip-path="url(#c0)"/>`,
    ),
    'transforms without end': svg(
      `<g transform="${'scale(1e9) '.repeat(20_000)}"><rect width="1" height="1"/></g>`,
    ),
    'dashes behind a use': svg(
      `<g id="d" stroke-dasharray=".05"><path id="q" d="M0 0H1000" stroke="#000"/></g>${repeat(9000, () => '<use href="#d"/>')}`,
    ),
    'attributes without number': svg(`<rect ${repeat(200_000, (i) => `a${i}="1" `)}/>`),
    'comments without end': svg(`<!--${'-x'.repeat(1_900_000)}-->`),
    'a drawing of 32 bit letters': Buffer.concat([
      Buffer.of(0xff, 0xfe, 0, 0),
      Buffer.from(`<svg ${XMLNS}/>`, 'utf16le'),
    ]),
  };
}

/** Blocks of an image of a GIF: one pixel. */
const GIF_FRAME = Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0', 'latin1');

function gifHead(width: number, height: number): Buffer {
  const bytes = Buffer.from('GIF89a\0\0\0\0\xf0\0\0\0\0\0\xff\xff\xff', 'latin1');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

async function pictures(): Promise<Record<string, Buffer>> {
  const packed = deflateSync(Buffer.alloc(3_000_000));
  const text = Buffer.concat([Buffer.from('k\0\0'), packed]);
  const profile = Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(60_000_000))]);
  const raw = { width: 64, height: 64, channels: 3 } as const;
  const small = sharp(noise(64 * 64 * 3), { raw });
  const jpeg = await small.clone().jpeg({ progressive: true }).toBuffer();
  const lying = Buffer.from(jpeg);
  const frame = lying.indexOf(Buffer.of(0xff, 0xc2));
  lying.writeUInt16BE(65_500, frame + 5);
  lying.writeUInt16BE(65_500, frame + 7);
  const flat = { width: 16_000, height: 2400, channels: 3, background: '#123' } as const;
  const avif = await small.clone().avif().toBuffer();
  const wide = Buffer.from(avif);
  const extent = wide.indexOf('ispe');
  wide.writeUInt32BE(60_000, extent + 8);
  wide.writeUInt32BE(60_000, extent + 12);
  return {
    'png of four thousand packed texts': pngWith(
      Array.from({ length: 4000 }, () => pngChunk('zTXt', text)),
    ),
    'png whose profile unpacks to 60 MB': pngWith([pngChunk('iCCP', profile)]),
    'png of a hundred thousand chunks': pngWith(
      Array.from({ length: 100_000 }, () => pngChunk('tEXt', Buffer.from('k\0v'))),
    ),
    'gif of twenty thousand frames': Buffer.concat([
      gifHead(1, 1),
      ...Array.from({ length: 20_000 }, () => GIF_FRAME),
      Buffer.of(0x3b),
    ]),
    'gif of a large screen and many small frames': Buffer.concat([
      gifHead(65_535, 65_535),
      ...Array.from({ length: 900 }, () => GIF_FRAME),
      Buffer.of(0x3b),
    ]),
    'progressive jpeg that says 65500 by 65500': lying,
    'lossless webp that unpacks to much': await sharp({ create: flat })
      .webp({ lossless: true, effort: 0 })
      .toBuffer(),
    'avif that says it is 60000 wide': wide,
  };
}

function disguises(): Record<string, Buffer> {
  return {
    tiff: Buffer.concat([Buffer.from('II*\0\x08\0\0\0\xff\xff', 'latin1'), noise(9000)]),
    psd: Buffer.concat([Buffer.from('8BPS\0\x01', 'latin1'), noise(9000)]),
    pdf: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>'),
    postscript: Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n{ } loop\nshowpage'),
    html: Buffer.from(`<!doctype html><script>while(1);</script><svg ${XMLNS}></svg>`),
    'a drawing with a head of a png': Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      svg(''),
    ]),
  };
}

function table(tag: string, at: number, bytes: number): Buffer {
  const entry = Buffer.alloc(16);
  entry.write(tag, 0, 'latin1');
  entry.writeUInt32BE(at, 8);
  entry.writeUInt32BE(bytes, 12);
  return entry;
}

/** A font of tables whose contents are as they are said. */
function font(tables: Readonly<Record<string, Buffer>>, signature = 0x10000): Buffer {
  const entries = Object.entries(tables);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(signature >>> 0, 0);
  head.writeUInt16BE(entries.length, 4);
  let at = 12 + 16 * entries.length;
  const directory: Buffer[] = [];
  for (const [tag, bytes] of entries) {
    directory.push(table(tag, at, bytes.length));
    at += bytes.length;
  }
  return Buffer.concat([head, ...directory, ...entries.map(([, bytes]) => bytes)]);
}

function fonts(): Record<string, Buffer> {
  const cmap = Buffer.alloc(4 + 8 + 16 + 12 * 100_000);
  cmap.writeUInt16BE(1, 2);
  cmap.writeUInt16BE(3, 4);
  cmap.writeUInt16BE(10, 6);
  cmap.writeUInt32BE(12, 8);
  cmap.writeUInt16BE(12, 12);
  cmap.writeUInt32BE(16 + 12 * 100_000, 16);
  cmap.writeUInt32BE(0xffffffff, 24);
  for (let i = 0; i < 100_000; i++) cmap.writeUInt32BE(0xffffffff, 28 + 12 * i + 4);
  // A glyph that is made of itself.
  const glyph = Buffer.from('ffff0000000000640064' + '0020' + '0000' + '00000000', 'hex');
  const common = { head: noise(54), maxp: noise(32), hhea: noise(36), hmtx: noise(400) };
  const name = Buffer.alloc(6 + 12 * 60_000);
  name.writeUInt16BE(60_000, 2);
  name.writeUInt16BE(65_535, 4);
  const woff2 = Buffer.alloc(48);
  woff2.write('wOF2', 0, 'latin1');
  woff2.writeUInt16BE(65_535, 12);
  return {
    'a font of glyphs made of themselves': font({
      ...common,
      loca: Buffer.alloc(400),
      glyf: glyph,
    }),
    'a font of all characters, often': font({ ...common, cmap }),
    'a font of sixty thousand names': font({ ...common, name }),
    'a font whose subroutines call themselves': font(
      { ...common, 'CFF ': Buffer.concat([Buffer.of(1, 0, 4, 4), Buffer.alloc(90_000, 29)]) },
      0x4f54544f,
    ),
    'a woff2 of too many tables': Buffer.concat([
      woff2,
      Buffer.alloc(65_535 * 2, 0x3f),
      packedZeros(100_000_000),
    ]),
  };
}

function animations(): Record<string, Buffer> {
  const shape = {
    ty: 4,
    ip: 0,
    op: 60,
    st: 0,
    ks: {},
    shapes: [{ ty: 'rc', p: { a: 0, k: [9, 9] }, s: { a: 0, k: [9, 9] }, r: { a: 0, k: 0 } }],
  };
  const lottie = (layers: readonly unknown[], changes: Record<string, unknown> = {}): Buffer =>
    makeLottie({ layers, ...changes });
  return {
    'frames of far away': makeLottie({ ip: -1e15, op: 1e15 }),
    'frames that take for ever': makeLottie({ fr: 1e-9 }),
    'a canvas of a billion': makeLottie({ w: 1e9, h: 1e9 }),
    'a size that is none': Buffer.from(
      makeLottie()
        .toString()
        .replace(/"w":\d+/, '"w":1e999'),
    ),
    'a time that goes in circles': lottie(
      [
        {
          ...shape,
          ty: 0,
          refId: 'a',
          w: 99,
          h: 99,
          tm: { a: 1, k: [{ t: 0, s: [1e12] }] },
          sr: 1e-12,
        },
      ],
      { assets: [{ id: 'a', layers: [{ ...shape, sr: 1e12, st: -1e12 }] }] },
    ),
    'mattes of each other': lottie([
      { ...shape, ind: 1, tt: 1, tp: 2, td: 1 },
      { ...shape, ind: 2, tt: 1, tp: 1, td: 1 },
    ]),
    'parents of each other': lottie([
      { ...shape, ind: 1, parent: 2 },
      { ...shape, ind: 2, parent: 1 },
    ]),
    'a parent of itself': lottie([{ ...shape, ind: 1, parent: 1 }]),
    'five hundred masks': lottie([
      {
        ...shape,
        hasMask: true,
        masksProperties: Array.from({ length: 5000 }, () => ({
          mode: 'a',
          inv: false,
          o: { a: 0, k: 50 },
          x: { a: 0, k: 400 },
          pt: {
            a: 0,
            k: {
              c: true,
              v: [
                [0, 0],
                [999, 0],
                [999, 999],
              ],
              i: [
                [0, 0],
                [0, 0],
                [0, 0],
              ],
              o: [
                [0, 0],
                [0, 0],
                [0, 0],
              ],
            },
          },
        })),
      },
    ]),
    'a gradient of many colours': lottie([
      {
        ...shape,
        shapes: [
          ...shape.shapes,
          {
            ty: 'gf',
            t: 1,
            s: { a: 0, k: [0, 0] },
            e: { a: 0, k: [9, 9] },
            o: { a: 0, k: 100 },
            g: {
              p: 100_000,
              k: { a: 0, k: Array.from({ length: 400_000 }, (_, i) => (i % 7) / 7) },
            },
          },
        ],
      },
    ]),
    'expressions that never end': lottie([
      {
        ...shape,
        ks: { r: { a: 0, k: 0, x: 'while(true);' }, o: { a: 0, k: 100, x: '('.repeat(99_000) } },
      },
    ]),
    'keyframes without number': lottie([
      {
        ...shape,
        ks: { r: { a: 1, k: Array.from({ length: 100_000 }, (_, i) => ({ t: i / 1e4, s: [i] })) } },
      },
    ]),
    'corners without number': lottie([
      {
        ...shape,
        shapes: [
          ...shape.shapes,
          { ty: 'rd', r: { a: 0, k: 1e9 } },
          { ty: 'zz', pt: { a: 0, k: 1 }, s: { a: 0, k: 50 }, r: { a: 0, k: 1e8 } },
          { ty: 'fl', c: { a: 0, k: [1, 0, 0, 1] }, o: { a: 0, k: 100 } },
        ],
      },
    ]),
  };
}

/** All of them; each is taken, or refused with a reason. */
export async function strangersFiles(): Promise<HostileFile[]> {
  const named = {
    ...drawings(),
    ...(await pictures()),
    ...disguises(),
    ...fonts(),
    ...animations(),
  };
  return Object.entries(named).map(([name, bytes]) => ({
    name: `strangers: ${name}`,
    bytes,
    outcome: 'either',
  }));
}
