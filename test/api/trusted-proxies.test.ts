import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrustedProxies } from '../../src/api/trusted-proxies.js';
import { startHarness } from './harness.js';

test('takes the word of trusted proxies only, from the last hop backwards', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);
  for (const [peer, forwarded, sender] of [
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '198.51.100.1, 127.0.0.1', '198.51.100.1'],
    ['10.1.2.3', '10.9.9.9, 127.0.0.1', '10.9.9.9'],
    ['10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['fd00::1', '[2001:db8::5]:80', '2001:db8::5'],
    ['0000:0000:0000:0000:0000:ffff:0a00:0001', '198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', 'unknown', '10.1.2.3'],
    ['10.1.2.3', '198.51.100.1, <script>', '10.1.2.3'],
    ['unknown', '198.51.100.1', 'unknown'],
  ] as const)
    assert.equal(proxies.senderOf(peer, forwarded), sender, `${peer} for ${forwarded}`);
  assert.equal(new TrustedProxies([]).senderOf('127.0.0.1', '1.2.3.4'), '127.0.0.1');
});

const LIMITS = { requestsPerSecond: 5 };

/** How many of 20 requests are let in, each said to be for another sender. */
async function countAnswered(trustedProxies: readonly string[]): Promise<number> {
  const api = await startHarness({ limits: LIMITS, trustedProxies });
  try {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        api.call('GET', '/api/scenes', { headers: { 'x-forwarded-for': `198.51.100.${i}` } }),
      ),
    );
    return replies.filter(({ status }) => status === 200).length;
  } finally {
    await api.close();
  }
}

test('counts requests for those whom a trusted proxy names, and for the proxy when it is not trusted', async () => {
  assert.equal(await countAnswered(['127.0.0.0/8']), 20);
  assert.ok((await countAnswered([])) < 20, 'a header that anybody can send lifts no limit');
});
