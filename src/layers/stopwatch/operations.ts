import { LayerSchema } from '../../scene/schema/layer.js';
import type { StopwatchAction } from '../../state/command.js';
import { jsonOperation, NO_BODY, type Operation } from '../../api/operation.js';
import {
  findLayer,
  findScene,
  LAYER_PARAMS,
  resolveSceneId,
} from '../../api/operations/scene-lookup.js';

const ACTIONS: readonly (readonly [StopwatchAction, summary: string, description: string])[] = [
  [
    'start',
    'Start a stopwatch',
    'The stopwatch continues from the time it shows. If it is already running, nothing changes.',
  ],
  ['pause', 'Pause a stopwatch', 'The stopwatch stops at the time it shows.'],
  [
    'reset',
    'Reset a stopwatch',
    'The stopwatch stops at its initial value, and its laps are removed.',
  ],
  ['lap', 'Record a lap', 'The time counted by a running stopwatch is appended to its `laps`.'],
];

/** Operations on stopwatches. */
export const STOPWATCH_OPERATIONS: readonly Operation[] = ACTIONS.map(
  ([action, summary, description]) =>
    jsonOperation({
      name: `stopwatch.${action}`,
      summary,
      description,
      tag: 'scenes',
      method: 'POST',
      transactional: true,
      path: `/api/scenes/{sceneId}/layers/{layerId}/stopwatch/${action}`,
      status: 200,
      params: LAYER_PARAMS,
      body: NO_BODY,
      output: LayerSchema,
      errors: ['SM_SCENE_UNKNOWN', 'SM_LAYER_UNKNOWN', 'SM_LAYER_KIND'],
      example: {},
      handle: async (context, { layerId, ...params }) => {
        const sceneId = resolveSceneId(context.state, params.sceneId);
        const { after } = await context.dispatch({
          type: 'stopwatch.control',
          sceneId,
          layerId,
          action,
          atMs: context.now(),
        });
        return findLayer(findScene(after, sceneId), layerId);
      },
    }),
);
