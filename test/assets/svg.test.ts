import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { AppError } from '../../src/core/errors.js';
import { cleanSvg } from '../../src/vector/svg/clean.js';
import { SVG_LIMITS } from '../../src/vector/svg/errors.js';
import { renderSvg } from '../../src/vector/svg/resvg.js';
import { writeSvg } from '../../src/vector/svg/tree.js';
import { startHttpServer } from '../support/http-server.js';
import { DRAWING } from '../support/moving-media.js';
import { makePng, openFixture, type Fixture } from './fixture.js';
import {
  drawing,
  GREEN,
  NAMESPACES,
  paintedSvg,
  refused,
  svgColorAt,
  uploadSvg,
} from './svg-drawing.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function cleaned(svg: Uint8Array | string): string {
  return writeSvg(cleanSvg(Buffer.from(svg)).root);
}

test('takes a drawing in, says its size, and keeps it as it is', async () => {
  const asset = await fixture.assets.upload({
    id: 'drawing',
    name: '',
    bytes: Buffer.from(DRAWING),
  });
  assert.equal(asset.kind, 'svg');
  assert.equal(asset.mediaType, 'image/svg+xml');
  assert.deepEqual([asset.width, asset.height, asset.renditionHash], [80, 60, null]);
  assert.deepEqual([asset.notDrawn, asset.fontFamilies], [[], []]);
  assert.equal(fixture.assets.pictureSourceOf(asset)?.isDrawing, true);
  const { path } = await fixture.assets.content('drawing');
  const kept = await readFile(path, 'utf8');
  assert.match(kept, /<path [^>]*stroke="gold"/);
  assert.doesNotMatch(kept, /DOCTYPE|<\?xml|<style/);
});

test('keeps what draws as it is', () => {
  const text = cleaned(
    drawing(
      '<style>.a{fill:url(#g)}</style><g class="a" transform="scale(2)"><path d="M0 0L9 9" style="stroke:red"/></g>' +
        '<text x="1" xml:space="preserve">A &lt; B &amp; &#x263a;<![CDATA[ <i> ]]></text>',
      'viewBox="0 0 40 40"',
    ),
  );
  assert.match(text, /viewBox="0 0 40 40"/);
  assert.match(text, /<g transform="scale\(2\)" fill="url\(#g\)">/);
  assert.match(text, /<path d="M0 0L9 9" stroke="red"\/>/);
  assert.match(text, /xml:space="preserve">A &lt; B &amp; ☺ &lt;i&gt; </);
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
    ['another document', '<use href="other.svg#evil"/>'],
    ['a script address', '<a href="javascript:alert(1)"><rect/></a>'],
    ['an external filter', '<rect filter="url(http://evil/f.svg#x)"/>'],
    ['an external fill', `<rect style="fill:url('//evil')"/>`],
    ['a hidden function', '<rect style="fill:u\\72l(//evil)"/>'],
    ['an import', '<style>@import "//evil/a.css"; .x{fill:red}</style>'],
    ['an import by function', '<style>@import url(//evil/a.css);</style>'],
    ['a font', '<style>@font-face { font-family: x; src: url(//evil/a.woff) }</style>'],
    ['a background', '<style>.x{background:url(//evil/b.png)}</style><rect class="x"/>'],
    ['a variable', '<style>:root{--x:url(//evil/b.png)}</style><rect fill="var(--x)"/>'],
    ['an animation that sets a link', '<set attributeName="href" to="//evil"/>'],
    ['a picture for a filter', '<filter id="f"><feImage href="//evil"/></filter>'],
    ['another prefix', '<rect xmlns:l="http://www.w3.org/1999/xlink" l:href="//evil"/>'],
    ['a style sheet', '<?xml-stylesheet href="//evil/a.css"?>'],
    ['what editors leave', '<sodipodi:namedview><x evil="1"/></sodipodi:namedview>'],
    ['a comment', '<!-- evil -->'],
  ];
  for (const [name, inner] of hostile) {
    const text = cleaned(drawing(`${inner}<path d="M1 1"/>`));
    assert.doesNotMatch(text, /evil|passwd|alert|onload|OnClick|javascript/i, name);
    assert.match(text, /<path d="M1 1"\/><\/svg><\/svg>$/, name);
  }
});

