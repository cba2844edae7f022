import { spawn } from 'node:child_process';
import { parseFile } from 'music-metadata';
import { AppError } from '../core/errors.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { DecodeInput } from '../decode/protocol.js';
import { explainDecodeEnd } from '../ffmpeg/explain-decode.js';
import { SOUND_FORMATS } from '../ffmpeg/sound-formats.js';
import type { AudioInfo } from '../state/model.js';

/** What a file of sound says of itself, and what comes out of it. Runs in a decoder process. */

/** How long FFmpeg may decode, milliseconds: an hour of MP3 takes some eight seconds. */
const COUNT_MS = 8000;
/** The end of its output, which has the last packet. */
const TAIL_CHARS = 400;
const COMPLAINT_CHARS = 2000;
const TAG_CHARS = 300;

type Head = Omit<AudioInfo, 'durationMs' | 'samples'> & { readonly durationMs: number | null };

const NO_HEAD: Head = {
  durationMs: null,
  channels: null,
  rateHz: null,
  codec: null,
  title: null,
  artist: null,
  album: null,
};

function tag(text: string | undefined): string | null {
  // Control characters have no place in a text that is shown.
  const clean = (text ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, TAG_CHARS);
  return clean === '' ? null : clean;
}

/** Broken tags are no reason to refuse what can be heard. */
async function readHead(path: string): Promise<Head> {
  try {
    const { format, common } = await parseFile(path, { skipCovers: true });
    const { duration, numberOfChannels, sampleRate, codec } = format;
    return {
      durationMs: duration === undefined ? null : duration * 1000,
      channels: numberOfChannels ?? null,
      rateHz: sampleRate ?? null,
      codec: tag(codec)?.slice(0, 100) ?? null,
      title: tag(common.title),
      artist: tag(common.artist),
      album: tag(common.album),
    };
  } catch {
    return NO_HEAD;
  }
}

/** The last packet that FFmpeg has written as `framecrc`: where it ends, in units of its time base. */
function lastEnd(text: string): number | null {
  const lines = [...text.matchAll(/^\d+, *-?\d+, *(-?\d+), *(\d+),/gm)];
  const [, start = '', duration = ''] = lines.at(-1) ?? [];
  return start === '' ? null : Number(start) + Number(duration);
}

type Written = {
  /** Samples at 48 kHz as far as it came. */
  readonly samples: number;
  readonly isWhole: boolean;
  /** What FFmpeg has found to write, such as `audio`; null: nothing. */
  readonly media: string | null;
  /** What FFmpeg says when nothing comes out. */
  readonly complaint: string;
};

/** @param output - which stream of the file is written, and how */
function run(ffmpegPath: string, path: string, output: readonly string[]): Promise<Written> {
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-threads', '1'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', SOUND_FORMATS.join(',')],
    ...['-i', `file:${path}`, ...output, '-f', 'framecrc', 'pipe:1'],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [head, tail, complaints] = ['', '', ''];
    let isWhole = true;
    const timer = setTimeout(() => {
      isWhole = false;
      child.kill('SIGKILL');
    }, COUNT_MS);
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      if (head.length < TAIL_CHARS) head += text.slice(0, TAIL_CHARS);
      tail = (tail + text).slice(-TAIL_CHARS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-COMPLAINT_CHARS);
    });
    const end = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      const [, unit = ''] = /^#tb 0: 1\/(\d+)/m.exec(head) ?? [];
      const units = lastEnd(tail) ?? 0;
      const samples = unit === '' ? 0 : Math.round((units * SAMPLE_RATE_HZ) / Number(unit));
      const [, media = null] = /^#media_type 0: (\w+)/m.exec(head) ?? [];
      const lines = complaints.split('\n').filter((line) => line.trim() !== '');
      resolve({ samples, isWhole, media, complaint: explainDecodeEnd({ code, signal }, lines) });
    };
    child.once('error', () => {
      clearTimeout(timer);
      reject(
        new AppError(
          'SM_FFMPEG_MISSING',
          'Sound cannot be decoded because FFmpeg could not be started. Install it, or set FFMPEG_PATH to the program.',
        ),
      );
    });
    child.once('close', end);
  });
}

/** The sound of a file, and nothing else of it. */
const SOUND = ['-map', '0:a:0', '-vn', '-sn', '-dn'];
/** @throws AppError SM_ASSET_BROKEN when nothing can be heard of it, SM_FFMPEG_MISSING */
export async function probeSound({
  path,
  mediaType,
  ffmpegPath,
}: DecodeInput<'probeSound'>): Promise<AudioInfo> {
  // By their number: the timestamps of Matroska are rounded, and may begin before the sound does.
  const numbered = `aresample=${SAMPLE_RATE_HZ},asetpts=N`;
  const decoded = [...SOUND, '-af', numbered, '-ac', '1', '-c:a', 'pcm_s16le'];
  const [head, counted] = await Promise.all([readHead(path), run(ffmpegPath, path, decoded)]);
  if (counted.samples <= 0) {
    throw new AppError(
      'SM_ASSET_BROKEN',
      `The sound cannot be decoded. ${counted.complaint} Save it again, for example as WAV or MP3.`,
    );
  }
  // An MP4 says how many samples of its last packet are to be heard; FFmpeg decodes them all.
  const exact =
    mediaType === 'audio/mp4' ? await run(ffmpegPath, path, [...SOUND, '-c:a', 'copy']) : counted;
  const samples =
    counted.isWhole && exact.isWhole ? Math.min(exact.samples, counted.samples) : null;
  const countedMs = ((samples ?? counted.samples) * 1000) / SAMPLE_RATE_HZ;
  const { durationMs, ...known } = head;
  return {
    ...known,
    durationMs: samples === null ? Math.max(countedMs, durationMs ?? 0) : countedMs,
    samples,
  };
}
