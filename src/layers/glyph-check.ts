import { walkLayers } from '../scene/layer-tree.js';
import type { Layer } from '../scene/schema/layer.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { fontCatalogue } from '../fonts/catalogue.js';
import { createMissingGlyphs } from '../render/text/missing-glyphs.js';
import { kindViewOf } from './views.js';

/** A layer with characters that no font has: they are drawn as boxes. */
export type LayerGlyphs = {
  readonly sceneId: string;
  readonly layer: Layer;
  /** Each of the characters once. */
  readonly characters: string;
};

/** Looks through all that a snapshot shows, scenes in it included. */
export type CheckGlyphs = (
  snapshot: Pick<SceneSnapshot, 'scene' | 'nested' | 'fonts'>,
) => LayerGlyphs[];

/** A check that looks at every layer once: what is known of it hangs on the layer, which never changes. */
export function createGlyphCheck(): CheckGlyphs {
  const find = createMissingGlyphs();
  const known = new WeakMap<Layer, string>();
  const missingOf = (layer: Layer): string => {
    const found = known.get(layer) ?? find(kindViewOf(layer).spans(layer)).join('');
    known.set(layer, found);
    return found;
  };
  return ({ scene, nested, fonts }) => {
    fontCatalogue().add(fonts);
    return [...(scene === null ? [] : [scene]), ...Object.values(nested)].flatMap((one) =>
      [...walkLayers(one.layers)].flatMap(({ layer }) => {
        const characters = missingOf(layer);
        return characters === '' ? [] : [{ sceneId: one.id, layer, characters }];
      }),
    );
  };
}

/** Tells of each layer with characters that no font has, once for each version of it. */
export function createGlyphWatch(
  check: CheckGlyphs,
  tell: (found: LayerGlyphs) => void,
): (snapshot: Parameters<CheckGlyphs>[0]) => void {
  const told = new WeakSet<Layer>();
  return (snapshot) => {
    for (const found of check(snapshot)) {
      if (told.has(found.layer)) continue;
      told.add(found.layer);
      tell(found);
    }
  };
}