test('sizes are those of browsers at 96 dots per inch', async () => {
  const sizes: [string, number, number][] = [
    ['width="60mm" height="20mm" viewBox="0 0 60 20"', 227, 76],
    ['width="2cm" height="1in"', 76, 96],
    ['width="72pt" height="6pc"', 96, 96],
    ['width="100px" height="50"', 100, 50],
    ['width="2em" height="4ex"', 32, 32],
    ['width="40q" height="1e2"', 38, 100],
    ['width="100%" height="100%" viewBox="0 0 24 12"', 24, 12],
    ['viewBox="0 0 24 12"', 24, 12],
    ['viewBox="-5,-5 24,12"', 24, 12],
    ['width="48" viewBox="0 0 24 12"', 48, 24],
    ['height="6" viewBox="0 0 24 12"', 12, 6],
    ['style="width:3in;height:10mm"', 288, 38],
    ['', 300, 150],
    ['width="auto" height="-3"', 300, 150],
    ['width="1920" height="4"', 1920, 4],
    ['width="1" height="1" viewBox="0 0 24 24"', 1, 1],
    ['width="0.2" height="0.3"', 1, 1],
    ['width="8192" height="1"', 8192, 1],
  ];
  for (const [attributes, width, height] of sizes) {
    const asset = await uploadSvg(
      fixture,
      `<svg ${NAMESPACES} ${attributes}><rect width="9" height="9"/></svg>`,
    );
    assert.deepEqual([asset.width, asset.height], [width, height], attributes);
  }
});

test('a line at half a pixel is sharp at the size at which it is shown, of whatever size the drawing is', async () => {
  const asset = await uploadSvg(fixture, drawing('<path d="M0 10.5H40M10.5 0V40" stroke="#000"/>'));
  const natural = await paintedSvg(fixture, asset, 40, 40);
  const row = [9, 10, 11].map((y) => natural[(y * 40 + 20) * 4 + 3]);
  assert.deepEqual(row, [0, 255, 0]);
  const large = await paintedSvg(fixture, asset, 400, 400);
  assert.deepEqual(
    [99, 100, 109, 110].map((y) => large[(y * 400 + 200) * 4 + 3]),
    [0, 255, 255, 0],
  );
  const wide = await paintedSvg(fixture, asset, 80, 40);
  const column = [19, 20, 21, 22].map((x) => wide[(20 * 80 + x) * 4 + 3]);
  assert.deepEqual(column, [0, 255, 255, 0]);
});

test('reads documents as drawing programs write them', async () => {
  const shape = '<rect width="40" height="40" fill="#0a0"/>';
  const head = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"';
  const documents: [string, Buffer | string][] = [
    [
      'namespaces as entities',
      `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY ns_x "http://www.w3.org/1999/xlink">]><svg xmlns="&ns_svg;" xmlns:xlink="&ns_x;" width="40" height="40">${shape}</svg>`,
    ],
    [
      'a prefix for all',
      `<s:svg xmlns:s="http://www.w3.org/2000/svg" width="40" height="40"><s:rect width="40" height="40" fill="#0a0"/></s:svg>`,
    ],
    [
      'attributes in any script',
      `${head}><rect data-ö="1" width="40" height="40" fill="#0a0"/></svg>`,
    ],
    ['undeclared prefixes', `${head} inkscape:version="1.2"><sodipodi:namedview/>${shape}</svg>`],
    [
      'metadata',
      `${head}><metadata><rdf:RDF xmlns:rdf="urn:x"><cc:Work xmlns:cc="urn:y"/></rdf:RDF></metadata>${shape}</svg>`,
    ],
    [
      'UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${head}>${shape}</svg>`, 'utf16le')]),
    ],
    [
      'UTF-16 without a mark',
      Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${head}>${shape}</svg>`, 'utf16le'),
    ],
    [
      'Latin-1',
      Buffer.from(
        `<?xml version="1.0" encoding="ISO-8859-1"?>${head}><title>Größe</title>${shape}</svg>`,
        'latin1',
      ),
    ],
    ['UTF-8 with a mark', `\ufeff${head}>${shape}</svg>`],
    ['a long licence first', `<!-- ${'licence '.repeat(2000)} -->\n${head}>${shape}</svg>`],
    ['no namespace', `<svg width="40" height="40">${shape}</svg>`],
    [
      'a link around it',
      `${head}><a href="https://host"><rect width="40" height="40" fill="#0a0"/></a></svg>`,
    ],
    ['a background', `${head} style="background:#0a0"/>`],
    ['white space after it', `${head}>${shape}</svg>\n\n`],
  ];
  for (const [name, svg] of documents)
    assert.deepEqual(await svgColorAt(fixture, Buffer.from(svg), 20, 20), GREEN, name);
});

test('entities stand for text and for nothing outside, and not for more than a megabyte', async () => {
  const text = '<text>&xxe;</text>';
  const doctypes: [string, string, RegExp][] = [
    [
      '<!DOCTYPE svg [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
      text,
      /entity that it does not declare/,
    ],
    [
      '<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
      text,
      /entity that it does not declare/,
    ],
    [
      `<!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">${Array.from({ length: 12 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]>`,
      '<text>&a12;</text>',
      /declares too much/,
    ],
    [
      `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(100_000)}">]>`,
      `<text>${'&a;'.repeat(1000)}</text>`,
      /too much text/,
    ],
  ];
  for (const [doctype, inner, message] of doctypes)
    await assert.rejects(
      uploadSvg(fixture, Buffer.concat([Buffer.from(doctype), drawing(inner)])),
      refused('SM_ASSET_BROKEN', message),
    );
  assert.throws(() => cleaned(drawing(text)), refused('SM_ASSET_BROKEN', /does not declare/));
});

