import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { WebSocket } from 'ws';
import { startHttpServer, type HttpServer } from '../support/http-server.js';
import { type Harness, startHarness } from './harness.js';

const TOKEN = 'a-long-token-of-the-owner';
const TRUST = { issuer: 'https://auth.example', audience: 'stream-manager' };
const CLAIMS = { iss: TRUST.issuer, aud: TRUST.audience };

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The status a WebSocket's opening is refused with, or the subprotocol it is opened with. */
function openSocket(
  url: string,
  protocols: string[],
  headers: Record<string, string> = {},
): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { headers });
    socket.on('open', () => {
      resolve(socket.protocol);
      socket.close();
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('error', reject);
  });
}

describe('with a token', () => {
  let api: Harness;
  before(async () => {
    api = await startHarness({ apiToken: TOKEN, limits: { authFailuresPerMinute: 8 } });
  });
  after(() => api.close());

  test('asks for the token everywhere but at the open addresses', async () => {
    for (const path of ['/health', '/ready', '/', '/docs', '/docs/errors', '/api/openapi.json']) {
      assert.equal((await api.call('GET', path)).status, 200, path);
    }
    for (const path of ['/metrics', '/api/config', '/api/preview.jpg', '/api/preview.mjpeg']) {
      const reply = await api.call('GET', path);
      assert.equal(reply.status, 401, path);
      assert.equal(reply.json['code'], 'SM_AUTH_REQUIRED');
      assert.match(String(reply.headers['www-authenticate']), /^Bearer/);
    }
    const started = await api.call('POST', '/api/stream/start');
    assert.equal(started.status, 401);
    assert.equal(api.store.state.stream.wanted, 'offline');
  });

  test('lets the owner in by header', async () => {
    assert.equal((await api.call('GET', '/api/config', { headers: bearer(TOKEN) })).status, 200);
    assert.equal((await api.call('GET', `/api/config?token=${TOKEN}`)).status, 401);
  });

  test('takes the token on a WebSocket by header or subprotocol, and echoes only our own name', async () => {
    const url = `ws://127.0.0.1:${api.port}/ws`;
    assert.equal(await openSocket(url, [], bearer(TOKEN)), '');
    assert.equal(await openSocket(url, ['stream-manager', `bearer.${TOKEN}`]), 'stream-manager');
    assert.equal(await openSocket(url, [`bearer.wrong`, 'stream-manager']), 401);
    assert.equal(await openSocket(url, []), 401);
    assert.equal(await openSocket(`${url}/preview`, []), 401);
  });

  test('does not look at foreign origins: without the token they can do nothing', async () => {
    const headers = { ...bearer(TOKEN), origin: 'https://elsewhere.example' };
    const reply = await api.call('POST', '/api/stream/stop', { headers });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
  });

  test('answers 429 when wrong tokens keep coming, and still knows its owner', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      statuses.push((await api.call('GET', '/api/config', { headers: bearer(`no${i}`) })).status);
    }
    assert.ok(statuses.includes(401) && statuses.at(-1) === 429, statuses.join(' '));
    assert.equal((await api.call('GET', '/api/config', { headers: bearer(TOKEN) })).status, 200);
  });
});

