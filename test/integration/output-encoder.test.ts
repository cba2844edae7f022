import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppError } from '../../src/core/errors.js';
import { POLICIES } from '../../src/core/policies.js';
import { ENCODER_NICENESS } from '../../src/core/thread-priority.js';
import { originFrameFor } from '../../src/output/encoder.js';
import { packetsOfBytes, probeBytes, type ProbedPacket } from '../support/media.js';
import { createOutputRig, type OutputRig, type OutputRigOptions } from '../support/output-rig.js';
import { until } from '../support/until.js';

const TICKS_PER_SECOND = 90_000;
const open: OutputRig[] = [];

async function start(options: Partial<OutputRigOptions> = {}): Promise<OutputRig> {
  const rig = await createOutputRig({ targets: [], ...options });
  open.push(rig);
  await rig.start();
  return rig;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((rig) => rig.close()));
});

function videoTicks(packets: readonly ProbedPacket[]): number[] {
  return packets.filter(({ type }) => type === 'video').map(({ pts }) => pts);
}

/** The largest distance between neighbours of one track, seconds. */
function largestGap(packets: readonly ProbedPacket[], type: ProbedPacket['type']): number {
  const times = packets.filter((packet) => packet.type === type).map(({ seconds }) => seconds);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

test('makes H.264 in BT.709 limited range and AAC, and gives every picture back', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.due >= 45);
  await rig.close();
  assert.equal(rig.counts.taken, rig.counts.due, 'no frame was lost to the start');
  assert.equal(rig.counts.released, rig.counts.taken);
  const streams = await probeBytes(rig.transportStream(), 'mpegts');
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  assert.equal(video?.codec_name, 'h264');
  assert.deepEqual(
    [video.pix_fmt, video.r_frame_rate, video.width, video.height],
    ['yuv420p', '30/1', 320, 180],
  );
  assert.deepEqual(
    [video.color_range, video.color_space, video.color_primaries, video.color_transfer],
    ['tv', 'bt709', 'bt709', 'bt709'],
  );
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  assert.deepEqual([audio?.codec_name, audio?.sample_rate, audio?.channels], ['aac', '48000', 2]);
  assert.ok((rig.childCpu.seconds() ?? 1) >= 0);
});

test(
  'waits for the threads that make its frames where both want the processor',
  { skip: process.platform !== 'linux' },
  async () => {
    const rig = await start();
    await until('frames were sent', () => rig.counts.due >= 10);
    const encoderPid = rig.encoder.pid;
    assert.ok(encoderPid !== null);
    const threads = (await readdir(`/proc/${encoderPid}/task`)).map(Number);
    assert.ok(threads.length > 1);
    const expected = Math.min(19, getPriority() + ENCODER_NICENESS);
    for (const thread of threads) assert.equal(getPriority(thread), expected);
  },
);

/** Pages that a process was given since it began, without a disk being read: the 8th field after its name, see proc(5). */
async function minorFaults(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[7]);
}

test(
  'holds each frame in memory that it has already, whatever the allocator of the service is told',
  { skip: process.platform !== 'linux' },
  async (context) => {
    // Less than a frame of the rig takes, as 1 MB is less than one of 1080p.
    const former = process.env['MALLOC_MMAP_THRESHOLD_'];
    process.env['MALLOC_MMAP_THRESHOLD_'] = '65536';
    context.after(() => {
      if (former === undefined) delete process.env['MALLOC_MMAP_THRESHOLD_'];
      else process.env['MALLOC_MMAP_THRESHOLD_'] = former;
    });
    const rig = await start();
    await until('frames were sent', () => rig.counts.released >= 60);
    const pid = rig.encoder.pid ?? 0;
    const before = { frames: rig.counts.released, faults: await minorFaults(pid) };
    await until('more frames were sent', () => rig.counts.released >= before.frames + 60);
    const frames = rig.counts.released - before.frames;
    const faults = (await minorFaults(pid)) - before.faults;
    const framePages = (320 * 180 * 1.5) / 4096;
    assert.ok(faults < (frames * framePages) / 4, `${faults} pages for ${frames} frames`);
  },
);

test('one that is given no frame for seconds is not taken for one that hangs', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.taken >= 15);
  rig.isHeld = true;
  await sleep(3000);
  rig.isHeld = false;
  const { taken } = rig.counts;
  await until('frames are taken again', () => rig.counts.taken > taken + 15);
  assert.equal(rig.encoder.restarts, 0);
});

test('frame n has time n·1001/30000 exactly, with a keyframe every two seconds', async () => {
  const frameRate = { num: 30000, den: 1001 };
  const rig = await start({ frameRate });
  await until('frames were sent', () => rig.counts.due >= 75);
  await rig.close();
  const packets = await packetsOfBytes(rig.transportStream(), 'mpegts');
  const ticks = videoTicks(packets);
  const first = ticks[0] ?? 0;
  assert.ok(first % 3003 === 0 && first < originFrameFor(frameRate) * 3003);
  assert.deepEqual(
    ticks,
    ticks.map((_, index) => first + index * 3003),
  );
  const keyframes = packets
    .filter(({ type }) => type === 'video')
    .flatMap(({ isKeyframe }, index) => (isKeyframe ? index : []));
  assert.deepEqual(keyframes.slice(0, 2), [0, 60]);
});

