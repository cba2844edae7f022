import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startHttpServer, type HttpServer } from '../support/http-server.js';
import { runProcess, type ProcessEnd } from '../support/process.js';
import {
  Service,
  SERVICE_ENTRY,
  serviceEnvironment,
  SMALL_STREAM,
  type Variables,
} from '../support/service.js';

const START_TIMEOUT_MS = 60_000;

let folder: string;
let other: HttpServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-bad-start-'));
  other = await startHttpServer((_request, response) => response.end());
});
after(async () => {
  await other.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a service that is to refuse, and waits for its end. */
async function refusal(variables: Variables): Promise<ProcessEnd & { readonly output: string }> {
  const env = serviceEnvironment({ DATA_DIR: join(folder, 'data'), RTMP_PORT: '0', ...variables });
  return runProcess(process.execPath, [SERVICE_ENTRY], {
    cwd: folder,
    env,
    timeoutMs: START_TIMEOUT_MS,
  });
}

for (const name of ['PORT', 'RTMP_PORT']) {
  test(`says which port is in use, and what to do, when it is ${name}`, async () => {
    const { code, output } = await refusal({ ...SMALL_STREAM, [name]: String(other.port) });
    assert.equal(code, 1);
    assert.match(output, new RegExp(`${other.port}\\b.* in use`));
    assert.match(output, new RegExp(`\\b${name}\\b`));
    assert.doesNotMatch(output, /\n +at /, 'no stack for people');
  });
}

test('names every mistake in the environment at once, each on a line of its own', async () => {
  const { code, output } = await refusal({
    PORT: '80000',
    HOST: '0.0.0.0',
    STREAM_RESOLUTION: '1921x1080',
    TARGET_FPS: 'fast',
    STREAM_BITRATE: '-1',
    FFMPEG_PRESET: 'placebo',
    REDIS_URL: 'http://user:hidden-password@localhost',
    STREAM_URL: 'https://example.com/live/hidden-key',
    AUTOSTART: 'maybe',
    RENDER_THREADS: '0',
    LOG_LEVEL: 'loud',
  });
  assert.equal(code, 1);
  const names = [
    ...['PORT', 'HOST', 'STREAM_RESOLUTION', 'TARGET_FPS', 'STREAM_BITRATE', 'FFMPEG_PRESET'],
    ...['REDIS_URL', 'STREAM_URL', 'AUTOSTART', 'RENDER_THREADS', 'LOG_LEVEL'],
  ];
  for (const name of names) {
    const lines = output.split('\n').filter((line) => line.trim().startsWith(`${name} `));
    assert.equal(lines.length, 1, `${name} in:\n${output}`);
  }
  assert.doesNotMatch(output, /hidden|\n +at /);
});

test('does not start with a file of certificates that is missing or none', async () => {
  const missing = await refusal({ RTMPS_CA_FILE: join(folder, 'nowhere.pem') });
  assert.equal(missing.code, 1);
  assert.match(missing.output, /RTMPS_CA_FILE cannot be read/);
  const path = join(folder, 'wrong.pem');
  await writeFile(path, 'no certificate');
  const wrong = await refusal({ RTMPS_CA_FILE: path });
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /contains no PEM certificate/);
});

test('does not start over a state that it cannot read', async () => {
  const dataDir = join(folder, 'unreadable');
  const service = await Service.start({ ...SMALL_STREAM, DATA_DIR: dataDir });
  await service.show({ id: 'kept' });
  await service.stop();
  await service.close();
  await writeFile(join(dataDir, 'state.json'), '{"version": 99999}');
  const { code, output } = await refusal({ DATA_DIR: dataDir });
  assert.equal(code, 1);
  assert.match(output, /state\.json|newer/);
  assert.doesNotMatch(output, /\n +at /);
});

async function startWithFfmpeg(path: string): Promise<Service> {
  return Service.start({ ...SMALL_STREAM, AUTOSTART: 'true', FFMPEG_PATH: path });
}

test('without FFmpeg the service runs, and says why the stream does not', async () => {
  const service = await startWithFfmpeg('/nowhere/ffmpeg');
  try {
    const status = await service.status();
    assert.equal(status.state, 'failed');
    assert.equal(status.wanted, 'live');
    assert.match(status.reason ?? '', /FFMPEG_PATH \(\/nowhere\/ffmpeg\)/);
    const { status: code, json } = await service.api('POST', '/api/stream/start');
    assert.equal(code, 503);
    assert.equal(json['code'], 'SM_FFMPEG_MISSING');
    assert.equal((await service.api('GET', '/health')).status, 503);
    const { bytes } = await service.must('GET', '/api/preview.jpg?width=320');
    assert.equal(bytes[0], 0xff, 'the preview needs no FFmpeg');
  } finally {
    await service.close();
  }
});

test('an FFmpeg that is too old is refused by name', async () => {
  const path = join(folder, 'old-ffmpeg');
  const about = 'ffmpeg version 3.4.8\nlibavutil      55. 78.100 / 55. 78.100\n';
  await writeFile(path, `#!/bin/sh\nprintf '${about.replaceAll('\n', '\\n')}'\n`);
  await chmod(path, 0o755);
  const service = await startWithFfmpeg(path);
  try {
    const { status, json } = await service.api('POST', '/api/stream/start');
    assert.equal(status, 503);
    assert.equal(json['code'], 'SM_FFMPEG_TOO_OLD');
    assert.match(JSON.stringify(json['detail']), /3\.4\.8.*4\.4/);
    assert.deepEqual(await service.stop(), { code: 0, signal: null });
  } finally {
    await service.close();
  }
});
