import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { WebSocket } from 'ws';
import { Service, SMALL_STREAM } from '../support/service.js';
import { showsColour } from '../support/shown-colour.js';
import { failThread, faultVariables } from '../support/thread-faults.js';

/** Pictures that programs send, through the whole service: sent over the socket, seen in what the program shows. */

const SIZE = { width: 1920, height: 1080 };
const [WIDTH, HEIGHT] = [64, 36];
const BACKGROUND = [0, 0, 255];
/** As long as a busy machine may take over a picture. */
const LATENCY_MS = 1000;

type Answer = {
  readonly type: string;
  readonly frame: number | null;
  readonly reason?: string | null;
  readonly detail?: string;
};

let folder: string;
let service: Service;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-frames-'));
  service = await Service.start({ ...SMALL_STREAM, ...faultVariables(join(folder, 'faults')) });
  await service.must('POST', '/api/inputs', {
    id: 'avatar',
    content: { kind: 'frames' },
    latencyMs: LATENCY_MS,
  });
  const layer = { id: 'avatar', type: 'input', input: 'avatar', ...SIZE, fit: 'fill' } as const;
  await service.show({
    id: 'main',
    background: '#0000ff',
    layers: [{ ...layer, whenLost: 'hide', lostAfterMs: 500 }],
  });
  await service.must('POST', '/api/inputs', {
    id: 'camera',
    content: { kind: 'rtmp-push', key: 'a-key-for-the-camera' },
  });
  await service.must('POST', '/api/scenes', { id: 'other', background: '#0000ff' });
  await service.must('POST', '/api/stream/start');
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** A program that sends pictures. */
class Program {
  readonly answers: Answer[] = [];
  readonly #socket: WebSocket;
  #closed: number | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text: Buffer) => {
      this.answers.push(JSON.parse(text.toString()) as Answer);
    });
    socket.on('close', (code) => (this.#closed = code));
  }

  static async open(query: string, input = 'avatar'): Promise<Program> {
    const url = `ws://127.0.0.1:${service.apiPort}/ws/frames/${input}?${query}`;
    const socket = new WebSocket(url);
    const program = new Program(socket);
    await once(socket, 'open');
    programs.push(program);
    return program;
  }

  get closed(): number | null {
    return this.#closed;
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.send(bytes);
  }

  /** Sends a picture and resolves with its answer. */
  async put(bytes: Uint8Array): Promise<Answer> {
    const count = this.answers.length;
    this.send(bytes);
    await service.until('it is answered', () => this.answers.length > count);
    const answer = this.answers[count];
    assert.ok(answer !== undefined);
    return answer;
  }

  close(): void {
    this.#socket.close();
  }
}

const programs: Program[] = [];
afterEach(async () => {
  for (const program of programs.splice(0)) program.close();
  await service.until('nobody sends', async () => (await stateOf('avatar')) !== 'live');
});

/** The status with which a program is refused. */
async function refusal(query: string, input: string): Promise<number> {
  const url = `ws://127.0.0.1:${service.apiPort}/ws/frames/${input}?${query}`;
  const socket = new WebSocket(url);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  socket.terminate();
  return response.statusCode ?? 0;
}

type Status = { readonly state: string; readonly latencyMs: number };

async function statusOf(id: string): Promise<Status> {
  const { json } = await service.must('GET', `/api/inputs/${id}`);
  return json['status'] as Status;
}

async function stateOf(id: string): Promise<string> {
  return (await statusOf(id)).state;
}

function pixels(r: number, g: number, b: number, a = 255): Uint8Array {
  return new Uint8Array(WIDTH * HEIGHT * 4).map((_, i) => [r, g, b, a][i % 4] ?? 0);
}

function isShown(wanted: readonly number[]): Promise<void> {
  return showsColour(service, wanted, 20_000);
}

test('pixels are shown at once, with their transparency, in every order', async () => {
  const size = `width=${WIDTH}&height=${HEIGHT}`;
  const rgba = await Program.open(`format=rgba&${size}`);
  assert.deepEqual(await rgba.put(pixels(200, 100, 40)), { type: 'taken', frame: 0, reason: null });
  await isShown([200, 100, 40]);
  // Half of the blue behind it comes through.
  assert.equal((await rgba.put(pixels(200, 100, 0, 128))).frame, 1);
  await isShown([100, 50, 127]);
  const premultiplied = await Program.open(`format=bgra&alpha=premultiplied&${size}`);
  assert.equal((await premultiplied.put(pixels(0, 50, 100, 128))).type, 'taken');
  await isShown([100, 50, 127]);
  // Who sent before is told that it is not heard any more.
  await service.until('the first one is ended', () => rgba.closed === 1008);
  const opaque = await Program.open(`format=bgra&alpha=none&${size}`);
  assert.equal((await opaque.put(pixels(40, 100, 200, 0))).type, 'taken');
  await isShown([200, 100, 40]);
  const i420 = await Program.open(`format=i420&${size}`);
  const grey = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128, WIDTH * HEIGHT);
  grey.fill(126, 0, WIDTH * HEIGHT);
  assert.equal((await i420.put(grey)).type, 'taken');
  await isShown([128, 128, 128]);
});

