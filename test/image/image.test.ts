import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { z } from 'zod';
import { StreamStatusSchema, type StreamStatus } from '../../src/api/operations/stream-status.js';
import { grabFrame } from '../support/media.js';
import { folderMegabytes } from './buildah.js';
import type { Container } from './container.js';
import { call, programUrl, request, Stack, until } from './stack.js';

/** The image alone, run as docker-compose.yml runs it, but with its state in its volume. Tests go on from each other. */

const MAX_MEGABYTES = 680;
/** State in the volume: compose has Redis. */
const ALONE = { REDIS_URL: '' };
const COLOUR = [32, 160, 96];

const DryRun = z.looseObject({ report: z.looseObject({ missingGlyphs: z.array(z.unknown()) }) });

let stack: Stack;
let service: Container;
before(async () => {
  stack = await Stack.prepare();
});
after(() => stack.close());

/** Colour of the middle of what players get. */
async function colourOnAir(): Promise<number[]> {
  const { data, info } = await sharp(await grabFrame(await programUrl()))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 3;
  return [...data.subarray(at, at + 3)];
}

/** Status of the stream as soon as it is live. */
async function live(): Promise<StreamStatus> {
  const status = async (): Promise<StreamStatus> =>
    StreamStatusSchema.parse(await call('GET', '/api/stream/status'));
  const isLive = async (): Promise<boolean> => (await status()).state === 'live';
  await until('the stream is live', isLive, () => service.output);
  return status();
}

async function colourComes(): Promise<void> {
  let seen: number[] = [];
  const isThere = async (): Promise<boolean> => {
    seen = await colourOnAir();
    return COLOUR.every((wanted, i) => Math.abs(wanted - (seen[i] ?? 0)) < 8);
  };
  const explain = (): string => `${seen.join(' ')}\n${service.output}`;
  await until('the scene is what players get', isThere, explain);
}

/** One word of /proc/<pid>/status of each process in the container, by the name of the program. */
async function processes(...fields: readonly string[]): Promise<Map<string, string>> {
  const script = `
    const fs = require('node:fs');
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
      try {
        const text = fs.readFileSync('/proc/' + pid + '/status', 'utf8');
        const of = (name) => new RegExp('^' + name + ':\\\\s*(\\\\S+)', 'm').exec(text)?.[1];
        console.log(pid + ' ' + of('Name') + '=' + ${JSON.stringify(fields)}.map(of).join(' '));
      } catch {}
    }`;
  const lines = (await service.must('node', '-e', script)).trim().split('\n');
  return new Map(
    lines.map((line): [string, string] => {
      const [name = '', values = ''] = line.split('=');
      return [name, values];
    }),
  );
}

test(`takes at most ${MAX_MEGABYTES} MB unpacked`, () => {
  const megabytes = folderMegabytes(stack.root);
  assert.ok(megabytes <= MAX_MEGABYTES, `${megabytes} MB`);
});

test('holds the HTTP server for this system alone, and nothing that only builds need', () => {
  const modules = join(stack.root, 'app', 'node_modules');
  const binaries = readdirSync(join(modules, 'uWebSockets.js')).filter((name) =>
    name.endsWith('.node'),
  );
  assert.deepEqual(binaries, [
    `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`,
  ]);
  const packages = readdirSync(modules);
  for (const name of ['typescript', 'assemblyscript', 'eslint', 'axios', 'cmake-js']) {
    assert.ok(!packages.includes(name), name);
  }
  assert.deepEqual(readdirSync(join(stack.root, 'app')).sort(), [
    'dist',
    'node_modules',
    'package.json',
  ]);
});

/** Loads every package that the files of the service name; says which it could not. Runs in the container. */
const LOADS_ALL = `
  import fs from 'node:fs';
  import { createRequire } from 'node:module';
  const require = createRequire('/app/package.json');
  const names = new Set();
  for (const file of fs.readdirSync('/app/dist', { recursive: true })) {
    if (!file.endsWith('.js')) continue;
    const code = fs.readFileSync('/app/dist/' + file, 'utf8');
    const calls = /^import\\s[^'"]*['"]([^'"]+)['"];|\\bimport\\('([^']+)'\\)/gm;
    for (const [, ...found] of code.matchAll(calls)) for (const name of found) if (name) names.add(name);
  }
  const packages = [...names].filter((name) => !/^(node:|\\.)/.test(name)).sort();
  for (const name of packages)
    await import(name).catch(() => require(name)).catch((error) => console.log(name + ': ' + error.message));
  console.log(packages.length + ' packages');
  process.exit();`;

