import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sineAmplitude } from './rig.js';
import { makeSound, sine, TrackRig } from './track-rig.js';

/** Servers that answer as no server should, or as few do: each costs its own track alone. */

const HZ = 1000;

let rig: TrackRig;
let server: Server;
let port = 0;
/** What is answered, and whether the connection is closed after it. */
let answer: (path: string, socket: Socket) => void = () => undefined;
const asked: string[] = [];

before(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      const [, path = ''] = bytes.toString('latin1').split(' ');
      asked.push(path);
      answer(path, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  ({ port } = address);
  rig = await TrackRig.open([`127.0.0.1:${port}`, `[::1]:${port}`]);
  await makeSound(join(rig.folder, 'sine.mp3'), sine(192_000, HZ, 0.3), ['-b:a', '192k']);
  await makeSound(join(rig.folder, 'part.ts'), sine(192_000, HZ, 0.3), ['-c:a', 'aac']);
});
after(async () => {
  await rig.close();
  server.close();
});
afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
  rig.published.length = 0;
});

function file(name: string): Buffer {
  return readFileSync(join(rig.folder, name));
}

function head(lines: string, status = 'HTTP/1.1 200 OK'): string {
  return `${status}\r\n${lines}\r\nConnection: close\r\n\r\n`;
}

function listOf(part: string): string {
  const list = `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${part}\n#EXT-X-ENDLIST\n`;
  return (
    head(`Content-Type: application/vnd.apple.mpegurl\r\nContent-Length: ${list.length}`) + list
  );
}

function play(path: string): void {
  rig.create('remote', { kind: 'url', url: `http://127.0.0.1:${port}${path}` });
}

function lastLevel(): number {
  return sineAmplitude(rig.left(rig.next - 24_000, 19_200), HZ);
}

/** Plays what is at a path; answers how loud the sine in it is a second later. */
async function levelOf(path: string): Promise<number> {
  play(path);
  await rig.mix(72_000);
  return lastLevel();
}

async function reason(): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    const found = rig.published.findLast(({ type }) => type === 'audio-track.failed');
    if (found !== undefined) return String(found.data['reason']);
    await sleep(20);
  }
  return 'nothing was told';
}

const BROKEN: Readonly<Record<string, () => string>> = {
  'a redirect to a port that does not exist': () =>
    head('Location: http://example.com:99999/x\r\nContent-Length: 0', 'HTTP/1.1 302 Found'),
  'a redirect to no address': () =>
    head('Location: http://[/\r\nContent-Length: 0', 'HTTP/1.1 302 Found'),
  'a part at a port that does not exist': () => listOf('http://example.com:99999/a.ts'),
  'a part whose path cannot be decoded': () => listOf('../%ff/a.ts'),
  'a part on a host that cannot be': () => listOf('http://exa mple/a.ts'),
  'a trailer that does not fit its length': () => `${head('Trailer: X\r\nContent-Length: 3')}abc`,
  'a status that there is none of': () => head('Content-Length: 0', 'HTTP/1.1 099 Odd'),
  'a status from beyond': () => head('Content-Length: 0', 'HTTP/1.1 999 Odd'),
  'another protocol': () => head('Upgrade: x\r\nConnection: upgrade', 'HTTP/1.1 101 Switching'),
  'a head of control characters': () => head('icy-name: \u0001\u0007x\r\nContent-Length: 0'),
  'no HTTP at all': () => 'SSH-2.0-OpenSSH_9.2\r\n',
};
for (const [what, text] of Object.entries(BROKEN))
  test(`${what} is told, and a file beside it plays on`, async () => {
    await rig.makeAsset('beside', sine(480_000, HZ, 0.3));
    rig.create('beside', { kind: 'file', asset: 'beside' });
    await rig.decoded();
    answer = (_path, socket) => socket.end(Buffer.from(text(), 'latin1'));
    play('/list.m3u8');
    assert.notEqual(await reason(), 'nothing was told');
    rig.mixNow(72_000);
    assert.ok(Math.abs(lastLevel() - 0.3) < 0.01);
    rig.remove('remote');
  });

test('an old radio, which does not say that it speaks HTTP, is heard', async () => {
  answer = (_path, socket) => {
    socket.write('ICY 200 OK\r\nicy-name: Old\r\nContent-Type: audio/mpeg\r\n\r\n');
    socket.write(file('sine.mp3'));
  };
  assert.ok(Math.abs((await levelOf('/')) - 0.3) < 0.02);
});

test('parts of a playlist are found below its folder, above it and at the root', async () => {
  for (const part of ['part.ts', '../part.ts', '/part.ts', '/part.ts?key=a%2Fb']) {
    answer = (path, socket) => {
      if (path.endsWith('.m3u8')) socket.end(listOf(part));
      else
        socket.end(Buffer.concat([Buffer.from(head('Content-Type: video/mp2t')), file('part.ts')]));
    };
    assert.ok(Math.abs((await levelOf('/a/b/list.m3u8')) - 0.3) < 0.02, part);
    rig.remove('remote');
    await rig.mix(2400);
  }
  assert.deepEqual(asked.slice(-1), ['/part.ts?key=a%2Fb']);
});

test('an answer without a length that breaks off is asked for again, and heard to its end', async () => {
  const bytes = file('sine.mp3');
  let isWell = false;
  answer = (_path, socket) => {
    socket.write(head('Content-Type: audio/mpeg\r\nTransfer-Encoding: chunked'));
    const sent = isWell ? bytes : bytes.subarray(0, bytes.length / 2);
    socket.write(`${sent.length.toString(16)}\r\n`);
    socket.write(sent);
    if (isWell) socket.end('\r\n0\r\n\r\n');
    else setTimeout(() => socket.destroy(), 100);
    isWell = true;
  };
  const first = rig.next;
  assert.ok(Math.abs((await levelOf('/sine.mp3')) - 0.3) < 0.02);
  await rig.mix(144_000);
  const last = rig.left(first + 150_000, 24_000);
  assert.ok(Math.abs(sineAmplitude(last, HZ) - 0.3) < 0.03);
});

test('no host is reached beside the guard, whatever the environment says of proxies', async () => {
  const before = { ...process.env };
  process.env['no_proxy'] = '*,localhost,127.0.0.1';
  process.env['http_proxy'] = 'http://127.0.0.1:9';
  const forbidden: string[] = [];
  const other = createServer((socket) => {
    forbidden.push('asked');
    socket.destroy();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  for (const scheme of ['http', 'https']) {
    answer = (_path, socket) => socket.end(listOf(`${scheme}://127.0.0.1:${address.port}/part.ts`));
    play('/list.m3u8');
    assert.match(await reason(), /127\.0\.0\.1 is not a host on the public internet/);
    rig.remove('remote');
    await rig.mix(2400);
    rig.published.length = 0;
  }
  answer = (_path, socket) =>
    socket.end(Buffer.concat([Buffer.from(head('Content-Type: audio/mpeg')), file('sine.mp3')]));
  assert.ok(Math.abs((await levelOf('/sine.mp3')) - 0.3) < 0.02);
  process.env = before;
  other.close();
  assert.deepEqual(forbidden, []);
});

test('an address with a password is refused, and said to be', async () => {
  rig.create('remote', { kind: 'url', url: `http://me:secret@127.0.0.1:${port}/sine.mp3` });
  assert.match(await reason(), /contains a user name or a password/);
});
