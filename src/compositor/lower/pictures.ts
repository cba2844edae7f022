import type { PictureContent } from '../../render/content.js';
import { UnfinishedText } from '../../render/text/allowance.js';
import { kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import { isBetweenPixelsIn } from './composed.js';
import type { LowerContext } from './context.js';
import { sized } from './views.js';
import type { GroupLayouts, PlacedBox } from './group-layout.js';

/** Pictures that layers need; not all when it depends on texts that are not set yet how large others are. */
export type FoundPictures = {
  readonly contents: readonly PictureContent[];
  readonly areAll: boolean;
};

/** A walk over the layers of a scene and those it shows. */
export type PictureWalk = {
  readonly layouts: GroupLayouts;
  readonly context: LowerContext;
  /** Layers that may still be looked at: scenes in scenes that are out of sight may hold any number. */
  room: number;
  /** Whether texts are not set yet on which it depends how large pictures are: those are left out. */
  hasUnfinishedText: boolean;
};

/** Whether there may be pictures in a layer; what has none need not be laid out to find them. */
function mayHavePictures({ layer, children }: CompiledLayer): boolean {
  if (layer.type === 'group') return children.some(mayHavePictures);
  return layer.type === 'scene' || kindViewOf(layer).pictures !== null;
}

/** How a stack is drawn. */
export type StackScale = {
  /** What a unit of it takes in program pixels at the most. */
  readonly scale: number;
  /** Whether what it is in is turned or on its way. */
  readonly isBetweenPixels: boolean;
};

/** The pictures of all layers of a stack, be they in sight or not, as large as they get. */
export function picturesOf(
  layers: readonly CompiledLayer[],
  boxes: readonly PlacedBox[] | null,
  { scale, isBetweenPixels }: StackScale,
  walk: PictureWalk,
): PictureContent[] {
  return layers.flatMap((compiled, i) => {
    walk.room -= 1;
    if (walk.room < 0) return [];
    try {
      const box = boxes?.[i] ?? null;
      const { context } = walk;
      if (context.refused(compiled.layer, context.sceneId) !== null) return [];
      const name = { sceneId: context.sceneId, layerId: compiled.layer.id };
      return context.culprit.during(name, () =>
        picturesOfLayer(compiled, box, { scale, isBetweenPixels }, walk),
      );
    } catch (error) {
      // Whatever else keeps it from being laid out is found again, and reported, when it is drawn.
      walk.hasUnfinishedText ||= error instanceof UnfinishedText;
      return [];
    }
  });
}

function picturesOfLayer(
  compiled: CompiledLayer,
  box: PlacedBox | null,
  { scale, isBetweenPixels }: StackScale,
  walk: PictureWalk,
): PictureContent[] {
  const { layouts, context } = walk;
  const layer = compiled.at(context.sceneTimeMs, context.programTimeMs, context.heard);
  const own = compiled.largest('scale', layer.scale) * scale;
  const within = (inner: number): StackScale => ({
    scale: inner,
    isBetweenPixels: isBetweenPixelsIn(compiled, isBetweenPixels),
  });
  if (layer.type === 'group') {
    if (!mayHavePictures(compiled)) return [];
    const inside = layouts.layOut(compiled, layer, { size: box, scale: own, context });
    return picturesOf(compiled.children, inside.boxes, within(own), walk);
  }
  if (layer.type !== 'scene') {
    const shown = sized(layer, box?.settled ?? box);
    const { picture, takenAtMs } = context;
    const how = { picture, scale: own, isBetweenPixels, takenAtMs };
    return [...(kindViewOf(shown).pictures?.(shown, how, compiled) ?? [])];
  }
  const nested = context.nested(layer.scene);
  if (nested === null) return [];
  const size = box ?? layouts.measure(compiled, layer, own, context);
  const fit = Math.min(size.width / nested.scene.width, size.height / nested.scene.height);
  return picturesOf(nested.layersAt(context.programTimeMs), null, within(own * fit), walk);
}