test('every package that the service names loads from what is left of it, and memory goes back by one of them', async () => {
  service = await stack.startService(ALONE);
  const node = (script: string): Promise<string> =>
    service.must('node', '--input-type=module', '-e', script);
  const lines = (await node(LOADS_ALL)).trim().split('\n');
  assert.match(lines.join('\n'), /^[3-9]\d packages$/);
  const gaveBack = await node(`
    import { giveBackPages } from '/app/dist/src/memory/give-back.js';
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    new Uint8Array(memory.buffer).fill(1);
    console.log(giveBackPages(memory, 0, 65536), new Uint8Array(memory.buffer)[0]);`);
  assert.equal(gaveBack.trim(), 'true 0');
});

test('its page, its documents and its pictures of the preview are there', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/docs', 'text/html'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/api/preview.jpg', 'image/jpeg'],
  ] as const) {
    const response = await request('GET', path);
    assert.equal(response.status, 200, `${path}: ${response.text.slice(0, 500)}`);
    assert.ok(response.type.startsWith(type), `${path}: ${response.type}`);
  }
});

test('puts the demo on air, and players get it over RTMP', async () => {
  const { scene } = await live();
  assert.equal(scene?.id, 'auction');
  const url = await programUrl();
  const { width, height } = await sharp(await grabFrame(url)).metadata();
  assert.deepEqual([width, height], [640, 360]);
  await assert.rejects(grabFrame(url.replace(/\?.*/, '')), 'without the key');
});

test('shows what it is told to show, pictures and the scripts of its fonts included', async () => {
  const picture = await sharp({
    create: { width: 64, height: 64, channels: 3, background: 'rgb(32, 160, 96)' },
  })
    .png()
    .toBuffer();
  await call('POST', '/api/assets?id=green&name=Green', picture);
  const scene = {
    id: 'plain',
    background: '#000000',
    layers: [
      {
        id: 'green',
        type: 'image',
        asset: 'green',
        x: 0,
        y: 0,
        width: 1920,
        height: 1080,
        fit: 'fill',
      },
      { id: 'words', type: 'text', text: '竞拍 बोली การประมูล', x: 20, y: 20, fontSize: 30 },
    ],
  };
  const answer = await call('POST', '/api/scenes?dryRun=true', scene);
  assert.deepEqual(DryRun.parse(answer).report.missingGlyphs, []);
  await call('POST', '/api/scenes', scene);
  await call('POST', '/api/scenes/plain/activate');
  await colourComes();
});

test('its health check is well, and is not where nobody answers', async () => {
  const [kind, ...command] = stack.config.Healthcheck?.Test ?? [];
  assert.equal(kind, 'CMD-SHELL');
  const check = ['/bin/sh', '-c', command.join(' ')];
  const well = await service.exec(check);
  assert.deepEqual([well.code, well.output], [0, '']);
  const nobody = await service.exec(check, ['PORT=1']);
  assert.equal(nobody.code, 1, nobody.output);
});

test('every process belongs to user 1000, has no capability and can get none', async () => {
  const seen = await processes('Uid', 'Gid', 'CapPrm', 'CapBnd', 'NoNewPrivs');
  assert.ok(
    [...seen.keys()].some((name) => name.endsWith(' ffmpeg')),
    [...seen.keys()].join(', '),
  );
  for (const [name, values] of seen) {
    assert.equal(values, '1000 1000 0000000000000000 0000000000000000 1', name);
  }
});

test('tini is the first process, and nothing dead stays', async () => {
  const seen = await processes('State');
  assert.ok(seen.has('1 tini'), [...seen.keys()].join(', '));
  assert.deepEqual(
    [...seen].filter(([, state]) => state === 'Z'),
    [],
  );
});

test('writes only into its volume and /tmp: the rest cannot be written', async () => {
  for (const folder of ['/', '/app', '/app/dist/fonts', '/etc', '/home/node', '/var/tmp']) {
    const { code, output } = await service.exec(['touch', `${folder}/x`]);
    assert.notEqual(code, 0, folder);
    assert.match(output, /Read-only file system/, folder);
  }
  for (const folder of ['/data', '/tmp']) await service.must('touch', `${folder}/x`);
  assert.deepEqual(Object.keys(stack.config.Volumes ?? {}), ['/data']);
});

test('ends in order and with code 0 on SIGTERM, well within the grace that compose gives it', async () => {
  const end = await service.stop(stack.graceMs);
  assert.deepEqual(end, { code: 0, signal: null }, service.output);
});

test('a new container has the state of its volume, and is on air again by itself', async () => {
  service = await stack.startService(ALONE);
  await colourComes();
  const asset = z.looseObject({ name: z.string() }).parse(await call('GET', '/api/assets/green'));
  assert.equal(asset.name, 'Green');
});

test('so has one that was killed', async () => {
  await service.signal('SIGKILL');
  assert.deepEqual(await service.ended, { code: 137, signal: null }, service.output);
  service = await stack.startService(ALONE);
  await colourComes();
  await service.stop(stack.graceMs);
});
