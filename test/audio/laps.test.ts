import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import type { Track, TrackInput, TrackReport } from '../../src/ingest/contract.js';
import { IngestThread } from '../../src/ingest/ingest-thread.js';
import { createTrackMemory, TrackRingReader } from '../../src/memory/track-ring.js';
import { until } from '../support/until.js';
import { makeSound } from './track-rig.js';

/** Where laps of loops begin and end, and for what no decoder is started. */

const RATE_HZ = 48_000;
/** Samples of `short.wav`. */
const SHORT = 3 * RATE_HZ;

let folder: string;
let server: Server;
let host: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-laps-'));
  await makeSound(join(folder, 'short.wav'), 'sine=r=48000:d=3');
  for (const seconds of [3, 25])
    await makeSound(
      join(folder, `steps-${seconds}.wav`),
      `aevalsrc=exprs=(1+floor(10*t))/300*sin(2*PI*441*t):s=48000:d=${seconds}`,
    );
  await makeSound(join(folder, 'tones.mp3'), 'sine=d=30', ['-b:a', '128k']);
  server = createServer((request, response) => {
    const bytes = readFileSync(join(folder, request.url ?? ''));
    const [, from = ''] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    if (from === '') {
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return;
    }
    const rest = bytes.subarray(Number(from));
    if (rest.length === 0) {
      response.writeHead(416).end();
      return;
    }
    response.writeHead(206, {
      'accept-ranges': 'bytes',
      'content-length': rest.length,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
    response.end(rest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  host = `127.0.0.1:${address.port}`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

function fileOf(name: string, samples: number | null): TrackInput {
  return { kind: 'path', path: join(folder, name), samples };
}

function urlOf(name: string): TrackInput {
  return { kind: 'url', url: `http://${host}/${name}` };
}

let scripts = 0;

/** An ingest thread whose decoders are counted, as those that decode one track. */
class Decoding {
  readonly reports: TrackReport[] = [];
  readonly track: Track;
  readonly reader: TrackRingReader;
  readonly #log: string;
  readonly #script: string;
  #thread: IngestThread | null = null;

  /** @param seeks - what the decoder does when it is to begin in the middle; as FFmpeg if it is left out */
  constructor(spec: Pick<Track, 'input'> & Partial<Track>, seeks = 'exec ffmpeg "$@"') {
    const memory = createTrackMemory(2 ** 17);
    this.track = {
      key: 'track',
      inMs: 0,
      outMs: null,
      loop: true,
      isLive: false,
      isPatient: true,
      positionMs: 0,
      aheadMs: 2000,
      memory,
      ...spec,
    };
    this.reader = new TrackRingReader(memory);
    this.#script = join(folder, `decoder-${scripts++}`);
    this.#log = `${this.#script}.log`;
    const commands = [
      '#!/bin/sh',
      'case "$*" in',
      `*"-ss "*) echo x >>${this.#log}; ${seeks} ;;`,
      `*" -i "*) echo x >>${this.#log}; exec ffmpeg "$@" ;;`,
      // It is asked what it can do.
      '*) exec ffmpeg "$@" ;;',
      'esac',
    ];
    writeFileSync(this.#script, commands.join('\n'));
    writeFileSync(this.#log, '');
    chmodSync(this.#script, 0o755);
  }

  /** Decoders that have been started. */
  get starts(): number {
    return readFileSync(this.#log, 'utf8').length / 2;
  }

  /** Begins, or goes on in the place of a thread that is no more. */
  async open(): Promise<void> {
    this.close();
    const logLevel = 'silent';
    this.#thread = await IngestThread.open(
      {
        logLevel,
        ffmpegPath: this.#script,
        listenHost: '127.0.0.1',
        allowPrivateHosts: [host],
        cdnBaseUrl: null,
        chromiumPath: null,
      },
      createLogger(logLevel, 'test'),
      (message) => {
        if (message.type === 'track') this.reports.push(message);
      },
    );
    this.#thread.handle({ type: 'tracks', tracks: [this.track] });
  }

  /** Takes the next samples out, as they come; the left channel. */
  async take(samples: number): Promise<Float32Array> {
    const left = new Float32Array(samples);
    for (let taken = 0; taken < samples;) {
      await until('something is there', () => this.reader.available > 0);
      const count = Math.min(this.reader.available, samples - taken);
      const both = new Float32Array(2 * count);
      this.reader.take(count, both);
      for (let i = 0; i < count; i++) left[taken + i] = both[2 * i] ?? NaN;
      taken += count;
    }
    return left;
  }

  close(): void {
    this.#thread?.handle({ type: 'close' });
    this.#thread = null;
  }
}

const NOTHING: readonly (readonly [what: string, spec: Partial<Track>, reason: RegExp])[] = [
  ['a loop that would begin after the end', { inMs: 8000 }, /file ends before inMs/],
  ['a file that would begin after the end', { inMs: 8000, loop: false }, /file ends before inMs/],
  ['a loop that would end before it begins', { inMs: 2000, outMs: 1000 }, /between inMs and outMs/],
];

for (const [what, spec, reason] of NOTHING)
  for (const positionMs of [0, 100])
    test(`${what} is told, and nothing is decoded, from ${positionMs} ms on`, async (context) => {
      for (const input of [fileOf('short.wav', SHORT), urlOf('short.wav')]) {
        if (input.kind === 'url' && spec.outMs === undefined) continue;
        const decoding = new Decoding({ input, positionMs, ...spec });
        context.after(() => {
          decoding.close();
        });
        await decoding.open();
        await until('it is over', () => decoding.reader.end === 0);
        await sleep(100);
        assert.equal(decoding.starts, 0);
        const [report] = decoding.reports;
        assert.match(report?.reason ?? '', reason);
        assert.deepEqual([decoding.reports.length, report?.retries], [1, false]);
      }
    });

for (const loop of [false, true])
  test(`what an address has nothing of is given up when its end is seen, loop: ${loop}`, async (context) => {
    const decoding = new Decoding({ input: urlOf('tones.mp3'), inMs: 60_000, loop });
    context.after(() => {
      decoding.close();
    });
    await decoding.open();
    await until('it is over', () => decoding.reader.end === 0);
    assert.equal(decoding.starts, 1);
    assert.deepEqual(
      decoding.reports.map(({ retries }) => retries),
      [false],
    );
  });

test('a short loop that goes on in its middle is kept from its first whole lap on', async (context) => {
  const input = fileOf('short.wav', SHORT);
  const decoding = new Decoding({ input, positionMs: 1000 });
  context.after(() => {
    decoding.close();
  });
  await decoding.open();
  for (let lap = 0; lap < 6; lap++) {
    for (let read = 0; read < SHORT;) {
      await until('something is there', () => decoding.reader.available > 0);
      const count = Math.min(decoding.reader.available, SHORT - read);
      decoding.reader.skip(count);
      read += count;
    }
  }
  assert.equal(decoding.starts, 2);
});

const UNKNOWN_LENGTHS: readonly (readonly [
  what: string,
  seconds: number,
  input: () => TrackInput,
])[] = [
  ['a short loop at an address', 3, () => urlOf('steps-3.wav')],
  ['a long loop at an address', 25, () => urlOf('steps-25.wav')],
  ['a loop of a file that was not counted', 25, () => fileOf('steps-25.wav', null)],
];
for (const [what, seconds, inputOf] of UNKNOWN_LENGTHS)
  for (const positionMs of [0, 1500])
    test(`${what} goes on at its next sample in a new thread, from ${positionMs} ms on`, async (context) => {
      const decoding = new Decoding({ input: inputOf(), positionMs });
      context.after(() => {
        decoding.close();
      });
      const lap = seconds * RATE_HZ;
      const parts: Float32Array[] = [];
      // One in the first lap, whose length nobody knows, one in the second, and one in the third.
      for (const laps of [0.4, 1.2, 0.7, 0.5]) {
        await decoding.open();
        parts.push(await decoding.take(laps * lap));
      }
      const heard = Float32Array.from(parts.flatMap((part) => [...part]));
      const wrong = heard.findIndex((value, i) => i >= lap && value !== heard[i - lap]);
      assert.equal(wrong, -1, `sample ${wrong} is not that of the lap before`);
      assert.deepEqual(
        decoding.reports.filter(({ state }) => state === 'failed'),
        [],
      );
    });
