import type { SceneSnapshot } from '../compositor/contract.js';
import { hashOfLayer } from '../memory/culprit.js';
import { walkLayers } from '../scene/layer-tree.js';
import type { Layer } from '../scene/schema/layer.js';

/** A layer at which threads have ended so often is set aside. */
export const DEATHS_OF_A_POISONED_LAYER = 3;

/** Deaths are counted together within this time, milliseconds. */
const WINDOW_MS = 10 * 60_000;

/** How long a layer is set aside, milliseconds: doubled each time, from the first to the last. */
const FIRST_PAUSE_MS = 60_000;
const LAST_PAUSE_MS = 3_600_000;

/** Stands for deaths at no layer. */
const UNKNOWN = 0;

/** How a thread ended. */
export type Death = {
  /** The hash of the layer that it was at; null: at none. */
  readonly culprit: number | null;
  /** What it showed. */
  readonly snapshot: SceneSnapshot | null;
  readonly reason: string;
  readonly nowMs: number;
};

type Deaths = {
  deathsAtMs: number[];
  /** How often it has been set aside. */
  pauses: number;
  /** Until when it is set aside; 0: it is not. */
  untilMs: number;
  reason: string;
};

/** Every layer that a snapshot shows, in whatever scene or group, by the hash of its name. */
export function layersOf({ scene, nested }: SceneSnapshot): ReadonlyMap<number, Layer> {
  const scenes = [...(scene === null ? [] : [scene]), ...Object.values(nested)];
  const entries = scenes.flatMap(({ id, layers }) =>
    [...walkLayers(layers)].map(
      ({ layer }) => [hashOfLayer({ sceneId: id, layerId: layer.id }), layer] as const,
    ),
  );
  return new Map(entries);
}

/**
 * Which layers are not drawn because threads ended at them, so that a bad layer costs itself and not the stream. Where it
 * is not known at which layer they ended, all of the scene are set aside. They are tried again, ever more seldom.
 * Times are monotonic milliseconds.
 */
export class PoisonedLayers {
  readonly #records = new Map<number, Deaths>();

  /** A thread has ended while it showed a scene. */
  died({ culprit, snapshot, reason, nowMs }: Death): void {
    const record = this.#recordOf(culprit ?? UNKNOWN);
    record.deathsAtMs = [...record.deathsAtMs.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs];
    if (record.deathsAtMs.length < DEATHS_OF_A_POISONED_LAYER) return;
    record.deathsAtMs = [];
    if (culprit !== null) this.#pause(culprit, reason, nowMs);
    else if (snapshot !== null)
      for (const hash of layersOf(snapshot).keys()) this.#pause(hash, reason, nowMs);
  }

  /** The layers that are set aside, by the hash of their names, with the reason for people. */
  current(nowMs: number): ReadonlyMap<number, string> {
    const entries = [...this.#records].filter(([, { untilMs }]) => untilMs > nowMs);
    return new Map(entries.map(([hash, { reason }]) => [hash, reason]));
  }

  /** When the next of them is to be tried again; null when there are none. */
  nextTrialMs(nowMs: number): number | null {
    const times = [...this.#records.values()]
      .map(({ untilMs }) => untilMs)
      .filter((untilMs) => untilMs > nowMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** A layer that has been changed may have been mended: it is judged anew. Answers whether any was set aside. */
  changed(before: SceneSnapshot | null, after: SceneSnapshot): boolean {
    if (this.#records.size === 0) return false;
    const former = before === null ? new Map<number, Layer>() : layersOf(before);
    const layers = layersOf(after);
    const changed = [...this.#records.keys()].filter((hash) => {
      const layer = layers.get(hash);
      return hash !== UNKNOWN && layer !== undefined && layer !== former.get(hash);
    });
    for (const hash of changed) this.#records.delete(hash);
    return changed.length > 0;
  }

  #recordOf(hash: number): Deaths {
    const known = this.#records.get(hash);
    if (known !== undefined) return known;
    const record = { deathsAtMs: [], pauses: 0, untilMs: 0, reason: '' };
    this.#records.set(hash, record);
    return record;
  }

  #pause(hash: number, reason: string, nowMs: number): void {
    const record = this.#recordOf(hash);
    const pauseMs = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(record.pauses, 10));
    record.pauses += 1;
    record.untilMs = nowMs + pauseMs;
    record.reason = `The compositor ended ${DEATHS_OF_A_POISONED_LAYER} times while it drew this layer: ${reason}.`;
  }
}
