import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PublishedEvent } from '../../src/api/event-hub.js';
import { EventWebhook, WEBHOOK_LIMITS, type WebhookLimits } from '../../src/api/event-webhook.js';
import type { EventTopic } from '../../src/core/event.js';
import { recordingLogger } from '../state/samples.js';
import { eventually } from '../support/until.js';

type Post = { readonly headers: IncomingMessage['headers']; readonly body: string };
type Answer = (response: ServerResponse, post: Post) => void;

const QUICK: WebhookLimits = {
  ...WEBHOOK_LIMITS,
  requestMs: 500,
  retryMinMs: 5,
  retryMaxMs: 20,
  closeMs: 300,
};

/** A real HTTP server that keeps what is posted to it. */
async function startReceiver(
  t: TestContext,
  answer: Answer,
): Promise<{ url: string; posts: Post[] }> {
  const posts: Post[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const post = { headers: request.headers, body };
      posts.push(post);
      answer(response, post);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}/events`, posts };
}

function webhook(
  t: TestContext,
  url: string,
  limits: Partial<WebhookLimits> = {},
  secret: string | null = 'shared',
): { webhook: EventWebhook; lines: string[] } {
  const { logger, lines } = recordingLogger();
  const made = new EventWebhook({ url, secret, logger, limits: { ...QUICK, ...limits } });
  t.after(() => made.close());
  return { webhook: made, lines };
}

function event(seq: number, topic: EventTopic = 'scene', data = {}): PublishedEvent {
  return { seq, topic, type: 'scene.updated', at: '2026-01-01T00:00:00.000Z', data };
}

/** Numbers of the events of all posts that count, in order. */
function seqsOf(posts: readonly Post[]): number[] {
  return posts.flatMap(({ body }) => {
    return [...body.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));
  });
}

const accept: Answer = (response) => response.writeHead(204).end();

test('posts events in order, several at a time, but no statistics', async (t) => {
  const { url, posts } = await startReceiver(t, accept);
  const { webhook: hook } = webhook(t, url, { batchEvents: 10 });
  for (let seq = 1; seq <= 25; seq++) hook.push(event(seq));
  hook.push(event(25, 'stats'));
  await eventually(() => seqsOf(posts).length === 25);
  assert.deepEqual(
    seqsOf(posts),
    Array.from({ length: 25 }, (_, i) => i + 1),
  );
  assert.ok(posts.length <= 4);
  assert.equal(posts[0]?.headers['content-type'], 'application/json');
});

test('signs the time and the body', async (t) => {
  const { url, posts } = await startReceiver(t, accept);
  webhook(t, url).webhook.push(event(1));
  await eventually(() => posts.length === 1);
  const header = String(posts[0]?.headers['x-stream-manager-signature']);
  const [, seconds = '', digest = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 10);
  const expected = createHmac('sha256', 'shared').update(`${seconds}.${posts[0]?.body ?? ''}`);
  assert.equal(digest, expected.digest('hex'));
});

test('says so when there is no secret to sign with', async (t) => {
  const { url, posts } = await startReceiver(t, accept);
  const { webhook: hook, lines } = webhook(t, url, {}, null);
  hook.push(event(1));
  await eventually(() => posts.length === 1);
  assert.equal(posts[0]?.headers['x-stream-manager-signature'], undefined);
  assert.match(lines.join(''), /WEBHOOK_SECRET/);
});

test('posts again until it is taken, and keeps the order', async (t) => {
  const taken: Post[] = [];
  let count = 0;
  const { url } = await startReceiver(t, (response, post) => {
    count++;
    if (count === 1) return response.destroy();
    if (count < 5) return response.writeHead(count === 2 ? 500 : 429).end('no');
    taken.push(post);
    return response.writeHead(200).end('ok');
  });
  const { webhook: hook, lines } = webhook(t, url, { batchEvents: 2 });
  for (let seq = 1; seq <= 5; seq++) hook.push(event(seq));
  await eventually(() => seqsOf(taken).length === 5);
  assert.deepEqual(seqsOf(taken), [1, 2, 3, 4, 5]);
  assert.equal(lines.filter((line) => /does not accept events/.test(line)).length, 1);
});

test('goes on after a batch that the receiver refuses for good', async (t) => {
  const { url, posts } = await startReceiver(t, (response, { body }) =>
    response.writeHead(body.includes('"seq":1,') ? 422 : 200).end(),
  );
  const { webhook: hook } = webhook(t, url, { batchEvents: 1 });
  hook.push(event(1));
  hook.push(event(2));
  await eventually(() => posts.length === 2);
  assert.deepEqual(seqsOf(posts), [1, 2]);
  assert.match(posts[1]?.body ?? '', /"dropped":1}/);
});

test('drops the oldest when the receiver is away, and says how many', async (t) => {
  let isAway = true;
  const taken: Post[] = [];
  const { url, posts } = await startReceiver(t, (response, post) => {
    if (isAway) return response.writeHead(503).end();
    taken.push(post);
    return response.writeHead(200).end();
  });
  const { webhook: hook, lines } = webhook(t, url, { queueEvents: 10, batchEvents: 100 });
  for (let seq = 1; seq <= 30; seq++) hook.push(event(seq));
  await eventually(() => posts.length > 1);
  assert.equal(hook.droppedTotal, 20);
  isAway = false;
  await eventually(() => seqsOf(taken).includes(30));
  assert.deepEqual(seqsOf(taken), [21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  assert.match(lines.join(''), /being dropped/);
  assert.match(taken[0]?.body ?? '', /"dropped":20}/);
});

test('holds no more bytes than it may', async (t) => {
  const { url, posts } = await startReceiver(t, (response) => response.writeHead(503).end());
  const { webhook: hook } = webhook(t, url, { queueBytes: 10_000 });
  for (let seq = 1; seq <= 50; seq++) hook.push(event(seq, 'scene', { text: 'x'.repeat(1000) }));
  assert.ok(hook.droppedTotal > 40);
  await eventually(() => posts.length > 1);
  assert.ok((posts[1]?.body.length ?? Infinity) < 11_000);
});

test('is not held up by a receiver that never answers, and closes in time', async (t) => {
  const { url, posts } = await startReceiver(t, () => undefined);
  const { webhook: hook } = webhook(t, url, { requestMs: 5000, closeMs: 50 });
  hook.push(event(1));
  await eventually(() => posts.length === 1);
  await Promise.all([hook.close(), hook.close()]);
  hook.push(event(2));
  assert.equal(posts.length, 1);
});

test('posts what waits before it closes', async (t) => {
  const { url, posts } = await startReceiver(t, accept);
  const { webhook: hook } = webhook(t, url, { batchEvents: 2 });
  for (let seq = 1; seq <= 7; seq++) hook.push(event(seq));
  await hook.close();
  assert.deepEqual(seqsOf(posts), [1, 2, 3, 4, 5, 6, 7]);
});

test('many events make few requests', async (t) => {
  const { url, posts } = await startReceiver(t, (response) => response.end());
  const { webhook: hook } = webhook(t, url, { spacingMs: 400 });
  for (let seq = 1; seq <= 90; seq++) {
    hook.push(event(seq));
    await sleep(10);
  }
  const sent = (): number[] =>
    posts.flatMap(({ body }) => [...body.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq)));
  while (sent().length < 90) await sleep(10);
  assert.deepEqual(
    sent(),
    Array.from({ length: 90 }, (_, i) => i + 1),
  );
  // The first event at once, and then those of 400 ms together: far less than a request for each.
  assert.ok(posts.length <= 15, `${posts.length} requests`);
});

test('a flood of one type of event drops itself and not the others while the receiver is away', async (t) => {
  let isAway = true;
  const { url, posts } = await startReceiver(t, (response) => {
    response.statusCode = isAway ? 503 : 200;
    response.end();
  });
  const { webhook: hook } = webhook(t, url, { queueEvents: 50, spacingMs: 0 });
  hook.push({ ...event(1), type: 'output.removed' });
  for (let seq = 2; seq <= 400; seq++) hook.push({ ...event(seq), type: 'output.status' });
  hook.push({ ...event(401), type: 'stream.state' });
  for (let seq = 402; seq <= 500; seq++) hook.push({ ...event(seq), type: 'chat.appended' });
  while (posts.length < 2) await sleep(10);
  isAway = false;
  const newest = (): string => posts.at(-1)?.body ?? '';
  while (hook.droppedTotal !== 450 || !newest().includes('"dropped":450')) await sleep(10);
  for (const kept of ['output.removed', 'stream.state', '"seq":400', '"seq":500'])
    assert.ok(newest().includes(kept), kept);
});
