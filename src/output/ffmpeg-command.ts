import ffmpegCommand, { type FfmpegCommand } from 'fluent-ffmpeg';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { toFps } from '../core/rational.js';
import type { StreamAddress } from '../core/stream-address.js';
import type { EncodedFormat, EncoderSettings, SoundFormat } from './encoder-settings.js';
import { hasFpsMode, type Ffmpeg } from '../ffmpeg/binary.js';

/**
 * All argument lists for FFmpeg, written with fluent-ffmpeg as a builder: it never starts anything here. Options
 * are passed as separate arguments, since it splits array elements at a space.
 */

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'] as const;

/** Seconds between two keyframes. */
const GOP_SECONDS = 2;

const VAAPI_DEVICE = '/dev/dri/renderD128';

function toArguments(command: FfmpegCommand): string[] {
  return command._getArguments();
}

/** Options of the video encoder itself; everything constant bit rate, without B-frames or look-ahead. */
function videoOptions(settings: EncoderSettings, format: EncodedFormat): string[] {
  const gop = String(Math.max(1, Math.round(GOP_SECONDS * toFps(format.frameRate))));
  const rate = String(format.bitrateBps);
  const common = ['-c:v', settings.codec, '-b:v', rate, '-maxrate', rate, '-bufsize', rate];
  const keyframes = ['-g', gop, '-bf', '0'];
  switch (settings.codec) {
    case 'libx264':
      return [
        ...common,
        ...keyframes,
        ...['-preset', settings.preset, '-tune', 'zerolatency', '-profile:v', 'high'],
        ...['-threads', String(settings.threads), '-pix_fmt', 'yuv420p'],
        ...['-keyint_min', gop, '-sc_threshold', '0'],
        // Filled up to the full rate: what the platforms ask for, and no burst after a still scene.
        ...['-x264-params', 'nal-hrd=cbr'],
      ];
    case 'h264_nvenc':
      return [...common, ...keyframes, '-preset', 'p4', '-tune', 'ull', '-rc', 'cbr'];
    case 'h264_qsv':
      return [...common, ...keyframes, '-vf', 'format=nv12', '-async_depth', '1'];
    case 'h264_vaapi':
      return [...common, ...keyframes, '-vf', 'format=nv12,hwupload', '-rc_mode', 'CBR'];
    case 'h264_videotoolbox':
      return [...common, ...keyframes, '-realtime', '1'];
  }
}

function deviceOptions(settings: EncoderSettings): string[] {
  return settings.codec === 'h264_vaapi' ? ['-vaapi_device', VAAPI_DEVICE] : [];
}

