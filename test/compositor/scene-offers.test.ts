import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SceneOffers } from '../../src/compositor/scene-offers.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';
import { snapshotOf } from '../support/engine.js';

const SCENE = SceneSchema.parse({ id: 's', layers: [] });

/** Offers revisions; says which were taken, and of which it was told that the next may come. */
function createOffers() {
  const taken: number[] = [];
  const told: number[] = [];
  const offers = new SceneOffers(({ snapshot }) => taken.push(snapshot.revision));
  const offer = (revision: number, pendingFrame: number | null): void => {
    offers.offer(
      {
        snapshot: snapshotOf(SCENE, { revision }),
        scheduled: [],
        onTaken: () => told.push(revision),
      },
      pendingFrame,
    );
  };
  return { offers, offer, taken, told };
}

test('a single change is taken at once, into the frame that is planned already', () => {
  const { offers, offer, taken, told } = createOffers();
  offer(1, null);
  offers.beforePlan(0);
  offer(2, 0);
  assert.deepEqual(
    [taken, told],
    [
      [1, 2],
      [1, 2],
    ],
  );
});

test('what comes after a change in the same frame waits for the next one, and the newest wins', () => {
  const { offers, offer, taken, told } = createOffers();
  offers.beforePlan(7);
  offer(1, 7);
  offers.replanned(7);
  offer(2, 7);
  offer(3, 7);
  assert.deepEqual(taken, [1]);
  assert.deepEqual(told, [1, 2], 'the one that was overtaken is not waited for');
  offers.beforePlan(8);
  assert.deepEqual(
    [taken, told],
    [
      [1, 3],
      [1, 2, 3],
    ],
  );
  // Frame 8 has its change already.
  offer(4, 8);
  assert.deepEqual(taken, [1, 3]);
  offers.beforePlan(9);
  offer(5, 9);
  assert.deepEqual(taken, [1, 3, 4], 'planning two frames in a row anew would be a flood already');
  offers.beforePlan(10);
  offer(6, 14);
  assert.deepEqual(taken, [1, 3, 4, 5, 6]);
});

test('what waits is taken when the clock stops', () => {
  const { offers, offer, taken } = createOffers();
  offer(1, 3);
  offers.replanned(3);
  offer(2, 3);
  offers.clockStopped();
  assert.deepEqual(taken, [1, 2]);
  offer(3, null);
  assert.deepEqual(taken, [1, 2, 3]);
});
