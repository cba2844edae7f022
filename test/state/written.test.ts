import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { substitute } from '../../src/scene/variables/substitute.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, NOW, sceneOf } from './samples.js';

function withLayer(layer: LayerInput, size = { width: 1920, height: 1080 }): ServiceState {
  const scene = sceneOf({ id: 's', ...size, layers: [layer] });
  return reduce(emptyState(), { type: 'scene.create', scene }).state;
}

/** What is said of a layer that is refused; null: it is taken. */
function refusal(layer: LayerInput, size?: { width: number; height: number }): string | null {
  try {
    withLayer(layer, size);
    return null;
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'SM_REQUEST_INVALID');
    return error.fields.map(({ path, message }) => `${path} ${message}`).join('; ');
  }
}

test('a format with letters that stand for nothing is refused, with the letter and the way out', () => {
  for (const layer of [
    { id: 'a', type: 'clock', format: 'HH:mm z' },
    { id: 'a', type: 'timer', format: 'mm:ss z' },
    { id: 'a', type: 'stopwatch', format: 'z' },
    { id: 'a', type: 'countdown', to: '2030-01-01T00:00:00Z', format: 'z ss' },
  ] satisfies LayerInput[])
    assert.match(refusal(layer) ?? '', /^\/layers\/0\/format has "z", .*\[z\]$/);
  const grouped: LayerInput = {
    id: 'g',
    type: 'group',
    layers: [{ id: 'a', type: 'clock', format: 'HHmm q' }],
  };
  assert.match(refusal(grouped) ?? '', /^\/layers\/0\/layers\/0\/format has "q"/);
});

test('a format is refused in a patch, and one that a variable brings leaves the clock as it is', () => {
  const state = withLayer({ id: 'a', type: 'clock', bindings: { format: 'f' } });
  const patch = { type: 'layer.patch', sceneId: 's', layerId: 'a', index: null, ...NOW } as const;
  assert.throws(() => reduce(state, { ...patch, patch: { format: 'HH:nn' } }), /nn/);
  const [document] = state.scenes;
  assert.ok(document !== undefined);
  const { scene, problems } = substitute(document, { f: 'HH:nn' });
  const [clock] = scene.layers;
  assert.ok(clock?.type === 'clock');
  assert.equal(clock.format, 'HH:mm:ss');
  assert.deepEqual(
    problems.map(({ kind, property }) => [kind, property]),
    [['value', 'format']],
  );
});

test('a format that was stored before there was the rule is read, and its scene can be changed', () => {
  const raw = JSON.stringify(withLayer({ id: 'a', type: 'clock', format: 'HH:mm' }));
  const state = readState(JSON.parse(raw.replace('HH:mm', 'HH:mm z')));
  const changed = reduce(state, {
    type: 'scene.patch',
    sceneId: 's',
    patch: { background: '#ff0000' },
    ...NOW,
  });
  assert.equal(changed.state.scenes[0]?.background, '#ff0000');
});

test('a QR code whose modules would be too small to be read is refused with the sum', () => {
  const code = { id: 'a', type: 'qr', level: 'L' } as const;
  const long = 'x'.repeat(2900);
  assert.match(
    refusal({ ...code, text: long, width: 100, height: 100 }) ?? '',
    /needs 185 modules per side \(177 and a margin of 2 × 4\) in 100 pixels: 0\.54 pixels per module, .* Make it 370 wide and high/,
  );
  assert.equal(refusal({ ...code, text: long, width: 370, height: 400 }), null);
  assert.notEqual(refusal({ ...code, text: long, width: 400, height: 400, scale: 0.5 }), null);
  assert.equal(refusal({ ...code, text: 'https://example.com', width: 80, height: 80 }), null);
  // Half of a scene that is twice as large as the picture.
  const large = { width: 3840, height: 2160 };
  assert.match(refusal({ ...code, text: long, width: 400, height: 400 }, large) ?? '', /740 wide/);
});
