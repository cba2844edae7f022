import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkFont } from '../../src/assets/font.js';
import { withFonts } from '../../src/assets/snapshot-fonts.js';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { woffToSfnt } from '../../src/core/woff.js';
import { readFaces } from '../../src/fonts/face.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { SceneSchema, type Scene } from '../../src/scene/schema/scene.js';
import { hostileFonts } from '../support/hostile-fonts.js';
import { airStateOf } from '../../src/state/air.js';
import type { Asset } from '../../src/state/model.js';
import {
  createVolatileStore,
  EMPTY_STATE,
  openFixture,
  waitForAsset,
  type Fixture,
} from './fixture.js';

const FILES = join(PACKAGE_ROOT, 'node_modules', '@fontsource', 'inter', 'files');
const readFont = (name: string): Promise<Buffer> => readFile(join(FILES, `inter-latin-${name}`));

/** A plain font that calls itself Outer: the same length, so that nothing else in it changes. */
async function readOuter(name: string): Promise<Buffer> {
  const plain = woffToSfnt(await readFont(`${name}.woff`), []);
  const [inter, outer] = ['Inter', 'Outer'].map((text) => Buffer.from(text, 'utf16le').swap16());
  assert.ok(inter !== undefined && outer !== undefined);
  for (let at = plain.indexOf(inter); at >= 0; at = plain.indexOf(inter, at)) outer.copy(plain, at);
  return plain;
}

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function upload(bytes: Buffer, id: string | null = null): Promise<Asset> {
  return fixture.assets.upload({ id, name: '', bytes });
}

