import { kindViewOf } from '../layers/views.js';
import type { Layer } from '../scene/schema/layer.js';
import { layersShown } from '../scene/shown-scenes.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import { hasSoundBindings } from '../scene/variables/sound-bindings.js';
import type { SceneTimeline } from './timeline.js';

/** Whether what a layer shows depends on the sound of the frame. */
function hearsSound(layer: Layer): boolean {
  return kindViewOf(layer).dependsOn === 'sound' || hasSoundBindings(layer);
}

/** Which scenes show the sound of the frame: found out once for each. */
export class HearingScenes {
  readonly #known = new WeakMap<SceneSnapshot, boolean>();

  /** Whether a frame may show sound. */
  has({ base, scheduled }: SceneTimeline): boolean {
    return (
      (base !== null && this.#hears(base)) ||
      scheduled.some(({ snapshot }) => this.#hears(snapshot))
    );
  }

  #hears(snapshot: SceneSnapshot): boolean {
    const known = this.#known.get(snapshot);
    if (known !== undefined) return known;
    const layers = [...layersShown(snapshot, Object.values(snapshot.nested))];
    const hears = layers.some(hearsSound);
    this.#known.set(snapshot, hears);
    return hears;
  }
}