test('frames that were not sent are a hole in both tracks', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.due >= 20);
  rig.isHeld = true;
  await until('frames were held', () => rig.counts.due >= 50);
  rig.isHeld = false;
  await until('frames were sent again', () => rig.counts.due >= 75);
  await rig.close();
  const packets = await packetsOfBytes(rig.transportStream(), 'mpegts');
  const holeSeconds = (rig.counts.due - rig.counts.taken + 1) / 30;
  assert.ok(Math.abs(largestGap(packets, 'video') - holeSeconds) < 0.001);
  assert.ok(Math.abs(largestGap(packets, 'audio') - holeSeconds) < 0.06);
});

test('killed, it is back within two seconds with the same clock, and every picture is given back', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.due >= 20);
  const before = rig.encoder.pid;
  assert.ok(before !== null);
  process.kill(before, 'SIGKILL');
  await until('another one runs', () => rig.encoder.pid !== before && rig.encoder.pid !== null);
  const takenBefore = rig.counts.taken;
  await until('frames are taken again', () => rig.counts.taken > takenBefore + 20);
  await rig.close();
  assert.equal(rig.encoder.restarts, 1);
  assert.equal(rig.counts.released, rig.counts.taken);
  const packets = await packetsOfBytes(rig.transportStream(), 'mpegts');
  const ticks = videoTicks(packets);
  const firstFrame = originFrameFor({ num: 30, den: 1 });
  const lastSent = ((rig.counts.due - 1 + firstFrame) * TICKS_PER_SECOND) / 30;
  assert.ok(ticks.every((tick) => tick % 3000 === 0 && tick <= lastSent));
  assert.ok(largestGap(packets, 'video') < 2);
});

test('one that takes frames but delivers nothing is killed and replaced', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.due >= 10);
  const before = rig.encoder.pid;
  assert.ok(before !== null);
  process.kill(before, 'SIGSTOP');
  await until('another one runs', () => rig.encoder.pid !== before && rig.encoder.pid !== null);
  const takenBefore = rig.counts.taken;
  await until('frames are taken again', () => rig.counts.taken > takenBefore + 10);
});

test('one that others leave no processor for is not taken for one that hangs', async () => {
  const rig = await start();
  await until('frames were sent', () => rig.counts.due >= 10);
  const { pid } = rig.encoder;
  assert.ok(pid !== null);
  // Of the class that gets what nobody else wants, on one processor, which others want all the time.
  await promisify(execFile)('taskset', ['-a', '-p', '-c', '0', String(pid)]);
  await promisify(execFile)('chrt', ['-a', '-i', '-p', '0', String(pid)]);
  const busy = Array.from({ length: 4 }, () =>
    spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    await sleep(3 * POLICIES.encoder.hangMs);
    assert.equal(rig.encoder.restarts, 0);
    assert.equal(rig.encoder.pid, pid);
  } finally {
    for (const process of busy) process.kill('SIGKILL');
  }
  const takenBefore = rig.counts.taken;
  await until('frames are taken again', () => rig.counts.taken > takenBefore + 10);
  assert.equal(rig.encoder.restarts, 0);
});

/** An FFmpeg that does what a line of shell says when it is to encode. */
async function fakeFfmpeg(folder: string, line: string): Promise<string> {
  const path = join(folder, 'ffmpeg');
  const script = [
    '#!/bin/sh',
    'case "$*" in *-version*|*-encoders*) exec ffmpeg "$@";; esac',
    line,
  ];
  await writeFile(path, script.join('\n'));
  await chmod(path, 0o755);
  return path;
}

test('one that takes what it is started with and then delivers nothing is killed and replaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'output-encoder-'));
  try {
    const ffmpegPath = await fakeFfmpeg(folder, 'exec cat > /dev/null');
    const rig = await createOutputRig({ targets: [], ffmpegPath });
    open.push(rig);
    const starting = rig.start();
    const ended = assert.rejects(starting, AppError);
    await until('it is found', () => rig.encoder.restarts === 1);
    assert.match(rig.trouble ?? '', /^The encoder is being started again: it took frames/);
    await rig.close();
    await ended;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('settings that cannot work are an error with the reason, not an endless loop', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'output-encoder-'));
  try {
    const said = 'Unknown option for rtmp://host/app/secret-key';
    const ffmpegPath = await fakeFfmpeg(folder, `echo "${said}" >&2; exit 1`);
    await assert.rejects(start({ ffmpegPath }), (error: unknown) => {
      assert.ok(error instanceof AppError && error.code === 'SM_FFMPEG_ENCODER');
      assert.match(error.message, /exit code 1: Unknown option/);
      assert.doesNotMatch(error.message, /secret-key/);
      return true;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('closing while it starts ends the start', async () => {
  const rig = await createOutputRig({ targets: [] });
  const starting = rig.start();
  await sleep(5);
  await Promise.all([assert.rejects(starting, AppError), rig.close()]);
});
