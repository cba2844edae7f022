import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { TransitionSchema } from '../../src/scene/schema/transition.js';
import { airStateOf, isSameOnAir } from '../../src/state/air.js';
import type { Command } from '../../src/state/command.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, sceneOf } from './samples.js';

const SLOWLY = TransitionSchema.parse({ durationMs: 1000 });

function withScene(layers: LayerInput[], ...more: Command[]): ServiceState {
  const commands: Command[] = [
    { type: 'scene.create', scene: sceneOf({ id: 's', layers }) },
    { type: 'scene.create', scene: sceneOf({ id: 'other' }) },
    { type: 'scene.activate', sceneId: 's', atMs: 0, transition: null },
    ...more,
  ];
  return commands.reduce((state, command) => reduce(state, command).state, emptyState());
}

function set(
  state: ServiceState,
  values: Record<string, unknown>,
  atMs: number,
  transition: typeof SLOWLY | null = null,
): ServiceState {
  return reduce(state, { type: 'variables.set', values, atMs, transition }).state;
}

const BAR: LayerInput = {
  id: 'bar',
  type: 'shape',
  shape: 'rectangle',
  height: 10,
  width: 1,
  bindings: { width: 'goal * 100' },
};

test('what a variable moves is on its way from where it was, and stays so over a restart', () => {
  const before = set(withScene([BAR, { id: 'still', type: 'text', text: 'x' }]), { goal: 1 }, 10);
  assert.deepEqual(before.stages, {});
  const state = set(before, { goal: 4 }, 20, SLOWLY);
  const former = state.stages['s']?.layers['bar'];
  assert.ok(former?.was.type === 'shape');
  assert.deepEqual([former.was.width, former.startMs, former.durationMs], [100, 20, 1000]);
  assert.deepEqual(Object.keys(state.stages['s']?.layers ?? {}), ['bar']);
  const [bar] = airStateOf(state).scene?.layers ?? [];
  assert.ok(bar?.type === 'shape');
  assert.equal(bar.width, 400);
  assert.deepEqual(readState(JSON.parse(JSON.stringify(state))), state);

  const later = set(state, { goal: 2 }, 520, SLOWLY).stages['s']?.layers['bar'];
  assert.ok(later?.was.type === 'shape' && later.from?.was.type === 'shape');
  assert.deepEqual([later.was.width, later.from.was.width], [400, 100]);
});

test('an edit of a layer moves from what its variables made of it', () => {
  const before = set(withScene([BAR]), { goal: 3 }, 10);
  const state = reduce(before, {
    type: 'layer.patch',
    sceneId: 's',
    layerId: 'bar',
    index: null,
    atMs: 20,
    patch: { bindings: { width: null } },
    transition: SLOWLY,
  }).state;
  const former = state.stages['s']?.layers['bar'];
  assert.ok(former?.was.type === 'shape');
  assert.equal(former.was.width, 300);
});

test('a layer that a variable shows comes with its entry, and goes with its exit', () => {
  const badge: LayerInput = {
    id: 'badge',
    type: 'text',
    text: '{{news}}',
    visible: false,
    bindings: { visible: 'news != ""' },
    enter: { type: 'fade' },
    exit: { type: 'fade' },
  };
  const shown = set(withScene([badge]), { news: 'Sold!' }, 100);
  assert.equal(shown.stages['s']?.entered['badge'], 100);
  const hidden = set(shown, { news: '' }, 5000);
  const [leaving] = hidden.stages['s']?.leaving ?? [];
  assert.ok(leaving?.layer.type === 'text');
  assert.deepEqual([leaving.layer.text, leaving.startMs], ['Sold!', 5000]);
});

test('a scene that gives way keeps the values it had', () => {
  const words: LayerInput = { id: 'words', type: 'text', text: '{{news}}' };
  const start = set(withScene([words]), { news: 'Before' }, 10);
  const fading = reduce(start, {
    type: 'scene.activate',
    sceneId: 'other',
    atMs: 20,
    transition: { type: 'fade', durationMs: 1000, easing: 'linear' },
  }).state;
  const later = set(fading, { news: 'After' }, 30);
  const [gone] = airStateOf(later).transition?.from.scene?.layers ?? [];
  assert.ok(gone?.type === 'text');
  assert.equal(gone.text, 'Before');
  assert.ok(isSameOnAir(airStateOf(fading), airStateOf(later)));
});
