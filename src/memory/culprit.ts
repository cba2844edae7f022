import { CULPRIT_OFFSET } from './map.js';

/**
 * Which layer the compositor is at, so that whoever watches it knows of what it died. One word: the hash of the layer's
 * name, 0 for none. One writer, the compositor; read once its thread has ended, so it needs no ordering.
 */

/** A layer of a scene. */
export type LayerName = { readonly sceneId: string | null; readonly layerId: string };

/** FNV-1a, 32 bits, of the name; never 0. http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashOfLayer({ sceneId, layerId }: LayerName): number {
  let hash = 0x811c9dc5;
  const name = `${sceneId ?? ''}\n${layerId}`;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash | 0 || 1;
}

function wordOf(memory: WebAssembly.Memory): Int32Array<SharedArrayBuffer> {
  return new Int32Array(memory.buffer, CULPRIT_OFFSET, 1);
}

/** What a test has a layer do to the thread that draws it. */
export type InjectedFault = {
  readonly layerId: string;
  /** `hang`: it never returns. `exit`: the thread ends on the spot. */
  readonly kind: 'hang' | 'exit';
};

/** Says on whose behalf something is done. */
export interface Culprit {
  /** Does something for a layer, which is the one to blame meanwhile. */
  during<T>(name: LayerName, work: () => T): T;
}

/** Where nobody watches. */
export const NO_CULPRIT: Culprit = { during: (_name, work) => work() };

/** The compositor's side. */
export class CulpritWriter implements Culprit {
  readonly #word: Int32Array<SharedArrayBuffer>;
  readonly #faults: readonly InjectedFault[];

  /** @param faults - none but in tests */
  constructor(memory: WebAssembly.Memory, faults: readonly InjectedFault[]) {
    this.#word = wordOf(memory);
    this.#faults = faults;
    this.#word[0] = 0;
  }

  during<T>(name: LayerName, work: () => T): T {
    const outer = this.#word[0] ?? 0;
    this.#word[0] = hashOfLayer(name);
    try {
      if (this.#faults.length > 0) this.#inject(name.layerId);
      return work();
    } finally {
      this.#word[0] = outer;
    }
  }

  #inject(layerId: string): void {
    const fault = this.#faults.find((one) => one.layerId === layerId);
    if (fault === undefined) return;
    if (fault.kind === 'exit') process.exit();
    for (;;);
  }
}

/** The hash of the layer at which a compositor that has ended was; null: at none. */
export function readCulprit(memory: WebAssembly.Memory): number | null {
  return wordOf(memory)[0] || null;
}
