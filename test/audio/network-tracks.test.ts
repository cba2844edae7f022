import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { steepestStep } from '../support/heard.js';
import { until } from '../support/until.js';
import { sineAmplitude } from './rig.js';
import { makeSound, sine, TrackRig } from './track-rig.js';

/** Sound from the network: files, playlists in parts, radios, and hosts that nothing is to be fetched from. */

const HZ = 1000;
const SINE = 'aevalsrc=exprs=0.3*sin(2*PI*1000*t):s=48000:d=4';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let rig: TrackRig;
let open: Server;
let closed: Server;
let openUrl: string;
let closedUrl: string;
let handler: Handler = (_request, response) => response.writeHead(404).end();
/** Paths that the host which must not be asked was asked for. */
const askedInVain: string[] = [];
const streams: ChildProcess[] = [];

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

before(async () => {
  open = createServer((request, response) => {
    handler(request, response);
  });
  closed = createServer((request, response) => {
    askedInVain.push(request.url ?? '');
    response.end(readFileSync(join(rig.folder, 'sine.mp3')));
  });
  openUrl = await listen(open);
  closedUrl = await listen(closed);
  rig = await TrackRig.open([new URL(openUrl).host]);
  await makeSound(join(rig.folder, 'sine.mp3'), SINE, ['-b:a', '192k']);
  await makeSound(join(rig.folder, 'sine.m4a'), SINE, ['-c:a', 'aac']);
  await makeSound(join(rig.folder, 'list.m3u8'), SINE, [
    ...['-c:a', 'aac', '-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'],
  ]);
});
after(async () => {
  for (const stream of streams) stream.kill('SIGKILL');
  open.closeAllConnections();
  open.close();
  closed.close();
  await rig.close();
});

afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
});

/** Serves the files of the rig's folder, parts of them too. */
const serveFiles: Handler = (request, response) => {
  const bytes = readFileSync(join(rig.folder, request.url ?? ''));
  const [, from = ''] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from);
  response.writeHead(from === '' ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-length': bytes.length - start,
    ...(from === ''
      ? {}
      : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  response.end(bytes.subarray(start));
};

async function level(): Promise<number> {
  await rig.mix(48_000);
  return sineAmplitude(rig.left(rig.next - 24_000, 19_200), HZ);
}

/** Waits for what is said of a track. */
async function failure(): Promise<unknown> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = rig.published.findLast(({ type }) => type === 'audio-track.failed');
    if (found !== undefined) return found.data['reason'];
    await sleep(20);
  }
  return null;
}

for (const file of ['sine.mp3', 'sine.m4a', 'list.m3u8'])
  test(`what is at an address is played: ${file}`, async () => {
    handler = serveFiles;
    rig.create('remote', { kind: 'url', url: `${openUrl}/${file}` });
    const heard = await level();
    assert.ok(Math.abs(heard - 0.3) < 0.02, `${heard}`);
  });

test('a redirect is followed to hosts that are allowed, and to no other', async () => {
  handler = (request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: `${closedUrl}/x.mp3` }).end();
    else if (request.url === '/here') response.writeHead(302, { location: '/sine.mp3' }).end();
    else serveFiles(request, response);
  };
  rig.create('here', { kind: 'url', url: `${openUrl}/here` });
  assert.ok(Math.abs((await level()) - 0.3) < 0.02);
  rig.remove('here');
  rig.published.length = 0;
  rig.create('away', { kind: 'url', url: `${openUrl}/away` });
  assert.match(String(await failure()), /is not a host on the public internet/);
  assert.deepEqual(askedInVain, []);
});

test('a file that the server replaces is heard when it is played again', async () => {
  for (const [name, hz] of [
    ['before', 500],
    ['after', 2000],
  ] as const) {
    const file = join(rig.folder, `${name}.mp3`);
    await makeSound(file, sine(96_000, hz, 0.3));
    handler = (_request, response) => response.end(readFileSync(file));
    const content = { kind: 'url', url: `${openUrl}/news.mp3` };
    rig.do({ type: 'sound.clip.play', clip: { id: name, content }, atMs: rig.nowMs });
    const first = rig.next;
    await rig.mix(2.2 * 48_000);
    const heard = rig.left(first + 24_000, 48_000);
    assert.ok(Math.abs(sineAmplitude(heard, hz) - 0.3) < 0.02, name);
  }
});

test('parts of a playlist are not fetched from hosts that are not allowed', async () => {
  const list = [
    ...['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:4'],
    ...['#EXTINF:4,', `${closedUrl}/part.mp3`, '#EXT-X-ENDLIST', ''],
  ].join('\n');
  handler = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(list);
  };
  rig.published.length = 0;
  rig.create('parts', { kind: 'url', url: `${openUrl}/list.m3u8` });
  assert.notEqual(await failure(), null);
  assert.deepEqual(askedInVain, []);
});

