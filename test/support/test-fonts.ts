import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT, PACKAGE_ROOT } from '../../src/core/paths.js';
import { woffToSfnt } from '../../src/core/woff.js';

/**
 * Fonts of packages, so that no test depends on what is installed. A package has a file for each part of Unicode; each
 * is a family of its own here, for the tests compare what is drawn with pages that do not join files either.
 */
const PARTS = {
  'noto-sans': ['latin', 'latin-ext', 'vietnamese', 'greek', 'greek-ext', 'cyrillic'],
  'noto-sans-arabic': ['arabic', 'latin'],
  'noto-sans-hebrew': ['hebrew', 'latin'],
  'noto-sans-devanagari': ['devanagari', 'latin'],
  'noto-sans-thai': ['thai', 'latin'],
  'noto-sans-bengali': ['bengali', 'latin'],
  'noto-sans-tamil': ['tamil', 'latin'],
  'noto-sans-cherokee': ['cherokee', 'latin'],
  'noto-sans-georgian': ['georgian', 'latin'],
  'noto-sans-khmer': ['khmer', 'latin'],
  'noto-serif-tibetan': ['tibetan', 'latin'],
  'noto-nastaliq-urdu': ['arabic', 'latin'],
  'noto-sans-symbols-2': ['symbols'],
  'dejavu-sans': ['latin'],
  'dejavu-mono': ['latin'],
  kosugi: ['japanese'],
  'gowun-dodum': ['korean'],
  'zcool-xiaowei': ['chinese-simplified'],
} as const;

export type TestPackage = keyof typeof PARTS;

const FOLDER = join(BUILD_ROOT, 'test-fonts');

/** Unpacks all of them. @returns their folder, which stands for the fonts of a system */
export function unpackTestFonts(): string {
  for (const [name, parts] of Object.entries(PARTS))
    for (const part of parts) unpack(name, part, 400);
  return FOLDER;
}

/** The plain font of a part of a package, unpacked when it is first asked for. */
export function testFont(name: TestPackage, part: string, weight = 400): string {
  return unpack(name, part, weight);
}

function unpack(name: string, part: string, weight: number): string {
  const file = `${name}-${part}-${weight}-normal`;
  const folder = weight === 400 ? FOLDER : join(BUILD_ROOT, 'test-fonts-bold');
  const path = join(folder, `${file}.ttf`);
  if (existsSync(path)) return path;
  const packed = join(PACKAGE_ROOT, 'node_modules', '@fontsource', name, 'files', `${file}.woff`);
  mkdirSync(folder, { recursive: true });
  // Other test files may unpack it at the same time.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, woffToSfnt(readFileSync(packed), []));
  renameSync(own, path);
  return path;
}

/** All parts of a package. */
export function testFonts(name: TestPackage, weight = 400): string[] {
  return PARTS[name].map((part) => testFont(name, part, weight));
}

/** Families of tests, by a word for each: those of its files, in the order in which they are asked for a character. */
export type TestFamilies<K extends string> = {
  readonly files: readonly (readonly [family: string, path: string])[];
  /** The families of a word, to be listed in a style. */
  of(word: K): string[];
};

/** Families of files, named so that no family of the system has the same name. */
export function testFamilies<K extends string>(
  fonts: Readonly<Record<K, readonly string[]>>,
): TestFamilies<K> {
  const nameOf = (word: string, i: number): string => `test ${word}${i === 0 ? '' : ` ${i}`}`;
  return {
    files: Object.entries<readonly string[]>(fonts).flatMap(([word, paths]) =>
      paths.map((path, i): [string, string] => [nameOf(word, i), path]),
    ),
    of: (word) => fonts[word].map((_, i) => nameOf(word, i)),
  };
}
