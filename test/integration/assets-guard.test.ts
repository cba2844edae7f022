import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { after, before, beforeEach, test } from 'node:test';
import { request } from 'undici';
import { AppError } from '../../src/core/errors.js';
import { createAgent } from '../../src/net/connector.js';
import {
  FAST_REFRESH,
  makePng,
  openFixture,
  waitForAsset,
  type Fixture,
} from '../assets/fixture.js';
import { answer, startHttpServer, type HttpServer } from '../support/http-server.js';

const LIMITS = { connectTimeoutMs: 500, headersTimeoutMs: 2_000, bodyTimeoutMs: 2_000 };

let cdn: HttpServer;
/** Stands for the machines inside the network that nobody may reach. */
let inside: HttpServer;
let fixture: Fixture;
let png: Buffer;
let redirectTo = '';
let lookups: string[] = [];

before(async () => {
  png = await makePng(5, 5);
  inside = await startHttpServer((_, response) => {
    answer(response, 200, {}, png);
  });
  cdn = await startHttpServer((incoming, response) => {
    const hops = Number(/^\/cdn\/hop-(\d+)$/.exec(incoming.url ?? '')?.[1] ?? Number.NaN);
    if (hops > 0) answer(response, 302, { location: `hop-${hops - 1}` });
    else if (incoming.url === '/cdn/redirect') answer(response, 302, { location: redirectTo });
    else answer(response, 200, {}, png);
  });
  fixture = await openFixture({
    cdnBaseUrl: `${cdn.origin}/cdn/`,
    allowPrivateHosts: [],
    // No second try while a test still looks at the first.
    refreshPolicy: { ...FAST_REFRESH, laterMs: 60_000, latestMs: 60_000 },
    resolver: (hostname) => {
      lookups.push(hostname);
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    },
  });
});
beforeEach(() => {
  lookups = [];
});
after(async () => {
  await fixture.close();
  await Promise.all([cdn.close(), inside.close()]);
});

async function outcomeOf(id: string, url: string): Promise<string> {
  await fixture.assets.register({ id, name: '', url });
  const { state, error } = await waitForAsset(
    fixture.store,
    id,
    (asset) => asset.state !== 'pending',
  );
  await fixture.assets.remove(id);
  return error ?? state;
}

test('follows redirects below the CDN, five at the most', async () => {
  assert.equal(await outcomeOf('five', 'hop-5'), 'ready');
  assert.match(await outcomeOf('six', 'hop-6'), /more than 5 redirects/);
});

test('refuses redirects from the CDN to whatever is not public', async () => {
  const { port } = inside;
  for (const location of [
    `${inside.origin}/secret`,
    `http://localhost:${port}/`,
    'http://127.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::1]/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://127.1/',
    'http://user:pass@example.com/',
    'http://example.com:25/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    '/outside-of-the-cdn',
    '../admin',
  ]) {
    redirectTo = location;
    const outcome = await outcomeOf('redirected', 'redirect');
    assert.match(
      outcome,
      /not a host on the public|is not allowed|protocol .* is not supported|user name or a password/,
      location,
    );
  }
  assert.equal(inside.requests.length, 0);
  assert.ok(cdn.requests.every(({ path }) => path.startsWith('/cdn/')));
});

test('refuses a public name that leads to a private address, and asks for it only once', async () => {
  for (const [id, url] of [
    ['direct', 'http://rebind.example/'],
    ['tls', 'https://rebind.example/'],
  ] as const) {
    assert.match(await outcomeOf(id, url), /rebind\.example is not a host on the public internet/);
  }
  redirectTo = 'http://rebind.example/';
  assert.match(
    await outcomeOf('redirected', 'redirect'),
    /rebind\.example is not a host on the public/,
  );
  assert.deepEqual(lookups, ['rebind.example', 'rebind.example', 'rebind.example']);
});

test('refuses a name of which one address is private', async () => {
  const mixed: LookupAddress[] = [
    { address: '8.8.8.8', family: 4 },
    { address: '::ffff:10.0.0.1', family: 6 },
  ];
  await assertRefused('http://mixed.example/', () => Promise.resolve(mixed));
});

test('refuses literal addresses at the connection too, where no name is looked up', async () => {
  let asked = 0;
  const resolve = (): Promise<LookupAddress[]> => {
    asked++;
    return Promise.resolve([{ address: '8.8.8.8', family: 4 }]);
  };
  for (const host of [
    `127.0.0.1:${inside.port}`,
    `[::ffff:127.0.0.1]:${inside.port}`,
    `2130706433:${inside.port}`,
  ]) {
    await assertRefused(`http://${host}/`, resolve);
  }
  assert.equal(asked, 0);
  assert.equal(inside.requests.length, 0);
});

test('connects to the very address that was looked up, so a second answer cannot win', async () => {
  const answers = ['127.0.0.1', '203.0.113.1', '203.0.113.1'];
  let asked = 0;
  const agent = createAgent(
    true,
    () => Promise.resolve([{ address: answers[asked++] ?? '', family: 4 }]),
    LIMITS,
  );
  try {
    const { statusCode, body } = await request(`http://no-such-name.example:${inside.port}/`, {
      dispatcher: agent,
    });
    await body.dump();
    assert.deepEqual([statusCode, asked, inside.requests.length], [200, 1, 1]);
  } finally {
    await agent.destroy();
  }
});

async function assertRefused(url: string, resolve: () => Promise<LookupAddress[]>): Promise<void> {
  const agent = createAgent(false, resolve, LIMITS);
  try {
    await assert.rejects(
      request(url, { dispatcher: agent }),
      (error) => error instanceof AppError && error.code === 'SM_ASSET_ADDRESS',
    );
  } finally {
    await agent.destroy();
  }
}
