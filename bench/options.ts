import { parseArgs } from 'node:util';
import { SCENE_NAMES, type SceneName } from './reference-scene.js';

/** What the command line asks for. */
export type BenchOptions = {
  /** Names of parts; empty: all. */
  readonly parts: readonly string[];
  readonly jsonPath: string | null;
  readonly seconds: number | null;
  readonly quick: boolean;
  /** Null: each part takes its own. */
  readonly scenes: readonly SceneName[] | null;
  readonly outPath: string | null;
};

/**
 * Reads `parts… [--json FILE] [--seconds N] [--quick] [--scenes NAME,NAME] [--out FILE]`.
 * @param known the names that parts may have
 * @throws Error with a message for people when something does not fit
 */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      scenes: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no part ${unknown.join(', ')}. The parts are: ${known.join(', ')}.`);
  }
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0 && seconds <= 86_400)) {
    throw new Error('--seconds takes a number above 0, at most 86400.');
  }
  return {
    parts: positionals,
    jsonPath: values.json ?? null,
    seconds,
    quick: values.quick,
    scenes: toSceneNames(values.scenes),
    outPath: values.out ?? null,
  };
}

function toSceneNames(list: string | undefined): SceneName[] | null {
  if (list === undefined) return null;
  return list.split(',').map((wanted) => {
    const name = SCENE_NAMES.find((known) => known === wanted);
    if (name === undefined)
      throw new Error(`There is no scene ${wanted}. The scenes are: ${SCENE_NAMES.join(', ')}.`);
    return name;
  });
}
