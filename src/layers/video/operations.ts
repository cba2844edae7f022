import { z } from 'zod';
import type { OperationContext } from '../../api/context.js';
import { jsonOperation, NO_BODY, type Operation } from '../../api/operation.js';
import {
  findLayer,
  findScene,
  LAYER_PARAMS,
  resolveSceneId,
} from '../../api/operations/scene-lookup.js';
import { SCENE_LIMITS } from '../../scene/limits.js';
import { LayerSchema, type Layer } from '../../scene/schema/layer.js';
import { numberBetween } from '../../scene/schema/values.js';
import type { VideoAction } from '../../state/command.js';

const PATH = '/api/scenes/{sceneId}/layers/{layerId}/video';

const COMMON = {
  tag: 'scenes',
  method: 'POST',
  transactional: true,
  status: 200,
  params: LAYER_PARAMS,
  output: LayerSchema,
  errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND'],
} as const;

const SIMPLE: readonly (readonly [
  'pause' | 'resume' | 'restart',
  summary: string,
  description: string,
])[] = [
  [
    'pause',
    'Pause a video',
    'The picture shown at this moment stays. If the video is already paused, nothing changes.',
  ],
  [
    'resume',
    'Resume a paused video',
    'The video continues from the picture it shows. If it is not paused, nothing changes.',
  ],
  [
    'restart',
    'Play a video from its beginning',
    'The video plays from `inMs` on, with all repetitions of `loop`, also if it was paused or has ended.',
  ],
];

async function control(
  context: OperationContext,
  params: z.output<typeof LAYER_PARAMS>,
  action: VideoAction,
): Promise<Layer> {
  const { layerId } = params;
  const sceneId = resolveSceneId(context.state, params.sceneId);
  const atMs = context.now();
  const { after } = await context.dispatch({
    type: 'video.control',
    sceneId,
    layerId,
    action,
    atMs,
  });
  return findLayer(findScene(after, sceneId), layerId);
}

const SEEK = jsonOperation({
  ...COMMON,
  name: 'video.seek',
  summary: 'Go to a position in a video',
  description:
    'The video continues from this position, or shows the picture there if it is paused. In a batch with `at`, the very picture of this position is shown with the frame of the batch. On a layer that is not on air it sets where the video begins when its scene goes on air.',
  path: `${PATH}/seek`,
  body: z
    .strictObject({
      positionMs: numberBetween(0, SCENE_LIMITS.animationMs).meta({
        description:
          'Position in the video file, in milliseconds; between `inMs` and `outMs` of the layer.',
      }),
    })
    .meta({ id: 'VideoPosition' }),
  example: { positionMs: 12_000 },
  handle: (context, params, { positionMs }) =>
    control(context, params, { type: 'seek', positionMs }),
});

/** Operations on videos. */
export const VIDEO_OPERATIONS: readonly Operation[] = [
  ...SIMPLE.map(([type, summary, description]) =>
    jsonOperation({
      ...COMMON,
      name: `video.${type}`,
      summary,
      description,
      path: `${PATH}/${type}`,
      body: NO_BODY,
      example: {},
      handle: (context, params) => control(context, params, { type }),
    }),
  ),
  SEEK,
];
