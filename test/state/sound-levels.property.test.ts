import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/core/errors.js';
import type { Scene, SceneInput } from '../../src/scene/schema/scene.js';
import type { SceneTransition } from '../../src/scene/schema/scene-transition.js';
import type { Transition } from '../../src/scene/schema/transition.js';
import { amplitudeOf, isOver, levelAt, restingLevels } from '../../src/scene/sound/levels.js';
import { airSoundOf } from '../../src/state/air-sound.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, NOW, sceneOf } from './samples.js';

const AT_MS = 1_700_000_000_000;
const SOURCES = ['music', 'talk', 'always', 'never'];
const SCENES = ['a', 'b', 'c'];
const TITLE = {
  id: 'title',
  type: 'text',
  text: 'x',
  exit: { type: 'fade', durationMs: 400 },
} as const;

const START = [
  ...SOURCES.map((id): Command => {
    const scope = id === 'always' ? 'program' : id === 'never' ? 'scenes' : 'auto';
    const strip = id === 'talk' ? { bindings: { gainDb: 'gain', muted: 'off' } } : {};
    const item = { id, content: { kind: 'tone' }, scope, strip };
    return { type: 'sound.create', list: 'sources', item, ...NOW };
  }),
  ...SCENES.map((id): Command => {
    const audio = id === 'a' ? [{ source: 'music', gainDb: -6 }, { source: 'talk' }] : [];
    return { type: 'scene.create', scene: sceneOf({ id, layers: [TITLE], audio }) };
  }),
].reduce((state, command) => reduce(state, command).state, emptyState());

/** A change at a moment that is not known yet. */
type Change = {
  readonly command: (atMs: number) => Command;
  /** Nothing may jump. */
  readonly isGradual: boolean;
};

const gainDb = fc.constantFrom(-120, -20, -6, 0, 6);
const easing = fc.constantFrom('linear', 'ease-in-out', 'ease-out-back', 'spring');
const durationMs = fc.integer({ min: 1, max: 3000 });
const transition: fc.Arbitrary<Transition | null> = fc.option(
  fc.record({ durationMs, easing, delayMs: fc.constantFrom(0, 0, 300) }),
  { nil: null },
);
const ownFadeMs = fc.option(durationMs, { nil: null });
const sceneId = fc.constantFrom(...SCENES);
const sourceId = fc.constantFrom(...SOURCES);

const audio: fc.Arbitrary<NonNullable<SceneInput['audio']>> = fc.uniqueArray(
  fc.record({
    source: sourceId,
    gainDb,
    fadeInMs: ownFadeMs,
    fadeOutMs: ownFadeMs,
    layer: fc.constantFrom(null, null, 'title', 'nobody'),
  }),
  { selector: ({ source }) => source, maxLength: 4 },
);

const take: fc.Arbitrary<SceneTransition> = fc.oneof(
  fc.constant<SceneTransition>({ type: 'cut' }),
  fc.record({ type: fc.constant('fade' as const), durationMs, easing }),
  durationMs.map((ms): SceneTransition => {
    return { type: 'stinger', asset: 's', durationMs: ms, cutAtMs: 0 };
  }),
);

/** A change with a transition, or without. */
function changing<T>(
  fields: fc.Arbitrary<T>,
  toCommand: (fields: T, moment: { atMs: number; transition: Transition | null }) => Command,
): fc.Arbitrary<Change> {
  return fc.tuple(fields, transition).map(([given, way]) => {
    const command = (atMs: number): Command => toCommand(given, { atMs, transition: way });
    return { command, isGradual: way !== null };
  });
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(sceneId, take).map(([id, kind]): Change => {
    return {
      command: (atMs) => ({ type: 'scene.activate', sceneId: id, atMs, transition: kind }),
      isGradual: kind.type !== 'cut',
    };
  }),
  changing(fc.tuple(sceneId, audio), ([id, entries], moment) => {
    return { type: 'scene.patch', sceneId: id, patch: { audio: entries }, ...moment };
  }),
  changing(fc.tuple(sceneId, fc.boolean()), ([id, visible], moment) => {
    const patch = { visible };
    return { type: 'layer.patch', sceneId: id, layerId: 'title', patch, index: null, ...moment };
  }),
  changing(fc.record({ gain: gainDb, off: fc.boolean() }), (values, moment) => {
    return { type: 'variables.set', values, ...moment };
  }),
  changing(fc.tuple(sourceId, gainDb, fc.boolean()), ([id, gain, solo], moment) => {
    const patch = { solo, strip: { gainDb: gain } };
    return { type: 'sound.patch', list: 'sources', id, patch, ...moment };
  }),
  changing(
    fc.tuple(sourceId, fc.constantFrom('auto', 'program', 'scenes')),
    ([id, scope], moment) => {
      return { type: 'sound.patch', list: 'sources', id, patch: { scope }, ...moment };
    },
  ),
  sceneId.map((id): Change => {
    return { command: () => ({ type: 'scene.remove', sceneId: id }), isGradual: false };
  }),
  fc.tuple(sceneId, audio).map(([id, entries]): Change => {
    const scene = sceneOf({ id, layers: [TITLE], audio: entries });
    return { command: () => ({ type: 'scene.create', scene }), isGradual: false };
  }),
);