const BT709_LIMITED = [
  ...['-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ...['-colorspace', 'bt709', '-color_range', 'tv'],
] as const;

/** Both channels at half their level make one: `-ac 1` would make it 3 dB louder with floats. */
function soundOptions({ bitrateBps, channels }: SoundFormat): string[] {
  const downmix = channels === 1 ? ['-af', 'pan=mono|c0=0.5*c0+0.5*c1'] : [];
  return [...downmix, '-c:a', 'aac', '-b:a', String(bitrateBps), '-ar', String(SAMPLE_RATE_HZ)];
}

/**
 * Raw Matroska on standard input to H.264 and AAC in MPEG-TS on standard output. Timestamps pass through
 * unchanged, so that a later process goes on where this one stopped.
 */
export function encoderArguments(
  ffmpeg: Ffmpeg,
  settings: EncoderSettings,
  format: EncodedFormat,
  sound: SoundFormat,
): string[] {
  const { num, den } = format.frameRate;
  return toArguments(
    ffmpegCommand()
      .input('pipe:0')
      .inputOptions(
        ...QUIET,
        ...deviceOptions(settings),
        // The header says all there is to know: the first frame is encoded at once.
        ...['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'],
        // Reading the pipe goes on while a frame is being encoded.
        ...['-thread_queue_size', '4', '-f', 'matroska'],
      )
      .output('pipe:1')
      .outputOptions(
        '-copyts',
        ...(hasFpsMode(ffmpeg) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
        ...['-map', '0:v:0', '-map', '0:a:0', '-enc_time_base:v', `${den}:${num}`],
        ...videoOptions(settings, format),
        ...BT709_LIMITED,
        ...soundOptions(sound),
        ...['-avoid_negative_ts', 'disabled', '-muxdelay', '0', '-muxpreload', '0'],
        ...['-mpegts_flags', 'initial_discontinuity', '-flush_packets', '1', '-f', 'mpegts'],
      ),
  );
}

/** A few black frames through a video encoder: ends with an error when this machine cannot run it. */
export function proofArguments(settings: EncoderSettings, format: EncodedFormat): string[] {
  const { width, height, frameRate } = format;
  return toArguments(
    ffmpegCommand()
      .input(`color=black:size=${width}x${height}:rate=${frameRate.num}/${frameRate.den}`)
      .inputOptions(...QUIET, ...deviceOptions(settings), '-f', 'lavfi')
      .output('pipe:1')
      .outputOptions('-frames:v', '4', ...videoOptions(settings, format), '-f', 'null'),
  );
}

/**
 * A short moving picture, made once and repeated, through one x264 preset (or through none, for what the
 * picture itself costs); FFmpeg reports the processor time it used on standard error.
 */
export function benchmarkArguments(
  settings: EncoderSettings | null,
  format: EncodedFormat,
  frames: number,
): string[] {
  const { width, height, frameRate } = format;
  const madeFrames = 4;
  const source = `testsrc2=size=${width}x${height}:rate=${frameRate.num}/${frameRate.den}`;
  return toArguments(
    ffmpegCommand()
      .input(`${source},format=yuv420p,loop=loop=-1:size=${madeFrames}:start=0`)
      .inputOptions('-hide_banner', '-nostdin', '-nostats', '-benchmark', '-f', 'lavfi')
      .output('pipe:1')
      .outputOptions(
        ...['-frames:v', String(frames)],
        ...(settings === null ? ['-c:v', 'wrapped_avframe'] : videoOptions(settings, format)),
        ...['-f', 'null'],
      ),
  );
}

/**
 * A relay whose network takes nothing for this long gives up by itself, also when nobody is there to end it:
 * FFmpeg waits this long three times (the write, the trailer, the goodbye), so it is gone after 15 seconds.
 */
const RELAY_NETWORK_TIMEOUT_MS = 5_000;
/** How often a relay reports its progress. */
const RELAY_PROGRESS_MS = 250;

/** What a relay needs: its arguments, and what it reads as the files /dev/fd/3 and so on. */
export type RelayCommand = {
  readonly args: readonly string[];
  readonly privateFiles: readonly string[];
};

/**
 * MPEG-TS on standard input to an RTMP address, without touching the content; progress on standard output.
 * Ends by itself when its input ends, and when the network takes nothing for `RELAY_NETWORK_TIMEOUT_MS`.
 * Application and key are not in the arguments, where others could read them, but in a file; and as options, since
 * FFmpeg changes what stands in an address (it cuts at `/` and spaces, drops `.flv`, adds `mp4:`).
 * `certificates` are those that the server of an `rtmps` address must be signed by, in PEM; null: any will do.
 */
export function relayCommand(address: StreamAddress, certificates: string | null): RelayCommand {
  const { protocol, host, application, key } = address;
  const options = `rtmp_app=${application}\nrtmp_playpath=${key}\n`;
  const isVerified = protocol === 'rtmps' && certificates !== null;
  const args = toArguments(
    ffmpegCommand()
      .input('pipe:0')
      .inputOptions(
        ...QUIET,
        ...['-progress', 'pipe:1', '-stats_period', String(RELAY_PROGRESS_MS / 1000)],
        // Long enough to hear both tracks whatever the size of the first keyframe, and not longer.
        ...['-probesize', '20000000', '-analyzeduration', '300000', '-fpsprobesize', '0'],
        // No `-fflags nobuffer`: it throws away what was read while probing, the first keyframe with it.
        ...['-f', 'mpegts'],
      )
      .output(`${protocol}://${host}/`)
      .outputOptions(
        ...['-map', '0:v:0', '-map', '0:a:0', '-c', 'copy', '-fpre', '/dev/fd/3'],
        // Without it, FFmpeg takes any certificate.
        ...(isVerified ? ['-tls_verify', '1', '-ca_file', '/dev/fd/4'] : []),
        ...['-rw_timeout', String(RELAY_NETWORK_TIMEOUT_MS * 1000)],
        ...['-flvflags', 'no_duration_filesize', '-flush_packets', '1', '-f', 'flv'],
      ),
  );
  return { args, privateFiles: isVerified ? [options, certificates] : [options] };
}
