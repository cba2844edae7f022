import { SceneSchema } from '../../src/scene/schema/scene.js';

/** The fields of a scene's only layer that did not fit, as dotted paths with what is said of them. */
export function complaintsAbout(layer: Record<string, unknown>): Record<string, string> {
  const { error } = SceneSchema.safeParse({ id: 's', layers: [{ id: 'a', ...layer }] });
  return Object.fromEntries(
    (error?.issues ?? []).map((issue) => [
      issue.path.slice(2).map(String).join('.'),
      issue.message,
    ]),
  );
}
