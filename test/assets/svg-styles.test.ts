import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cleanSvg } from '../../src/vector/svg/clean.js';
import { openFixture, type Fixture } from './fixture.js';
import { drawing, GREEN, NOTHING, svgColorAt, uploadSvg } from './svg-drawing.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function notDrawnOf(inner: string): string[] {
  return [...cleanSvg(drawing(inner)).notDrawn];
}

test('@import of any form is taken out of a style sheet, and its other rules stay', async () => {
  const imports = [
    '@import url("https://host/css2?family=R:wght@400;700");',
    "@import 'https://host/a;b.css' screen and (min-width: 1px);",
    '@IMPORT url(https://host/css2?family=R:wght@400;700) layer(x);',
    '/* } ; */ @import /* ; */ "a.css" /* ; */ ;',
    '@charset "utf-8"; @import url(https://fonts.host/css?a;b) supports(display: grid), print;',
    '@import url("a.css"), \n url("b;c.css");',
  ];
  for (const css of imports) {
    const svg = drawing(
      `<style>${css} .a{fill:#0a0}</style><rect class="a" width="40" height="40"/>`,
    );
    assert.deepEqual(await svgColorAt(fixture, svg, 20, 20), GREEN, css);
    assert.match([...cleanSvg(svg).notDrawn].join(), /@import/, css);
  }
});

test('styles go by the cascade of CSS: specificity, order, importance, media and nesting', async () => {
  const sheets = [
    'rect{fill:#0a0}',
    '.a{fill:#0a0} rect{fill:red}',
    '#r{fill:#0a0} .a.a{fill:red}',
    'rect{fill:#0a0 !important} #r{fill:red}',
    'svg > g rect:first-child{fill:#0a0}',
    'g .a:not(.b){fill:#0a0}',
    'rect[data-k="v"]{fill:#0a0}',
    '.a{fill:red} .a{fill:#0a0}',
    '@media screen{.a{fill:#0a0}} @media print{.a{fill:red}}',
    '.a{fill:#0a0} @media (prefers-color-scheme: dark){.a{fill:red}}',
    '.a:hover{fill:red} .a{fill:#0a0}',
    'rect{fill:#0a0} } .a{fill:red}',
    '<!-- .a{fill:#0a0} -->',
    ':root{--c:#0a0} .a{fill:var(--c)}',
    '.t{--c:#0a0} .a{fill:var(--c, red)}',
    '.a{fill:var(--none, var(--neither, #0a0))}',
    '.a{fill:rgb(0 170 0 / 100%)}',
    '.a{fill:hwb(120 0% 33.3333%)}',
    '.a{fill:hsl(120deg, 100%, 33.33%)}',
    '.a{fill:HSL(.33333turn 100% 33.33%)}',
    '.a{fill:rgba(0, 170, 0, 100%)}',
    'g>rect:not(.n){fill:#0a0} :is(.a,.b){fill:red}',
    ':is(.a,#none){fill:#0a0} .a.a.a{fill:red}',
    '.a{fill:#0a0} :where(#r,.a){fill:red}',
    'rect:not(#none){fill:#0a0} .a:first-child{fill:red}',
    '@supports (fill:red){.a{fill:#0a0}} @supports not (fill:red){.a{fill:red}}',
  ];
  for (const css of sheets) {
    const svg = drawing(
      `<style><![CDATA[${css}]]></style><g class="t"><rect id="r" class="a" data-k="v" width="40" height="40" fill="blue"/></g>`,
    );
    const color = await svgColorAt(fixture, svg, 20, 20);
    assert.ok(
      color.every((value, i) => Math.abs(value - (GREEN[i] ?? 0)) <= 1),
      `${css} gives ${color.join()}`,
    );
  }
});

test('CSS variables and transforms about an origin are drawn as browsers draw them', async () => {
  const small = '<rect x="0" y="0" width="10" height="10" fill="#0a0"';
  const turned = [
    `${small} style="transform: translate(15px, 15px)"/>`,
    `${small} transform="rotate(180)" transform-origin="12.5 12.5"/>`,
    `${small} style="transform:rotate(180deg);transform-origin:12.5px 12.5px"/>`,
    `<rect x="15" y="15" width="10" height="10" fill="#0a0" style="transform:rotate(90deg);transform-origin:center"/>`,
    `<rect x="15" y="15" width="10" height="10" fill="#0a0" style="transform:rotate(.5turn);transform-box:fill-box;transform-origin:50% 50%"/>`,
    `<rect x="15" y="15" width="10" height="10" fill="#0a0" style="transform:scale(1);transform-origin:top left"/>`,
    `<style>:root{--d:15px}</style>${small} style="transform:translateX(var(--d)) translateY(var(--d))"/>`,
  ];
  for (const shape of turned) {
    assert.deepEqual(await svgColorAt(fixture, drawing(shape), 20, 20), GREEN, shape);
    assert.deepEqual(await svgColorAt(fixture, drawing(shape), 5, 5), NOTHING, shape);
  }
});

test('what will not be drawn is told in the answer', async () => {
  const lost: [string, RegExp][] = [
    ['<foreignObject><p/></foreignObject>', /foreignObject/],
    ['<rect><animate attributeName="x"/></rect>', /SMIL/],
    [
      '<style>@keyframes a{from{x:0}} .a{animation:a 1s}</style><rect class="a"/>',
      /CSS animations/,
    ],
    ['<script>1</script>', /scripts/],
    ['<image href="a.png"/>', /external pictures/],
    ['<text style="font-feature-settings:\'tnum\'">1</text>', /font-feature-settings/],
    ['<path vector-effect="non-scaling-stroke" d="M0 0"/>', /vector-effect/],
    ['<rect style="clip-path:circle(40%)"/>', /clip-path/],
    ['<rect fill="color-mix(in srgb, red, blue)"/>', /color-mix/],
    ['<style>@media (max-width: 200px){rect{fill:red}}</style><rect/>', /@media \(max-width/],
    ['<path d="M0 0Q9 9 0 9" pathLength="1" stroke-dasharray=".5"/>', /pathLength/],
    ['<text font-variant="small-caps">Small</text>', /small capitals/],
    ['<rect style="width:calc(100% - 4px)"/>', /calculated value/],
    ['<path style="transform-box:fill-box;transform:rotate(9deg)" d="M0 0"/>', /transform-box/],
    ['<style>@font-face{font-family:x;src:url(data:font/woff2;base64,AA)}</style>', /@font-face/],
  ];
  for (const [inner, what] of lost) assert.match(notDrawnOf(inner).join(), what, inner);
  for (const media of ['print', 'screen and (prefers-color-scheme: dark)', 'screen', 'not all'])
    assert.deepEqual(notDrawnOf(`<style>@media ${media}{rect{fill:red}}</style><rect/>`), []);
  assert.deepEqual(
    notDrawnOf('<rect width="4" height="4" style="animation:none"/><title>x</title>'),
    [],
  );
  const asset = await uploadSvg(
    fixture,
    drawing('<foreignObject/><image href="https://host/a.png"/>'),
  );
  assert.deepEqual(asset.notDrawn, ['HTML in a foreignObject', 'external pictures']);
});

test('a purple that was named after the others is drawn as browsers draw it', async () => {
  const svg = drawing('<rect width="40" height="40" fill="RebeccaPurple"/>');
  assert.deepEqual(await svgColorAt(fixture, svg, 20, 20), [102, 51, 153, 255]);
});
