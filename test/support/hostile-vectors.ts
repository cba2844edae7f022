import { strToU8, zipSync } from 'fflate';
import { makeLottie } from './moving-media.js';

/** Drawings and animations made to take a machine: small files that want much memory, or a long time. */

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

function svg(inner: string, attributes = 'width="1000" height="1000"'): Buffer {
  return Buffer.from(`<svg ${NAMESPACES} ${attributes}>${inner}</svg>`);
}

function filtered(filter: string, count = 1): Buffer {
  const shape = '<rect width="1000" height="1000" fill="teal" filter="url(#f)"/>';
  return svg(
    `<filter id="f" x="-1" y="-1" width="3" height="3">${filter}</filter>${shape.repeat(count)}`,
  );
}

/** Levels that each use the one below ten times. */
function nested(levels: number, wrap: (id: number, inner: string) => string): string {
  return Array.from({ length: levels }, (_, i) =>
    wrap(i + 1, `<use href="#l${i}"/>`.repeat(10)),
  ).join('');
}

function hostileDrawings(): Record<string, Buffer> {
  const leaf = '<rect id="l0" width="9" height="9"/>';
  const mask = (i: number): string =>
    `<mask id="m${i}" x="0" y="0" width="1" height="1"><rect width="1000" height="1000" fill="#fff" ${i === 0 ? '' : `mask="url(#m${i - 1})"`}/></mask>`;
  const pattern = (i: number): string =>
    `<pattern id="p${i}" width=".01" height=".01"><rect width="1000" height="1000" fill="${i === 0 ? 'red' : `url(#p${i - 1})`}"/></pattern>`;
  return {
    'dashes without number': svg(
      '<path stroke="#000" stroke-dasharray=".01" d="M0 9H600000"/>',
      'width="400" height="400"',
    ),
    'dashes of nothing': svg('<path stroke="#000" stroke-dasharray="1e-9 1e-9" d="M0 9H1e9"/>'),
    'many dashed circles': svg(
      '<circle cx="500" cy="500" r="490" stroke="#000" fill="none" stroke-dasharray=".02"/>'.repeat(
        2000,
      ),
    ),
    'a wide erosion': filtered('<feMorphology operator="dilate" radius="200"/>'),
    'a wide blur, often': filtered('<feGaussianBlur stdDeviation="400"/>'.repeat(40)),
    turbulence: filtered('<feTurbulence baseFrequency=".9" numOctaves="1000"/>'),
    'a large convolution': filtered(
      `<feConvolveMatrix order="99" kernelMatrix="${'1 '.repeat(99 * 99)}"/>`,
    ),
    'light, often': filtered(
      '<feDiffuseLighting surfaceScale="9"><fePointLight x="1" y="1" z="9"/></feDiffuseLighting>'.repeat(
        50,
      ),
    ),
    'filters on everything': filtered('<feMorphology radius="30"/>', 60),
    'uses of uses': svg(
      `<defs>${leaf}${nested(8, (i, inner) => `<g id="l${i}">${inner}</g>`)}</defs><use href="#l8"/>`,
    ),
    'symbols of symbols': svg(
      `${leaf}${nested(8, (i, inner) => `<symbol id="l${i}">${inner}</symbol>`)}<use href="#l8"/>`,
    ),
    'a use of itself': svg('<g id="a"><use href="#a"/></g>'),
    'uses of each other': svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
    'masks in masks': svg(
      `${Array.from({ length: 60 }, (_, i) => mask(i)).join('')}<rect width="1000" height="1000" mask="url(#m59)"/>`,
    ),
    'a mask of itself': svg(
      '<mask id="m"><rect width="9" height="9" mask="url(#m)"/></mask><rect width="9" height="9" mask="url(#m)"/>',
    ),
    'patterns in patterns': svg(
      `${Array.from({ length: 12 }, (_, i) => pattern(i)).join('')}<rect width="1000" height="1000" fill="url(#p11)"/>`,
    ),
    'a pattern of nothing': svg(
      '<pattern id="p" width="1e-7" height="1e-7" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect width="1000" height="1000" fill="url(#p)"/>',
    ),
    'a hundred thousand elements': svg('<circle r="9"/>'.repeat(100_000)),
    'ten thousand large circles': svg(
      '<circle cx="500" cy="500" r="499" opacity=".5"/>'.repeat(10_000),
    ),
    'ten thousand groups': svg(
      '<g opacity=".5"><rect width="1000" height="1000"/></g>'.repeat(10_000),
    ),
    'markers without number': svg(
      `<marker id="m" markerWidth="9" markerHeight="9"><rect width="900" height="900"/></marker><polyline marker-mid="url(#m)" points="${'1,2 3,4 '.repeat(30_000)}"/>`,
    ),
    'a hundred levels': svg('<g>'.repeat(99_000)),
    'a long path': svg(
      `<path stroke="#000" stroke-width="99" d="M0 0${'L999 1 1 999'.repeat(100_000)}"/>`,
    ),
    'a wide canvas': svg('<rect width="9" height="9"/>', 'width="30000" height="30000"'),
    'a canvas without end': svg('', 'width="1e300" height="1e300"'),
    'numbers that are none': svg(
      '<rect x="NaN" width="Infinity" height="1e999"/><path d="M1e999 NaNL9 9"/>',
    ),
    'a drawing full of text': svg(`<text font-size="1e6">${'𝔘 あ 😀 x '.repeat(100_000)}</text>`),
    'many fonts': svg(
      Array.from({ length: 5000 }, (_, i) => `<text font-family="f${i}, g${i}">x</text>`).join(''),
    ),
    'style rules for everything': svg(
      `<style>${Array.from({ length: 3000 }, (_, i) => `g:not(.a${i}) * ~ * > *:nth-last-child(odd){fill:red}`).join('')}</style>${'<g><g><g/></g></g>'.repeat(10_000)}`,
    ),
    'variables in variables': svg(
      `<style>:root{--v0:x;${Array.from({ length: 15 }, (_, i) => `--v${i + 1}:${`var(--v${i})`.repeat(9)};`).join('')}}</style>${'<rect fill="var(--v15)"/>'.repeat(1000)}`,
    ),
    'variables of nothing': svg(
      `<style>:root{--v0: ;${Array.from({ length: 15 }, (_, i) => `--v${i + 1}:${`var(--v${i})`.repeat(9)};`).join('')}}</style>${'<rect fill="var(--v15)"/>'.repeat(1000)}`,
    ),
    'selectors in selectors': svg(
      `<style>${':not('.repeat(5000)}a${')'.repeat(5000)}{fill:red}</style><rect/>`,
    ),
    'brackets without end': svg(
      `<rect fill="${'var('.repeat(20_000)}"/><style>${'a{'.repeat(50_000)}</style>`,
    ),
    'entities without end': Buffer.from(
      `<!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]><svg ${NAMESPACES}><text>&a20;</text></svg>`,
    ),
  };
}

const still = (k: unknown): { a: 0; k: unknown } => ({ a: 0, k });

function transform(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    o: still(100),
    r: still(0),
    p: still([0, 0]),
    a: still([0, 0]),
    s: still([100, 100]),
    ...extra,
  };
}

