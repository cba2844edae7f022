import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import type { Asset } from '../../src/state/model.js';
import { drawSvg, WHOLE } from '../../src/vector/svg/draw.js';
import type { Fixture } from './fixture.js';

/** Drawings for tests, and what becomes of them. */

export const NAMESPACES =
  'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

/** Colours of pixels: R G B A, premultiplied. */
export const GREEN = [0, 170, 0, 255];
export const NOTHING = [0, 0, 0, 0];

/** A drawing of 40 by 40 pixels with something in it. */
export function drawing(inner: string, attributes = ''): Buffer {
  return Buffer.from(`<svg ${NAMESPACES} width="40" height="40" ${attributes}>${inner}</svg>`);
}

export function refused(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

export function uploadSvg({ assets }: Fixture, svg: Buffer | string): Promise<Asset> {
  return assets.upload({ id: null, name: '', bytes: Buffer.from(svg) });
}

/** What is painted of an asset at a size: R G B A, premultiplied. */
export async function paintedSvg(
  { assets }: Fixture,
  asset: Asset,
  width: number,
  height: number,
): Promise<Buffer> {
  const source = assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  const { rgba } = await drawSvg(await readFile(source.path, 'utf8'), WHOLE, width, height);
  return rgba;
}

/** The colour of a pixel of a drawing that is shown at its own size of 40 by 40. */
export async function svgColorAt(
  fixture: Fixture,
  svg: Buffer,
  x: number,
  y: number,
): Promise<number[]> {
  const rgba = await paintedSvg(fixture, await uploadSvg(fixture, svg), 40, 40);
  return [...rgba.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 4)];
}
