import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { createPictureDecoder } from '../../src/decode/pictures.js';
import { readReel } from '../../src/assets/reel.js';
import { cleanSvg } from '../../src/assets/svg.js';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { startHttpServer } from '../support/http-server.js';
import { DRAWING } from '../support/moving-media.js';
import { makePng, openFixture, type Fixture } from './fixture.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

/** A drawing of 40 by 40 pixels with something in it. */
function drawing(inner: string, attributes = ''): Buffer {
  return Buffer.from(`<svg ${NAMESPACES} width="40" height="40" ${attributes}>${inner}</svg>`);
}

function cleaned(svg: Uint8Array | string): string {
  return cleanSvg(Buffer.from(svg)).text;
}

function refused(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

/** What the painter would see: the smallest size, R G B A. */
async function painted(svg: Buffer): Promise<Buffer> {
  const asset = await fixture.assets.upload({ id: null, name: '', bytes: svg });
  const source = fixture.assets.pictureSourceOf(asset);
  const [part] = source?.sizes ?? [];
  assert.ok(source !== null && part !== undefined);
  const file = await readFile(source.path);
  return sharp(file.subarray(part.start, part.start + part.bytes))
    .ensureAlpha()
    .raw()
    .toBuffer();
}

test('takes a drawing in: its size, and pictures of it from small to large', async () => {
  const bytes = Buffer.from(DRAWING);
  const asset = await fixture.assets.upload({ id: 'drawing', name: '', bytes });
  assert.equal(asset.kind, 'svg');
  assert.equal(asset.mediaType, 'image/svg+xml');
  assert.deepEqual([asset.width, asset.height], [80, 60]);
  const source = fixture.assets.pictureSourceOf(asset);
  assert.deepEqual(
    source?.sizes?.map(({ width, height }) => [width, height]),
    [
      [128, 96],
      [256, 192],
      [512, 384],
      [1024, 768],
      [2048, 1536],
      [4096, 3072],
    ],
  );
  assert.equal(readReel(source.path).kind, 'sizes');
  const { path } = await fixture.assets.content('drawing');
  const kept = await readFile(path, 'utf8');
  assert.match(kept, /<path class="edge"/);
  assert.doesNotMatch(kept, /DOCTYPE|<\?xml/);
});

test('keeps what draws as it is', () => {
  const text = cleaned(
    drawing(
      '<style>.a{fill:url(#g)}</style><g transform="scale(2)"><path d="M0 0L9 9" style="stroke:red"/></g>' +
        '<text x="1" xml:space="preserve">A &lt; B &amp; &#x263a;</text>',
      'viewBox="0 0 40 40"',
    ),
  );
  assert.match(text, /viewBox="0 0 40 40"/);
  assert.match(text, /<style>\.a{fill:url\(#g\)}<\/style>/);
  assert.match(text, /<path d="M0 0L9 9" style="stroke:red"\/>/);
  assert.match(text, /xml:space="preserve">A &lt; B &amp; ☺</);
});

test('takes out whatever acts or reaches outside', () => {
  const hostile: [string, string][] = [
    ['a script', '<script>alert(1)</script>'],
    ['a script in CDATA', '<script><![CDATA[fetch("//evil")]]></script>'],
    ['a handler', '<rect onload="alert(1)" OnClick="x"/>'],
    ['a foreign element', '<foreignObject><iframe src="//evil"/></foreignObject>'],
    ['a file', '<image href="file:///etc/passwd"/>'],
    ['a file by its path', '<image xlink:href="/etc/passwd"/>'],
    ['an address', '<image xlink:href="http://evil/x.png"/>'],
    ['a drawing in a drawing', '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'],
    ['another document', '<use href="other.svg#evil"/>'],
    ['a script address', '<a href="javascript:alert(1)"><rect/></a>'],
    ['an external filter', '<rect filter="url(http://evil/f.svg#x)"/>'],
    ['an external fill', `<rect style="fill:url('//evil')"/>`],
    ['a hidden function', '<rect style="fill:u\\72l(//evil)"/>'],
    ['an import', '<style>@import "//evil/a.css"; .x{fill:red}</style>'],
    ['an import by function', '<style>@import url(//evil/a.css);</style>'],
    ['a font', '<style>@font-face { font-family: x; src: url(//evil/a.woff) }</style>'],
    ['a background', '<style>.x{background:url(//evil/b.png)}</style>'],
    ['an animation that sets a link', '<set attributeName="href" to="//evil"/>'],
    ['a picture for a filter', '<filter><feImage href="//evil"/></filter>'],
    ['another prefix', '<rect xmlns:l="http://www.w3.org/1999/xlink" l:href="//evil"/>'],
    ['a style sheet', '<?xml-stylesheet href="//evil/a.css"?>'],
    ['what editors leave', '<sodipodi:namedview><x evil="1"/></sodipodi:namedview>'],
    ['a comment', '<!-- evil -->'],
  ];
  for (const [name, inner] of hostile) {
    const text = cleaned(drawing(`${inner}<path d="M1 1"/>`));
    assert.doesNotMatch(text, /evil|passwd|alert|svg\+xml|onload|OnClick|javascript/i, name);
    assert.match(text, /<path d="M1 1"\/><\/svg>$/, name);
  }
});

test('refuses entities, whatever they would become', async () => {
  const doctypes = [
    '<!DOCTYPE svg [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
  ];
  for (const doctype of doctypes) {
    const bytes = Buffer.concat([Buffer.from(doctype), drawing('<text>&xxe;</text>')]);
    await assert.rejects(
      fixture.assets.upload({ id: null, name: '', bytes }),
      refused('SM_ASSET_BROKEN', /declares entities/),
    );
  }
  assert.throws(() => cleaned(drawing('<text>&xxe;</text>')), refused('SM_ASSET_BROKEN', /&xxe;/));
});

test('refuses what is no drawing, or too large a one', async () => {
  assert.throws(() => cleaned('<svg'), refused('SM_ASSET_BROKEN', /well-formed/));
  assert.throws(() => cleaned('<svg><g></svg>'), refused('SM_ASSET_BROKEN', /closes nothing/));
  assert.throws(() => cleaned('<svg><g>'), refused('SM_ASSET_BROKEN', /too early/));
  assert.throws(() => cleaned('<g><svg/></g>'), refused('SM_ASSET_BROKEN', /outermost/));
  assert.throws(() => cleaned('<svg/><svg/>'), refused('SM_ASSET_BROKEN', /outermost/));
  assert.throws(() => cleaned(Buffer.from([0x3c, 0xff])), refused('SM_ASSET_BROKEN', /UTF-8/));
  assert.throws(
    () => cleaned(drawing('<g>'.repeat(101) + '</g>'.repeat(101))),
    refused('SM_ASSET_TOO_LARGE', /deep/),
  );
  assert.throws(
    () => cleaned(drawing('<g/>'.repeat(20_000))),
    refused('SM_ASSET_TOO_LARGE', /20000/),
  );
  const wide = Buffer.from(`<svg ${NAMESPACES} width="90000" height="10"/>`);
  await assert.rejects(
    fixture.assets.upload({ id: null, name: '', bytes: wide }),
    refused('SM_ASSET_TOO_LARGE', /90000x10/),
  );
});

test('shows no file and asks no server, even if something slipped through', async () => {
  const server = await startHttpServer((_, response) => response.end());
  const decoder = createPictureDecoder();
  try {
    const secret = join(fixture.folder, 'secret.png');
    await writeFile(secret, await makePng(40, 40, '#ff0000'));
    for (const href of [secret, 'secret.png', `file://${secret}`, `${server.origin}/x.png`]) {
      const hostile = drawing(
        `<image href="${href}" xlink:href="${href}" width="40" height="40"/>` +
          `<style>@import "${href}";</style><rect width="40" height="40" filter="url(${href}#f)" fill="none"/>`,
      );
      const png = await decoder.drawSvg(hostile, 1, { width: 40, height: 40 });
      const rendered = await sharp(png).ensureAlpha().raw().toBuffer();
      for (const rgba of [rendered, await painted(hostile)])
        assert.ok(
          rgba.every((value) => value === 0),
          `nothing of ${href} is seen`,
        );
    }
    assert.equal(server.requests.length, 0);
  } finally {
    await server.close();
  }
});

test('shows a picture that stands in the drawing, but none that would fill the memory', async () => {
  const data = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
  const inside = await makePng(4, 4, '#00ff00');
  const image = (href: string): Buffer =>
    drawing(`<image href="${href}" width="40" height="40" image-rendering="optimizeSpeed"/>`);
  const rgba = await painted(image(data(inside)));
  const middle = (64 * 128 + 64) * 4;
  assert.deepEqual([...rgba.subarray(middle, middle + 4)], [0, 255, 0, 255]);
  const bomb = Buffer.from(inside);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  await assert.rejects(
    fixture.assets.upload({ id: null, name: '', bytes: image(data(bomb)) }),
    (error: unknown) => error instanceof AppError,
  );
});

test('a drawing that uses itself a million times is refused or drawn, and does not hang', async () => {
  const levels = Array.from(
    { length: 8 },
    (_, i) => `<g id="l${i + 1}">${`<use href="#l${i}"/>`.repeat(10)}</g>`,
  );
  const bomb = drawing(
    `<defs><rect id="l0" width="9" height="9"/>${levels.join('')}</defs><use href="#l8"/>`,
  );
  const [outcome] = await Promise.allSettled([
    fixture.assets.upload({ id: null, name: '', bytes: bomb }),
  ]);
  if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof AppError);
});
