import { z } from 'zod';
import { SceneTransitionSchema } from '../schema/scene-transition.js';
import { SceneSchema } from '../schema/scene.js';
import type { RunningTransition, SceneShot } from './running-transition.js';
import { StageSchema } from './stage-schema.js';

/** A running transition as it is stored. */
export const RunningTransitionSchema: z.ZodType<RunningTransition> = z.strictObject({
  kind: SceneTransitionSchema,
  startMs: z.number(),
  from: z.lazy(() => SceneShotSchema),
});

const SceneShotSchema: z.ZodType<SceneShot> = z.strictObject({
  scene: SceneSchema.nullable(),
  stage: StageSchema,
  takenAtMs: z.number(),
  transition: RunningTransitionSchema.nullable(),
});
