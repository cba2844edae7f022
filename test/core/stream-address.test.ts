import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatStreamAddress,
  maskStreamAddress,
  parseStreamAddress,
  secretsOf,
  type StreamAddress,
} from '../../src/core/stream-address.js';
import { ADDRESS_SHAPES, SECRET } from '../support/address-shapes.js';

function parsed(text: string): StreamAddress {
  const result = parseStreamAddress(text);
  assert.ok(result.ok, `${text}: ${result.ok ? '' : result.problem}`);
  return result.address;
}

function problem(text: string): string {
  const result = parseStreamAddress(text);
  assert.ok(!result.ok, text);
  return result.problem;
}

test('takes application and key of an address as they are written', () => {
  const cases: readonly (readonly [rest: string, application: string, key: string])[] = [
    ['live/key', 'live', 'key'],
    ['app/instance/key', 'app/instance', 'key'],
    ['app/instance/key/more', 'app/instance', 'key/more'],
    ['live//key', 'live/', 'key'],
    ['live/key?sign=a/b/c', 'live', 'key?sign=a/b/c'],
    ['live?token=x/stream', 'live?token=x', 'stream'],
    ['live/key%2Fone%20', 'live', 'key%2Fone%20'],
    ['live/clip.flv', 'live', 'clip.flv'],
    ['live/mp4:clip.mp4', 'live', 'mp4:clip.mp4'],
    ['live/mp4:a/clip', 'live', 'mp4:a/clip'],
    ['live/a key', 'live', 'a key'],
    ['live/schlüssel-鍵-🔑', 'live', 'schlüssel-鍵-🔑'],
    [`live/k'e"y<>\\|`, 'live', `k'e"y<>\\|`],
    ['live/key#part', 'live', 'key#part'],
    ['live/key?', 'live', 'key?'],
    ['live/key=1&2', 'live', 'key=1&2'],
  ];
  for (const [rest, application, key] of cases) {
    const address = parsed(`rtmp://host:1936/${rest}`);
    assert.deepEqual(address, { protocol: 'rtmp', host: 'host:1936', application, key });
    assert.equal(formatStreamAddress(address), `rtmp://host:1936/${rest}`);
  }
});

test('writes the protocol in small letters and a host of other letters as the network knows it', () => {
  assert.equal(formatStreamAddress(parsed('RTMP://Host/live/Key')), 'rtmp://Host/live/Key');
  assert.equal(formatStreamAddress(parsed('rtmpS://h/live/k')), 'rtmps://h/live/k');
  assert.equal(parsed('rtmp://bücher.example/live/k').host, 'xn--bcher-kva.example');
  assert.equal(parsed('rtmp://[::1]:1935/live/k').host, '[::1]:1935');
});

test('says why an address cannot work, without repeating it', () => {
  const cases: readonly (readonly [text: string, reason: RegExp])[] = [
    ['http://host/app/s3cret', /must be an RTMP address/],
    ['rtmpt://host/app/s3cret', /must be an RTMP address/],
    ['rtmpe://host/app/s3cret', /must be an RTMP address/],
    ['srt://host:9000?streamid=s3cret', /must be an RTMP address/],
    ['file:///etc/app/s3cret', /must be an RTMP address/],
    ['s3cret', /must be an RTMP address/],
    ['', /must be an RTMP address/],
    ['rtmp:///app/s3cret', /no valid host/],
    ['rtmp://a b/app/s3cret', /no valid host/],
    ['rtmp://ho%73t/app/s3cret', /no valid host/],
    ['rtmp://host:s3cret/app/key', /no valid host/],
    ['rtmp://::1/app/s3cret', /no valid host/],
    ['rtmp://host:0/app/s3cret', /port/],
    ['rtmp://host:65536/app/s3cret', /port/],
    ['rtmp://user:s3cret@host/app/key', /user or a password/],
    ['rtmp://host', /no stream key/],
    ['rtmp://host/', /no stream key/],
    ['rtmp://host/s3cret', /no stream key/],
    ['rtmp://host/live/', /no stream key/],
    ['rtmp://host/live/s3cret/', /no stream key/],
    ['rtmp://host//s3cret', /no stream key/],
    ['rtmp://host?key=s3cret', /no stream key/],
    ['rtmp://host/live/?key=s3cret', /a query and no stream key/],
    ['rtmp://host/live/../s3cret', /"\.\."/],
    ['rtmp://host/./live/s3cret', /"\.\."/],
    ['rtmp://host/live/s3\ncret', /control character/],
    ['rtmp://host/live/s3\tcret', /control character/],
    ['rtmp://host/live/s3\0cret', /control character/],
    ['rtmp://host/live/s3cret\ud800', /control character/],
    ['rtmp://host/live/s3cret ', /space/],
    [' rtmp://host/live/s3cret', /space/],
    ['rtmp://host/live/***', /key hidden/],
    ['rtmp://host/***', /no stream key/],
    [`rtmp://host/live/${'s3cret'.repeat(164)}`, /984 bytes/],
    [`rtmp://host/live/${'ü'.repeat(491)}`, /982 bytes/],
    [`rtmp://host/${'a'.repeat(701)}/s3cret`, /701 bytes/],
  ];
  for (const [text, reason] of cases) {
    assert.match(problem(text), reason, text);
    assert.doesNotMatch(problem(text), /s3/, text);
  }
});

test('takes a key as long as FFmpeg reads', () => {
  assert.equal(parsed(`rtmp://host/live/${'k'.repeat(980)}`).key.length, 980);
});

test('shows scheme, host and first part of the path, and hides more the less it understands', () => {
  const shown: Readonly<Record<string, string>> = {
    'rtmp://host:1936/live/key?x=1': 'rtmp://host:1936/live/***',
    'rtmps://host/app/instance/key': 'rtmps://host/app/***',
    'rtmp://host/live//key': 'rtmp://host/live/***',
    'rtmp://host//live/key': 'rtmp://host/***',
    'rtmp://host/key': 'rtmp://host/***',
    'rtmp://host/live?token=x/stream': 'rtmp://host/***',
    'rtmp://user:pw@host/live/key': 'rtmp://***@host/live/***',
    'rtmp://user:p@w@host/live/key': 'rtmp://***@host/live/***',
    'rtmp://user:p/w@host/live/key': 'rtmp://***/***',
    'rtmp://host?key=x': 'rtmp://host?***',
    'srt://host:9000?streamid=x': 'srt://host:9000?***',
    'rtmp://host/': 'rtmp://host/',
    key: '***',
  };
  for (const [address, text] of Object.entries(shown)) {
    assert.equal(maskStreamAddress(address), text);
    assert.equal(maskStreamAddress(text), text, 'a second time');
  }
});

test('hides the secret of every shape of address, whole and in pieces', () => {
  for (const address of ADDRESS_SHAPES) {
    assert.ok(
      decodeURIComponent(address.replace(/%(?![0-9a-f]{2})/gi, '')).includes(SECRET),
      address,
    );
    const shown = maskStreamAddress(address);
    assert.ok(!decodeURIComponent(shown).includes(SECRET), `${address} is shown as ${shown}`);
    const result = parseStreamAddress(address);
    if (result.ok)
      assert.ok(
        secretsOf(result.address).some((text) => text.includes(SECRET)),
        address,
      );
    else assert.ok(!result.problem.includes(SECRET), result.problem);
  }
});
