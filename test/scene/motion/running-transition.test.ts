import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginTransition,
  prunedTransition,
  shotsBehind,
  transitionShareAt,
  type RunningTransition,
  type SceneShot,
} from '../../../src/scene/motion/running-transition.js';
import { EMPTY_STAGE } from '../../../src/scene/motion/stage.js';
import { SceneTransitionSchema } from '../../../src/scene/schema/scene-transition.js';
import { SceneSchema } from '../../../src/scene/schema/scene.js';
import { RunningTransitionSchema } from '../../../src/scene/motion/running-transition-schema.js';

const FADE = SceneTransitionSchema.parse({ type: 'fade', durationMs: 1000 });

function shotOf(id: string, transition: RunningTransition | null = null): SceneShot {
  return { scene: SceneSchema.parse({ id }), stage: EMPTY_STAGE, takenAtMs: 5, transition };
}

function idsOf(transition: RunningTransition | null): unknown[] {
  return shotsBehind(transition).map(({ from }) => from.scene?.id);
}

test('a cut leaves nothing behind', () => {
  assert.equal(beginTransition({ type: 'cut' }, shotOf('a'), 100), null);
});

test('its share goes from 0 to 1 in its time', () => {
  const running = beginTransition(FADE, shotOf('a'), 100);
  assert.ok(running !== null);
  assert.deepEqual(
    [0, 100, 350, 1100, 9999].map((atMs) => transitionShareAt(running, atMs)),
    [0, 0, 0.25, 1, 1],
  );
});

test('one that is interrupted is seen on behind the next, but not three of them', () => {
  const first = beginTransition(FADE, shotOf('a'), 0);
  const second = beginTransition(FADE, shotOf('b', first), 500);
  assert.deepEqual(idsOf(second), ['b', 'a']);
  const third = beginTransition(FADE, shotOf('c', second), 900);
  assert.deepEqual(idsOf(third), ['c', 'b']);
  assert.deepEqual(RunningTransitionSchema.parse(JSON.parse(JSON.stringify(third))), third);
});

test('what is over is left out', () => {
  const first = beginTransition(FADE, shotOf('a'), 0);
  const second = beginTransition(FADE, shotOf('b', first), 500);
  assert.equal(prunedTransition(second, 600), second);
  assert.deepEqual(idsOf(prunedTransition(second, 1000)), ['b']);
  assert.equal(prunedTransition(second, 1500), null);
  assert.deepEqual(idsOf(beginTransition(FADE, shotOf('c', second), 1200)), ['c', 'b']);
});
