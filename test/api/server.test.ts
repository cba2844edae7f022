import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { AppError } from '../../src/core/errors.js';
import { startHttpServer } from '../support/http-server.js';
import { type Harness, startHarness } from './harness.js';
import { eventually } from '../support/until.js';

function isPortInUse(port: number): (error: unknown) => boolean {
  return (error) =>
    error instanceof AppError &&
    error.code === 'SM_PORT_IN_USE' &&
    error.message.includes(String(port));
}

test('refuses a port that another instance listens on, also in another process', async () => {
  const first = await startHarness();
  await assert.rejects(startHarness({ port: first.port }), isPortInUse(first.port));
  await first.close();

  const second = await startHarness({ port: first.port });
  const script = `
    const { loadUws, listenExclusively } = await import(${JSON.stringify(new URL('../../src/api/uws.js', import.meta.url).href)});
    const { uws } = loadUws();
    await listenExclusively(uws, uws.App(), '127.0.0.1', ${second.port}).then(() => console.log('listens'), (error) => console.log(error.code));
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  await once(child, 'close');
  assert.equal(said.trim(), 'SM_PORT_IN_USE');
  await second.close();
});

test('refuses a port that any other program listens on', async () => {
  const other = await startHttpServer((_request, response) => response.end());
  await assert.rejects(startHarness({ port: other.port }), isPortInUse(other.port));
  await assert.rejects(startHarness({ secondPort: other.port }), isPortInUse(other.port));
  await other.close();
});

test('says so when an address cannot be listened on', async () => {
  await assert.rejects(
    startHarness({ host: '192.0.2.1' }),
    (error) => error instanceof AppError && error.code === 'SM_CONFIG_INVALID',
  );
});

test('serves the same on a second port', async () => {
  const api = await startHarness({ secondPort: 0 });
  const [first, second] = api.server.ports;
  assert.ok(first !== undefined && second !== undefined && first !== second);
  const reply = await fetch(`http://127.0.0.1:${second}/health`);
  assert.equal(reply.status, 200);
  const socket = new WebSocket(`ws://127.0.0.1:${second}/ws`);
  await once(socket, 'open');
  assert.equal(api.metrics.sockets, 1);
  socket.terminate();
  await api.close();
});

test('closes sockets with a code, finishes what it works on, and takes nothing new', async () => {
  const api: Harness = await startHarness();
  const sockets = ['/ws', '/ws/preview'].map(
    (path) => new WebSocket(`ws://127.0.0.1:${api.port}${path}`),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const codes: number[] = [];
  for (const socket of sockets) socket.on('close', (code) => codes.push(code));
  api.program.startsWith = () => new Promise((resolve) => setTimeout(resolve, 150));
  const running = api.call('POST', '/api/stream/start');
  await eventually(() => api.program.state === 'starting');
  const closing = api.server.close();
  assert.equal((await running).status, 200);
  await closing;
  await api.server.close();
  await eventually(() => codes.length === 2);
  assert.deepEqual(codes, [1001, 1001]);
  await assert.rejects(fetch(`${api.origin}/health`));
  await api.close();
});

test('does not wait for ever for an answer that does not come', async () => {
  const api = await startHarness({ limits: { closeTimeoutMs: 100 } });
  api.program.startsWith = () => new Promise(() => undefined);
  const running = api.call('POST', '/api/stream/start').catch(() => null);
  await eventually(() => api.program.state === 'starting');
  await api.close();
  assert.equal(await running, null);
});
