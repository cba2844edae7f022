import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { addressShapes, SECRET } from '../support/address-shapes.js';
import { startHttpServer, type HttpServer } from '../support/http-server.js';
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.js';
import { freePort } from '../support/ports.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** The secret as it is, or encoded in one of the ways that somebody could read. */
const SIGHTING = new RegExp(
  [
    SECRET,
    encodeURIComponent(SECRET).replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    Buffer.from(SECRET).toString('base64').slice(0, 11),
  ].join('|'),
  'i',
);

let nginx: NginxRtmp;
let receiver: HttpServer;
let service: Service;
const posted: string[] = [];

before(async () => {
  nginx = await startNginxRtmp();
  receiver = await startHttpServer((message, response) => {
    message.on('data', (chunk: Buffer) => posted.push(chunk.toString()));
    message.on('end', () => response.end());
  });
  service = await Service.start({
    ...SMALL_STREAM,
    LOG_LEVEL: 'trace',
    ADMIN_API_URL: `${receiver.origin}/events`,
    STREAM_URL: `rtmp://127.0.0.1:${nginx.port}/live//${SECRET}-of-the-environment`,
  });
});
after(async () => {
  await service.close();
  await receiver.close();
  await nginx.close();
});

/** Whatever the service says, by the name of where it was said. */
const said = new Map<string, string>();

/** `key` is that of the request: a second one with the same key is a replay. */
async function call(
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  key = `key-${said.size}`,
): Promise<number> {
  const response = await request(`${service.origin}${path}`, {
    method,
    headers: {
      ...(method !== 'GET' && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.body.text();
  const name = `${method} ${path} ${said.size}`;
  said.set(name, `${JSON.stringify(response.headers)}\n${text}`);
  return response.statusCode;
}

test('a stream key is in no answer, event, post, log, metric or argument, and its file is for the owner alone', async () => {
  const socket = new WebSocket(`${service.origin.replace('http', 'ws')}/ws`);
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  await new Promise((resolve) => socket.once('open', resolve));
  const topics = ['stream', 'scene', 'asset', 'output', 'variables', 'stats'];
  const ask = (id: string, method: string, params: object): void => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  };
  ask('subscribe', 'events.subscribe', { topics });
  await service.must('POST', '/api/stream/start');

  const closedPort = await freePort();
  const shapes = [nginx.port, closedPort].flatMap((port) => addressShapes(`127.0.0.1:${port}`));
  let taken = 0;
  for (const [index, url] of shapes.entries()) {
    const id = `out-${index}`;
    for (let again = 0; again < 2; again++) {
      const status = await call('POST', '/api/outputs', { id, url, name: 'one' }, `create-${id}`);
      assert.ok(status === 201 || status === 422, `${status} for ${url}`);
      if (status !== 201) continue;
      await call('GET', `/api/outputs/${id}`);
      await call('PATCH', `/api/outputs/${id}`, { url });
      await call('PATCH', `/api/outputs/${id}?dryRun=true`, { url, enabled: false });
      if (again === 0) taken++;
    }
    await call('POST', '/api/outputs?dryRun=true', { id: `${id}-dry`, url });
    await call('POST', '/api/outputs', { id: `${id}-wrong`, url, unknown: url });
    await call('POST', '/api/batch', {
      operations: [
        { method: 'outputs.create', params: { id: `${id}-batch`, url } },
        { method: 'outputs.remove', params: { id: `${id}-batch` } },
      ],
    });
    await call('POST', '/api/batch', {
      at: { time: '2099-01-01T00:00:00Z' },
      operations: [{ method: 'outputs.create', params: { id: `${id}-later`, url } }],
    });
    ask(`create-${index}`, 'outputs.create', { id: `${id}-rpc`, url });
    ask(`remove-${index}`, 'outputs.remove', { id: `${id}-rpc` });
    if (index % 8 === 7) {
      await service.until('the relays have tried', async () => {
        const { outputs } = await service.status();
        return outputs.every(({ status }) => status.state !== 'connecting');
      });
      const ofService = ['--pid', String(service.pid), '--ppid', String(service.pid)];
      const args = execFileSync('ps', ['-o', 'args', 'ww', ...ofService], { encoding: 'utf8' });
      assert.match(args, /-fpre/);
      said.set(`arguments ${index}`, args);
      for (const { id: old, builtIn } of (await service.status()).outputs)
        if (!builtIn && old !== 'stream-url') await service.must('DELETE', `/api/outputs/${old}`);
    }
  }
  assert.ok(taken >= 30, `${taken} addresses were taken`);
  await service.outputIsLive('stream-url');
  for (const path of [
    '/api/outputs',
    '/api/stream/status',
    '/api/batches',
    '/api/events?since=0&limit=1000',
    '/api/config',
    '/metrics',
    '/health',
    '/ready',
    '/api/templates',
  ])
    await call('GET', path);
  await service.until('events are posted', () => posted.join('').includes('output.removed'));
  socket.close();

  said.set('socket', heard.join('\n'));
  said.set('webhook', posted.join('\n'));
  said.set('log', service.output);
  said.set('idempotency', await readFile(join(service.dataDir, 'idempotency.jsonl'), 'utf8'));
  for (const [name, text] of said)
    assert.doesNotMatch(text, SIGHTING, `${name}: ${SIGHTING.exec(text)?.index ?? ''}`);
  assert.match(service.output, /the relay has ended and is started again/);

  const keeping: string[] = [];
  for (const name of await readdir(service.dataDir)) {
    const path = join(service.dataDir, name);
    const { mode } = await stat(path);
    if (!(await stat(path)).isFile()) continue;
    assert.equal(mode & 0o077, 0, `${name} is for others too: ${mode.toString(8)}`);
    if (SIGHTING.test(await readFile(path, 'utf8'))) keeping.push(name);
  }
  assert.ok(keeping.includes('state.json'), `the key is kept in ${keeping.join()}`);
});
