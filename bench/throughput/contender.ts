import type {
  EncodedFormat,
  EncoderSettings,
  SoundFormat,
} from '../../src/output/encoder-settings.js';
import type { Ffmpeg } from '../../src/ffmpeg/binary.js';
import { encoderArguments } from '../../src/output/ffmpeg-command.js';
import type { Speed } from '../frame-window.js';

/** One way to make a reference scene. */
export type Contender = {
  readonly name: ContenderName;
  /** Makes frames as fast as it can for that long, after a warm-up. */
  readonly measure: (seconds: number) => Promise<Speed>;
};

/** Ours with its encoder first. */
export const CONTENDER_NAMES = [
  'encode',
  'render_only',
  'encoder_only',
  'ffmpeg_filtergraph',
  'ffmpeg_filtergraph_tuned',
  'one_thread_canvas',
  'one_thread_canvas_render_only',
  'chromium_under_xvfb',
] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** What all contenders are asked for. */
export const FORMAT: EncodedFormat = {
  width: 1920,
  height: 1080,
  frameRate: { num: 60, den: 1 },
  bitrateBps: 6_000_000,
};

export const SOUND: SoundFormat = { bitrateBps: 160_000, channels: 2 };

/** Bytes of one I420 frame. */
export const FRAME_BYTES = (FORMAT.width * FORMAT.height * 3) / 2;

/** Frames at the beginning of every run that are not counted: processes start and caches fill meanwhile. */
export const WARM_UP_FRAMES = 20;

/** The same sound as the service's: silence, but as an AAC track. */
export const SILENCE_INPUT = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo'] as const;

/** The service's own arguments for its encoder, for any other FFmpeg that is to make the same stream. */
export function outputArguments(ffmpeg: Ffmpeg, settings: EncoderSettings): string[] {
  const args = encoderArguments(ffmpeg, settings, FORMAT, SOUND);
  const codecs = args.slice(args.indexOf('-c:v'));
  return [...codecs.map((arg) => (arg === 'pipe:1' ? '/dev/null' : arg)), '-y'];
}
