import { execFile, type ExecFileException } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { FrameRate } from '../core/rational.js';
import type { ColorMatrix } from '../scene/snapshot.js';
import type { DecodeInput, FoundVideo } from '../decode/protocol.js';
import { explainDecodeEnd } from '../ffmpeg/explain-decode.js';
import { VIDEO_FORMATS } from '../ffmpeg/video-formats.js';

/** What a video says of itself. Runs in a decoder process. */

/** Bounds of a video. 8K is decoded for what is a quarter of its pixels at the most. */
export const VIDEO_LIMITS = {
  sidePx: 8192,
  pixels: 8192 * 4320,
  durationMs: 24 * 3_600_000,
} as const;

/** What each of the programs may use of a processor, seconds, and how long it may take on a busy machine, milliseconds. */
const CPU_SECONDS = 9;
const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES = 4 * 1024 * 1024;

/** What a shell ends with that does not find a program (POSIX). */
const NOT_FOUND = 127;

/** Pictures at uneven times are brought to this rate. */
const UNEVEN_RATE: FrameRate = { num: 60, den: 1 };

/** FFprobe names the lowest rate that has all pictures at their times; above this it means that there is none. */
const HIGHEST_RATE = 240;

/** From this height on pictures that name no matrix are taken for HD, as browsers do. */
const HD_HEIGHT = 720;

const RateSchema = z.string().transform((text): FrameRate | null => {
  const [num = 0, den = 0] = text.split('/').map(Number);
  return num > 0 && den > 0 ? { num, den } : null;
});

const StreamSchema = z.looseObject({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().min(1).optional(),
  height: z.int().min(1).optional(),
  pix_fmt: z.string().optional(),
  color_space: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  r_frame_rate: RateSchema.optional(),
  avg_frame_rate: RateSchema.optional(),
  duration: z.coerce.number().optional(),
  disposition: z.looseObject({ attached_pic: z.number().optional() }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
});
type Stream = z.infer<typeof StreamSchema>;

const ProbeSchema = z.looseObject({
  streams: z.array(StreamSchema).default([]),
  format: z.looseObject({ duration: z.coerce.number().optional() }).optional(),
});

/** FFprobe comes with FFmpeg, and stands beside it. */
function ffprobeOf(ffmpegPath: string): string {
  const name = basename(ffmpegPath).replace('ffmpeg', 'ffprobe');
  return ffmpegPath.includes('/') ? join(dirname(ffmpegPath), name) : name;
}

type Ended = { readonly output: string; readonly failure: string | null };

function run(path: string, args: readonly string[]): Promise<Ended> {
  const limits = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES, killSignal: 'SIGKILL' as const };
  const limited = ['-c', `ulimit -t ${CPU_SECONDS}; exec "$0" "$@"`, path, ...args];
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', limited, limits, (error: ExecFileException | null, output, complaints) => {
      if (error?.code === NOT_FOUND) {
        reject(
          new AppError(
            'SM_FFMPEG_MISSING',
            `Videos cannot be read because ${path} could not be started. Install FFmpeg with ffprobe, or set FFMPEG_PATH to the program.`,
          ),
        );
        return;
      }
      const lines = complaints.split('\n').filter((line) => line.trim() !== '');
      const end = { code: Number(error?.code ?? 0), signal: error?.signal ?? null };
      resolve({ output, failure: error === null ? null : explainDecodeEnd(end, lines) });
    });
  });
}

function inputOf(path: string): string[] {
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', VIDEO_FORMATS.join(',')],
    ...['-i', `file:${path}`],
  ];
}

/** The rate at which its pictures are counted. */
function rateOf({ r_frame_rate: base, avg_frame_rate: average }: Stream): FrameRate {
  const rate = base ?? average ?? UNEVEN_RATE;
  return rate.num / rate.den <= HIGHEST_RATE ? rate : UNEVEN_RATE;
}