test('files of every kind are shown, whatever their sizes', async () => {
  const picture = (width: number, height: number): Sharp =>
    sharp({ create: { width, height, channels: 3, background: { r: 40, g: 200, b: 100 } } });
  for (const [i, format] of (['jpeg', 'png', 'webp'] as const).entries()) {
    const program = await Program.open(`format=${format}`);
    const bytes = await picture(100 + i, 3000)
      .toFormat(format)
      .toBuffer();
    assert.equal((await program.put(bytes)).type, 'taken');
    await isShown([40, 200, 100]);
    const { json } = await service.must('GET', '/api/inputs/avatar');
    assert.deepEqual(Reflect.get(Object(json['status']), 'height'), 360);
  }
});

test('a picture stays for as long as its program is there, and is gone a while after it', async () => {
  const program = await Program.open(`format=rgba&width=${WIDTH}&height=${HEIGHT}`);
  await program.put(pixels(200, 100, 40));
  await isShown([200, 100, 40]);
  // Several times as long as pictures of others may be old.
  await sleep(2000);
  await isShown([200, 100, 40]);
  program.close();
  await isShown(BACKGROUND);
  assert.equal(await stateOf('avatar'), 'ended');
});

test('an input that nothing shows decodes nothing, and has the newest picture when something does', async () => {
  await service.must('POST', '/api/scenes/other/activate', {});
  await service.until('it is idle', async () => (await stateOf('avatar')) === 'idle');
  const program = await Program.open(`format=rgba&width=${WIDTH}&height=${HEIGHT}`);
  for (const red of [10, 200]) {
    const answer = await program.put(pixels(red, 100, 40));
    assert.deepEqual([answer.type, answer.reason], ['dropped', 'not-shown']);
  }
  await service.must('POST', '/api/scenes/main/activate', {});
  await isShown([200, 100, 40]);
  // No answer comes twice.
  assert.equal(program.answers.length, 2);
});

test('with timestamps pictures are shown as far apart as these are', async () => {
  const program = await Program.open(`format=rgba&width=${WIDTH}&height=${HEIGHT}&timestamps=true`);
  const timed = (timestampMs: number, red: number): Uint8Array => {
    const head = Buffer.alloc(8);
    head.writeDoubleLE(timestampMs);
    return Buffer.concat([head, pixels(red, 100, 40)]);
  };
  const startMs = performance.now();
  // One that has to wait for the thread to start is late, and shown all the same.
  assert.match((await program.put(timed(1e9, 40))).type, /^(taken|late)$/);
  await isShown([40, 100, 40]);
  const sentAfterMs = performance.now() - startMs;
  assert.equal((await program.put(timed(1e9 + sentAfterMs, 200))).type, 'taken');
  await isShown([200, 100, 40]);
  // One that says that it is nearly twice as old as it may be.
  assert.equal((await statusOf('avatar')).latencyMs, LATENCY_MS);
  const late = await program.put(timed(1e9 + performance.now() - startMs - 1.9 * LATENCY_MS, 40));
  assert.equal(late.type, 'late');
  await isShown([40, 100, 40]);
  const { type, detail } = await program.put(new Uint8Array(5));
  assert.equal(type, 'error');
  assert.match(detail ?? '', /eight bytes/);
});

test('who sends faster than is taken is told so, and the program goes on', async () => {
  const program = await Program.open('format=png');
  const noise = Buffer.from(Uint8Array.from({ length: 640 * 360 * 3 }, (_, i) => (i * 7919) % 251));
  const raw = { width: 640, height: 360, channels: 3 } as const;
  const png = await sharp(noise, { raw }).png().toBuffer();
  for (let i = 0; i < 40; i++) program.send(png);
  await service.until('each is answered', () => program.answers.length === 40, 30_000);
  const results = new Set(program.answers.map(({ type, reason }) => `${type} ${String(reason)}`));
  assert.deepEqual(results, new Set(['taken null', 'dropped busy']));
  assert.equal(new Set(program.answers.map(({ frame }) => frame)).size, 40);
});

test('what is wrong is refused with its reason, and costs nobody anything', async () => {
  for (const [query, input, status] of [
    ['format=rgba', 'avatar', 422],
    ['format=rgba&width=63&height=36', 'avatar', 422],
    ['format=gif', 'avatar', 422],
    ['format=png', 'nobody', 404],
    ['format=png', 'camera', 409],
  ] as const)
    assert.equal(await refusal(query, input), status, `${input}?${query}`);
  const program = await Program.open(`format=rgba&width=${WIDTH}&height=${HEIGHT}`);
  const short = await program.put(new Uint8Array(100));
  assert.equal(short.type, 'error');
  assert.match(short.detail ?? '', /9216 bytes/);
  program.send('{"type":"flush"}');
  await service.until('it is answered', () => program.answers.length === 2);
  const jpeg = await Program.open('format=jpeg');
  for (const bytes of [new Uint8Array(0), pixels(1, 2, 3), Buffer.from('no picture')]) {
    const answer = await jpeg.put(bytes);
    assert.equal(answer.type, 'error');
  }
  const large = await Program.open('format=i420&width=1280&height=720');
  const answer = await large.put(new Uint8Array((1280 * 720 * 3) / 2));
  assert.match(answer.detail ?? '', /no larger than 640x360/);
});

test('an ingest thread that ends costs the pictures on their way, and the next one is shown', async () => {
  const program = await Program.open(`format=rgba&width=${WIDTH}&height=${HEIGHT}`);
  await program.put(pixels(200, 100, 40));
  await isShown([200, 100, 40]);
  assert.ok(await failThread(join(folder, 'faults'), { thread: 'ingest', fault: 'crash' }));
  await service.until(
    'pictures are taken again',
    async () => (await program.put(pixels(40, 200, 100))).type === 'taken',
    20_000,
  );
  await isShown([40, 200, 100]);
});
