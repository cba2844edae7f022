import { z } from 'zod';
import { type FrameRate, frameTimeMs } from '../../core/rational.js';
import { SCENE_LIMITS } from '../../scene/limits.js';
import type { ServiceState } from '../../state/model.js';
import type { StateStore } from '../../state/port.js';
import type { StillFormat } from '../../still/contract.js';
import type { Header } from '../exchange.js';
import type { RawOperation } from '../operation.js';
import type { SnapshotService, StillService } from '../ports.js';
import { validate } from '../validation.js';
import { findScene, SceneIdSchema } from './scene-lookup.js';

/** More than a year at 60 frames per second. */
const MAX_FRAME = 2_000_000_000;
const MAX_WIDTH_PX = 1920;
const DEFAULT_QUALITY = 90;

/** What the clocks of a scene show that is neither on air nor in preview, at its scene time 0. */
const UNSEEN_WALL_TIME_MS = Date.UTC(2000, 0, 1);

const FORMATS = { png: 'image/png', jpeg: 'image/jpeg', raw: 'application/octet-stream' } as const;

const RenderQuerySchema = z
  .strictObject({
    id: SceneIdSchema,
    frame: z.coerce.number().int().min(0).max(MAX_FRAME).optional().meta({
      description: 'Frame number, counted from scene time 0 at the frame rate of the stream.',
      example: 90,
    }),
    timeMs: z.coerce.number().min(0).max(SCENE_LIMITS.timerOffsetMs).optional().meta({
      description: 'Scene time in milliseconds, as an alternative to `frame`. Default: 0.',
      example: 1500,
    }),
    wallTime: z.iso.datetime({ offset: true }).optional().meta({
      description:
        'Wall-clock time that clocks and countdowns show. Default: the time at which the scene is or was at this scene time. For a scene that is neither on air nor in preview, scene time 0 is 2000-01-01T00:00:00Z.',
      example: '2026-05-01T20:00:00Z',
    }),
    format: z.enum(['png', 'jpeg', 'raw']).default('png').meta({
      description:
        'Format of the response. `raw` is the unencoded program frame: I420 (BT.709, limited range), planes without padding.',
    }),
    width: z.coerce.number().int().min(32).max(MAX_WIDTH_PX).optional().meta({
      description:
        'Width of a scaled PNG or JPEG in pixels, rounded to an even number. Default: the width of the stream.',
    }),
    quality: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({
        description: `Quality of a JPEG. Default: ${DEFAULT_QUALITY}.`,
      }),
  })
  .superRefine(({ frame, timeMs, format, width, quality }, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (frame !== undefined && timeMs !== undefined)
      refuse('frame', 'cannot be combined with timeMs');
    if (width !== undefined && format === 'raw')
      refuse('width', 'cannot be combined with format raw');
    if (quality !== undefined && format !== 'jpeg') refuse('quality', 'requires format jpeg');
  });
type RenderQuery = z.output<typeof RenderQuerySchema>;

export type RenderDeps = {
  readonly store: StateStore;
  readonly stills: StillService;
  readonly snapshots: SnapshotService;
};

/** Frames of scenes, without a stream. */
export function createRenderOperations(deps: RenderDeps): RawOperation[] {
  return [
    {
      kind: 'raw',
      name: 'scenes.render',
      summary: 'Render one frame of a scene',
      description:
        'Renders the frame with the same code as the program, at the resolution of the stream, after the pictures of the scene have been decoded; the stream need not be live. The same scene at the same time always produces the same bytes. `ETag` and `X-Frame-Hash` are the SHA-256 of the program frame (I420) for every format.',
      tag: 'scenes',
      method: 'GET',
      path: '/api/scenes/{id}/render',
      params: RenderQuerySchema,
      errors: [
        'SM_REQUEST_INVALID',
        'SM_SCENE_UNKNOWN',
        'SM_RENDER_BUSY',
        'SM_RENDER_TIMEOUT',
        'SM_THREAD_EXITED',
      ],
      open: false,
      isCounted: true,
      hidden: false,
      responses: {
        200: {
          description:
            'The picture as image/png; image/jpeg with `format=jpeg`, application/octet-stream with `format=raw`',
          mediaType: 'image/png',
          schema: null,
        },
        304: { description: 'The frame matches If-None-Match', mediaType: null, schema: null },
      },
      respond: async (exchange, params) => {
        const query = validate(RenderQuerySchema, params);
        const still = await render(deps, query);
        const etag = `"${still.frameHash}"`;
        const headers: Header[] = [
          ['ETag', etag],
          ['X-Frame-Hash', `sha-256=${still.frameHash}`],
          ['Cache-Control', 'no-cache'],
        ];
        if (exchange.header('if-none-match') === etag) {
          exchange.send(304, headers, null);
          return;
        }
        exchange.send(200, [['Content-Type', FORMATS[query.format]], ...headers], still.bytes);
      },
    },
  ];
}

async function render({ store, stills, snapshots }: RenderDeps, query: RenderQuery) {
  const { state } = store;
  const scene = findScene(state, query.id);
  const timeMs = timeOf(query, state.config.fps);
  const takenAtMs = takenAtOf(state, scene.id);
  const { width, height } = state.config.resolution;
  return stills.render({
    snapshot: snapshots.snapshotOf(state, scene.id, takenAtMs),
    timeMs,
    wallTimeMs: query.wallTime === undefined ? takenAtMs + timeMs : Date.parse(query.wallTime),
    width,
    height,
    format: query.format satisfies StillFormat,
    scaledWidth: query.width ?? null,
    quality: query.quality ?? DEFAULT_QUALITY,
  });
}

function timeOf({ frame, timeMs }: RenderQuery, rate: FrameRate): number {
  return frame === undefined ? (timeMs ?? 0) : frameTimeMs(frame, rate);
}

/** Wall-clock moment of the scene's time 0: of the program when it is there, else of the preview. */
function takenAtOf({ program, preview }: ServiceState, sceneId: string): number {
  if (program.sceneId === sceneId) return program.takenAtMs;
  if (preview?.sceneId === sceneId) return preview.loadedAtMs;
  return UNSEEN_WALL_TIME_MS;
}
