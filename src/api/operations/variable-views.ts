import { z } from 'zod';
import { walkLayers } from '../../scene/layer-tree.js';
import type { Scene } from '../../scene/schema/scene.js';
import { IdSchema } from '../../scene/schema/values.js';
import { valueAt, type Variables } from '../../scene/variables/json-value.js';
import { usedVariables } from '../../scene/variables/layer-expressions.js';
import { VariableValueSchema } from '../../scene/variables/schema.js';
import { substitute } from '../../scene/variables/substitute.js';

const UsedVariableSchema = z
  .strictObject({
    path: z
      .string()
      .meta({ description: 'Path of the variable as used in the scene.', example: 'bid.amount' }),
    value: VariableValueSchema.nullable().meta({
      description: 'Current value; null if the variable does not exist.',
    }),
    layers: z.array(IdSchema).meta({ description: 'Layers that use the variable.' }),
  })
  .meta({ id: 'UsedVariable' });

const VariableProblemSchema = z
  .strictObject({
    layerId: IdSchema,
    property: z.string().meta({ description: 'Field of the layer as a dotted path.' }),
    kind: z.enum(['unknown-variable', 'expression', 'value']),
    expression: z.string().meta({
      description: 'Expression as written; empty if the problem is not in an expression.',
    }),
    message: z.string(),
  })
  .meta({ id: 'VariableProblem' });

/** What a scene has to do with variables, as it is shown. */
export const SceneVariablesSchema = z
  .strictObject({ used: z.array(UsedVariableSchema), problems: z.array(VariableProblemSchema) })
  .meta({ id: 'SceneVariables' });

/** The variables that a scene uses, with their values, and what could not be put into it. */
export function toSceneVariables(
  scene: Scene,
  variables: Variables,
): z.infer<typeof SceneVariablesSchema> {
  const layersByPath = new Map<string, string[]>();
  for (const { layer } of walkLayers(scene.layers)) {
    for (const path of usedVariables(layer))
      layersByPath.set(path, [...(layersByPath.get(path) ?? []), layer.id]);
  }
  return {
    used: [...layersByPath].map(([path, layers]) => ({
      path,
      value: valueAt(variables, path) ?? null,
      layers,
    })),
    problems: substitute(scene, variables).problems.map((problem) => ({ ...problem })),
  };
}
