import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import type { TlsTrust } from '../../src/ffmpeg/trusted-certificates.js';
import { startNginxRtmp } from '../support/nginx-rtmp.js';
import { createOutputRig, type OutputRig } from '../support/output-rig.js';
import { type PublishNames, startPublishNames } from '../support/publish-names.js';
import { createAuthority, startTlsFront } from '../support/tls-front.js';
import { until } from '../support/until.js';

let server: PublishNames;
let cleanUps: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startPublishNames();
  cleanUps = [() => server.close()];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function start(urls: readonly string[], tls?: TlsTrust): Promise<OutputRig> {
  const targets = urls.map((url, index) => ({ id: String(index), url }));
  const rig = await createOutputRig(tls === undefined ? { targets } : { targets, tls });
  cleanUps.push(() => rig.close());
  await rig.start();
  return rig;
}

const NAMES: readonly (readonly [application: string, name: string])[] = [
  ['live', 'plain'],
  ['live/', 'behind-two-slashes'],
  ['app/instance', 'key'],
  ['live', 'clip.flv'],
  ['live', 'clip.mp4'],
  ['live', 'mp4:clip.mp4'],
  ['live', 'key?sign=a/b/c&x=%7C%20='],
  ['live?token=x', 'stream'],
  ['live', 'with a space, and "quotes" \'too\''],
  ['live', 'schlüssel-鍵-🔑'],
  ['live', '-dash #hash \\n [f=flv]|x'],
  ['live', `long-${'k'.repeat(975)}`],
];

test('application and key arrive at the server byte for byte', async () => {
  await start(
    NAMES.map(([application, name]) => `rtmp://127.0.0.1:${server.port}/${application}/${name}`),
  );
  const sent = NAMES.map(([application, name]) => `${application} ${name}`).sort();
  // The server refuses some of these names, so they come again and again.
  const arrived = (): string[] =>
    [...new Set(server.names.map(({ application, name }) => `${application} ${name}`))].sort();
  await until('all have come', () => arrived().length >= sent.length, 40_000);
  assert.deepEqual(arrived(), sent);
});

test('nginx takes a key with a slash in its query', async () => {
  const nginx = await startNginxRtmp();
  cleanUps.push(() => nginx.close());
  const rig = await start([nginx.url('key?sign=a/b/c')]);
  await until('it is live', () => rig.status('0')?.state === 'live');
});

test('neither the arguments nor the files of a process show the key', async () => {
  const rig = await start([`rtmp://127.0.0.1:${server.port}/live/hidden-key?token=hidden-token`]);
  await until('it is live', () => rig.status('0')?.state === 'live');
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = processes.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
    } catch {
      return [];
    }
  });
  const commands = all.filter((command) => command.includes(`rtmp://127.0.0.1:${server.port}/`));
  assert.equal(commands.length, 1);
  assert.deepEqual(
    commands.filter((command) => command.includes('hidden-')),
    [],
  );
  const temporary = ['/dev/shm', '/tmp'].flatMap((folder) => readdirSync(folder));
  assert.deepEqual(
    temporary.filter((name) => /^stream-manager-[0-9a-f-]{36}$/.test(name)),
    [],
  );
});

test('rtmps goes only to a server whose certificate is valid for its host and signed by somebody trusted', async () => {
  const authority = await createAuthority();
  cleanUps.push(() => authority.close());
  const front = async (subjectAltName: string): Promise<string> => {
    const { port, close } = await startTlsFront(await authority.issue(subjectAltName), server.port);
    cleanUps.push(close);
    return `rtmps://127.0.0.1:${port}/live`;
  };
  const [right, wrong] = await Promise.all([front('IP:127.0.0.1'), front('DNS:other.example')]);
  const { caFile } = authority;
  const error = (rig: OutputRig, id: string): string => rig.status(id)?.lastError ?? '';

  const strict = await start([`${right}/unsigned-key`], { verify: true, caFile: null });
  await until('it is refused', () => error(strict, '0') !== '');
  assert.match(error(strict, '0'), /certificate .* is not valid.*RTMPS_CA_FILE/);

  const knowing = await start([`${right}/right-key`, `${wrong}/wrong-key`], {
    verify: true,
    caFile,
  });
  await until('one is live', () => knowing.status('0')?.state === 'live');
  await until('the other is refused', () => error(knowing, '1') !== '');
  assert.match(error(knowing, '1'), /certificate .* for another host/);

  const careless = await start([`${wrong}/careless-key`], { verify: false, caFile: null });
  await until('it is live', () => careless.status('0')?.state === 'live');

  assert.deepEqual(
    server.names.map(({ name }) => name),
    ['right-key', 'careless-key'],
  );
});

test('a file of certificates that is not there is told of and tried again', async () => {
  const rig = await start([`rtmps://127.0.0.1:${server.port}/live/key`], {
    verify: true,
    caFile: '/nowhere/ca.pem',
  });
  await until('it is told of', () => rig.status('0')?.state === 'waiting');
  assert.match(rig.status('0')?.lastError ?? '', /\/nowhere\/ca\.pem/);
});
