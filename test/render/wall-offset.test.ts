import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import {
  createTestProgram,
  InThreadRenderer,
  sceneFrom,
  showScene,
  snapshotOf,
} from '../support/engine.js';

const AT_MS = Date.UTC(2024, 4, 5, 14, 7, 3);

async function pictureAt(
  layers: LayerInput[],
  programTimeMs: number,
  offsetMs: number,
): Promise<Buffer> {
  const program = createTestProgram({
    widthPx: 256,
    heightPx: 128,
    createRenderer: (memory) => new InThreadRenderer(memory, 1),
  });
  await showScene(
    program,
    snapshotOf(sceneFrom({ id: 's', width: 256, height: 128, layers }), { takenAtMs: 0 }),
  );
  assert.ok(program.engine.compositor.plan(0, programTimeMs, offsetMs));
  for (let i = 0; i < 50; i++) await turn();
  assert.equal(program.engine.take(0), 'rendered');
  return Buffer.from(program.frame());
}
const place = { x: 4, y: 4, fontSize: 32 };

test('clocks and countdowns show the hour of day after the wall clock was set, stopwatches what they would have shown', async () => {
  const hourOfDay: LayerInput[] = [
    { id: 'a', type: 'clock', format: 'HH:mm:ss', ...place },
    { id: 'b', type: 'clock', intl: { locale: 'de', timeStyle: 'medium' }, ...place, y: 44 },
    { id: 'c', type: 'countdown', to: '2024-05-05T15:00:00Z', ...place, y: 84 },
  ];
  for (const offsetMs of [30_000, -30_000]) {
    const right = await pictureAt(hourOfDay, AT_MS + offsetMs, 0);
    assert.ok((await pictureAt(hourOfDay, AT_MS, offsetMs)).equals(right));
    assert.ok(!(await pictureAt(hourOfDay, AT_MS, 0)).equals(right));
    const watch: LayerInput[] = [
      { id: 'd', type: 'stopwatch', startedAtMs: AT_MS - 5000, ...place },
    ];
    const unmoved = await pictureAt(watch, AT_MS, 0);
    assert.ok((await pictureAt(watch, AT_MS, offsetMs)).equals(unmoved));
  }
});
