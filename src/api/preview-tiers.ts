import { z } from 'zod';
import type { PreviewTier } from '../preview/contract.js';

/**
 * Previews come in steps, so that viewers share them: each tier is scaled and compressed once per picture, however
 * many look at it. A wish is taken to the next step that is not less.
 */
const WIDTH_STEPS_PX = [160, 240, 320, 480, 640, 854, 960, 1280, 1600, 1920] as const;
const FPS_STEPS = [1, 2, 5, 10, 15, 20, 25, 30, 50, 60] as const;
const QUALITY_STEPS = [20, 35, 50, 65, 75, 85, 95] as const;

const width = z.coerce.number().min(1).max(1920);
const quality = z.coerce.number().min(1).max(100);

/** Query of a running preview. */
export const PreviewQuerySchema = z.strictObject({
  width: width.default(640).meta({
    description: 'Width of the picture in pixels, 160 to 1920; rounded up to the next step.',
  }),
  fps: z.coerce
    .number()
    .min(1)
    .max(60)
    .default(30)
    .meta({ description: 'Pictures per second, 1 to 60; rounded up to the next step.' }),
  quality: quality
    .default(75)
    .meta({ description: 'JPEG quality, 20 to 95; rounded up to the next step.' }),
});

/** What is looked at: what is on air, or the scene in preview. */
export const PREVIEW_SOURCES = ['program', 'preview'] as const;
export type PreviewSource = (typeof PREVIEW_SOURCES)[number];

/** Query of /ws/preview. */
export const SocketQuerySchema = PreviewQuerySchema.extend({
  source: z.enum(PREVIEW_SOURCES).default('program'),
});

/** Query of one picture. */
export const PictureQuerySchema = PreviewQuerySchema.pick({ width: true, quality: true });

function stepUp(steps: readonly number[], wish: number): number {
  return steps.find((step) => step >= wish) ?? steps.at(-1) ?? wish;
}

/** The tier for a checked wish. */
export function toTier(wish: z.infer<typeof PreviewQuerySchema>): PreviewTier {
  return {
    widthPx: stepUp(WIDTH_STEPS_PX, wish.width),
    fps: stepUp(FPS_STEPS, wish.fps),
    quality: stepUp(QUALITY_STEPS, wish.quality),
  };
}

/** Same text for same tiers. */
export function tierKey({ widthPx, fps, quality: level }: PreviewTier): string {
  return `preview/${widthPx}/${fps}/${level}`;
}
