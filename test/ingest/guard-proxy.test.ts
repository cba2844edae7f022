import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLogger } from '../../src/core/logger.js';
import { askedFor, nameOf, TRACK_URL } from '../../src/ingest/guard-names.js';
import { GuardProxy } from '../../src/ingest/guard-proxy.js';
import { createSystemResolver } from '../../src/net/resolver.js';

/** An address needs no resolver. */
const TARGET = 'https://1.1.1.1/secret?token=abc';
const POLICY = { cdnBaseUrl: null, allowPrivateHosts: new Set<string>(), ports: 'free' } as const;

type Answer = { readonly status: number | undefined; readonly location: string | undefined };

function ask(port: string, path: string, authorization: string | null): Promise<Answer> {
  const headers = authorization === null ? {} : { 'proxy-authorization': authorization };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

test('the guard serves who has the password of a track, and nobody else on the machine', async () => {
  const guard = new GuardProxy(POLICY, createSystemResolver(), createLogger('silent', 'test'));
  await guard.open();
  const { proxyUrl } = guard.admit('0', TARGET);
  const { port, username, password } = new URL(proxyUrl);
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const right = basic(`${username}:${password}`);
  const wrong = [null, basic('0:'), basic(`1:${password}`), 'Bearer x', 'Basic', basic(username)];
  for (const path of [TRACK_URL, 'http://example.com/', '/0'])
    for (const authorization of wrong)
      assert.deepEqual(await ask(port, path, authorization), { status: 407, location: undefined });
  const { status, location = '' } = await ask(port, TRACK_URL, right);
  assert.equal(status, 302);
  assert.equal(String(askedFor(location)), TARGET);
  // What is no address, and what may not be reached.
  assert.equal((await ask(port, '/elsewhere', right)).status, 404);
  assert.equal((await ask(port, 'http://127.0.0.1:1/x', right)).status, 403);
  guard.forget('0');
  assert.equal((await ask(port, TRACK_URL, right)).status, 407);
  guard.close();
});

test('addresses come back from their names as they were', () => {
  const hosts = ['radio.example', 'a-b.example', '10.1.2.3', '[2001:db8::1]', '[::ffff:1.2.3.4]'];
  const parts = fc.record({
    scheme: fc.constantFrom('http', 'https'),
    host: fc.constantFrom(...hosts),
    port: fc.constantFrom('', ':8000', ':8443'),
    path: fc.webPath(),
    query: fc.webQueryParameters(),
  });
  fc.assert(
    fc.property(parts, ({ scheme, host, port, path, query }) => {
      const url = new URL(`${scheme}://${host}${port}${path}${query === '' ? '' : `?${query}`}`);
      const name = nameOf(url);
      assert.equal(new URL(name).protocol, 'http:');
      assert.equal(String(askedFor(name)), url.href);
    }),
  );
});

test('what a playlist says relative to itself leads to the same server', () => {
  const list = nameOf(new URL('https://cdn.example:8443/a/b/list.m3u8?x=1'));
  for (const [part, real] of [
    ['1.ts', 'https://cdn.example:8443/a/b/1.ts'],
    ['../1.ts?k=v', 'https://cdn.example:8443/a/1.ts?k=v'],
    ['/hls/1.ts', 'https://cdn.example:8443/hls/1.ts'],
  ] as const)
    assert.equal(String(askedFor(new URL(part, list).href)), real);
});
