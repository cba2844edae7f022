import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitmapStore } from '../../src/compositor/bitmaps.js';
import { FramePlanner, releaseFrame } from '../../src/compositor/frame-planner.js';
import { HearingScenes } from '../../src/compositor/hears.js';
import { SceneTimeline } from '../../src/compositor/timeline.js';
import { NO_CULPRIT } from '../../src/memory/culprit.js';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import type { Rect } from '../../src/memory/region.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import { SceneSchema, type SceneInput } from '../../src/scene/schema/scene.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import { SILENCE, type Heard } from '../../src/scene/sound/heard.js';
import { hearing } from '../layers/sound-context.js';

type LayerInput = NonNullable<SceneInput['layers']>[number];

function snapshotOf(scene: SceneInput, nested: readonly SceneInput[] = []): SceneSnapshot {
  return {
    revision: 1,
    scene: SceneSchema.parse(scene),
    stage: EMPTY_STAGE,
    takenAtMs: 0,
    transition: null,
    nested: Object.fromEntries(nested.map((one) => [one.id, SceneSchema.parse(one)])),
    stages: {},
    pictures: {},
    fonts: [],
    acceptedAtNs: null,
  };
}

/** What differs from frame to frame, as something is heard with each of them. */
function damages(scene: SceneInput, heard: readonly Heard[]): Rect[][] {
  const memory = createSharedMemory();
  const map = mapProgramMemory(640, 360);
  const planner = new FramePlanner({
    memory,
    map,
    bitmaps: new BitmapStore(memory, map.heapOffset, map.heapBytes, map.heapBytes),
    culprit: NO_CULPRIT,
    background: null,
    heardAt: (n) => heard[n] ?? SILENCE,
    videoFrame: () => null,
    livePicture: () => null,
    onLayerFailed: ({ layerId, reason }) => {
      throw new Error(`${layerId}: ${reason}`);
    },
    onLayerRecovered: () => undefined,
  });
  planner.show(snapshotOf(scene));
  return heard.map((_, n) => {
    const frame = planner.plan(n, n % 4, n * 20, 0);
    releaseFrame(frame);
    return [...frame.damage.toRects()];
  });
}

const SIZE = { width: 640, height: 360 };
const METER: LayerInput = {
  id: 'm',
  type: 'meter',
  x: 0,
  y: 320,
  width: 640,
  height: 16,
  peakHold: false,
};

test('a meter is drawn anew where it differs, and not at all where it does not', () => {
  const scene: SceneInput = { id: 's', ...SIZE, layers: [METER] };
  const [, same, louder, unseen] = damages(scene, [
    hearing(-30),
    hearing(-30),
    hearing(-24),
    hearing(-24.01),
  ]);
  assert.deepEqual(same, []);
  assert.deepEqual(unseen, []);
  assert.ok((louder ?? []).length > 0);
  for (const { x0, x1, y0, y1 } of louder ?? []) {
    assert.ok(x0 >= 0 && x1 <= 400 && y0 >= 320 && y1 <= 336, `${x0} ${y0} ${x1} ${y1}`);
  }
});

test('what is bound to the sound moves with it, in a group, too', () => {
  const dot: LayerInput = {
    id: 'dot',
    type: 'shape',
    shape: 'ellipse',
    width: 20,
    height: 20,
    bindings: { x: 'audio.host.level * 600.0' },
  };
  const group: LayerInput = { id: 'g', type: 'group', y: 100, layers: [dot] };
  const [, same, moved] = damages({ id: 's', ...SIZE, layers: [group] }, [
    hearing(-30),
    hearing(-30),
    hearing(0),
  ]);
  assert.deepEqual(same, []);
  assert.ok((moved ?? []).some(({ x1 }) => x1 > 600));
});

test('only scenes that show sound wait for it, be it in a group, in a scene or in one that is scheduled', () => {
  const scenes = new HearingScenes();
  const text: LayerInput = { id: 't', type: 'text', text: 'quiet' };
  const quiet = snapshotOf({ id: 'quiet', ...SIZE, layers: [text] });
  const has = (base: SceneSnapshot | null): boolean => scenes.has(new SceneTimeline(base, []));
  assert.equal(has(null), false);
  assert.equal(has(quiet), false);
  const inGroup: LayerInput[] = [{ id: 'g', type: 'group', layers: [METER] }];
  assert.equal(has(snapshotOf({ id: 's', layers: inGroup })), true);
  const bound: LayerInput = { ...text, bindings: { opacity: 'audio.master.level' } };
  assert.equal(has(snapshotOf({ id: 's', layers: [bound] })), true);
  const inner: LayerInput = { id: 'in', type: 'scene', scene: 'inner' };
  const around = { id: 's', layers: [inner] };
  assert.equal(has(snapshotOf(around, [{ id: 'inner', layers: [METER] }])), true);
  const later = {
    batchId: 'b',
    dueAtMs: 0,
    dueFrame: null,
    programTimeMs: 0,
    rejectLate: false,
    snapshot: snapshotOf({ id: 's', layers: [METER] }),
  };
  assert.equal(scenes.has(new SceneTimeline(quiet, [later])), true);
});
