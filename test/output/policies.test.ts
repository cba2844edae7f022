import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { choosePreset, frameBudgetMs } from '../../src/output/encoder-choice.js';
import { x264Threads } from '../../src/output/encoder-settings.js';
import { explainRelayEnd } from '../../src/output/relay-failure.js';
import { RelayFeed } from '../../src/output/relay-feed.js';
import { mayPlay, mayPublish } from '../../src/output/rtmp-server/policy.js';
import { playKeyOf } from '../../src/output/rtmp-server/play-key.js';
import { TimelineJoin } from '../../src/output/rtmp-server/timeline-join.js';

test('auto takes the best preset within a fifth of the machine, and the fastest when none fits', () => {
  const at1080p60 = { ultrafast: 4.1, superfast: 7.6 };
  const at720p30 = { ultrafast: 1.8, superfast: 3.4, veryfast: 4.5, faster: 8, fast: 14 };
  assert.equal(choosePreset(at1080p60, frameBudgetMs({ num: 60, den: 1 }, 2)), 'ultrafast');
  assert.equal(choosePreset(at720p30, frameBudgetMs({ num: 30, den: 1 }, 2)), 'faster');
  assert.equal(choosePreset({ ultrafast: 90 }, 6), 'ultrafast');
  assert.equal(choosePreset({}, 6), 'ultrafast');
});

test('x264 gets two threads, and more only when they cannot keep up', () => {
  const threads = (width: number, height: number, fps: number, cores: number): number =>
    x264Threads('ultrafast', { width, height, frameRate: { num: fps, den: 1 } }, cores);
  assert.equal(threads(1920, 1080, 60, 2), 2);
  assert.equal(threads(1280, 720, 30, 1), 1);
  assert.equal(threads(1920, 1080, 60, 16), 2);
  assert.equal(threads(3840, 2160, 60, 8), 3);
  assert.equal(threads(3840, 2160, 60, 2), 2);
});

test('a lost connection is explained in a sentence that says what to check', () => {
  const end = { host: 'h:1', wasLive: false, killedFor: null };
  const said = (...complaints: string[]): string => explainRelayEnd({ ...end, complaints });
  assert.match(
    said('[tcp @ 0x1] Connection to tcp://h failed: Connection refused'),
    /port is right/,
  );
  assert.match(
    said('[rtmp @ 0x1] Server error: Already publishing'),
    /Already publishing.*stream key/,
  );
  assert.match(
    said('Failed to resolve hostname h: Name or service not known'),
    /cannot be resolved/,
  );
  assert.match(said(), /before the stream began/);
  assert.match(
    explainRelayEnd({ ...end, killedFor: 'silent', complaints: [] }),
    /stopped accepting data/,
  );
});

function stuckWritable(): Writable {
  return new Writable({ write: () => undefined, highWaterMark: 1 });
}

test('a relay that is too slow misses whole frames up to a keyframe, and they are counted', () => {
  const target = stuckWritable();
  const feed = new RelayFeed(target, 1000, () => Buffer.alloc(188));
  const frame = (isKeyframe: boolean): void => {
    feed.offer({ bytes: Buffer.alloc(376), startsFrame: true, isKeyframe });
  };
  frame(false);
  assert.equal(feed.bytes, 0, 'it begins at a keyframe');
  frame(true);
  for (let n = 0; n < 9; n += 1) frame(false);
  assert.equal(target.writableLength, 188 + 3 * 376);
  assert.equal(feed.droppedFrames, 7);
  frame(true);
  assert.equal(feed.droppedFrames, 8, 'a keyframe is no use while the queue is full');
});

test('only this machine with the secret may publish, and only the programme', () => {
  const good = {
    application: 'live',
    stream: 'program',
    secret: 'right',
    remoteAddress: '127.0.0.1',
    localAddress: '127.0.0.1',
  };
  assert.equal(mayPublish(good, 'right'), true);
  for (const wrong of [
    { secret: 'wrong' },
    { secret: '' },
    { stream: 'other' },
    { application: 'app' },
    { remoteAddress: '192.168.0.9' },
    { remoteAddress: undefined, localAddress: undefined },
  ])
    assert.equal(mayPublish({ ...good, ...wrong }, 'right'), false, JSON.stringify(wrong));
});

test('anybody may play where there is no key, and only who has it where there is one', () => {
  const request = { application: 'live', stream: 'program', key: '' };
  assert.equal(mayPlay(request, null), true);
  assert.equal(mayPlay({ ...request, stream: 'other' }, null), false);
  for (const [key, may] of [
    ['the-key', true],
    ['the-keY', false],
    ['the-key-', false],
    ['', false],
  ] as const)
    assert.equal(mayPlay({ ...request, key }, 'the-key'), may, key);
});

test('the key of players follows from the token, stays the same, and gives nothing of it away', () => {
  const source = { chosen: null, apiToken: 'a-token-of-the-api', hasJwt: false };
  const key = playKeyOf(source);
  assert.match(key ?? '', /^[\w-]{43}$/);
  assert.equal(playKeyOf({ ...source, hasJwt: true }), key);
  assert.notEqual(playKeyOf({ ...source, apiToken: 'another-token-of-the-api' }), key);
  assert.equal(playKeyOf({ ...source, chosen: 'my-own-key' }), 'my-own-key');
  const jwt = { chosen: null, apiToken: null, hasJwt: true };
  assert.notEqual(playKeyOf(jwt), null);
  assert.equal(playKeyOf({ ...jwt, hasJwt: false }), null, 'whoever may use the API may watch');
});

test('players see time go on when another publisher takes over, both tracks moved alike', () => {
  const join = new TimelineJoin();
  const send = (dts: number, flags = 4): number => {
    const packet = { flags, pts: dts, dts };
    join.apply(packet);
    return packet.dts;
  };
  join.begin();
  assert.deepEqual([send(0, 2), send(0), send(21, 1), send(1000)], [0, 0, 21, 1000]);
  join.begin();
  assert.deepEqual([send(0, 2), send(0), send(21, 1), send(33)], [0, 1001, 1022, 1034]);
});
