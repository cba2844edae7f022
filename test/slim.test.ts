import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import { runProcess } from './support/process.js';

const folder = mkdtempSync(join(tmpdir(), 'sm-slim-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HERE = `${process.platform}_${process.arch}_${process.versions.modules}`;
const OLDER = '@trufflesuite/uws-js-unofficial';

/** Lays a folder of packages out and leaves in it what the image keeps. @returns the files that are left */
async function slim(name: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, 'node_modules', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  writeFileSync(join(root, 'package.json'), '{}');
  const { code, output } = await runProcess(process.execPath, [
    join(PACKAGE_ROOT, 'src', 'slim.mjs'),
    root,
  ]);
  assert.equal(code, 0, output);
  return Object.keys(files).filter((path) => existsSync(join(root, 'node_modules', path)));
}

test('keeps the HTTP server of this system, and drops the older one where the current one loads', async () => {
  const left = await slim('current', {
    'uWebSockets.js/package.json': '{"main": "uws.js"}',
    'uWebSockets.js/uws.js': '',
    [`uWebSockets.js/uws_${HERE}.node`]: '',
    'uWebSockets.js/uws_win32_x64_115.node': '',
    [`${OLDER}/binaries/uws_${HERE}.node`]: '',
  });
  assert.deepEqual(left, [
    'uWebSockets.js/package.json',
    'uWebSockets.js/uws.js',
    `uWebSockets.js/uws_${HERE}.node`,
  ]);
  assert.ok(!existsSync(join(folder, 'current', 'node_modules', '@trufflesuite')));
});

test('keeps the older HTTP server where the current one does not load', async () => {
  const left = await slim('older', {
    'uWebSockets.js/package.json': '{"main": "uws.js"}',
    'uWebSockets.js/uws.js': 'throw new Error("GLIBC_2.38 not found")',
    [`${OLDER}/binaries/uws_${HERE}.node`]: '',
    [`${OLDER}/binaries/uws_darwin_x64_93.node`]: '',
  });
  assert.ok(left.includes(`${OLDER}/binaries/uws_${HERE}.node`));
  assert.ok(!left.includes(`${OLDER}/binaries/uws_darwin_x64_93.node`));
});

test('keeps code and licences, and drops what only people who develop read', async () => {
  const kept = [
    'a/index.js',
    'a/index.cjs',
    'a/data.json',
    'a/LICENSE',
    'a/LICENSE.md',
    'a/b.wasm',
    'a/lib/test/index.js',
    'culori/bundled/culori.cjs',
  ];
  const dropped = [
    'a/index.d.ts',
    'a/index.js.map',
    'a/README.md',
    'a/src/add-on.cc',
    'fluent-ffmpeg/doc/index.html',
    '@a/b/test/fixtures/index.js',
    'a/node_modules/b/.github/report.json',
    'a/lib/__fixtures__/page.json',
    'culori/bundled/culori.umd.js',
  ];
  const left = await slim(
    'documents',
    Object.fromEntries([...kept, ...dropped].map((path) => [path, ''])),
  );
  assert.deepEqual(left, kept);
});

test('keeps add-ons of this system, for its C library', async () => {
  const system = `${process.platform}-${process.arch}`;
  const libraries = ['linux', 'musl'].map(
    (name) => `@koromix/koffi-linux-x64/${name}_x64/koffi.node`,
  );
  const left = await slim('add-ons', {
    [`a/prebuilds/${system}/node.napi.node`]: '',
    [`b/prebuilds/b-${system}/b.node`]: '',
    [`b/prebuilds/b-${system}-musl/b.node`]: '',
    'a/prebuilds/win32-ia32/node.napi.node': '',
    ...Object.fromEntries(libraries.map((path) => [path, ''])),
  });
  assert.deepEqual(left.slice(0, -1), [
    `a/prebuilds/${system}/node.napi.node`,
    `b/prebuilds/b-${system}/b.node`,
  ]);
  assert.ok(libraries.includes(left.at(-1) ?? ''));
});