const DISC = {
  ty: 'gr',
  it: [
    { ty: 'el', p: still([500, 500]), s: still([900, 900]) },
    { ty: 'fl', c: still([1, 0, 0, 1]), o: still(50) },
    { ty: 'tr', ...transform() },
  ],
};

function shapes(
  items: readonly unknown[],
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ddd: 0,
    ind: 1,
    ty: 4,
    sr: 1,
    ip: 0,
    op: 60,
    st: 0,
    bm: 0,
    ks: transform(),
    shapes: items,
    ...extra,
  };
}

function hostileAnimations(): Record<string, Buffer> {
  const lottie = (layers: readonly unknown[], extra: Record<string, unknown> = {}): Buffer =>
    makeLottie({ w: 1000, h: 1000, layers, ...extra });
  const composition = (id: string, refId: string): unknown => ({
    id,
    layers: Array.from({ length: 12 }, () => ({ ...shapes([]), ty: 0, refId, w: 1000, h: 1000 })),
  });
  const layerOf = (refId: string): unknown => ({ ...shapes([]), ty: 0, refId, w: 1000, h: 1000 });
  return {
    'a large canvas': makeLottie({ w: 100_000, h: 100_000 }),
    'a million layers': Buffer.from(
      `{"v":"5","fr":30,"ip":0,"op":60,"w":9,"h":9,"layers":[${'{},'.repeat(1_000_000)}{}]}`,
    ),
    'compositions of compositions': lottie([layerOf('c0')], {
      assets: [
        ...Array.from({ length: 9 }, (_, i) => composition(`c${i}`, `c${i + 1}`)),
        { id: 'c9', layers: [shapes([DISC])] },
      ],
    }),
    'a composition of itself': lottie([layerOf('a')], { assets: [composition('a', 'a')] }),
    'copies of copies': lottie([
      shapes([
        DISC,
        ...Array.from({ length: 3 }, () => ({
          ty: 'rp',
          c: still(1000),
          o: still(0),
          m: 1,
          tr: { ...transform(), so: still(100), eo: still(100) },
        })),
      ]),
    ]),
    'fifteen thousand large discs': lottie([shapes(Array.from({ length: 6000 }, () => DISC))]),
    'a hundred blurs': lottie(
      Array.from({ length: 100 }, () =>
        shapes([DISC], {
          ef: [
            {
              ty: 29,
              en: 1,
              ef: [
                { ty: 0, v: still(400) },
                { ty: 7, v: still(1) },
                { ty: 7, v: still(0) },
              ],
            },
          ],
        }),
      ),
    ),
    'a path of dashes': lottie([
      shapes([
        { ty: 'rc', p: still([500, 500]), s: still([900, 900]), r: still(0) },
        {
          ty: 'st',
          c: still([0, 0, 0, 1]),
          o: still(100),
          w: still(2),
          d: [
            { n: 'd', v: still(1e-4) },
            { n: 'g', v: still(1e-4) },
          ],
        },
      ]),
    ]),
    'a star of a million points': lottie([
      shapes([
        {
          ty: 'sr',
          sy: 1,
          p: still([500, 500]),
          pt: still(1e9),
          or: still(400),
          ir: still(200),
          r: still(0),
          os: still(0),
          is: still(0),
        },
        { ty: 'fl', c: still([1, 0, 0, 1]), o: still(100) },
      ]),
    ]),
    'deep nesting': Buffer.from(
      `{"v":"5","fr":30,"ip":0,"op":60,"w":9,"h":9,"layers":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ),
    'numbers beyond numbers': lottie([
      shapes([DISC], { ks: transform({ s: still([1e300, 1e300]), p: still([1e300, -1e300]) }) }),
    ]),
    'a sea of text': lottie(
      [
        {
          ...shapes([]),
          ty: 5,
          t: {
            d: {
              k: [
                {
                  t: 0,
                  s: {
                    s: 1e5,
                    f: 'F',
                    t: 'あ😀x '.repeat(100_000),
                    j: 0,
                    tr: 0,
                    lh: 9,
                    ls: 0,
                    fc: [0, 0, 0],
                  },
                },
              ],
            },
            p: {},
            m: { g: 1, a: still([0, 0]) },
            a: [],
          },
        },
      ],
      { fonts: { list: [{ fName: 'F', fFamily: 'X', fStyle: 'Regular', ascent: 75 }] } },
    ),
    'an archive that unpacks to much': Buffer.from(
      zipSync({
        'manifest.json': strToU8('{"animations":[{"id":"x"}]}'),
        'a/x.json': new Uint8Array(60_000_000),
      }),
    ),
    'an archive of many files': Buffer.from(
      zipSync(
        Object.fromEntries(
          Array.from({ length: 2000 }, (_, i) => [`i/${i}.png`, new Uint8Array(1)]),
        ),
      ),
    ),
  };
}

/** All of them. Whether one is drawn in time depends on the machine; what counts is that it is answered. */
export function hostileVectors(): { name: string; bytes: Buffer; outcome: 'either' }[] {
  return Object.entries({ ...hostileDrawings(), ...hostileAnimations() }).map(([name, bytes]) => ({
    name: `vectors: ${name}`,
    bytes,
    outcome: 'either',
  }));
}
