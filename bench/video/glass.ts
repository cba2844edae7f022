import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { Service } from '../service/service.js';

/**
 * From a picture that somebody sends to the same picture at a player: each has its number in it, as stripes that are white for each
 * bit that is set.
 */

const BITS = 10;
const STRIPE_PX = 16;
const SIZE = { width: BITS * STRIPE_PX, height: 90 } as const;
const PICTURE_BYTES = SIZE.width * SIZE.height;
const NUMBERS = 2 ** BITS;
const RATE = 30;

/** What is there before the first pictures have arrived says nothing. */
const WARM_UP_SECONDS = 5;

export type GlassOptions = {
  readonly service: Service;
  readonly inputId: string;
  readonly playUrl: string;
  readonly seconds: number;
};

/** Luma of a picture. */
function pictureOf(number: number): Buffer {
  const picture = Buffer.alloc(PICTURE_BYTES);
  for (let at = 0; at < PICTURE_BYTES; at++) {
    const bit = Math.floor((at % SIZE.width) / STRIPE_PX);
    picture[at] = (number >> bit) % 2 === 1 ? 235 : 16;
  }
  return picture;
}

function numberIn(picture: Buffer): number {
  const row = (SIZE.height / 2) * SIZE.width;
  let number = 0;
  for (let bit = 0; bit < BITS; bit++)
    if ((picture[row + (bit + 0.5) * STRIPE_PX] ?? 0) > 127) number += 2 ** bit;
  return number;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A player that shows each picture as soon as it can; tells the number in it. */
function play(url: string, onPicture: (number: number) => void): ChildProcess {
  const child = spawn(
    FFMPEG_PATH,
    [
      ...['-hide_banner', '-nostdin', '-v', 'error', '-fflags', 'nobuffer', '-flags', 'low_delay'],
      ...['-probesize', '100000', '-analyzeduration', '0', '-threads', '1', '-i', url],
      ...['-map', '0:v', '-vf', `scale=${SIZE.width}:${SIZE.height}:flags=area`],
      ...['-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let rest = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= PICTURE_BYTES; rest = rest.subarray(PICTURE_BYTES))
      onPicture(numberIn(rest));
  });
  return child;
}

/** Milliseconds from the sending of each picture to its showing. */
async function measure(
  { playUrl, seconds }: GlassOptions,
  send: (picture: Buffer) => void,
): Promise<number[]> {
  const sentAtMs = new Map<number, number>();
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const player = play(playUrl, (number) => {
    const sent = sentAtMs.get(number);
    sentAtMs.delete(number);
    if (sent !== undefined && sent - startMs > WARM_UP_SECONDS * 1000)
      latenciesMs.push(performance.now() - sent);
  });
  const count = (WARM_UP_SECONDS + seconds) * RATE;
  for (let i = 0; i < count; i++) {
    await sleep(startMs + (i * 1000) / RATE - performance.now());
    const number = (i % (NUMBERS - 1)) + 1;
    sentAtMs.set(number, performance.now());
    send(pictureOf(number));
  }
  await end(player);
  return latenciesMs;
}

/** Over RTMP in and RTMP out. @param publishUrl - with its key */
export async function measureRtmp(options: GlassOptions, publishUrl: string): Promise<number[]> {
  const sender = spawn(
    FFMPEG_PATH,
    [
      ...['-hide_banner', '-v', 'error', '-fflags', 'nobuffer', '-probesize', '32'],
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${SIZE.width}x${SIZE.height}`],
      ...['-r', String(RATE), '-i', 'pipe:0', '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
      ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(RATE)],
      ...['-flush_packets', '1', '-f', 'flv', publishUrl],
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  try {
    return await measure(options, (picture) => sender.stdin.write(picture));
  } finally {
    await end(sender);
  }
}

/** From a program that sends its pictures over a WebSocket, to RTMP out. */
export async function measureFrames(options: GlassOptions): Promise<number[]> {
  const { service, inputId } = options;
  const query = `format=i420&width=${SIZE.width}&height=${SIZE.height}`;
  const socket = new WebSocket(`ws://127.0.0.1:${service.port}/ws/frames/${inputId}?${query}`);
  await once(socket, 'open');
  const chroma = Buffer.alloc(PICTURE_BYTES / 2, 128);
  try {
    return await measure(options, (picture) => {
      socket.send(Buffer.concat([picture, chroma]));
    });
  } finally {
    socket.terminate();
  }
}
