import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { parseConfig, VARIABLE_NAMES } from '../src/config.js';
import { AppError } from '../src/core/errors.js';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import { type Environment, loadEnvironment } from '../src/environment.js';

/** The error that an environment is refused with. */
function refusal(env: Environment): AppError {
  try {
    parseConfig(env);
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'SM_CONFIG_INVALID');
    return error;
  }
  assert.fail('The environment was accepted.');
}

function refusedNames(env: Environment): string[] {
  return refusal(env).fields.map(({ path }) => path);
}

/** The variables of .env.example, with the # in front of them taken away. */
function exampleVariables(): Environment {
  const text = readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8');
  return parseEnv(text.replaceAll(/^# ([A-Z_]+=)/gm, '$1'));
}

test('needs nothing: everything has a default', () => {
  const config = parseConfig({});
  assert.equal(config.port, 3000);
  assert.equal(config.host, '127.0.0.1');
  assert.deepEqual(config.stream, {
    resolution: { width: 1920, height: 1080 },
    fps: { num: 60, den: 1 },
    bitrate: 6_000_000,
    preset: 'auto',
    audioBitrate: 160_000,
    audioChannels: 2,
  });
  assert.deepEqual(config.explicitStream, {});
  assert.equal(config.rtmpPort, 1935);
  assert.equal(config.autostart, true);
  assert.equal(config.redisUrl, null);
});

test('is frozen all the way down', () => {
  const config = parseConfig({ ASSET_ALLOW_PRIVATE: 'a' });
  assert.ok(Object.isFrozen(config));
  assert.ok(Object.isFrozen(config.stream.resolution));
  assert.ok(Object.isFrozen(config.assetAllowPrivate));
});

test('names the same variables in .env.example, each with a sentence before it', () => {
  assert.deepEqual(Object.keys(exampleVariables()).sort(), [...VARIABLE_NAMES].sort());
  const lines = readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8').split('\n');
  lines.forEach((line, i) => {
    if (/^# [A-Z_]+=/.test(line)) assert.match(lines[i - 1] ?? '', /^# [a-zA-Z].*\.$/, line);
  });
});

test('has the defaults in .env.example', () => {
  const { explicitStream, ...example } = parseConfig(exampleVariables());
  const { explicitStream: none, ...defaults } = parseConfig({});
  assert.deepEqual(example, defaults);
  assert.deepEqual(explicitStream, defaults.stream);
  assert.deepEqual(none, {});
});

test('leaves everything at its default when .env.example is copied as it is', () => {
  const copied = parseEnv(readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8'));
  assert.deepEqual(parseConfig(copied), parseConfig({}));
});

test('takes the rates of film and television, as decimals and as fractions', () => {
  const rates: readonly (readonly [string, number, number])[] = [
    ['60', 60, 1],
    ['59.94', 60_000, 1001],
    ['29.97', 30_000, 1001],
    ['23.976', 24_000, 1001],
    ['23.98', 24_000, 1001],
    ['119.88', 120_000, 1001],
    ['30000/1001', 30_000, 1001],
    ['50/2', 25, 1],
    ['12.5', 25, 2],
    ['25.0', 25, 1],
  ];
  for (const [text, num, den] of rates) {
    assert.deepEqual(parseConfig({ TARGET_FPS: text }).stream.fps, { num, den }, text);
  }
  for (const text of ['0', '121', '-30', '60/0', '1e3', 'NaN', '60fps', '29.97/1', '1/2']) {
    assert.deepEqual(refusedNames({ TARGET_FPS: text }), ['TARGET_FPS'], text);
  }
});

test('takes every value that it names', () => {
  const config = parseConfig({
    PORT: '0',
    HOST: '0.0.0.0',
    WS_PORT: '3001',
    REDIS_URL: 'redis://redis:6379',
    STREAM_RESOLUTION: '1080x1920',
    STREAM_BITRATE: '4500k',
    STREAM_URL: 'rtmps://host/app/key',
    RTMP_PORT: '0',
    AUTOSTART: 'false',
    FFMPEG_PATH: '/opt/ffmpeg',
    FFMPEG_PRESET: 'veryfast',
    RENDER_THREADS: '2',
    API_TOKEN: 'a-token-of-16-characters',
    AUTH_JWKS_URL: 'https://auth.example.org/jwks',
    AUTH_JWT_ISSUER: 'https://auth.example.org/',
    AUTH_JWT_AUDIENCE: 'stream-manager',
    RTMPS_VERIFY: 'false',
    RTMPS_CA_FILE: '/etc/own-ca.pem',
    ADMIN_API_URL: 'http://admin:4000/events',
    WEBHOOK_SECRET: 'shared',
    CDN_BASE_URL: 'http://cdn/',
    ASSET_CACHE_BYTES: '2G',
    ASSET_ALLOW_PRIVATE: 'Store, minio:9000,[::1]:80',
    LOG_LEVEL: 'debug',
  });
  assert.equal(config.port, 0);
  assert.equal(config.wsPort, 3001);
  assert.equal(config.stream.bitrate, 4_500_000);
  assert.deepEqual(config.explicitStream, {
    resolution: { width: 1080, height: 1920 },
    bitrate: 4_500_000,
    preset: 'veryfast',
  });
  assert.equal(config.autostart, false);
  assert.equal(config.renderThreads, 2);
  assert.equal(config.assetCacheBytes, 2_000_000_000);
  assert.deepEqual(config.assetAllowPrivate, ['store', 'minio:9000', '[::1]:80']);
  assert.equal(config.logLevel, 'debug');
});

test('tells all mistakes at once: what was given and what is allowed', () => {
  const error = refusal({
    PORT: '70000',
    STREAM_RESOLUTION: '1921x1080',
    FFMPEG_PRESET: 'slow-ish',
    AUTOSTART: 'maybe',
    LOG_LEVEL: 'loud',
    RENDER_THREADS: '0',
    ASSET_CACHE_BYTES: '1',
    CDN_BASE_URL: 'ftp://cdn',
    ASSET_ALLOW_PRIVATE: 'a,http://b',
    REDIS_PREFIX: 'a b',
  });
  assert.deepEqual(error.fields.map(({ path }) => path).sort(), [
    'ASSET_ALLOW_PRIVATE',
    'ASSET_CACHE_BYTES',
    'AUTOSTART',
    'CDN_BASE_URL',
    'FFMPEG_PRESET',
    'LOG_LEVEL',
    'PORT',
    'REDIS_PREFIX',
    'RENDER_THREADS',
    'STREAM_RESOLUTION',
  ]);
  for (const { path, message } of error.fields) {
    assert.match(message, new RegExp(`^${path} is ".*"; it must be `));
    assert.ok(error.message.includes(message));
  }
});

test('does not repeat what may be a secret', () => {
  const error = refusal({
    API_TOKEN: 'hidden one',
    WEBHOOK_SECRET: 'hidden two',
    REDIS_URL: 'reddis://user:hidden-three@host',
    STREAM_URL: 'http://host/app/hidden-four',
    ADMIN_API_URL: 'ftp://user:hidden-five@host/path',
    AUTH_JWKS_URL: 'host/jwks?key=hidden-six',
    CDN_BASE_URL: 'rtmp://host/app/hidden-seven',
  });
  assert.equal(error.fields.length, 7);
  assert.doesNotMatch(error.message + JSON.stringify(error.fields), /hidden[ -]/);
});

test('does not listen where others reach it without a token', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.7', 'example.org', '127.1']) {
    assert.deepEqual(refusedNames({ HOST: host }), ['HOST'], host);
    assert.equal(parseConfig({ HOST: host, API_TOKEN: 'a-token-of-16-characters' }).host, host);
    const jwt = { AUTH_JWKS_URL: 'https://a/jwks', AUTH_JWT_ISSUER: 'a', AUTH_JWT_AUDIENCE: 'b' };
    assert.equal(parseConfig({ HOST: host, ...jwt }).host, host);
  }
  for (const host of ['127.0.0.1', '127.8.9.1', '::1', 'localhost']) {
    assert.equal(parseConfig({ HOST: host }).host, host);
  }
});

test('does not take one port for two things', () => {
  assert.deepEqual(refusedNames({ PORT: '4000', WS_PORT: '4000' }), ['WS_PORT']);
  assert.deepEqual(refusedNames({ PORT: '1935' }), ['RTMP_PORT']);
  assert.equal(parseConfig({ PORT: '0', WS_PORT: '0', RTMP_PORT: '0' }).wsPort, 0);
});

test('reads .env, and the real environment wins over it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sm-config-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, '.env');
  assert.deepEqual(loadEnvironment(path, { PORT: '1' }), { PORT: '1' });
  await writeFile(path, '# a comment\nPORT=2\nHOST="localhost"\n');
  const env = loadEnvironment(path, { PORT: '1' });
  assert.deepEqual({ ...env }, { PORT: '1', HOST: 'localhost' });
  assert.throws(() => loadEnvironment(folder, {}), /cannot be read/);
});

test('does not start with a token that can be guessed, and says how to make one', () => {
  for (const token of [
    'x',
    'secret',
    'fifteen-letters',
    'a'.repeat(64),
    'abcab'.repeat(8),
    '12'.repeat(8),
  ]) {
    const error = refusal({ API_TOKEN: token });
    assert.deepEqual(
      error.fields.map(({ path }) => path),
      ['API_TOKEN'],
    );
    assert.match(error.message, /openssl rand -hex 24/);
    assert.ok(!error.message.includes(`"${token}"`));
  }
  const made = '9f86d081884c7d659a2feaa0c55ad015';
  assert.equal(parseConfig({ API_TOKEN: made }).apiToken, made);
});

test('does not start with a key set that tokens for others are signed by as well', () => {
  const jwks = { HOST: '0.0.0.0', AUTH_JWKS_URL: 'https://auth.example/jwks' };
  assert.deepEqual(refusedNames(jwks), ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE']);
  assert.deepEqual(refusedNames({ ...jwks, AUTH_JWT_ISSUER: 'https://auth.example/' }), [
    'AUTH_JWT_AUDIENCE',
  ]);
  assert.match(refusal(jwks).message, /issued for other services/);
});

test('says what is wrong with the address of STREAM_URL, without repeating it', () => {
  const error = refusal({ STREAM_URL: 'rtmp://host:0/live/hidden' });
  assert.match(error.message, /STREAM_URL .* has a port that is not between 1 and 65535/);
  assert.doesNotMatch(error.message, /hidden"/);
  assert.equal(
    parseConfig({ STREAM_URL: 'RTMP://host/live//Key' }).streamUrl,
    'rtmp://host/live//Key',
  );
});
