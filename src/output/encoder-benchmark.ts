import { spawn } from 'node:child_process';
import { FRAME_ALLOCATOR_VARIABLES } from '../core/allocator.js';
import { choosePreset, frameBudgetMs, type PresetCosts } from './encoder-choice.js';
import {
  X264_PRESETS,
  x264Threads,
  type EncodedFormat,
  type EncoderSettings,
  type X264Preset,
} from './encoder-settings.js';
import type { Ffmpeg } from '../ffmpeg/binary.js';
import { benchmarkArguments } from './ffmpeg-command.js';

/** Frames encoded to measure one preset, after x264 has been opened. */
const MEASURED_FRAMES = 16;
/** Measuring stops here, whatever is known by then. */
const TOTAL_LIMIT_MS = 1_500;

/** `isComplete`: false when the time was up before a preset was found too dear; the machine was busy, measure again. */
export type MeasuredPreset = { readonly preset: X264Preset; readonly isComplete: boolean };

/** Processor milliseconds (user and system) that FFmpeg reports at the end of a `-benchmark` run; null when it does not. */
export function parseBenchmarkMs(stderr: string): number | null {
  const match = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr);
  return match === null ? null : (Number(match[1]) + Number(match[2])) * 1000;
}

function run(ffmpeg: Ffmpeg, args: readonly string[], timeoutMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(ffmpeg.path, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: Math.max(1, Math.ceil(timeoutMs)),
      killSignal: 'SIGKILL',
      // As for the encoder itself.
      env: { ...process.env, ...FRAME_ALLOCATOR_VARIABLES },
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', () => {
      resolve(null);
    });
    child.once('close', () => {
      resolve(parseBenchmarkMs(stderr));
    });
  });
}

/**
 * Measures on this machine what x264 costs with a moving test picture, fastest preset first, and stops at the
 * first that is too dear; answers the best preset that is not. Takes about a second; `ultrafast` when nothing
 * can be measured.
 */
export async function measurePreset(
  ffmpeg: Ffmpeg,
  format: EncodedFormat,
  cores: number,
): Promise<MeasuredPreset> {
  const budgetMs = frameBudgetMs(format.frameRate, cores);
  const endsAt = performance.now() + TOTAL_LIMIT_MS;
  const measure = (settings: EncoderSettings | null): Promise<number | null> =>
    run(ffmpeg, benchmarkArguments(settings, format, MEASURED_FRAMES), endsAt - performance.now());
  const sourceMs = await measure(null);
  if (sourceMs === null) return { preset: 'ultrafast', isComplete: false };
  const costs: { -readonly [Preset in keyof PresetCosts]: number } = {};
  for (const preset of X264_PRESETS) {
    const threads = x264Threads(preset, format, cores);
    const totalMs = await measure({ codec: 'libx264', preset, threads });
    if (totalMs === null) return { preset: choosePreset(costs, budgetMs), isComplete: false };
    const cost = Math.max(0, totalMs - sourceMs) / MEASURED_FRAMES;
    costs[preset] = cost;
    if (cost > budgetMs) break;
  }
  return { preset: choosePreset(costs, budgetMs), isComplete: true };
}
