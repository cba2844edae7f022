import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import {
  PICTURE_MEDIA_TYPES,
  SOUND_MEDIA_TYPES,
  type FontMediaType,
  type PictureMediaType,
  type SoundMediaType,
} from '../decode/protocol.js';
import { sniffFont } from './font.js';
import { looksLikeLottie } from '../vector/lottie/sniff.js';
import { looksLikeSvg } from '../vector/svg/decode-text.js';
import { AppError } from '../core/errors.js';

/** What a file is, before it has been looked at closely. */
export type AssetFormat =
  /** Whether it moves, its decoder says. */
  | { readonly kind: 'picture'; readonly mediaType: PictureMediaType }
  | { readonly kind: 'svg'; readonly mediaType: 'image/svg+xml' }
  | {
      readonly kind: 'lottie';
      readonly mediaType: 'video/lottie+json' | 'application/zip+dotlottie';
    }
  | { readonly kind: 'font'; readonly mediaType: FontMediaType }
  /** Whether what may be a video, of the type that is given then, has a picture, its decoder says. */
  | {
      readonly kind: 'audio';
      readonly mediaType: SoundMediaType;
      readonly videoType: string | null;
    };

/** As many bytes as the sniffer looks at. */
const HEAD_BYTES = 4100;
/** The brand of an AVIF whose pictures are a film. */
const AVIF_SEQUENCE = 'avis';
const ACCEPTED =
  'Supported formats are PNG, JPEG, WebP, GIF, AVIF, SVG, Lottie (JSON or .lottie), TrueType, OpenType and WOFF fonts, and MP4, MOV, WebM, Matroska, AVI and MPEG-TS videos, and WAV, MP3, FLAC, Ogg (Opus, Vorbis), AAC and M4A audio.';

/**
 * The format of a file by its first bytes.
 * @throws AppError SM_ASSET_FORMAT
 */
export async function sniffAsset(path: string): Promise<AssetFormat> {
  const head = await readHead(path);
  if (head.length === 0) throw new AppError('SM_ASSET_FORMAT', `The file is empty. ${ACCEPTED}`);
  const font = sniffFont(head);
  if (font !== null) return { kind: 'font', mediaType: font };
  const found = (await fileTypeFromBuffer(head))?.mime ?? null;
  const wanted = found === 'image/apng' ? 'image/png' : found;
  const mediaType = PICTURE_MEDIA_TYPES.find((type) => type === wanted);
  if (mediaType === 'image/avif' && head.toString('latin1', 8, 12) === AVIF_SEQUENCE) {
    throw new AppError(
      'SM_ASSET_FORMAT',
      'Animated AVIF is not supported. Save the animation as WebP, APNG or GIF.',
    );
  }
  if (mediaType !== undefined) return { kind: 'picture', mediaType };
  const text = head.toString('utf8');
  if (looksLikeSvg(head)) return { kind: 'svg', mediaType: 'image/svg+xml' };
  // Whether it is such an archive is seen when it is unpacked.
  if (found === 'application/zip')
    return { kind: 'lottie', mediaType: 'application/zip+dotlottie' };
  if (looksLikeLottie(text)) return { kind: 'lottie', mediaType: 'video/lottie+json' };
  // Last: text in UTF-16 begins as MP3 may.
  const sound = SOUND_MEDIA_TYPES.find((type) => type === plainSoundType(found));
  if (sound !== undefined) return { kind: 'audio', mediaType: sound, videoType: null };
  const container = found === null ? undefined : VIDEO_CONTAINERS[found];
  if (container !== undefined) return { kind: 'audio', mediaType: container, videoType: found };
  throw new AppError(
    'SM_ASSET_FORMAT',
    found === null
      ? `The file format is not recognized. ${ACCEPTED}`
      : `The file is ${found}, which is not supported. ${ACCEPTED}`,
  );
}

/** The names that sniffers have for the same formats. */
const SOUND_NAMES: Readonly<Record<string, SoundMediaType>> = {
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/opus': 'audio/ogg',
  'audio/ogg; codecs=opus': 'audio/ogg',
};

/** What is packed as videos are, and may contain nothing but sound: what it is then. */
const VIDEO_CONTAINERS: Readonly<Record<string, SoundMediaType>> = {
  'video/mp4': 'audio/mp4',
  'video/webm': 'audio/webm',
  'video/matroska': 'audio/matroska',
  'video/quicktime': 'audio/mp4',
  'video/x-m4v': 'audio/mp4',
  'video/vnd.avi': 'audio/wav',
  'video/mp2t': 'audio/aac',
};

function plainSoundType(found: string | null): string | null {
  return found === null ? null : (SOUND_NAMES[found] ?? found);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