test('refuses what is no drawing, or too large a one', async () => {
  assert.throws(() => cleaned('<svg'), refused('SM_ASSET_BROKEN', /well-formed/));
  assert.throws(() => cleaned('<svg><g></svg>'), refused('SM_ASSET_BROKEN', /well-formed/));
  assert.throws(() => cleaned('<svg><g>'), refused('SM_ASSET_BROKEN', /well-formed/));
  assert.throws(() => cleaned('<g><svg/></g>'), refused('SM_ASSET_BROKEN', /outermost/));
  assert.throws(() => cleaned('<svg/><svg/>'), refused('SM_ASSET_BROKEN', /well-formed/));
  assert.throws(() => cleaned(Buffer.from([0x3c, 0xff])), refused('SM_ASSET_BROKEN', /UTF-8/));
  assert.throws(
    () => cleaned(drawing('<g>'.repeat(101) + '</g>'.repeat(101))),
    refused('SM_ASSET_TOO_LARGE', /deep/),
  );
  assert.throws(
    () => cleaned(drawing('<g/>'.repeat(SVG_LIMITS.elements))),
    refused('SM_ASSET_TOO_LARGE', /50000/),
  );
  await assert.rejects(
    uploadSvg(fixture, `<svg ${NAMESPACES} width="90000" height="10"/>`),
    refused('SM_ASSET_TOO_LARGE', /90000x10/),
  );
  await assert.rejects(
    uploadSvg(fixture, `<svg ${NAMESPACES} width="0" height="10"/>`),
    refused('SM_ASSET_BROKEN', /is 0/),
  );
});

test('shows no file and asks no server, even if something slipped through', async () => {
  const server = await startHttpServer((_, response) => response.end());
  try {
    const secret = join(fixture.folder, 'secret.png');
    await writeFile(secret, await makePng(40, 40, '#ff0000'));
    for (const href of [secret, 'secret.png', `file://${secret}`, `${server.origin}/x.png`]) {
      const hostile = drawing(
        `<image href="${href}" xlink:href="${href}" width="40" height="40"/>` +
          `<style>@import "${href}";</style><rect width="40" height="40" filter="url(${href}#f)" fill="none"/>`,
      );
      const rgba = await paintedSvg(fixture, await uploadSvg(fixture, hostile), 40, 40);
      assert.ok(
        rgba.every((value) => value === 0),
        `nothing of ${href} is seen`,
      );
      const address = `<svg ${NAMESPACES} width="4" height="4"><image href="${server.origin}/x.png" width="4" height="4"/></svg>`;
      assert.ok((await renderSvg(address)).rgba.every((value) => value === 0));
    }
    assert.equal(server.requests.length, 0);
  } finally {
    await server.close();
  }
});

test('shows pictures and drawings that stand in the drawing, in every way they are written', async () => {
  const png = await makePng(4, 4, '#00aa00');
  const inner =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="#0a0"/></svg>';
  const webp = await sharp(png).webp({ lossless: true }).toBuffer();
  const addresses = [
    `data:image/png;base64,${png.toString('base64')}`,
    `data:image/png;base64,${encodeURIComponent(png.toString('base64'))}`,
    `data:image/PNG;charset=utf-8;base64,\n${png.toString('base64')}`,
    `data:image/webp;base64,${webp.toString('base64')}`,
    `data:image/svg+xml;base64,${Buffer.from(inner).toString('base64')}`,
    `data:image/svg+xml,${encodeURIComponent(inner)}`,
    `data:image/svg+xml;utf8,${encodeURIComponent(inner)}`,
  ];
  for (const address of addresses) {
    const svg = drawing(`<image href="${address}" width="40" height="40"/>`);
    assert.deepEqual(await svgColorAt(fixture, svg, 20, 20), GREEN, address.slice(0, 40));
  }
});

test('refuses a picture in a drawing that would fill the memory, and drawings in drawings without end', async () => {
  const bomb = Buffer.from(await makePng(4, 4));
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  const image = (address: string): Buffer =>
    drawing(`<image href="${address}" width="40" height="40"/>`);
  await assert.rejects(
    uploadSvg(fixture, image(`data:image/png;base64,${bomb.toString('base64')}`)),
    (error: unknown) => error instanceof AppError,
  );
  let nested = drawing('<rect width="9" height="9"/>');
  for (let i = 0; i < 5; i++)
    nested = image(`data:image/svg+xml;base64,${nested.toString('base64')}`);
  await assert.rejects(
    uploadSvg(fixture, nested),
    refused('SM_ASSET_TOO_LARGE', /deeply nested drawings/),
  );
});
