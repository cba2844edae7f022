import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness({
    limits: { uploadBytes: 2 * 1024 * 1024, bodyTimeoutMs: 300, uploadsInFlight: 1 },
  });
});
after(() => api.close());

const JSON_TYPE = { 'content-type': 'application/json' };

/** Sends bytes as they are and resolves with all that comes back until the service hangs up or `until` is seen. */
function speak(bytes: string | Uint8Array, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1');
    let heard = '';
    const finish = (): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(5000, () => {
      socket.destroy();
      reject(new Error(`Only heard: ${heard}`));
    });
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (until.test(heard)) finish();
    });
    socket.on('close', finish);
    socket.on('error', finish);
    socket.write(bytes);
  });
}

test('refuses what is not JSON, with a reason', async () => {
  for (const raw of ['{', '{"name": NaN}', '{"width": Infinity}', "{'name': 1}", '[1,', 'nul']) {
    const reply = await api.call('POST', '/api/scenes', { raw, headers: JSON_TYPE });
    assert.equal(reply.status, 400, raw);
    assert.equal(reply.json['code'], 'SM_REQUEST_MALFORMED');
    assert.match(String(reply.headers['content-type']), /application\/problem\+json/);
  }
  const latin = await api.call('POST', '/api/scenes', {
    raw: Buffer.from('{"name":"\xe9"}', 'latin1'),
    headers: JSON_TYPE,
  });
  assert.match(latin.textOf('detail'), /UTF-8/);
});

test('refuses numbers beyond what a number holds', async () => {
  const reply = await api.call('POST', '/api/scenes', {
    raw: '{"width":1e999}',
    headers: JSON_TYPE,
  });
  assert.equal(reply.status, 422);
  assert.match(JSON.stringify(reply.json['errors']), /\/width/);
});

test('names every field that does not fit', async () => {
  const reply = await api.call('POST', '/api/scenes', {
    body: {
      id: 'no spaces',
      colour: 'red',
      layers: [
        { id: 'a', type: 'text', text: 1, opacity: 2 },
        { id: 'b', type: 'hologram' },
        {
          id: 'c',
          type: 'text',
          text: '',
          animations: [{ property: 'x', keyframes: [{ atMs: 0, value: [] }] }],
        },
      ],
    },
  });
  assert.equal(reply.status, 422, reply.text);
  const errors = JSON.stringify(reply.json['errors']);
  for (const path of ['/id', '/colour', '/layers/0/text', '/layers/0/opacity', '/layers/1/type']) {
    assert.ok(errors.includes(`"${path}"`), `${path} in ${errors}`);
  }
  assert.match(errors, /expected number, received array; or expected string, received array/);
  assert.equal(api.store.state.scenes.length, 0);
});

test('refuses unknown fields in address, query and body', async () => {
  assert.equal((await api.call('GET', '/api/scenes?limit=1')).status, 422);
  assert.equal((await api.call('POST', '/api/stream/start', { body: { now: true } })).status, 422);
  assert.equal((await api.call('PATCH', '/api/config', { body: { speed: 1 } })).status, 422);
  const twice = await api.call('GET', '/api/preview.jpg?width=320&width=640');
  assert.match(twice.textOf('detail'), /more than once/);
  const prototype = await api.call('POST', '/api/scenes', {
    raw: '{"__proto__":{"name":"x"}}',
    headers: JSON_TYPE,
  });
  assert.equal(prototype.status, 422, prototype.text);
});

test('refuses deep nesting before it is parsed', async () => {
  const deep = await api.call('POST', '/api/scenes', {
    raw: `{"name":${'['.repeat(200_000)}`,
    headers: JSON_TYPE,
  });
  assert.equal(deep.status, 400);
  assert.equal(deep.json['code'], 'SM_REQUEST_TOO_DEEP');
  const brackets = await api.call('POST', '/api/scenes', { body: { name: '[{"'.repeat(60) } });
  assert.equal(brackets.status, 201, 'brackets inside a text are only text');
});