/** What scenes let through of a source, as it is written down: nothing of its past counts. */
function expectedThrough(state: ServiceState, id: string, scope: string): number {
  const entryIn = (scene: Scene | undefined): Scene['audio'][number] | undefined =>
    scene?.audio.find(({ source }) => source === id);
  const onAir = state.scenes.find((scene) => scene.id === state.program.sceneId);
  const entry = entryIn(onAir);
  if (entry !== undefined) {
    const follows = onAir?.layers.find((layer) => layer.id === entry.layer);
    const isHidden = entry.layer !== null && follows?.visible !== true;
    return isHidden ? 0 : amplitudeOf(entry.gainDb);
  }
  const isNamed = state.scenes.some((scene) => entryIn(scene) !== undefined);
  return scope === 'scenes' || (scope === 'auto' && isNamed) ? 0 : 1;
}

function levelsAt(state: ServiceState, timeMs: number): Map<string, number> {
  const sound = airSoundOf(state);
  return new Map(
    [...restingLevels(sound)].map(([key, to]) => [key, levelAt(to, sound.ramps[key], timeMs)]),
  );
}

function isAsWritten(state: ServiceState): void {
  const levels = levelsAt(state, Infinity);
  const isSoloed = state.sound.sources.some(({ solo }) => solo);
  const { gain, off } = state.variables;
  for (const { id, scope, solo, strip } of state.sound.sources) {
    assert.equal(levels.get(`scene:${id}`), expectedThrough(state, id, scope), `scene:${id}`);
    const isBound = id === 'talk' && typeof gain === 'number';
    const own = isBound ? amplitudeOf(gain) : amplitudeOf(strip.gainDb);
    const isMuted = (isSoloed && !solo) || (id === 'talk' && off === true);
    assert.equal(levels.get(`source:${id}`), isMuted ? 0 : own, `source:${id}`);
  }
}

/** What may be refused: scenes that are there already, not there, or on air. */
function reduced(state: ServiceState, command: Command): ServiceState | null {
  try {
    return reduce(state, command).state;
  } catch (error) {
    if (error instanceof AppError && /^SM_SCENE_/.test(error.code)) return null;
    throw error;
  }
}

/** The levels that a strip mutes by itself. */
function mutedIn(state: ServiceState): ReadonlySet<string> {
  const { sources, buses, master } = airSoundOf(state);
  return new Set([
    ...sources.flatMap(({ id, strip }) => (strip.muted ? [`source:${id}`] : [])),
    ...buses.flatMap(({ id, strip }) => (strip.muted ? [`bus:${id}`] : [])),
    ...(master.muted ? ['master'] : []),
  ]);
}

test('no change makes a level jump but for what is cut, and at rest all is as it is written', () => {
  let jumps = 0;
  let fades = 0;
  const steps = fc.array(fc.tuple(changes, fc.integer({ min: 0, max: 1500 })), { maxLength: 25 });
  fc.assert(
    fc.property(steps, (all) => {
      let state = START;
      let atMs = AT_MS;
      for (const [change, pauseMs] of all) {
        atMs += pauseMs;
        const next = reduced(state, change.command(atMs));
        if (next === null) continue;
        const [before, after, rest] = [
          levelsAt(state, atMs),
          levelsAt(next, atMs),
          levelsAt(next, Infinity),
        ];
        const restBefore = levelsAt(state, Infinity);
        for (const [key, level] of after) {
          const was = before.get(key) ?? NaN;
          const isSteady = Math.abs(level - was) < 1e-9;
          if (level !== rest.get(key)) fades += 1;
          if (isSteady) continue;
          jumps += 1;
          assert.ok(
            !change.isGradual,
            `${key} jumps from ${was} to ${level} in spite of a transition`,
          );
          assert.equal(level, rest.get(key), `${key} is neither where it was nor where it goes`);
          // What is muted on its way to silence comes to where it went, and at once.
          const isMuted = !mutedIn(state).has(key) && mutedIn(next).has(key);
          const isConcerned = isMuted || rest.get(key) !== restBefore.get(key);
          assert.ok(isConcerned, `${key} jumps, and nothing concerns it`);
        }
        isAsWritten(next);
        state = next;
      }
      // What is over goes with the next change.
      const later = reduce(state, {
        type: 'sound.master',
        patch: { gainDb: -1 },
        atMs: atMs + 100_000,
        transition: null,
      }).state;
      assert.deepEqual(later.sound.ramps, {});
      assert.ok(Object.values(state.sound.ramps).every((ramp) => !isOver(ramp, ramp.startMs - 1)));
    }),
    { numRuns: 300 },
  );
  assert.ok(jumps > 100 && fades > 100, `${jumps} cuts, ${fades} fades`);
});