test('a host that is not allowed is not asked, whatever names it', async () => {
  for (const url of [`${closedUrl}/x.mp3`, 'http://169.254.169.254/latest', 'http://[::1]:9/x']) {
    rig.published.length = 0;
    rig.create('closed', { kind: 'url', url });
    assert.match(String(await failure()), /is not a host on the public internet|is not allowed/);
    rig.remove('closed');
  }
  assert.deepEqual(askedInVain, []);
});

test('a server that hangs up in the middle costs nothing: the rest is fetched', async () => {
  let times = 0;
  handler = (request, response) => {
    const bytes = readFileSync(join(rig.folder, 'sine.mp3'));
    const [, from = '0'] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    const rest = bytes.subarray(Number(from));
    response.writeHead(206, {
      'accept-ranges': 'bytes',
      'content-length': rest.length,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
    if (times++ > 2) response.end(rest);
    else response.write(rest.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 100));
  };
  const first = rig.next;
  rig.create('cut', { kind: 'url', url: `${openUrl}/sine.mp3` });
  await rig.mix(4 * 48_000 - 4800);
  // Where in a packed file its parts begin is known to some hundredths of a second only.
  const heard = rig.left(first + 9600, 3.5 * 48_000);
  for (let at = 0; at + 480 <= heard.length; at += 480)
    assert.ok(sineAmplitude(heard.subarray(at, at + 480), HZ) > 0.25, `${at} samples on`);
});

test('an entry that nobody has is tried a few times, and the next one is played', async () => {
  handler = (request, response) => {
    if (request.url === '/gone.mp3') response.writeHead(404).end();
    else serveFiles(request, response);
  };
  const entries = ['gone.mp3', 'sine.mp3'].map((file) => ({
    kind: 'url',
    url: `${openUrl}/${file}`,
  }));
  rig.create('list', { kind: 'playlist', entries });
  assert.ok(Math.abs((await level()) - 0.3) < 0.02);
});

test('an entry that is given up while the one before it is played holds up nothing', async () => {
  handler = (request, response) => {
    if (request.url === '/gone.mp3') response.writeHead(404).end();
    else serveFiles(request, response);
  };
  const entries = ['sine.mp3', 'gone.mp3'].map((file) => ({
    kind: 'url',
    url: `${openUrl}/${file}`,
  }));
  const isGivenUp = (): boolean =>
    rig.published.some(
      ({ type, data }) => type === 'audio-track.failed' && data['retries'] === false,
    );
  rig.published.length = 0;
  rig.create('holed', { kind: 'playlist', entries });
  await mixLive(1);
  await until('gone.mp3 is given up', isGivenUp);
  // The end of the first one, to a tenth of a second that its codec may add.
  await rig.mix(4 * 48_000);
  assert.ok(Math.abs((await level()) - 0.3) < 0.02);
});

/** Sends MP3 as a radio does, at the pace at which it is heard. */
const serveRadio: Handler = (request, response) => {
  response.writeHead(200, { 'content-type': 'audio/mpeg' });
  const source = 'aevalsrc=exprs=0.3*sin(2*PI*1000*t):s=48000';
  const radio = spawn('ffmpeg', [
    ...['-v', 'error', '-re', '-f', 'lavfi', '-i', source, '-b:a', '128k', '-f', 'mp3', 'pipe:1'],
  ]);
  streams.push(radio);
  radio.stdout.pipe(response);
  request.once('close', () => radio.kill('SIGKILL'));
};

/** Mixes at the pace of the clock, since a radio sends at that. */
async function mixLive(seconds: number): Promise<void> {
  const start = performance.now();
  for (let done = 0; done < seconds * 60; done++) {
    rig.mixNow(800);
    await sleep(Math.max(0, start + (done * 1000) / 60 - performance.now()));
  }
}

test('a radio is heard, and heard again after its server has hung up', async () => {
  handler = serveRadio;
  rig.create('radio', { kind: 'stream', url: `${openUrl}/radio`, bufferMs: 300 });
  let first = rig.next;
  await mixLive(5);
  // Its clock is followed: the pitch is not exactly that of the file.
  const isHeard = (from: number): boolean => {
    const power = rig.left(from, 4800).reduce((sum, value) => sum + value ** 2, 0) / 4800;
    return Math.abs(Math.sqrt(2 * power) - 0.29) < 0.02;
  };
  assert.ok(isHeard(rig.next - 9600));
  open.closeAllConnections();
  first = rig.next;
  await mixLive(6);
  assert.ok(isHeard(rig.next - 9600));
  const heard = rig.left(first, rig.next - first - 200);
  const step = heard.reduce(
    (most, value, i) => (i === 0 ? 0 : Math.max(most, Math.abs(value - (heard[i - 1] ?? 0)))),
    0,
  );
  assert.ok(step < 1.5 * steepestStep(0.3, HZ), `nothing clicks where it breaks off: ${step}`);
});
