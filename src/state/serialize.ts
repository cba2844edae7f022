import type { ServiceState } from './model.js';

/** A state as JSON. */
export type SerializeState = (state: ServiceState) => string;

/**
 * A serializer that remembers the text of every scene, which is where the bulk is: a command that touches one scene
 * costs the text of that scene and not of two hundred. Scenes are immutable, so a text never goes stale.
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
    const { scenes, assets, ...rest } = state;
    const head = JSON.stringify(rest).slice(0, -1);
    const json = `${head},"assets":[${assets.map(textOf).join(',')}],"scenes":[${scenes.map(textOf).join(',')}]}`;
    last = { state, json };
    return json;
  };
}
