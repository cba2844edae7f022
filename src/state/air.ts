import { isDeepStrictEqual } from 'node:util';
import { familiesIn, isNamed } from '../scene/font-families.js';
import { type SceneShot, shotsBehind } from '../scene/motion/running-transition.js';
import { EMPTY_STAGE, leavingLayers, type Stage } from '../scene/motion/stage.js';
import { assetsOfScene, scenesShownWith } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';
import type { VariableProblem } from '../scene/variables/substitute-layer.js';
import { substitute } from '../scene/variables/substitute.js';
import type { Asset, ServiceState } from './model.js';
import { shotOf, shownScene, stageOf } from './staging.js';
import { assetsOfTransition } from '../scene/transition-facts.js';

/** What of the state is shown, on air or elsewhere, with the variables put in. */
export type AirState = SceneShot & {
  /** The scenes that are shown as layers, and those that they show. */
  readonly nested: readonly Scene[];
  /** What of their past is seen, by id, where there is any. */
  readonly stages: Readonly<Record<string, Stage>>;
  readonly assets: readonly Asset[];
  readonly problems: readonly SceneProblem[];
};

/** What could not be put into a scene. */
export type SceneProblem = VariableProblem & { readonly sceneId: string };

/** A scene with what leaves it as if it were there. */
function withLeaving({ scene, stage }: Pick<SceneShot, 'scene' | 'stage'>): Scene[] {
  return scene === null ? [] : [{ ...scene, layers: [...scene.layers, ...leavingLayers(stage)] }];
}

function problemsOf({ variables }: ServiceState, document: Scene): SceneProblem[] {
  const { problems } = substitute(document, variables);
  return problems.map((problem) => ({ ...problem, sceneId: document.id }));
}

/** A shot with all that belongs to it. */
function airOf(state: ServiceState, shot: SceneShot): AirState {
  const running = shotsBehind(shot.transition);
  const documents = new Map(state.scenes.map((scene) => [scene.id, scene]));
  const find = (id: string): Scene | null => {
    const document = documents.get(id);
    return document === undefined ? null : substitute(document, state.variables).scene;
  };
  const findAll = (id: string): Scene | null =>
    withLeaving({ scene: find(id), stage: stageOf(state, id) })[0] ?? null;
  const outer = [shot, ...running.map(({ from }) => from)].flatMap(withLeaving);
  const shown = outer.flatMap((scene) => scenesShownWith(scene, findAll));
  const nestedIds = new Set(shown.filter((scene) => !outer.includes(scene)).map(({ id }) => id));
  const nested = [...nestedIds].flatMap((id) => find(id) ?? []);
  const assetIds = new Set([
    ...shown.flatMap((scene) => [...assetsOfScene(scene)]),
    ...running.flatMap(({ kind }) => assetsOfTransition(kind)),
  ]);
  const families = new Set(shown.flatMap((scene) => [...familiesIn(scene)]));
  return {
    ...shot,
    nested,
    stages: Object.fromEntries(Object.entries(state.stages).filter(([id]) => nestedIds.has(id))),
    assets: state.assets.filter(
      ({ id, font }) => assetIds.has(id) || (font !== null && isNamed(font.family, families)),
    ),
    problems: [shot.scene, ...nested].flatMap((scene) => {
      const document = scene === null ? undefined : documents.get(scene.id);
      return document === undefined ? [] : problemsOf(state, document);
    }),
  };
}

/** The scene on air, what it comes from, and the assets that these show. */
export function airStateOf(state: ServiceState): AirState {
  return airOf(state, shotOf(state));
}

/** The same of the scene in preview, which is just there. */
export function previewStateOf(state: ServiceState): AirState {
  return sceneAirStateOf(state, state.preview?.sceneId ?? null, state.preview?.loadedAtMs ?? 0);
}

/**
 * What would be shown if a scene had gone on air at `takenAtMs`; a scene that is not there shows nothing. What is
 * still seen of its past belongs to where it is: elsewhere it is as its document says.
 */
export function sceneAirStateOf(
  state: ServiceState,
  sceneId: string | null,
  takenAtMs: number,
): AirState {
  const { program, preview } = state;
  const scene = shownScene(state, sceneId);
  const isOnAir = program.sceneId === sceneId && program.takenAtMs === takenAtMs;
  const isInPreview =
    preview !== null && preview.sceneId === sceneId && preview.loadedAtMs === takenAtMs;
  const isThere = scene !== null && (isOnAir || isInPreview);
  return airOf(isThere ? state : { ...state, stages: {} }, {
    scene,
    takenAtMs,
    transition: null,
    stage: isThere ? stageOf(state, scene.id) : EMPTY_STAGE,
  });
}

/** Whether two states look the same on air. Parts that did not change are the same objects. */
export function isSameOnAir(a: AirState, b: AirState): boolean {
  return (
    a.scene === b.scene &&
    a.stage === b.stage &&
    a.takenAtMs === b.takenAtMs &&
    a.transition === b.transition &&
    isSameList(a.nested, b.nested) &&
    isSameList(Object.values(a.stages), Object.values(b.stages)) &&
    isSameList(a.assets, b.assets)
  );
}

/** What has come to fail and was not reported before. Variables that are not there yet are no failure. */
export function newProblems<T extends Pick<VariableProblem, 'kind'>>(
  before: { readonly problems: readonly T[] },
  after: { readonly problems: readonly T[] },
): T[] {
  return after.problems.filter(
    (problem) =>
      problem.kind !== 'unknown-variable' &&
      !before.problems.some((known) => isDeepStrictEqual(known, problem)),
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
