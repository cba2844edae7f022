import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { checkAnimatedFields } from './animated-fields.js';
import { LayerSchema } from './layer.js';
import { ColorSchema, ExtentPxSchema, IdSchema, NameSchema } from './values.js';

/** A whole scene document. The order of `layers` is the stacking order, last on top. */
export const SceneSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    width: ExtentPxSchema.default(1920).meta({
      description: 'The size that layers are placed in; scaled to the output.',
    }),
    height: ExtentPxSchema.default(1080),
    background: ColorSchema.default('#000000'),
    layers: z.array(LayerSchema).max(LIMITS.layersPerScene).default([]),
  })
  .superRefine((scene, context) => {
    const seen = new Set<string>();
    scene.layers.forEach((layer, i) => {
      if (seen.has(layer.id)) {
        context.addIssue({
          code: 'custom',
          path: ['layers', i, 'id'],
          message: 'must differ from every other layer of the scene',
        });
      }
      seen.add(layer.id);
      for (const { path, message } of checkAnimatedFields(layer)) {
        context.addIssue({ code: 'custom', path: ['layers', i, ...path], message });
      }
    });
  })
  .meta({ id: 'Scene' });

/** A scene with every default filled in. */
export type Scene = z.infer<typeof SceneSchema>;
/** A scene as a user writes it. */
export type SceneInput = z.input<typeof SceneSchema>;
