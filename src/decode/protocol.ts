import type { VideoInfo } from '../scene/snapshot.js';
import type { AudioInfo, FontInfo } from '../state/model.js';
import type { NamedFont } from '../fonts/catalogue.js';

/**
 * What decoder processes do, as plain data: the table is the protocol. Files are named by their paths, so nothing large
 * goes through the channel between the processes.
 */

/** Pictures by what their bytes say; a declared type is ignored. */
export const PICTURE_MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
] as const;
export type PictureMediaType = (typeof PICTURE_MEDIA_TYPES)[number];

export type FontMediaType = 'font/ttf' | 'font/otf' | 'font/woff' | 'font/woff2';

/** Sounds by what their bytes say. */
export const SOUND_MEDIA_TYPES = [
  'audio/wav',
  'audio/mpeg',
  'audio/flac',
  'audio/ogg',
  'audio/aac',
  'audio/mp4',
  'audio/webm',
  'audio/matroska',
] as const;
export type SoundMediaType = (typeof SOUND_MEDIA_TYPES)[number];

/** In pixels. */
export type Size = { readonly width: number; readonly height: number };

/** Frames of an animated picture, each with how long it is shown, milliseconds. */
export type Motion = {
  readonly durationsMs: readonly number[];
  /** 0: forever. */
  readonly plays: number;
};

/** What the head of a picture says. */
export type PictureInfo = Size & {
  /** Whether it must be made plain before a painter that knows nothing of cameras and printers may have it. */
  readonly isPlain: boolean;
  /** What moves in it; null when nothing does. */
  readonly motion: Motion | null;
};

/** What is known of a film after its frames have been written. */
export type FilmInfo = {
  readonly frames: number;
  readonly durationMs: number;
  /** 0: forever. */
  readonly plays: number;
};

/** What is known of a video after its first picture was decoded. The size is that of its pictures upright, with square pixels. */
export type FoundVideo = Size & { readonly video: VideoInfo; readonly hasSound: boolean };

/** A part of a file. */
export type FileRange = { readonly start: number; readonly bytes: number };

/** A part of a picture, as shares of its width and height, 0 to 1. */
export type PictureShare = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

type Job<Input, Output> = { readonly input: Input; readonly output: Output };

export type DecodeJobs = {
  /** Reads the head of a picture and refuses what would be too large when decoded. */
  probePicture: Job<{ readonly path: string; readonly mediaType: PictureMediaType }, PictureInfo>;
  /** Decodes a whole picture once. */
  checkPicture: Job<{ readonly path: string; readonly size: Size }, null>;
  /** Writes a picture upright, in sRGB and 8 bits, as PNG. */
  writePlainPicture: Job<
    {
      readonly path: string;
      readonly intoPath: string;
      readonly mediaType: PictureMediaType;
      readonly size: Size;
    },
    null
  >;
  /** Writes the frames of an animated picture as a reel. */
  writeFilm: Job<
    {
      readonly path: string;
      readonly intoPath: string;
      readonly mediaType: PictureMediaType;
      readonly size: Size;
      readonly motion: Motion;
    },
    FilmInfo
  >;
  /** Cleans a drawing, sets its texts, and draws it once. */
  writeSvg: Job<
    {
      readonly path: string;
      readonly cleanPath: string;
      /** Where it is written with its texts as outlines, if it has any. */
      readonly outlinedPath: string;
      /** A folder that is made, for what is needed meanwhile; whoever gives it removes it. */
      readonly scratchPath: string;
      readonly fonts: readonly NamedFont[];
    },
    Size & {
      readonly hasText: boolean;
      readonly fontFamilies: readonly string[];
      readonly notDrawn: readonly string[];
    }
  >;
  /** Sets the texts of a drawing that has been cleaned. */
  setSvgText: Job<
    {
      readonly cleanPath: string;
      readonly outlinedPath: string;
      readonly scratchPath: string;
      readonly fonts: readonly NamedFont[];
    },
    { readonly notDrawn: readonly string[] }
  >;
  /** Looks at a vector animation, writes it with its pictures and glyphs in it, and draws some frames. */
  writeLottie: Job<
    {
      readonly path: string;
      readonly intoPath: string;
      readonly scratchPath: string;
      readonly fonts: readonly NamedFont[];
    },
    Size & {
      readonly frames: number;
      readonly durationMs: number;
      readonly fontFamilies: readonly string[];
      readonly notDrawn: readonly string[];
    }
  >;
  /** Looks at a font; one that is packed in a way that costs its first user time is written unpacked to `plainPath`. */
  checkFont: Job<
    { readonly path: string; readonly mediaType: FontMediaType; readonly plainPath: string },
    { readonly info: FontInfo; readonly hasPlain: boolean }
  >;
  /** Decodes a sound once to its end, or as far as its time goes, and reads its tags. */
  probeSound: Job<
    {
      readonly path: string;
      readonly mediaType: SoundMediaType;
      readonly ffmpegPath: string;
    },
    AudioInfo
  >;
  /** Reads what a video says of itself, and decodes its first picture; null: it has none. */
  probeVideo: Job<{ readonly path: string; readonly ffmpegPath: string }, FoundVideo | null>;
  /** Decodes a picture, or a part of it, to exactly a size: pixels R G B A, premultiplied, in a file without a head. */
  writePixels: Job<
    {
      readonly path: string;
      /** Where in the file it stands; null: it is the file. */
      readonly range: FileRange | null;
      /** Null: all of it. */
      readonly part: PictureShare | null;
      readonly widthPx: number;
      readonly heightPx: number;
      /** How large all of the part gets, which need not be whole; the pixels begin where it does. */
      readonly partWidthPx: number;
      readonly partHeightPx: number;
      readonly intoPath: string;
    },
    null
  >;
};

export type DecodeJobName = keyof DecodeJobs;
export type DecodeInput<K extends DecodeJobName> = DecodeJobs[K]['input'];
export type DecodeOutput<K extends DecodeJobName> = DecodeJobs[K]['output'];

/** What does the jobs, one function each; rejects with an AppError when the file is at fault. */
export type DecodeHandlers = {
  readonly [K in DecodeJobName]: (input: DecodeInput<K>) => Promise<DecodeOutput<K>>;
};