function refused(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

function sceneOf(id: string, ...families: string[]): Scene {
  const layers = families.map((fontFamily, i) => ({
    id: `text-${i}`,
    type: 'text',
    text: 'Hill',
    fontFamily,
  }));
  return SceneSchema.parse({ id, layers });
}

function fontsOf(scene: Scene, assets: readonly Asset[]): ReturnType<typeof withFonts> {
  return withFonts({ scene, nested: {} }, assets, (asset) => fixture.assets.fontPathOf(asset));
}

test('takes TrueType, WOFF and WOFF 2, and reads the same of each', async () => {
  const woff = await readFont('700-italic.woff');
  const files = {
    'font/woff': woff,
    'font/woff2': await readFont('700-italic.woff2'),
    'font/ttf': woffToSfnt(woff, []),
  };
  for (const [mediaType, bytes] of Object.entries(files)) {
    const asset = await upload(bytes);
    assert.equal(asset.kind, 'font');
    assert.equal(asset.mediaType, mediaType);
    assert.deepEqual(asset.font, { family: 'Inter', weight: 700, style: 'italic' }, mediaType);
    assert.deepEqual([asset.width, asset.height], [null, null]);
    assert.equal(fixture.assets.pictureSourceOf(asset), null, 'a font is nothing to look at');
    const content = await fixture.assets.content(asset.id);
    assert.deepEqual(await readFile(content.path), bytes);
  }
});

test('packed fonts that an earlier version has kept as they came are unpacked at the start', async () => {
  for (const name of ['500-normal.woff2', '500-normal.woff']) {
    const bytes = await readFont(name);
    const { id, renditionHash } = await upload(bytes, `earlier-${name.split('.')[1] ?? ''}`);
    const before = fixture.store.state;
    const assets = before.assets.map((asset) =>
      asset.id === id ? { ...asset, renditionHash: null } : asset,
    );
    const store = createVolatileStore({ ...before, assets });
    const later = await openFixture({ cacheDir: fixture.folder, store });
    const isUnpacked = (asset: Asset): boolean => asset.renditionHash !== null;
    const asset = await waitForAsset(store, id, isUnpacked);
    assert.equal(asset.renditionHash, renditionHash);
    const [face] = readFaces(later.assets.fontPathOf(asset) ?? '');
    assert.deepEqual(face?.weight, [500, 500]);
    await later.close();
  }
});

test('refuses fonts that are damaged or would be too large when unpacked', async () => {
  const woff = await readFont('400-normal.woff');
  const woff2 = await readFont('400-normal.woff2');
  const ttf = woffToSfnt(woff, []);
  for (const bytes of [woff, woff2, ttf]) {
    for (const length of [4, 20, 60, Math.floor(bytes.length / 2)])
      await assert.rejects(upload(bytes.subarray(0, length)), refused('SM_ASSET_BROKEN', /font/));
  }
  const collection = Buffer.concat([Buffer.from('ttcf'), Buffer.alloc(100)]);
  await assert.rejects(upload(collection), refused('SM_ASSET_FORMAT', /Supported formats are PNG/));
  const bomb = Buffer.from(woff);
  bomb.writeUInt32BE(0x7fffffff, 44 + 12);
  await assert.rejects(checkFont(bomb, 'font/woff'), refused('SM_ASSET_TOO_LARGE', /unpacked/));
});

test('families are the same whatever letters of them are small, as in CSS; ids of assets are not', async () => {
  const outer = await upload(await readOuter('400-normal'), 'cased');
  const scene = sceneOf('s', 'OUTER', 'outer, Arial', '"oUtEr"', 'asset:CASED');
  const { scene: drawn, fonts } = fontsOf(scene, [outer]);
  const families = drawn?.layers.map((layer) => ('fontFamily' in layer ? layer.fontFamily : ''));
  const [{ family } = { family: '' }] = fonts;
  assert.deepEqual(families, [family, `${family}, Arial`, family, 'asset:CASED']);
  assert.equal(fonts.length, 1);
  const inter = await upload(await readFont('400-normal.woff'), 'other-inter');
  const shipped = sceneOf('t', 'INTER', 'inter');
  assert.equal(fontsOf(shipped, [inter]).scene, shipped, 'the shipped one keeps its name');
});

test('texts name a font by its asset or by its family, and get the very file', async () => {
  const bold = await upload(await readOuter('700-normal'), 'bold');
  const plain = await upload(await readOuter('400-normal'), 'plain');
  const scene = sceneOf('s', 'asset:bold', 'asset:plain, Arial', 'Arial', 'Outer');
  const { scene: drawn, fonts } = fontsOf(scene, [bold, plain]);
  const families = drawn?.layers.map((layer) => ('fontFamily' in layer ? layer.fontFamily : ''));
  const [byBold = '', byPlain = '', other, own = ''] = families ?? [];
  assert.equal(other, 'Arial');
  assert.match(byBold, /^font-[0-9a-f]{24}$/);
  assert.match(byPlain, /^font-[0-9a-f]{24}, Arial$/);
  assert.equal(fonts.filter(({ family }) => family === own).length, 2, 'both weights of Outer');
  const text = createTextEngine();
  text.fonts.add(fonts);
  const widthOf = (fontWeight: number, fontFamily: string): number =>
    text.setLine({
      text: 'Hill and Wagner',
      fontFamily,
      fontSize: 100,
      fontWeight,
      fontStyle: 'normal',
      letterSpacing: 0,
      direction: 'ltr',
      digits: 'auto',
    }).width;
  assert.ok(widthOf(400, byBold) > widthOf(400, byPlain) * 1.03, 'bold is wider');
  assert.ok(Math.abs(widthOf(700, own) - widthOf(700, byBold)) < 0.01);
  assert.ok(Math.abs(widthOf(400, own) - widthOf(400, byPlain)) < 0.01);
});

test('an uploaded font does not take the place of one that is shipped', async () => {
  const asset = await upload(await readFont('700-normal.woff2'), 'own-inter');
  assert.equal(asset.font?.family, 'Inter');
  const scene = sceneOf('s', 'Inter');
  assert.equal(fontsOf(scene, [asset]).scene, scene);
  assert.equal(fontsOf(sceneOf('s', 'asset:own-inter'), [asset]).fonts.length, 1);
});

test('a scene that names no uploaded font stays the very scene', async () => {
  const asset = await upload(await readFont('300-normal.woff'), 'light');
  const scene = sceneOf('s', 'Arial');
  assert.equal(fontsOf(scene, [asset]).scene, scene);
  assert.deepEqual(fontsOf(scene, [asset]).fonts, []);
});

test('fonts that the scene names are on air with it, and are not removed from under it', async () => {
  const asset = await upload(await readOuter('500-normal'), 'medium');
  const state = {
    ...EMPTY_STATE,
    assets: [asset],
    program: { sceneId: 's', takenAtMs: 0, transition: null },
  };
  const shown = (family: string): readonly Asset[] =>
    airStateOf({ ...state, scenes: [sceneOf('s', family)] }).assets;
  assert.deepEqual(shown('asset:medium'), [asset]);
  assert.deepEqual(shown(`${asset.font?.family ?? ''}, Arial`), [asset]);
  assert.deepEqual(shown('Arial'), []);
  const scene = sceneOf('font-user', 'asset:medium');
  await fixture.store.dispatch({ type: 'scene.create', scene });
  await assert.rejects(
    fixture.assets.remove('medium'),
    refused('SM_ASSET_IN_USE', /layer text-0 of scene font-user/),
  );
});

test('refuses fonts whose tables would keep the thread that is on air', async () => {
  const byName = new Map(hostileFonts().map(({ name, bytes }) => [name, bytes]));
  const named = (name: string): Buffer => byName.get(`font ${name}`) ?? Buffer.alloc(0);
  await assert.rejects(
    checkFont(named('of two million groups of characters'), 'font/ttf'),
    refused('SM_ASSET_TOO_COMPLEX', /table of characters would have 24000028 bytes; the limit is/),
  );
  await assert.rejects(
    checkFont(named('of thirty megabytes of names of glyphs'), 'font/ttf'),
    refused(
      'SM_ASSET_TOO_COMPLEX',
      /tables for shaping would have \d+ bytes; the limit is 8388608/,
    ),
  );
  const sound = await checkFont(named('sound, for comparison'), 'font/ttf');
  assert.equal(sound.info.family, 'DejaVu Sans');
});
