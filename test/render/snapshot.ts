import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { BUILD_ROOT, PACKAGE_ROOT } from '../../src/core/paths.js';

/**
 * Pictures that were looked at by people and found right, in test/snapshots. To accept what the code draws now:
 *
 *     npm run build && UPDATE_SNAPSHOTS=1 node dist/test/run.js render/snapshots
 *
 * and look at every picture that git shows as changed before it is committed.
 */
const FOLDER = join(PACKAGE_ROOT, 'test', 'snapshots');
const IS_UPDATE = process.env['UPDATE_SNAPSHOTS'] === '1';

/** Other processors round elsewhere: this much of 255 is no difference. */
const TOLERANCE = 4;
/** This share of the pixels may differ by more: edges of signs, drawn by another version of a system's library. */
const DIFFERENT_SHARE = 0.001;

export type Picture = {
  readonly width: number;
  readonly height: number;
  /** Not premultiplied. */
  readonly rgba: Uint8Array;
};

/** Channels as they count in a picture: a transparent pixel's colour does not. */
function premultiplied(rgba: Uint8Array): Float64Array {
  return Float64Array.from(rgba, (value, i) =>
    i % 4 === 3 ? value : (value * (rgba[i - (i % 4) + 3] ?? 0)) / 255,
  );
}

async function readPng(path: string): Promise<Picture> {
  const { data, info } = await sharp(path)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

async function writePng(path: string, { width, height, rgba }: Picture): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const raw = { width, height, channels: 4 } as const;
  await sharp(rgba, { raw }).removeAlpha().png({ compressionLevel: 9 }).toFile(path);
}

/** Compares a picture with the one of this name. @throws AssertionError that says where the picture is to be looked at */
export async function assertSnapshot(name: string, found: Picture): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  if (IS_UPDATE) {
    await writePng(path, found);
    return;
  }
  assert.ok(existsSync(path), `There is no ${path}; see test/render/snapshot.ts to write it.`);
  const expected = await readPng(path);
  const size = ({ width, height }: Picture): string => `${width}x${height}`;
  assert.equal(size(found), size(expected), `the size of ${name}`);
  const [a, b] = [premultiplied(found.rgba), premultiplied(expected.rgba)];
  const pixels = found.width * found.height;
  let different = 0;
  let largest = 0;
  for (let i = 0; i < pixels; i++) {
    const at = [0, 1, 2, 3].map((channel) => i * 4 + channel);
    const by = Math.max(...at.map((j) => Math.abs((a[j] ?? 0) - (b[j] ?? 0))));
    largest = Math.max(largest, by);
    if (by > TOLERANCE) different += 1;
  }
  if (different <= pixels * DIFFERENT_SHARE) return;
  const drawn = join(BUILD_ROOT, 'snapshots', `${name}.png`);
  await writePng(drawn, found);
  assert.fail(
    `${different} of ${pixels} pixels differ from ${path}, by up to ${largest.toFixed(0)}; what was drawn is ${drawn}`,
  );
}