test('asks for JSON when something else is sent', async () => {
  const reply = await api.call('POST', '/api/scenes', {
    raw: 'id=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.equal(reply.status, 415);
  assert.match(reply.textOf('detail'), /application\/json/);
});

test('refuses a body of 100 MB by its announced length, and lets the client read why', async () => {
  const response = await request(`${api.origin}/api/scenes`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: Buffer.alloc(100_000_000, 0x20),
  });
  assert.equal(response.statusCode, 413);
  assert.match(await response.body.text(), /SM_REQUEST_TOO_LARGE/);
  const heard = await speak(
    `POST /api/scenes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n`,
    /SM_REQUEST_TOO_LARGE/,
  );
  assert.match(heard, /^HTTP\/1\.1 413 /, 'not one byte of the body is waited for');
});

test('refuses an endless body as soon as it is too much, without keeping it', async () => {
  const chunk = Buffer.alloc(256 * 1024, 0x20);
  async function* endless(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 400; i++) {
      yield chunk;
      await new Promise(setImmediate);
    }
  }
  const before = process.memoryUsage();
  const response = await request(`${api.origin}/api/assets`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: Readable.from(endless()),
  });
  assert.equal(response.statusCode, 413);
  assert.match(await response.body.text(), /2\.0 MiB/);
  const grownBytes = process.memoryUsage().arrayBuffers - before.arrayBuffers;
  assert.ok(grownBytes < 40_000_000, `${grownBytes} bytes`);
});

test('gives up on a body that dribbles', async () => {
  const heard = await speak(
    'POST /api/scenes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
    /SM_REQUEST_TIMEOUT/,
  );
  assert.match(heard, /^HTTP\/1\.1 408 /);
});

test('takes no more uploads at a time than there is room for', async () => {
  const slow = connect(api.port, '127.0.0.1');
  slow.on('error', () => undefined);
  slow.write(
    'POST /api/assets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\nContent-Length: 2097150\r\n\r\nx',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const refused = await api.call('POST', '/api/assets', {
    raw: Buffer.alloc(10),
    headers: { 'content-type': 'image/png' },
  });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '1');
  slow.destroy();
});

test('survives garbage on the wire', async () => {
  for (const garbage of [
    '\x16\x03\x01\x02\x00\x01\x00',
    'GET\r\n\r\n',
    'GET /health HTTP/1.1\r\n\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'POST /api/scenes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n',
    'POST /api/scenes HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
  ]) {
    const socket = connect(api.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end(Buffer.from(garbage, 'latin1'));
    await new Promise((resolve) => {
      socket.on('close', resolve);
      setTimeout(() => socket.destroy(), 100);
    });
  }
  assert.equal((await api.call('GET', '/health')).status, 200);
});

test('never shows what went wrong inside', async () => {
  api.program.startsWith = () => Promise.reject(new Error('password=hunter2 at /srv/secret.js:1'));
  const reply = await api.call('POST', '/api/stream/start');
  assert.equal(reply.status, 500);
  assert.equal(reply.json['code'], 'SM_INTERNAL');
  assert.doesNotMatch(reply.text, /hunter2|secret\.js/);
});

test('answers 429 with a time to come back, and goes on afterwards', async () => {
  const tight = await startHarness({ limits: { requestsPerSecond: 5 } });
  const replies = await Promise.all(
    Array.from({ length: 30 }, () => tight.call('GET', '/api/config')),
  );
  const refused = replies.find(({ status }) => status === 429);
  assert.ok(refused);
  assert.equal(refused.headers['retry-after'], '1');
  assert.equal(refused.json['code'], 'SM_RATE_LIMITED');
  await new Promise((resolve) => setTimeout(resolve, 1050));
  assert.equal((await tight.call('GET', '/health')).status, 200);
  await tight.close();
});
