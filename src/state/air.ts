import { isDeepStrictEqual } from 'node:util';
import type { Asset, ServiceState } from './model.js';
import { assetsOfScene, scenesShownWith } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import type { VariableProblem } from '../scene/variables/substitute-layer.js';
import { substitute } from '../scene/variables/substitute.js';

/** What of the state is shown, on air or elsewhere, with the variables put in. */
export type AirState = {
  readonly scene: Scene | null;
  /** The scenes that it shows as layers, and those that they show. */
  readonly nested: readonly Scene[];
  readonly takenAtMs: number;
  readonly assets: readonly Asset[];
  readonly problems: readonly SceneProblem[];
};

/** What could not be put into a scene. */
export type SceneProblem = VariableProblem & { readonly sceneId: string };

/** The scene on air and the assets that it shows. Parts of it that did not change are the same objects again. */
export function airStateOf(state: ServiceState): AirState {
  return sceneAirStateOf(state, state.program.sceneId, state.program.takenAtMs);
}

/** The same of the scene in preview. */
export function previewStateOf(state: ServiceState): AirState {
  return sceneAirStateOf(state, state.preview?.sceneId ?? null, state.preview?.loadedAtMs ?? 0);
}

/** What would be shown if a scene had gone on air at `takenAtMs`; a scene that is not there shows nothing. */
export function sceneAirStateOf(
  state: ServiceState,
  sceneId: string | null,
  takenAtMs: number,
): AirState {
  const document = state.scenes.find(({ id }) => id === sceneId) ?? null;
  const find = (id: string): Scene | null => state.scenes.find((one) => one.id === id) ?? null;
  const documents = document === null ? [] : scenesShownWith(document, find);
  const all = documents.map((one) => substitute(one, state.variables));
  const [scene = null, ...nested] = all.map((one) => one.scene);
  const shown = new Set(all.flatMap((one) => [...assetsOfScene(one.scene)]));
  return {
    scene,
    nested,
    takenAtMs,
    assets: state.assets.filter(({ id }) => shown.has(id)),
    problems: all.flatMap(({ problems, scene: { id: sceneId } }) =>
      problems.map((problem) => ({ ...problem, sceneId })),
    ),
  };
}

/** Whether two states look the same on air. Parts that did not change are the same objects. */
export function isSameOnAir(a: AirState, b: AirState): boolean {
  return (
    a.scene === b.scene &&
    a.takenAtMs === b.takenAtMs &&
    isSameList(a.nested, b.nested) &&
    isSameList(a.assets, b.assets)
  );
}

/** What has come to fail and was not told of before. Variables that are not there yet are no failure. */
export function newProblems(before: AirState, after: AirState): SceneProblem[] {
  return after.problems.filter(
    (problem) =>
      problem.kind !== 'unknown-variable' &&
      !before.problems.some((known) => isDeepStrictEqual(known, problem)),
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
