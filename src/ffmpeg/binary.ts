import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AppError } from '../core/errors.js';
import { redactSecrets } from '../core/logger.js';

/** A usable FFmpeg. */
export type Ffmpeg = {
  /** Absolute path of the program. */
  readonly path: string;
  /** Version as FFmpeg prints it, such as `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** Version of its libavutil: what options it knows is decided by this, as own builds carry no other number. */
  readonly avutil: AvutilVersion;
};

export type AvutilVersion = { readonly major: number; readonly minor: number };

/** FFmpeg 4.4: the first that has `-stats_period` (relays are watched by it) and `-mpegts_flags initial_discontinuity` together. */
const MIN_AVUTIL: AvutilVersion = { major: 56, minor: 70 };
/** FFmpeg 5.1: `-fps_mode` takes the place of `-vsync`. */
const FPS_MODE_AVUTIL: AvutilVersion = { major: 57, minor: 28 };

const REQUIRED_ENCODERS = ['libx264', 'aac'];
const QUERY_TIMEOUT_MS = 10_000;
const INSTALL_HINT =
  'Install it (Debian and Ubuntu: apt-get install ffmpeg) or set FFMPEG_PATH to the program.';

function isAtLeast(version: AvutilVersion, least: AvutilVersion): boolean {
  return (
    version.major > least.major || (version.major === least.major && version.minor >= least.minor)
  );
}

/** Whether this FFmpeg takes `-fps_mode`; older ones take `-vsync`. */
export function hasFpsMode(ffmpeg: Ffmpeg): boolean {
  return isAtLeast(ffmpeg.avutil, FPS_MODE_AVUTIL);
}

/**
 * Reads the output of `ffmpeg -version`; null when this is no FFmpeg.
 */
export function parseFfmpegVersion(
  text: string,
): { version: string; avutil: AvutilVersion } | null {
  const version = /^ffmpeg version (\S+)/m.exec(text)?.[1];
  const avutil = /^libavutil\s+(\d+)\.\s*(\d+)\./m.exec(text);
  if (version === undefined || avutil === null) return null;
  return { version, avutil: { major: Number(avutil[1]), minor: Number(avutil[2]) } };
}

/** Names in the output of `ffmpeg -encoders`. */
export function parseEncoderNames(text: string): ReadonlySet<string> {
  const lines = text.matchAll(/^ [VAS][F.][S.][X.][B.][D.] ([^\s=]+)/gm);
  return new Set([...lines].flatMap((match) => match[1] ?? []));
}

type QueryResult = { readonly ok: boolean; readonly stdout: string; readonly stderr: string };

function query(path: string, args: readonly string[]): Promise<QueryResult> {
  return new Promise((resolve) => {
    execFile(
      path,
      [...args],
      { timeout: QUERY_TIMEOUT_MS, maxBuffer: 4 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({
          ok: error === null,
          stdout,
          stderr: stderr === '' ? (error?.message ?? '') : stderr,
        });
      },
    );
  });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function locate(configuredPath: string | null): Promise<string> {
  if (configuredPath !== null) {
    if (await isExecutable(configuredPath)) return configuredPath;
    throw new AppError(
      'SM_FFMPEG_MISSING',
      `There is no program at FFMPEG_PATH (${configuredPath}). ${INSTALL_HINT}`,
    );
  }
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'ffmpeg');
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  throw new AppError('SM_FFMPEG_MISSING', `FFmpeg was not found on the PATH. ${INSTALL_HINT}`);
}

/**
 * Finds FFmpeg at `configuredPath` (FFMPEG_PATH), or on the PATH when that is null, and checks that it is new
 * enough and has the software encoders.
 * @throws AppError SM_FFMPEG_MISSING, SM_FFMPEG_TOO_OLD, SM_FFMPEG_ENCODER
 */
export async function findFfmpeg(configuredPath: string | null): Promise<Ffmpeg> {
  const path = await locate(configuredPath);
  const [about, encoders] = await Promise.all([
    query(path, ['-hide_banner', '-version']),
    query(path, ['-hide_banner', '-encoders']),
  ]);
  const parsed = parseFfmpegVersion(about.stdout);
  if (parsed === null)
    throw new AppError(
      'SM_FFMPEG_MISSING',
      `The program at ${path} is not FFmpeg. ${INSTALL_HINT}`,
    );
  if (!isAtLeast(parsed.avutil, MIN_AVUTIL))
    throw new AppError(
      'SM_FFMPEG_TOO_OLD',
      `FFmpeg ${parsed.version} at ${path} is too old: 4.4 or newer is required. ${INSTALL_HINT}`,
    );
  const names = parseEncoderNames(encoders.stdout);
  const missing = REQUIRED_ENCODERS.filter((name) => !names.has(name));
  if (missing.length > 0)
    throw new AppError(
      'SM_FFMPEG_ENCODER',
      `FFmpeg at ${path} was built without ${missing.join(' and ')}. Install a build that has it.`,
    );
  return { path, ...parsed };
}

/**
 * Encodes a few frames with the given arguments and throws when that does not work: whether a hardware encoder
 * can be used shows only when it is opened.
 * @throws AppError SM_FFMPEG_ENCODER with FFmpeg's own reason
 */
export async function proveEncoder(
  ffmpeg: Ffmpeg,
  name: string,
  args: readonly string[],
): Promise<void> {
  const { ok, stderr } = await query(ffmpeg.path, args);
  if (ok) return;
  const reason = redactSecrets(stderr.trim().split('\n').slice(0, 3).join(' · ')).slice(0, 500);
  throw new AppError(
    'SM_FFMPEG_ENCODER',
    `This machine cannot encode with ${name}: ${reason}. Use the preset auto or an x264 preset.`,
  );
}