/** Upright, with square pixels. */
function sizeOf(stream: Stream): { readonly width: number; readonly height: number } {
  const { width = 0, height = 0 } = stream;
  const [across = 0, down = 0] = (stream.sample_aspect_ratio ?? '').split(':').map(Number);
  const aspect = across > 0 && down > 0 ? across / down : 1;
  const shown = { width: Math.max(1, Math.round(width * aspect)), height };
  const angle = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const isOnItsSide = Math.abs((angle ?? 0) % 180) === 90;
  return isOnItsSide ? { width: shown.height, height: shown.width } : shown;
}

function hasAlpha({ pix_fmt: format = '', tags = {} }: Stream): boolean {
  return /^(yuva|gbrap|rgba|argb|bgra|abgr|ya\d|pal8)/.test(format) || tags['alpha_mode'] === '1';
}

/** The matrices that videos name, as FFmpeg calls them; those of RGB need none. */
const NAMED_MATRICES: Readonly<Record<string, ColorMatrix>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};

function matrixOf({ color_space: named, width = 0, height = 0 }: Stream): ColorMatrix {
  const usual = Math.min(width, height) >= HD_HEIGHT ? 'bt709' : 'bt601';
  return named === undefined ? usual : (NAMED_MATRICES[named] ?? usual);
}

function broken(reason: string): AppError {
  return new AppError(
    'SM_ASSET_BROKEN',
    `The video cannot be decoded. ${reason} Save it again, for example as MP4 with H.264.`,
  );
}

/** @throws AppError SM_ASSET_TOO_LARGE */
function checkSize({ width = 0, height = 0 }: Stream, durationMs: number): void {
  const { sidePx, pixels, durationMs: longestMs } = VIDEO_LIMITS;
  if (Math.max(width, height) > sidePx || width * height > pixels) {
    throw new AppError(
      'SM_ASSET_TOO_LARGE',
      `The video has ${width}x${height} pixels; the limit is ${sidePx} on a side and ${pixels / 1e6} million in total. Make it smaller.`,
    );
  }
  if (durationMs > longestMs) {
    throw new AppError(
      'SM_ASSET_TOO_LARGE',
      `The video takes ${Math.round(durationMs / 3_600_000)} hours; the limit is ${longestMs / 3_600_000}. Make it shorter.`,
    );
  }
}

/** @throws AppError SM_ASSET_BROKEN when no picture comes out of it, SM_ASSET_TOO_LARGE, SM_FFMPEG_MISSING */
export async function probeVideo({
  path,
  ffmpegPath,
}: DecodeInput<'probeVideo'>): Promise<FoundVideo | null> {
  const shown = ['-show_streams', '-show_format', '-of', 'json'];
  const probed = await run(ffprobeOf(ffmpegPath), ['-v', 'error', ...inputOf(path), ...shown]);
  if (probed.failure !== null) throw broken(probed.failure);
  const { streams, format } = ProbeSchema.parse(JSON.parse(probed.output));
  const isCover = ({ disposition }: Stream): boolean => disposition?.attached_pic === 1;
  const stream = streams.find((one) => one.codec_type === 'video' && !isCover(one));
  if (stream === undefined) return null;
  const durationMs = 1000 * (stream.duration ?? format?.duration ?? 0);
  checkSize(stream, durationMs);
  const decoding = ['-map', '0:V:0', '-frames:v', '1', '-f', 'null', '-'];
  const quiet = ['-hide_banner', '-nostdin', '-v', 'error', '-threads', '1'];
  const first = await run(ffmpegPath, [...quiet, ...inputOf(path), ...decoding]);
  if (first.failure !== null) throw broken(first.failure);
  if (!(durationMs > 0)) throw broken('It does not say how long it is.');
  const size = sizeOf(stream);
  return {
    ...size,
    hasSound: streams.some((one) => one.codec_type === 'audio'),
    video: {
      durationMs,
      frameRate: rateOf(stream),
      codec: (stream.codec_name ?? 'unknown').slice(0, 100),
      hasAlpha: hasAlpha(stream),
      matrix: matrixOf(stream),
    },
  };
}
