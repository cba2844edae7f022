import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CODED_SIZE, readCode } from './coded-video.js';
import { packetsOfBytes } from './media.js';

const run = promisify(execFile);
const SAMPLE_RATE_HZ = 48_000;
/** Samples of one packet of AAC-LC. */
export const AAC_SAMPLES = 1024;

/** The sound of a recording, decoded: both channels, and when it begins. */
export type Heard = {
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** Presentation time of the first sample, seconds. */
  readonly startSeconds: number;
  /** Presentation times of the packets, seconds. */
  readonly packetSeconds: readonly number[];
};

/** Decodes with FFmpeg. @param args - what follows the input */
async function decode(flv: Buffer, args: readonly string[]): Promise<Buffer> {
  const decoding = run(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-f', 'flv', '-i', 'pipe:0', ...args, 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 1 << 30, timeout: 60_000 },
  );
  decoding.child.stdin?.on('error', () => undefined);
  decoding.child.stdin?.end(flv);
  return (await decoding).stdout;
}

/** The sound of what was pulled, as FLV. Samples follow on each other; holes are seen in the times of the packets. */
export async function hear(flv: Buffer): Promise<Heard> {
  const packets = await packetsOfBytes(flv, 'flv');
  const packetSeconds = packets
    .filter(({ type }) => type === 'audio')
    .map(({ seconds }) => seconds);
  const bytes = await decode(flv, ['-map', '0:a', '-f', 'f32le', '-c:a', 'pcm_f32le']);
  const both = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~7)),
  );
  const channel = (offset: number): Float32Array =>
    Float32Array.from({ length: both.length / 2 }, (_, i) => both[2 * i + offset] ?? NaN);
  return {
    left: channel(0),
    right: channel(1),
    startSeconds: packetSeconds[0] ?? NaN,
    packetSeconds,
  };
}

/** When each picture of what was pulled is shown, and how bright it is, 0 to 255. */
export async function see(flv: Buffer): Promise<readonly { seconds: number; luma: number }[]> {
  const packets = await packetsOfBytes(flv, 'flv');
  const times = packets.filter(({ type }) => type === 'video').map(({ seconds }) => seconds);
  const lumas = await decode(flv, [
    ...['-map', '0:v', '-fps_mode', 'passthrough', '-vf', 'scale=1:1:flags=area'],
    ...['-pix_fmt', 'gray', '-f', 'rawvideo'],
  ]);
  return [...lumas].map((luma, i) => {
    return { seconds: times[i] ?? NaN, luma };
  });
}

/** The numbers of the coded pictures in what was pulled, one for each frame; a frame that was not sent repeats the one before. */
export async function seeCodes(flv: Buffer, fps: number): Promise<number[]> {
  const { width, height } = CODED_SIZE;
  const pixels = await decode(flv, [
    ...['-map', '0:v', '-fps_mode', 'cfr', '-r', String(fps)],
    ...['-vf', `scale=${width}:${height}:flags=area`, '-pix_fmt', 'gray', '-f', 'rawvideo'],
  ]);
  return Array.from({ length: Math.floor(pixels.length / (width * height)) }, (_, frame) =>
    readCode((x, y) => {
      const [column, row] = [Math.floor(x * width), Math.floor(y * height)];
      return pixels[(frame * height + row) * width + column] ?? 0;
    }),
  );
}

/** How loud sound is, in steps of 1 ms: the largest amplitude of each, and the times at which it rises above a threshold. */
export function onsets(heard: Heard, threshold: number, quietMs: number): number[] {
  const found: number[] = [];
  let quietSamples = 0;
  heard.left.forEach((value, i) => {
    if (Math.abs(value) < threshold) quietSamples += 1;
    else {
      if (quietSamples >= (quietMs * SAMPLE_RATE_HZ) / 1000)
        found.push(heard.startSeconds + i / SAMPLE_RATE_HZ);
      quietSamples = 0;
    }
  });
  return found;
}

/** The largest step between two samples that a sine of an amplitude and a frequency makes. */
export function steepestStep(amplitude: number, frequencyHz: number): number {
  return amplitude * 2 * Math.sin((Math.PI * frequencyHz) / SAMPLE_RATE_HZ);
}
