import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { BUILT_IN_TEMPLATES } from '../../src/scene/templates/built-in.js';
import { instantiate } from '../../src/scene/templates/instantiate.js';
import type { Variables } from '../../src/scene/variables/json-value.js';
import { substitute } from '../../src/scene/variables/substitute.js';
import { renderStill } from '../support/engine.js';
import { assertSnapshot } from './snapshot.js';

const SIZE = { width: 960, height: 540 };
/** 4 May 2026, 18:00 UTC. */
const TAKEN_AT_MS = Date.UTC(2026, 4, 4, 18);
const TIME_MS = 500;

const memory = createSharedMemory();

/** What each template is shown with, as it is in use. */
const IN_USE: Readonly<Record<string, Variables>> = {
  'builtin-auction': {
    lot: { number: 42 },
    bid: { amount: 12_500, bidder: 'Ada L.', count: 14, next: 13_000 },
    auction: { endsAt: '2026-05-04T18:04:31Z' },
  },
  'builtin-scoreboard': {
    home: { score: 2 },
    away: { score: 1 },
    game: { period: '2nd half', clock: '78:12' },
  },
  'builtin-just-chatting': {
    stream: { viewers: 1840 },
    goal: { value: 732, target: 1000 },
    latest: { follower: 'mira_k', tip: '€20 from Jon' },
  },
};

for (const template of BUILT_IN_TEMPLATES) {
  for (const [state, variables] of Object.entries({
    'in-use': IN_USE[template.id],
    'at-first': {},
  })) {
    const name = `template-${template.id.replace('builtin-', '')}-${state}`;
    test(`${name} looks as it was accepted`, async () => {
      const made = instantiate(template, { id: 's', name: null, parameters: {} });
      assert.ok('scene' in made && variables !== undefined);
      const { scene } = substitute(made.scene, variables);
      const options = { ...SIZE, timeMs: TIME_MS, takenAtMs: TAKEN_AT_MS, pictures: {}, memory };
      await assertSnapshot(name, await renderStill(scene, options));
    });
  }
}
