import { cpus } from 'node:os';
import { AppError } from '../core/errors.js';
import { formatFrameRate } from '../core/rational.js';
import { measurePreset } from './encoder-benchmark.js';
import {
  isHardwareEncoder,
  isX264Preset,
  x264Threads,
  type EncodedFormat,
  type EncoderSettings,
} from './encoder-settings.js';
import { proveEncoder, type Ffmpeg } from '../ffmpeg/binary.js';
import { proofArguments } from './ffmpeg-command.js';
import { PresetCache } from './preset-cache.js';

export type EncoderRequest = {
  readonly ffmpeg: Ffmpeg;
  readonly format: EncodedFormat;
  /** `auto`, a preset of x264 or a hardware encoder's name, as in FFMPEG_PRESET. */
  readonly preset: string;
  /** Processors that the machine has. */
  readonly cores: number;
  /** Where what was measured is kept. */
  readonly dataDir: string;
};

function cacheKey({ ffmpeg, format, cores }: EncoderRequest): string {
  const { width, height, frameRate } = format;
  const cpuModel = cpus()[0]?.model ?? 'unknown';
  return `${ffmpeg.version} | ${cpuModel} x${cores} | ${width}x${height}@${formatFrameRate(frameRate)}`;
}

/**
 * Turns a configured preset into the settings of an encoder that works here: `auto` is measured (about a second
 * the first time, then remembered), a hardware encoder is tried.
 * @throws AppError SM_FFMPEG_ENCODER when the machine has no such encoder, or there is no such preset
 */
export async function chooseEncoder(request: EncoderRequest): Promise<EncoderSettings> {
  const { ffmpeg, format, preset, cores, dataDir } = request;
  if (isHardwareEncoder(preset)) {
    const settings: EncoderSettings = { codec: preset };
    await proveEncoder(ffmpeg, preset, proofArguments(settings, format));
    return settings;
  }
  if (isX264Preset(preset))
    return { codec: 'libx264', preset, threads: x264Threads(preset, format, cores) };
  if (preset !== 'auto')
    throw new AppError('SM_FFMPEG_ENCODER', `There is no preset "${preset}". Use auto.`);
  const cache = new PresetCache(dataDir);
  const key = cacheKey(request);
  let chosen = await cache.get(key);
  if (chosen === null) {
    const measured = await measurePreset(ffmpeg, format, cores);
    chosen = measured.preset;
    if (measured.isComplete) await cache.set(key, chosen);
  }
  return { codec: 'libx264', preset: chosen, threads: x264Threads(chosen, format, cores) };
}
