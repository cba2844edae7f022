import { z } from 'zod';
import { StreamConfigSchema } from '../../state/model.js';
import type { FrameRate } from '../../core/rational.js';

const { shape } = StreamConfigSchema;

const ResolutionTextSchema = z
  .string()
  .regex(/^\d{1,5}x\d{1,5}$/, 'must be a resolution such as 1920x1080, or {width, height}')
  .transform((text) => {
    const [width = 0, height = 0] = text.split('x').map(Number);
    return { width, height };
  })
  .pipe(shape.resolution);

/**
 * A rate in decimals as the exact fraction that is meant. The rates of NTSC are n·1000/1001
 * (https://en.wikipedia.org/wiki/NTSC): 59.94 means 60000/1001.
 */
export function toFrameRate(fps: number): FrameRate | null {
  if (Number.isInteger(fps)) return { num: fps, den: 1 };
  const nominal = Math.ceil(fps);
  return Math.abs((nominal * 1000) / 1001 - fps) < 0.005
    ? { num: nominal * 1000, den: 1001 }
    : null;
}

const FPS_MESSAGE =
  'must be an integer frame rate such as 60, one of 23.976, 29.97, 59.94 or 119.88, a fraction such as "30000/1001", or {num, den}';

const FpsNumberSchema = z
  .number()
  .transform((fps, context) => {
    const rate = toFrameRate(fps);
    if (rate !== null) return rate;
    context.addIssue({ code: 'custom', message: FPS_MESSAGE });
    return z.NEVER;
  })
  .pipe(shape.fps);

const FpsTextSchema = z
  .string()
  .regex(/^\d{1,6}(\/\d{1,4}|\.\d{1,3})?$/, FPS_MESSAGE)
  .transform((text, context) => {
    const [num = '', den] = text.split('/');
    const rate = den === undefined ? toFrameRate(Number(num)) : { num: +num, den: +den };
    if (rate !== null) return rate;
    context.addIssue({ code: 'custom', message: FPS_MESSAGE });
    return z.NEVER;
  })
  .pipe(shape.fps);

/** The stream configuration as people write it; every field may be left out. */
export const ConfigPatchSchema = z
  .strictObject({
    resolution: z.union([ResolutionTextSchema, shape.resolution]).optional(),
    fps: z.union([FpsNumberSchema, FpsTextSchema, shape.fps]).optional(),
    bitrate: shape.bitrate.optional(),
    preset: shape.preset.optional(),
    audioBitrate: shape.audioBitrate.unwrap().optional(),
    audioChannels: shape.audioChannels.unwrap().optional(),
  })
  .meta({ id: 'ConfigPatch' });
