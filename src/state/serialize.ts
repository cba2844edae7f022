import type { ServiceState } from './model.js';

/** A state as JSON. */
export type SerializeState = (state: ServiceState) => string;

/**
 * A serializer that remembers the text of every scene, asset and batch, which is where the bulk is: a command that touches one
 * scene costs the text of that scene and not of two hundred. They are immutable, so a text never goes stale.
 */
export function createStateSerializer(): SerializeState {
  const texts = new WeakMap<object, string>();
  const textOf = (part: object): string => {
    const known = texts.get(part);
    if (known !== undefined) return known;
    const text = JSON.stringify(part);
    texts.set(part, text);
    return text;
  };
  let last: { readonly state: ServiceState; readonly json: string } | null = null;
  return (state) => {
    if (last?.state === state) return last.json;
    const { scenes, assets, batches, ...rest } = state;
    const head = JSON.stringify(rest).slice(0, -1);
    const list = (parts: readonly object[]): string => `[${parts.map(textOf).join(',')}]`;
    const json = `${head},"batches":${list(batches)},"assets":${list(assets)},"scenes":${list(scenes)}}`;
    last = { state, json };
    return json;
  };
}
