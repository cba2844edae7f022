import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ProgramHearing } from '../../src/compositor/program-hearing.js';
import { SoundWait } from '../../src/compositor/sound-wait.js';
import { SceneTimeline } from '../../src/compositor/timeline.js';
import { createHeardMemory, HeardWriter } from '../../src/memory/heard-sound.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';

/** What waits on shared memory keeps no thread alive by itself. */
const alive = setInterval(() => undefined, 1000);
after(() => {
  clearInterval(alive);
});

const EPOCH = 7;
const SLOW = { num: 1, den: 1 };
const FAST = { num: 120, den: 1 };

const hearingScene = new SceneTimeline(
  {
    revision: 1,
    scene: SceneSchema.parse({ id: 's', layers: [{ id: 'm', type: 'meter' }] }),
    stage: EMPTY_STAGE,
    takenAtMs: 0,
    transition: null,
    nested: {},
    stages: {},
    pictures: {},
    fonts: [],
    acceptedAtNs: null,
  },
  [],
);

function rig(): {
  wait: SoundWait;
  write: (frame: number) => void;
  over: Promise<void>;
} {
  const memory = createHeardMemory();
  const writer = new HeardWriter(memory);
  let resolve: () => void = () => undefined;
  const over = new Promise<void>((done) => {
    resolve = done;
  });
  const wait = new SoundWait(new ProgramHearing(memory), () => {
    resolve();
  });
  return {
    wait,
    over,
    write: (frame) => {
      writer.begin(frame);
      writer.end(EPOCH);
    },
  };
}

test('a frame is held back until its sound is there', async () => {
  const { wait, write, over } = rig();
  wait.begin(EPOCH, SLOW);
  assert.equal(wait.holdsBack(0, hearingScene), true);
  assert.equal(wait.holdsBack(0, hearingScene), true);
  write(0);
  await over;
  assert.equal(wait.holdsBack(0, hearingScene), false);
});

test('it is held back for no longer than it may be', async () => {
  const { wait, over } = rig();
  wait.begin(EPOCH, FAST);
  assert.equal(wait.holdsBack(0, hearingScene), true);
  await over;
  assert.equal(wait.holdsBack(0, hearingScene), false);
});

test('nothing waits before the clock, for scenes that do not hear, or for a mixer that is not there', () => {
  const { wait } = rig();
  wait.begin(EPOCH, SLOW);
  assert.equal(wait.holdsBack(-1, hearingScene), false);
  assert.equal(wait.holdsBack(0, SceneTimeline.EMPTY), false);
  assert.equal(wait.holdsBack(9, hearingScene), false);
  assert.equal(new SoundWait(null, () => undefined).holdsBack(0, hearingScene), false);
});
