import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanSvg } from '../../src/vector/svg/clean.js';
import { checkCost } from '../../src/vector/svg/cost.js';
import { outlineOfPath } from '../../src/vector/svg/path-length.js';

/** Longest side of what is drawn on trial, pixels. */
const TRIAL_PX = 1920;

function look(inner: string, attributes = 'width="1000" height="1000"'): void {
  const drawing = cleanSvg(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inner}</svg>`),
  );
  checkCost(drawing.root, drawing, TRIAL_PX / Math.max(drawing.width, drawing.height));
}

function filtered(filter: string, shape: string): string {
  return `<filter id="f" x="-1" y="-1" width="3" height="3">${filter}</filter>${shape}`;
}

const RECT = '<rect width="600" height="600" filter="url(#f)"/>';
const PATH = '<g filter="url(#f)"><path d="M0 0h600v600h-600z"/></g>';
const CIRCLE = '<circle cx="500" cy="500" r="490" fill="none" stroke="#000"';

/** What is too much, and how it is called. */
const TOO_MUCH: readonly (readonly [string, string, RegExp])[] = [
  [
    'dashes',
    `<path stroke="#000" stroke-dasharray=".001" d="M0 9H600000"/>`,
    /dashes.*stroke-dasharray/,
  ],
  ['dashes of many shapes', `${CIRCLE} stroke-dasharray=".02"/>`.repeat(2000), /dashes/],
  [
    'dashes that come from around, by use',
    `<g id="d" stroke="#000" stroke-dasharray=".05"><path d="M0 0H1000"/></g>${'<use href="#d"/>'.repeat(900)}`,
    /dashes/,
  ],
  ['dilation', filtered('<feMorphology radius="100"/>', RECT), /milliseconds of filters/],
  ['dilation of a group of paths', filtered('<feMorphology radius="100"/>', PATH), /filters/],
  ['turbulence', filtered('<feTurbulence numOctaves="900"/>', RECT), /milliseconds of filters/],
  [
    'a convolution',
    filtered(`<feConvolveMatrix order="60" kernelMatrix="${'1 '.repeat(3600)}"/>`, RECT),
    /milliseconds of filters/,
  ],
  [
    'a region of a filter',
    '<filter id="f" x="-5" y="-5" width="11" height="11"><feOffset dx="1"/></filter><rect width="600" height="600" filter="url(#f)"/>',
    /pixels for one filter/,
  ],
  [
    'uses of uses',
    `<rect id="u0" width="9" height="9"/>${[1, 2, 3, 4, 5, 6].map((i) => `<g id="u${i}">${`<use href="#u${i - 1}"/>`.repeat(10)}</g>`).join('')}`,
    /elements with all references expanded/,
  ],
  [
    'circles over each other',
    '<circle cx="500" cy="500" r="499"/>'.repeat(3000),
    /overlapping fills/,
  ],
  [
    'pictures over each other',
    '<image width="1000" height="1000" href="data:image/png;base64,AA=="/>'.repeat(900),
    /overlapping fills/,
  ],
  [
    'outlines',
    `<path stroke="#000" d="M0 0${'L999 1 1 999'.repeat(50_000)}"/>`,
    /pixels of outlines/,
  ],
  [
    'clips of clips',
    `${Array.from({ length: 40 }, (_, i) => `<clipPath id="c${i}" clip-path="url(#c${i + 1})"><path d="M0 0h9v9z"/></clipPath>`).join('')}<rect width="9" height="9" clip-path="url(#c0)"/>`,
    /masks, clips/,
  ],
  ['text', `<text>${'ab '.repeat(20_000)}</text>`, /characters of text/],
  [
    'places of letters',
    `<text dx="${'1 '.repeat(60_000)}">a</text>`,
    /positions of single letters/,
  ],
  [
    'fonts',
    Array.from({ length: 300 }, (_, i) => `<text font-family="f${i}">a</text>`).join(''),
    /lists of fonts/,
  ],
  [
    'stops',
    `<linearGradient id="g">${'<stop offset=".5"/>'.repeat(2000)}</linearGradient>`,
    /stops of one gradient/,
  ],
  [
    'gradients that refer to each other',
    '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>',
    /gradients that refer/,
  ],
];

for (const [what, inner, message] of TOO_MUCH) {
  test(`refuses a drawing for too much of one thing before it is drawn: ${what}`, () => {
    assert.throws(
      () => {
        look(inner);
      },
      { code: 'SM_ASSET_TOO_COMPLEX', message },
    );
  });
}

test('refuses style rules and variables that would take for ever, and brackets in each other', () => {
  const rules = Array.from({ length: 900 }, () => 'g ~ g:nth-child(odd){fill:red}').join('');
  assert.throws(
    () => {
      look(`<style>${rules}</style>${'<g/>'.repeat(5000)}`);
    },
    { code: 'SM_ASSET_TOO_COMPLEX', message: /style rules/ },
  );
  const variables = Array.from(
    { length: 15 },
    (_, i) => `--v${i + 1}:${`var(--v${i})`.repeat(9)};`,
  ).join('');
  assert.throws(
    () => {
      look(`<style>:root{--v0: ;${variables}}</style><rect fill="var(--v15)"/>`);
    },
    { code: 'SM_ASSET_BROKEN', message: /used too often/ },
  );
  assert.throws(
    () => {
      look(`<style>${':not('.repeat(100)}a${')'.repeat(100)}{fill:red}</style>`);
    },
    { code: 'SM_ASSET_BROKEN', message: /brackets/ },
  );
});

test('refuses an element of attributes without number', () => {
  const attributes = Array.from({ length: 2000 }, (_, i) => `a${i}="1"`).join(' ');
  assert.throws(
    () => {
      look(`<rect ${attributes}/>`);
    },
    { code: 'SM_ASSET_TOO_LARGE', message: /attributes/ },
  );
});

test('takes honest drawings that have much of everything', () => {
  look('<circle cx="5" cy="5" r="4"/>'.repeat(20_000));
  look(`<g transform="scale(.01)">${'<rect width="9000" height="9000"/>'.repeat(2000)}</g>`);
  look(`<path stroke="#000" stroke-dasharray="4 2" d="M0 0${'l9 3 9 -3'.repeat(50_000)}"/>`);
  look(
    filtered(
      '<feGaussianBlur stdDeviation="20"/><feOffset dx="4"/>',
      '<rect width="400" height="400" filter="url(#f)"/>'.repeat(4),
    ),
  );
  look(
    `<style>${Array.from({ length: 80 }, (_, i) => `.st${i}{fill:#${100 + i}}`).join('')}</style>${'<path class="st7" d="M0 0h9"/>'.repeat(9000)}`,
  );
  look(Array.from({ length: 2000 }, (_, i) => `<text x="${i}" y="9">label ${i}</text>`).join(''));
  look(
    '<mask id="m"><rect width="1000" height="1000" fill="#fff"/></mask>' +
      '<g mask="url(#m)"><path d="M0 0h9v9z"/></g>'.repeat(40),
  );
});

test('an outline is as long as its lines, and no curve is longer than what controls it', () => {
  assert.equal(outlineOfPath('M0 0h3v4z').length, 12);
  assert.equal(outlineOfPath('m1 1 3 4 3 4').length, 10);
  const curve = outlineOfPath('M0 0C0 10 10 10 10 0');
  assert.equal(curve.length, 30);
  assert.deepEqual([curve.width, curve.height], [10, 10]);
  const half = outlineOfPath('M0 0A5 5 0 0 1 10 0').length;
  assert.ok(half >= Math.PI * 5 - 1e-9, String(half));
  assert.equal(outlineOfPath('').length, 0);
  assert.equal(outlineOfPath('garbage').length, 0);
});
