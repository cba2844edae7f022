import type { Leaving } from './stage.js';

/** What is in a stack: a layer of the document, or one that leaves it. */
export type Stacked<T> =
  | { readonly id: string; readonly layer: T; readonly leaving: null }
  | { readonly id: string; readonly layer: null; readonly leaving: Leaving };

/** Those that leave a group, or (null) the scene itself. */
export function leavingFrom(leaving: readonly Leaving[], groupId: string | null): Leaving[] {
  return leaving.filter(({ group }) => (group?.id ?? null) === groupId);
}

/** A stack as it is drawn, bottom to top: its layers, and those that leave it where they were. */
export function stackedWith<T extends { readonly id: string }>(
  layers: readonly T[],
  leaving: readonly Leaving[],
): Stacked<T>[] {
  const stack: Stacked<T>[] = layers.map((layer) => ({ id: layer.id, layer, leaving: null }));
  for (const one of leaving) {
    const below = stack.findLastIndex(({ id }) => id === one.aboveId);
    stack.splice(below + 1, 0, { id: one.layer.id, layer: null, leaving: one });
  }
  return stack;
}
