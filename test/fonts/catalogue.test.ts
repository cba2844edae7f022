import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { FontCatalogue } from '../../src/fonts/catalogue.js';
import { readFaces } from '../../src/fonts/face.js';
import type { Presentation } from '../../src/fonts/font-stack.js';
import { parseFontFamilies } from '../../src/scene/font-families.js';
import { testFont } from '../support/test-fonts.js';

/** What stands for the fonts of a system. */
const faces = [
  testFont('noto-sans', 'latin'),
  testFont('noto-sans-cherokee', 'cherokee'),
  testFont('noto-serif-tibetan', 'tibetan'),
  testFont('noto-sans-arabic', 'arabic'),
  testFont('noto-nastaliq-urdu', 'arabic'),
  testFont('noto-sans-symbols-2', 'symbols'),
  testFont('dejavu-mono', 'latin'),
  testFont('dejavu-sans', 'latin'),
].flatMap(readFaces);
const serif = faces
  .filter(({ families }) => families.includes('DejaVu Sans'))
  .map((face) => ({ ...face, path: 'dejavu-serif.ttf', families: ['DejaVu Serif'] }));
faces.push(...serif);
const NORMAL = { weight: 400, isItalic: false };

type FindOptions = {
  readonly system?: typeof faces;
  readonly presentation?: Presentation;
  readonly weight?: number;
  readonly isItalic?: boolean;
};

function fileFor(cluster: string, families = 'Inter', options: FindOptions = {}): string | null {
  const { system = faces, presentation = 'any', weight = 400, isItalic = false } = options;
  const fonts = new FontCatalogue(() => system);
  const stack = fonts.stackOf(parseFontFamilies(families), { weight, isItalic });
  const use = stack.faceFor(cluster, presentation);
  return use === null ? null : basename(use.face.path);
}

test('the parts of a shipped family that are files of their own are one family', () => {
  assert.equal(fileFor('a'), 'inter-latin-400-normal.ttf');
  assert.equal(fileFor('ę'), 'inter-latin-ext-400-normal.ttf');
  assert.equal(fileFor('ж'), 'inter-cyrillic-400-normal.ttf');
  assert.equal(fileFor('ắ'), 'inter-vietnamese-400-normal.ttf');
  assert.equal(fileFor('Ω', 'Inter', { weight: 700 }), 'inter-greek-700-normal.ttf');
  assert.equal(fileFor('a', 'Inter', { isItalic: true }), 'inter-latin-400-italic.ttf');
});

test('empty names, quotes and spaces in a list of families are read as CSS reads them', () => {
  for (const list of ['Inter, ', ' , Inter', '"Inter"', "'Inter'", '"Nowhere, Nothing", Inter', ''])
    assert.equal(fileFor('ę', list), 'inter-latin-ext-400-normal.ttf', list);
  assert.equal(fileFor('a', 'dejavu  SERIF'), 'dejavu-serif.ttf');
  assert.deepEqual(parseFontFamilies(`a "b, c" , 'd\\'e', , monospace`), [
    { name: 'a', isQuoted: false },
    { name: 'b, c', isQuoted: true },
    { name: "d'e", isQuoted: true },
    { name: 'monospace', isQuoted: false },
  ]);
});

test('words of CSS stand for families of their kind, unless they are in quotes', () => {
  assert.equal(fileFor('a', 'monospace'), 'dejavu-mono-latin-400-normal.ttf');
  assert.equal(fileFor('a', 'serif'), 'dejavu-serif.ttf');
  assert.equal(fileFor('a', 'sans-serif'), 'inter-latin-400-normal.ttf');
  assert.equal(fileFor('a', '"monospace"'), 'inter-latin-400-normal.ttf');
  const fixed = faces.filter(({ families }) => families[0] !== 'DejaVu Sans Mono');
  assert.equal(fileFor('a', 'monospace', { system: fixed }), 'inter-latin-400-normal.ttf');
});

test('what no named family has is looked for in all fonts of the system', () => {
  assert.equal(fileFor('Ꭳ'), 'noto-sans-cherokee-cherokee-400-normal.ttf');
  assert.equal(fileFor('བ'), 'noto-serif-tibetan-tibetan-400-normal.ttf');
  assert.equal(fileFor('پ'), 'noto-sans-arabic-arabic-400-normal.ttf');
  assert.equal(fileFor('پ', 'Noto Nastaliq Urdu'), 'noto-nastaliq-urdu-arabic-400-normal.ttf');
  assert.equal(fileFor('Ꭳ', 'Inter', { system: [] }), null);
});

test('emoji have colours unless the text says otherwise', () => {
  assert.equal(fileFor('🎉', 'Inter', { presentation: 'emoji' }), 'noto-color-emoji.ttf');
  assert.equal(
    fileFor('❤\ufe0f', 'DejaVu Sans', { presentation: 'emoji' }),
    'noto-color-emoji.ttf',
  );
  assert.equal(
    fileFor('❤\ufe0e', 'Inter', { presentation: 'text' }),
    'noto-sans-symbols-2-symbols-400-normal.ttf',
  );
  assert.equal(
    fileFor('❤\ufe0e', 'Inter', { presentation: 'text', system: [] }),
    'noto-color-emoji.ttf',
    'better in colour than not at all',
  );
});

test('the nearest weight is taken in the order of CSS, and emboldened where there is none that is bold', () => {
  const fonts = new FontCatalogue(() => faces);
  const stackOf = (family: string, weight: number) =>
    fonts.stackOf(parseFontFamilies(family), { ...NORMAL, weight }).primary;
  assert.equal(basename(stackOf('Inter', 650).face.path), 'inter-latin-700-normal.ttf');
  assert.equal(basename(stackOf('Inter', 450).face.path), 'inter-latin-500-normal.ttf');
  assert.equal(basename(stackOf('Inter', 350).face.path), 'inter-latin-300-normal.ttf');
  assert.equal(stackOf('Inter', 650).isEmboldened, false);
  assert.equal(stackOf('DejaVu Serif', 650).isEmboldened, true);
  assert.equal(stackOf('DejaVu Serif', 500).isEmboldened, false);
});

test('a file that cannot be read, or is none, has no faces', () => {
  assert.deepEqual(readFaces('/nowhere/to/be/found.ttf'), []);
  assert.deepEqual(readFaces(import.meta.filename), []);
});
