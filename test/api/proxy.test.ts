import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { request } from 'undici';
import { loadUws } from '../../src/api/uws.js';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { startNginxHttp } from '../support/nginx-http.js';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';
import { eventually } from '../support/until.js';

const TOKEN = 'the-owner-of-this-service';
const OWNER = { authorization: `Bearer ${TOKEN}` };
const SUBPROTOCOLS = ['stream-manager', `bearer.${TOKEN}`];

async function start(t: TestContext): Promise<Harness> {
  const api = await startHarness({ apiToken: TOKEN });
  t.after(() => api.close());
  return api;
}

/** What the README tells users of nginx, for a service on another port. */
function documentedLocation(port: number): string {
  const readme = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8');
  const [, location = ''] = /```nginx\n([^`]+)```/.exec(readme) ?? [];
  assert.match(location, /127\.0\.0\.1:3000/);
  return location.replace('127.0.0.1:3000', `127.0.0.1:${port}`);
}

test('works behind nginx as the README sets it up: REST, uploads, JSON-RPC, events and previews', async (t) => {
  const api = await start(t);
  const nginx = await startNginxHttp(documentedLocation(api.port));
  t.after(() => nginx.close());
  const origin = `http://127.0.0.1:${nginx.port}`;
  const health = await request(`${origin}/health`);
  assert.equal(health.statusCode, 200);
  await health.body.dump();
  const created = await request(`${origin}/api/scenes`, {
    method: 'POST',
    headers: { ...OWNER, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'intro' }),
  });
  assert.equal(created.statusCode, 201);
  await created.body.dump();
  const upload = await request(`${origin}/api/assets?id=large`, {
    method: 'POST',
    headers: { ...OWNER, 'content-type': 'image/png' },
    body: Buffer.alloc(3 * 1024 * 1024, 'no picture'),
  });
  const refusal = await upload.body.text();
  assert.match(refusal, /SM_ASSET_FORMAT/, 'read by the service, not refused by the proxy');

  const rpc = await openRpc(`ws://127.0.0.1:${nginx.port}/ws`, SUBPROTOCOLS);
  await rpc.call('events.subscribe', { topics: ['scene'] });
  await rpc.call('scenes.update', { id: 'intro', name: 'Intro' });
  await eventually(() => rpc.events.some(({ type }) => type === 'scene.updated'));
  rpc.close();

  const preview = new WebSocket(`ws://127.0.0.1:${nginx.port}/ws/preview`, SUBPROTOCOLS);
  await once(preview, 'open');
  await eventually(() => api.preview.tiers.length > 0);
  const picture = once(preview, 'message');
  api.preview.paint(Buffer.from('a picture'));
  assert.equal(String((await picture)[0]), 'a picture');
  preview.terminate();

  const mjpeg = await request(`${origin}/api/preview.mjpeg`, { headers: OWNER });
  await eventually(() => api.preview.tiers.length > 0);
  api.preview.paint(Buffer.from('another picture'));
  let heard = '';
  for await (const chunk of mjpeg.body) {
    heard += String(chunk);
    if (heard.includes('another picture')) break;
  }
  assert.match(heard, /another picture/);
});

/** Sends a text as it is, and gives what comes back until the connection is closed. */
async function speak(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => (heard += data.toString('latin1')));
  socket.write(text);
  await once(socket, 'close');
  return heard;
}

test('answers HTTP/1.0 with 505 and a request without Host with 400, where the HTTP server can', async (t) => {
  const { build } = loadUws();
  if (build === 'older') {
    t.skip('the build for older systems answers neither: see the README, "Behind a proxy"');
    return;
  }
  const api = await start(t);
  assert.match(
    await speak(api.port, 'GET /health HTTP/1.0\r\nHost: x\r\n\r\n'),
    /^HTTP\/1\.1 505 /,
  );
  assert.match(
    await speak(api.port, 'GET /health HTTP/1.1\r\nAccept: x\r\n\r\n'),
    /^HTTP\/1\.1 400 /,
  );
  const nginx = await startNginxHttp(`location / { proxy_pass http://127.0.0.1:${api.port}; }`);
  t.after(() => nginx.close());
  const reply = await request(`http://127.0.0.1:${nginx.port}/health`);
  assert.equal(reply.statusCode, 505);
  await reply.body.dump();
});
