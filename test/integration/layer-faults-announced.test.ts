import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ProgramHandle } from '../../src/program/program-handle.js';
import type { LayerFault } from '../../src/compositor/contract.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';
import { openProgram } from '../support/program.js';
import { until } from '../support/until.js';

/** The real program thread with its pool and its clock, watched but not live. */

const failed: LayerFault[] = [];
const recovered: LayerFault[] = [];
let program: ProgramHandle;

before(async () => {
  registerShippedFonts();
  program = openProgram(
    {},
    {
      onLayerFailed: (fault) => failed.push(fault),
      onLayerRecovered: (fault) => recovered.push(fault),
    },
  );
  await program.ready;
});
after(() => program.close());

function show(revision: number, ...layers: LayerInput[]): void {
  const scene = sceneFrom({ id: 's', width: 320, height: 180, layers });
  program.show(snapshotOf(scene, { revision, takenAtMs: Date.now() }));
}

test('a layer whose paints take too long is shut off: that is told of, seen in the status, and over when it is mended', async () => {
  program.setWatchers(1);
  const timer: LayerInput = { id: 'timer', type: 'timer', format: 'ss.SSS' };
  // Digits as large as the frame under four wide shadows take more than a millisecond on every machine.
  const slow: LayerInput = {
    id: 'slow',
    type: 'timer',
    format: 'SSS',
    fontSize: 200,
    onError: 'hide',
    timeLimitMs: 1,
    shadow: Array.from({ length: 4 }, () => ({ blur: 200 })),
  };
  show(1, timer);
  await until('the program runs', () => (program.stats?.ledger.rendered ?? 0) > 0);
  show(2, timer, slow);
  await until('the layer is shut off', () => failed.length > 0);
  assert.deepEqual(
    failed.map(({ sceneId, layerId, policy }) => ({ sceneId, layerId, policy })),
    [{ sceneId: 's', layerId: 'slow', policy: 'hide' }],
  );
  assert.match(failed[0]?.reason ?? '', /exceeded its timeLimitMs of 1 ms/);
  await until('the status tells', () => (program.stats?.layersOff.length ?? 0) > 0);
  assert.equal(program.stats?.layersOff[0]?.layerId, 'slow');
  assert.equal(program.stats.layerFailures, 1);
  const { rendered } = program.stats.ledger;
  await until('frames go on', () => (program.stats?.ledger.rendered ?? 0) > rendered + 10);

  show(3, timer, { id: 'slow', type: 'timer', format: 'SSS', fontSize: 20, timeLimitMs: 10_000 });
  await until('it is shown again', () => recovered.length > 0);
  await until('the status tells', () => program.stats?.layersOff.length === 0);
  assert.equal(failed.length, 1);
});
