import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { isPublicAddress, targetOf, toBaseUrl, type AddressPolicy } from '../../src/net/address.js';

const NO_CDN: AddressPolicy = { cdnBaseUrl: null, allowPrivateHosts: new Set(), ports: 'web' };
const CDN: AddressPolicy = {
  cdnBaseUrl: toBaseUrl('http://cdn.internal:9000/pictures'),
  allowPrivateHosts: new Set(['assets.lan:3000']),
  ports: 'web',
};

function isRefused(given: string, policy: AddressPolicy): boolean {
  try {
    targetOf(given, policy);
    return false;
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'SM_ASSET_ADDRESS', String(error));
    return true;
  }
}

test('only machines on the public internet count as public', () => {
  for (const address of ['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1', '2a00:1450::1']) {
    assert.ok(isPublicAddress(address), address);
  }
  const others = [
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254'],
    ...[
      '100.64.0.1',
      '192.0.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '203.0.113.9',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...[
      '255.255.255.255',
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      'fe80::1',
    ],
    ...[
      'fc00::1',
      'fd12::1',
      'fec0::1',
      'ff02::1',
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      '2002:7f00:1::',
    ],
    ...['2001::1', '2001:db8::1', '3fff::1', '5f00::1', '4000::1', 'fe80::1%eth0', 'localhost', ''],
  ];
  for (const address of others) assert.ok(!isPublicAddress(address), address);
});

test('refuses addresses that are not those of a public web server', () => {
  for (const given of [
    'ftp://example.com/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'http://user:secret@example.com/a.png',
    'http://user@example.com/a.png',
    'http://example.com:22/a.png',
    'http://example.com:6379/',
    'http://localhost/a.png',
    'http://api.localhost./a.png',
    'http://127.0.0.1/a.png',
    'http://127.1/a.png',
    'http://2130706433/a.png',
    'http://0x7f.0.0.1/a.png',
    'http://0177.0.0.1/a.png',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/a.png',
    'http://[::ffff:127.0.0.1]/a.png',
    'http://[::ffff:a9fe:a9fe]/a.png',
    'http://[fd00::1]/a.png',
    'logo.png',
    '//example.com/logo.png',
  ]) {
    assert.ok(isRefused(given, NO_CDN), given);
  }
  for (const given of [
    'https://example.com/a.png',
    'http://example.com:8080/a.png?x=1',
    'http://8.8.8.8/a',
  ]) {
    assert.equal(targetOf(given, NO_CDN).trusted, false);
  }
});

test('trusts what lies below the CDN, and nothing beside it', () => {
  for (const given of [
    'logo.png',
    '/logo.png',
    'a/b.png?v=2',
    'http://cdn.internal:9000/pictures/x.png',
  ]) {
    const { url, trusted } = targetOf(given, CDN);
    assert.ok(trusted && url.href.startsWith('http://cdn.internal:9000/pictures/'), given);
  }
  for (const given of [
    '../admin',
    '%2e%2e/admin',
    'a/../../admin',
    '..%2fadmin',
    'http://cdn.internal:9000/admin',
    'http://cdn.internal:9000/pictures-private/x.png',
    'http://cdn.internal:9001/pictures/x.png',
    'http://cdn.internal:9000/pictures/..%5cadmin',
  ]) {
    assert.ok(isRefused(given, CDN), given);
  }
});

test('trusts hosts that the operator lists, on the port that is listed', () => {
  assert.equal(targetOf('http://assets.lan:3000/a.png', CDN).trusted, true);
  assert.ok(isRefused('http://assets.lan:3001/a.png', CDN));
});
