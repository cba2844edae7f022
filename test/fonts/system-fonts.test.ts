import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { shippedFaces } from '../../src/fonts/shipped-fonts.js';
import { FONT_FOLDERS, systemFaces } from '../../src/fonts/system-fonts.js';

const folder = mkdtempSync(join(tmpdir(), 'sm-font-folders-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a folder that cannot be looked at has no fonts, and the others have theirs', () => {
  // Links that lead nowhere stand for a home that is closed: what runs as root may look at all of them.
  const closed = join(folder, 'closed');
  symlinkSync(closed, closed);
  const open = join(folder, 'open');
  mkdirSync(open);
  symlinkSync('itself', join(open, 'itself'));
  const [face] = shippedFaces();
  assert.ok(face !== undefined);
  copyFileSync(face.path, join(open, 'font.ttf'));
  process.env[FONT_FOLDERS] = [closed, join(closed, 'below'), open].join(delimiter);
  const found = systemFaces();
  assert.equal(found.length, 1);
  assert.match(found[0]?.families[0] ?? '', /^Inter/);
});