describe('with a key set', () => {
  let api: Harness;
  let keyServer: HttpServer;
  let privateKey: CryptoKey;
  before(async () => {
    const pair = await generateKeyPair('ES256');
    ({ privateKey } = pair);
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    keyServer = await startHttpServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    api = await startHarness({ jwt: { jwksUrl: `${keyServer.origin}/jwks`, ...TRUST } });
  });
  after(async () => {
    await api.close();
    await keyServer.close();
  });

  const sign = (
    expiresIn: string,
    key = privateKey,
    claims: JWTPayload = CLAIMS,
  ): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('admin')
      .setExpirationTime(expiresIn)
      .sign(key);

  test('lets signed tokens in and fetches the keys once', async () => {
    const token = await sign('1h');
    for (let i = 0; i < 3; i++) {
      assert.equal((await api.call('GET', '/api/config', { headers: bearer(token) })).status, 200);
    }
    assert.equal(keyServer.requests.length, 1);
  });

  test('refuses expired, forged, unsigned and endless tokens', async () => {
    const forger = await generateKeyPair('ES256');
    const endless = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(privateKey);
    const symmetric = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('x'.repeat(32)));
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
    const expired = await api.call('GET', '/api/config', { headers: bearer(await sign('-1h')) });
    assert.match(expired.textOf('detail'), /expired/);
    for (const token of [
      await sign('1h', forger.privateKey),
      endless,
      symmetric,
      unsigned,
      'garbage',
    ]) {
      const reply = await api.call('GET', '/api/config', { headers: bearer(token) });
      assert.equal(reply.status, 401, token);
      assert.equal(reply.json['code'], 'SM_AUTH_INVALID');
    }
  });

  test('refuses what the same keys have signed for other services, or for later', async () => {
    const wrong: readonly (readonly [claims: JWTPayload, reason: RegExp])[] = [
      [{ ...CLAIMS, aud: 'billing' }, /another audience/],
      [{ ...CLAIMS, aud: ['billing', 'stream-manager-2'] }, /another audience/],
      [{ iss: CLAIMS.iss }, /another audience/],
      [{ ...CLAIMS, iss: 'https://other.example' }, /another issuer/],
      [{ ...CLAIMS, iss: `${TRUST.issuer}/` }, /another issuer/],
      [{ aud: CLAIMS.aud }, /another issuer/],
      [{ ...CLAIMS, nbf: Math.floor(Date.now() / 1000) + 60 }, /not valid/],
    ];
    for (const [claims, reason] of wrong) {
      const token = await sign('1h', privateKey, claims);
      const reply = await api.call('GET', '/api/config', { headers: bearer(token) });
      assert.equal(reply.status, 401, JSON.stringify(claims));
      assert.equal(reply.json['code'], 'SM_AUTH_INVALID');
      assert.match(reply.textOf('detail'), reason);
    }
    const several = await sign('1h', privateKey, {
      ...CLAIMS,
      aud: ['billing', TRUST.audience],
    });
    assert.equal((await api.call('GET', '/api/config', { headers: bearer(several) })).status, 200);
  });

  test('opens a WebSocket with a signed token', async () => {
    const protocols = ['stream-manager', `bearer.${await sign('1h')}`];
    const protocol = await openSocket(`ws://127.0.0.1:${api.port}/ws`, protocols);
    assert.equal(protocol, 'stream-manager');
  });

  test('holds a large upload back until it is known who sends it', async () => {
    const lateKeys = await startHttpServer((_request, response) => {
      setTimeout(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ keys: [] }));
      }, 150);
    });
    const late = await startHarness({ jwt: { jwksUrl: `${lateKeys.origin}/jwks`, ...TRUST } });
    const held = await late.call('POST', '/api/assets', {
      raw: Buffer.alloc(5_000_000),
      headers: { ...bearer(await sign('1h')), 'content-type': 'image/png' },
    });
    assert.equal(held.status, 401, 'a key that is not in the set');
    await late.close();
    await lateKeys.close();
    const admitted = await api.call('POST', '/api/assets', {
      raw: Buffer.alloc(5_000_000),
      headers: { ...bearer(await sign('2h')), 'content-type': 'image/png' },
    });
    assert.equal(admitted.status, 415, admitted.text);
  });

  test('says 503 when the keys cannot be had', async () => {
    const orphan = await startHarness({ jwt: { jwksUrl: 'http://127.0.0.1:9/jwks', ...TRUST } });
    const reply = await orphan.call('GET', '/api/config', { headers: bearer(await sign('1h')) });
    await orphan.close();
    assert.equal(reply.status, 503);
    assert.equal(reply.json['code'], 'SM_AUTH_UNAVAILABLE');
  });
});

describe('open on loopback', () => {
  let api: Harness;
  const ADMIN = 'https://admin.example.com';
  before(async () => {
    api = await startHarness({ corsOrigin: `${ADMIN}/hooks/stream` });
  });
  after(() => api.close());

  test('answers to its own names only', async () => {
    for (const host of [`localhost:${api.port}`, `127.0.0.1:${api.port}`, '[::1]:3000']) {
      assert.equal((await api.call('GET', '/api/config', { headers: { host } })).status, 200, host);
    }
    for (const host of ['rebound.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
      const reply = await api.call('GET', '/api/config', { headers: { host } });
      assert.equal(reply.status, 403, host);
      assert.equal(reply.json['code'], 'SM_AUTH_FORBIDDEN');
    }
  });

  test('lets no foreign page change anything or open a WebSocket', async () => {
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${api.port + 1}`]) {
      const reply = await api.call('POST', '/api/stream/start', { headers: { origin } });
      assert.equal(reply.status, 403, origin);
      const socket = await openSocket(`ws://127.0.0.1:${api.port}/ws`, [], { origin });
      assert.equal(socket, 403, origin);
      for (const path of ['/ws/preview', '/ws/preview/audio']) {
        const preview = await openSocket(`ws://127.0.0.1:${api.port}${path}`, [], { origin });
        assert.equal(preview, 403, origin);
      }
    }
    assert.equal(api.store.state.stream.wanted, 'offline');
  });

  test('lets its own pages and the admin pages work', async () => {
    for (const origin of [api.origin, ADMIN]) {
      const reply = await api.call('POST', '/api/stream/stop', { headers: { origin } });
      assert.equal(reply.status, 200, origin);
      assert.equal(await openSocket(`ws://127.0.0.1:${api.port}/ws`, [], { origin }), '');
    }
  });

  test('answers a preflight of the admin pages, and of nobody else', async () => {
    const ask = (origin: string): ReturnType<Harness['call']> =>
      api.call('OPTIONS', '/api/scenes/x', {
        headers: { origin, 'access-control-request-method': 'PATCH' },
      });
    const admin = await ask(ADMIN);
    assert.equal(admin.status, 204);
    assert.equal(admin.headers['access-control-allow-origin'], ADMIN);
    assert.match(String(admin.headers['access-control-allow-methods']), /PATCH/);
    assert.match(String(admin.headers['access-control-allow-headers']), /Authorization/);
    const other = await ask('https://evil.example');
    assert.equal(other.headers['access-control-allow-origin'], undefined);
    assert.equal(other.headers['access-control-allow-methods'], undefined);
    const read = await api.call('GET', '/api/config', { headers: { origin: ADMIN } });
    assert.equal(read.headers['access-control-allow-origin'], ADMIN);
    assert.equal(read.headers['vary'], 'Origin');
  });
});
