import { posix } from 'node:path';
import { unzipSync } from 'fflate';
import { AppError } from '../../core/errors.js';
import { dataAddressOf } from '../svg/data-address.js';
import { brokenLottie, tooLargeLottie } from './errors.js';
import { isObject, objectsIn, textOf, type JsonObject } from './json.js';

/** Bounds of a .lottie archive, unpacked. */
const MAX_ENTRIES = 500;
const MAX_BYTES = 40_000_000;

/** What is read of an archive: animations and pictures, by the folders of both versions of the format. */
const READ = /^(?:manifest\.json|(?:animations|a)\/[^/]+\.json|(?:images|i)\/[^/]+)$/i;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
};

/** The animation of an archive, with its pictures in it, and what of the archive is not shown. */
export type UnpackedLottie = { readonly animation: unknown; readonly notDrawn: readonly string[] };

export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Unpacks a .lottie archive (https://dotlottie.io/spec/, versions 1 and 2): its first animation, or the one that it
 * names.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE, SM_ASSET_FORMAT when it is another archive
 */
export function unpackLottie(bytes: Uint8Array): UnpackedLottie {
  const files = unpack(bytes);
  const manifestBytes = files.get('manifest.json');
  if (manifestBytes === undefined) {
    throw new AppError(
      'SM_ASSET_FORMAT',
      'The archive is not a .lottie file: it contains no manifest.json. Upload the picture, animation or font itself, unpacked.',
    );
  }
  const manifest = parse(manifestBytes, 'manifest.json');
  if (!isObject(manifest)) throw brokenLottie('its manifest.json is not an object');
  const ids = objectsIn(manifest['animations']).flatMap(({ id }) => textOf(id) ?? []);
  const initial = isObject(manifest['initial']) ? textOf(manifest['initial']['animation']) : null;
  const id = initial ?? textOf(manifest['activeAnimationId']) ?? ids[0];
  if (id === undefined) throw brokenLottie('its manifest.json names no animation');
  const file = files.get(`animations/${id}.json`) ?? files.get(`a/${id}.json`);
  if (file === undefined)
    throw brokenLottie(`the animation ${id.slice(0, 60)} is not in the archive`);
  const animation = parse(file, id);
  if (isObject(animation)) bringPicturesIn(animation, files);
  const notDrawn: string[] = [];
  if (ids.length > 1) notDrawn.push(`${ids.length - 1} more animations of the archive`);
  if (objectsIn(manifest['stateMachines']).length > 0) notDrawn.push('state machines');
  if (objectsIn(manifest['themes']).length > 0) notDrawn.push('themes');
  return { animation, notDrawn };
}

function unpack(bytes: Uint8Array): Map<string, Uint8Array> {
  let entries = 0;
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        entries += 1;
        if (entries > MAX_ENTRIES)
          throw tooLargeLottie(`more than ${MAX_ENTRIES} files in its archive`);
        if (!READ.test(name)) return false;
        total += originalSize;
        if (total > MAX_BYTES) throw tooLargeLottie(`more than ${MAX_BYTES} bytes in its archive`);
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw brokenLottie('its archive is damaged');
  }
}

function parse(file: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file));
  } catch {
    throw brokenLottie(`${name.slice(0, 60)} in its archive is not valid JSON`);
  }
}

function bringPicturesIn(animation: JsonObject, files: ReadonlyMap<string, Uint8Array>): void {
  for (const asset of objectsIn(animation['assets'])) {
    const name = textOf(asset['p']);
    if (name === null || name.startsWith('data:')) continue;
    const base = posix.basename(name);
    const file = files.get(`images/${base}`) ?? files.get(`i/${base}`);
    const mediaType = MEDIA_TYPES[posix.extname(base).toLowerCase()];
    if (file === undefined || mediaType === undefined) continue;
    asset['u'] = '';
    asset['p'] = dataAddressOf(mediaType, file);
    asset['e'] = 1;
  }
}
