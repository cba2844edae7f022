import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMemoryBytes, readTreeUsage } from '../../bench/process-tree.js';
import { ALLOCATOR_VARIABLES } from '../../src/core/allocator.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { HOSTILE_CHAT, hostileMessage } from '../support/hostile-messages.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** `npm run bench -- chat` sends twelve times as many, at 1080p60, and looks at late slots. */
const MESSAGES = 500;
const EVERY_MS = 10;
/** Answers to those that are too long. */
const REFUSED = 422;
/** All of it, the encoder among it. */
const LIMIT_BYTES = 1.2e9;

const SCENE: SceneInput = {
  id: 'talk',
  background: '#102030',
  layers: [
    HOSTILE_CHAT,
    { id: 'title', type: 'text', text: 'Everybody says something', fontSize: 60, x: 40, y: 40 },
  ],
};
const MESSAGES_PATH = `/api/scenes/${SCENE.id}/layers/${HOSTILE_CHAT.id}/messages`;

let service: Service;
let fresh: Service;
before(async () => {
  const variables = { ...SMALL_STREAM, ...ALLOCATOR_VARIABLES };
  service = await Service.start({ ...variables, AUTOSTART: 'true' });
  fresh = await Service.start(variables);
  await service.until('it is live', async () => (await service.status()).state === 'live');
  await service.show(SCENE);
  await fresh.must('POST', '/api/scenes', SCENE);
});
after(async () => {
  await service.close();
  await fresh.close();
});

/** What a scene shows when nothing moves any more. */
async function still(of: Service): Promise<string> {
  const { bytes } = await of.must(
    'GET',
    `/api/scenes/${SCENE.id}/render?wallTime=2100-01-01T00:00:00Z&format=raw`,
  );
  return createHash('sha256').update(bytes).digest('hex');
}

test('a flood of hostile messages is answered, costs no layer, and leaves the newest ones on air', async (t) => {
  const { clock, encoderRestarts } = await service.status();
  const random = new RandomNumbers(11);
  const complaints: string[] = [];
  const counts = { taken: 0, refused: 0 };
  const post = async (i: number): Promise<void> => {
    const { kind, author, text } = hostileMessage(random, i);
    const { status, bytes } = await service.api('POST', MESSAGES_PATH, {
      id: `m${i}`,
      author,
      text,
    });
    if (status === 201) counts.taken += 1;
    else if (status === REFUSED && /"code":"SM_REQUEST_INVALID"/.test(bytes.toString()))
      counts.refused += 1;
    else complaints.push(`${kind}: ${status} ${bytes.toString().slice(0, 200)}`);
  };
  const posts: Promise<void>[] = [];
  let mostBytes = 0;
  for (let i = 0; i < MESSAGES; i++) {
    posts.push(post(i));
    await sleep(EVERY_MS);
    if (i % 50 === 0)
      mostBytes = Math.max(
        mostBytes,
        await readMemoryBytes((await readTreeUsage(service.pid)).pids),
      );
  }
  await Promise.all(posts);
  assert.deepEqual(complaints, []);
  assert.equal(counts.taken + counts.refused, MESSAGES);
  assert.ok(counts.refused > 0 && counts.taken > MESSAGES / 2, JSON.stringify(counts));
  t.diagnostic(`at most ${Math.round(mostBytes / 1e6)} MB`);
  assert.ok(mostBytes < LIMIT_BYTES, `${Math.round(mostBytes / 1e6)} MB`);

  // What was answered last is on air, by the same session and the same encoder.
  const { json } = await service.must('POST', MESSAGES_PATH, { id: 'last', text: 'the last one' });
  assert.equal(json['text'], 'the last one');
  const { revision } = await service.status();
  await service.until('the last message is on air', async () => {
    const events = await service.must('GET', `/api/events?since=0&limit=1000`);
    return events.bytes.toString().includes(`"revision":${revision}`);
  });
  const status = await service.status();
  assert.equal(status.state, 'live');
  assert.equal(status.encoderRestarts, encoderRestarts);
  assert.equal(status.clock?.startedAtMs, clock?.startedAtMs, 'the program has not begun anew');
  assert.deepEqual(status.layersOff, []);
  await service.ledger();

  // The same messages in a service that has seen none of the others look the same.
  const { json: layer } = await service.must(
    'GET',
    `/api/scenes/${SCENE.id}/layers/${HOSTILE_CHAT.id}`,
  );
  assert.ok(Array.isArray(layer['messages']));
  for (const message of layer['messages'].slice(-30)) {
    assert.ok(typeof message === 'object' && message !== null && !Array.isArray(message));
    const { id, author, text } = message;
    await fresh.must('POST', MESSAGES_PATH, { id, author, text });
  }
  assert.equal(await still(service), await still(fresh));
});
