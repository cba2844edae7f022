import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { checkLayers } from './check-layers.js';
import { SceneAudioListSchema } from '../sound/scene-audio.js';
import { LayerSchema } from './layer.js';
import { ColorSchema, ExtentPxSchema, IdSchema, LocaleSchema, NameSchema } from './values.js';

/** A whole scene document. The order of `layers` is the stacking order, last on top. */
export const SceneSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    width: ExtentPxSchema.default(1920).meta({
      description:
        'Width of the canvas in pixels. The canvas is scaled to the resolution of the stream.',
    }),
    height: ExtentPxSchema.default(1080),
    background: ColorSchema.default('#000000'),
    locale: LocaleSchema.default('en').meta({
      description: 'Language of numbers and dates in the texts of the scene.',
    }),
    // Before the layers, as in what a patch without layers makes of a scene.
    audio: SceneAudioListSchema,
    layers: z.array(LayerSchema).max(LIMITS.layersPerScene).default([]),
  })
  .superRefine((scene, context) => {
    for (const { path, message } of checkLayers(scene.layers))
      context.addIssue({ code: 'custom', path: ['layers', ...path], message });
  })
  .meta({ id: 'Scene' });

/** A scene with every default filled in. */
export type Scene = z.infer<typeof SceneSchema>;
/** A scene as a user writes it. */
export type SceneInput = z.input<typeof SceneSchema>;

/** What the schema has given back. Scenes never change, so that checking one of them again would find the same. */
const checked = new WeakMap<object, Scene>();

/**
 * Checks scenes as SceneSchema does, and each only once: one that comes in is checked where it is taken, for an answer that
 * names its fields, and where it becomes part of the state. What it gives back must not be changed.
 */
export const SceneCheck = {
  safeParse(value: unknown): z.ZodSafeParseResult<Scene> {
    const known = typeof value === 'object' && value !== null ? checked.get(value) : undefined;
    if (known !== undefined) return { success: true, data: known };
    const result = SceneSchema.safeParse(value);
    if (result.success) checked.set(result.data, result.data);
    return result;
  },
};
