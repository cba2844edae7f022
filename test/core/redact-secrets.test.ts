import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactSecrets } from '../../src/core/logger.js';

const SECRETS: readonly (readonly [name: string, text: string, secret: string, kept: string])[] = [
  [
    'the key of an RTMP address',
    'rtmp://live.example/app/s3cret',
    's3cret',
    'rtmp://live.example/app/',
  ],
  ['the key of an RTMPS address', 'rtmps://live.example:443/app/s3cret', 's3cret', ':443/app/'],
  ['a key with a query', 'rtmp://a.example/app/key?token=s3cret&x=1', 's3cret', 'a.example/app'],
  ['a key behind two folders', 'rtmp://a.example/app/inst/s3cret', 's3cret', '/app/'],
  ['a key behind two slashes', 'to rtmp://a.example/app//s3cret now', 's3cret', ' now'],
  ['a key with a quote in JSON', '{"m":"rtmp://a.example/app/k\\"s3cret"}', 's3cret', '"}'],
  ['a password with an @', 'redis://:p@s3cret@redis:6379/0', 's3cret', 'redis:6379'],
  ['a key of signs', 'rtmp://a.example/live2/s3-c_r.e+t=', 's3-c_r', '/live2/'],
  [
    'a key in quotes',
    "Output '-f flv' 'rtmp://a.example/app/s3cret': failed",
    's3cret',
    "': failed",
  ],
  ['a key in the middle of a line', 'to rtmp://a.example/app/s3cret now', 's3cret', ' now'],
  ['a key in capital letters', 'RTMP://A.EXAMPLE/APP/S3CRET', 'S3CRET', 'A.EXAMPLE'],
  [
    'a key followed by a colon',
    'rtmp://a.example/app/s3cret: Input/output error',
    's3cret',
    'error',
  ],
  [
    'the query of an SRT address',
    'srt://a.example:9000/path?passphrase=s3cret',
    's3cret',
    'a.example',
  ],
  [
    'user and password',
    'https://user:s3cret@cdn.example/picture.png',
    's3cret',
    'cdn.example/picture.png',
  ],
  ['user and password of a store', 'redis://:s3cret@redis:6379/0', 's3cret', 'redis:6379'],
  ['user and password of a stream', 'rtmp://u:s3cret@a.example/app/key', 's3cret', 'a.example/app'],
  ['a bearer token', 'Authorization: Bearer s3cret.abc-def', 's3cret', 'Bearer'],
  ['a bearer token in JSON', '{"h":"bearer s3cret"}', 's3cret', '"}'],
];

for (const [name, text, secret, kept] of SECRETS) {
  test(`hides ${name} and keeps the rest`, () => {
    const redacted = redactSecrets(text);
    assert.ok(!redacted.includes(secret), redacted);
    assert.ok(redacted.includes('***'), redacted);
    assert.ok(redacted.includes(kept), redacted);
  });
}

test('hides every secret of a text', () => {
  const redacted = redactSecrets('rtmp://a.example/app/one rtmp://b.example/app/two Bearer three');
  assert.doesNotMatch(redacted, /one|two|three/);
});

test('hides the query of an SRT address that has no path', () => {
  const redacted = redactSecrets('to srt://a.example:9000?streamid=s3cret&latency=20 now');
  assert.equal(redacted, 'to srt://a.example:9000?*** now');
});

test('leaves texts without secrets as they are', () => {
  for (const text of [
    'frame=  100 fps= 60 q=28.0 size=    1024kB',
    'http://127.0.0.1:3000/docs',
    'https://cdn.example/pictures/a.png?width=20',
    'mail to someone@example.org',
    '',
  ])
    assert.equal(redactSecrets(text), text);
});

test('a text can be redacted twice', () => {
  for (const [, text] of SECRETS)
    assert.equal(redactSecrets(redactSecrets(text)), redactSecrets(text));
});

test('long lines are read in one go', () => {
  const lines = [`rtmp://${'a/'.repeat(50_000)}`, 'x://'.repeat(20_000), 'bearer '.repeat(10_000)];
  for (const line of lines) assert.ok(redactSecrets(line).length > 0);
});
