import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFfmpeg } from '../../src/ffmpeg/binary.js';
import { measureFfmpeg } from '../ffmpeg.js';
import type { BenchContext, Part } from '../part.js';
import { Service } from '../service/service.js';
import { median, quantile } from '../statistics.js';
import { canGrabBrowser, measurePageGrab } from '../throughput/browser-grab.js';
import { FORMAT, outputArguments } from '../throughput/contender.js';
import { FULL, makeClip, SMALL, uploadClip } from './clips.js';
import { measureFrames, measureRtmp } from './glass.js';

const FPS = 60;
const SETTLE_MS = 4000;
const ENCODER_THREADS = 2;
/** Windows that are compared, half of them with videos. */
const PAIRS = 4;
const INPUT_LATENCY_MS = 200;
const KEY = 'a-key-for-the-benchmark';

/** Where the small clips stand in the program. */
const PLACES = [0, 1, 2, 3].map((i) => ({
  x: (i % 2) * 660 + 40,
  y: Math.floor(i / 2) * 380 + 160,
}));

type Window = { readonly cores: number; readonly lost: number };

async function measure(service: Service, seconds: number): Promise<Window> {
  await sleep(SETTLE_MS);
  const before = await service.status();
  const cpuBefore = (await service.usage()).cpuSeconds;
  const startMs = performance.now();
  await sleep(seconds * 1000);
  const cpuSeconds = (await service.usage()).cpuSeconds - cpuBefore;
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  const { frames } = await service.status();
  const lost = frames.late + frames.skipped - before.frames.late - before.frames.skipped;
  return { cores: cpuSeconds / elapsedSeconds, lost };
}

/** By turns without and with what is put on top of a scene. Answers what that takes, and has it recorded. */
async function compare(
  context: BenchContext,
  name: string,
  {
    service,
    put,
    take,
  }: {
    readonly service: Service;
    readonly put: () => Promise<void>;
    readonly take: () => Promise<void>;
  },
): Promise<void> {
  const seconds = context.seconds ?? (context.quick ? 1 : 20);
  const windows: { without: Window; with: Window }[] = [];
  for (let i = 0; i < (context.quick ? 1 : PAIRS); i++) {
    const without = await measure(service, seconds);
    await put();
    windows.push({ without, with: await measure(service, seconds) });
    await take();
  }
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const none = { atMost: 0 };
  const cores = windows.map((pair) => pair.with.cores);
  context.record(`${name}.cores`, median(cores), 'cores');
  const more = windows.map((pair) => pair.with.cores - pair.without.cores);
  context.record(`${name}.cores_more`, median(more), 'cores');
  context.record(`${name}.lost_without`, sum(windows.map((pair) => pair.without.lost)), 'slots');
  context.record(`${name}.lost`, sum(windows.map((pair) => pair.with.lost)), 'slots', none);
}

/** Four small clips in the scene of the demo, and what others take for the same. */
async function measureSmall(context: BenchContext, service: Service, path: string): Promise<void> {
  const layers = '/api/scenes/auction/layers';
  await compare(context, 'four_small', {
    service,
    put: async () => {
      for (const [i, place] of PLACES.entries()) {
        const { id, width, height } = SMALL;
        const clip = { id: `clip-${i}`, type: 'video', asset: id, width, height, ...place };
        await service.call('POST', layers, clip);
      }
    },
    take: async () => {
      for (const i of PLACES.keys()) await service.call('DELETE', `${layers}/clip-${i}`, null);
    },
  });
  const seconds = context.quick ? 1 : 10;
  const encode = await encodeArguments();
  const base = ['-f', 'lavfi', '-i', `color=c=navy:s=1920x1080:r=${FPS}`];
  const clips = PLACES.flatMap(() => ['-stream_loop', '-1', '-i', path]);
  const overlaid = PLACES.map(
    ({ x, y }, i) => `[${i === 0 ? '0:v' : `o${i}`}][${i + 1}:v]overlay=${x}:${y}[o${i + 1}]`,
  ).join(';');
  const plain = await measureFfmpeg([...base, ...encode], seconds);
  const graph = ['-filter_complex', overlaid, '-map', `[o${PLACES.length}]`];
  const four = await measureFfmpeg([...base, ...clips, ...graph, ...encode], seconds);
  const toCores = (msPerFrame: number): number => (msPerFrame * FPS) / 1000;
  const more = toCores(four.cpuMsPerFrame - plain.cpuMsPerFrame);
  context.record('four_small.ffmpeg_cores_more', more, 'cores');
  if (!canGrabBrowser()) return;
  const videos = PLACES.map(
    ({ x, y }) =>
      `<video src="file://${path}" style="left:${x}px;top:${y}px" autoplay loop muted></video>`,
  );
  const html = `<!doctype html><style>body{margin:0;overflow:hidden;background:navy}video{position:absolute}</style>${videos.join('')}<script>window.frames60=0;const draw=()=>{window.frames60++;requestAnimationFrame(draw)};draw();</script>`;
  const grabbed = await measurePageGrab({
    html,
    folder: context.folder,
    seconds,
    outputArgs: encode,
  });
  context.record('four_small.chromium_under_xvfb_fps', grabbed.fps, 'fps');
  const cores = (grabbed.cpuMsPerFrame * grabbed.fps) / 1000;
  context.record('four_small.chromium_under_xvfb_cores', cores, 'cores');
}

/** One clip that fills the program, with a lower third and a ticker on it. */
async function measureFull(context: BenchContext, service: Service, path: string): Promise<void> {
  const { id, width, height } = FULL;
  const clip = { id: 'clip', type: 'video', asset: id, width, height };
  const texts = [
    { id: 'name', type: 'text', text: 'Lower third', x: 100, y: 880, fontSize: 60 },
    {
      id: 'ticker',
      type: 'ticker',
      text: 'Round and round it goes',
      y: 1020,
      width: 1920,
      height: 50,
    },
  ];
  await service.call('POST', '/api/scenes', { id: 'texts', layers: texts });
  await service.call('POST', '/api/scenes', { id: 'full', layers: [clip, ...texts] });
  const show = async (scene: string): Promise<void> => {
    await service.call('POST', `/api/scenes/${scene}/activate`, {});
  };
  await show('texts');
  await compare(context, 'full_frame', {
    service,
    put: () => show('full'),
    take: () => show('texts'),
  });
  const seconds = context.quick ? 1 : 10;
  const read = ['-stream_loop', '-1', '-i', path];
  const decode = await measureFfmpeg([...read, '-f', 'null', '-'], seconds);
  const both = await measureFfmpeg([...read, ...(await encodeArguments())], seconds);
  context.record('full_frame.decode_only_ms', decode.cpuMsPerFrame, 'ms');
  context.record('full_frame.encode_only_ms', both.cpuMsPerFrame - decode.cpuMsPerFrame, 'ms');
}

async function encodeArguments(): Promise<string[]> {
  const ffmpeg = await findFfmpeg(null);
  const settings = { codec: 'libx264', preset: 'ultrafast', threads: ENCODER_THREADS } as const;
  return outputArguments(ffmpeg, settings)
    .filter((arg) => arg !== '-y')
    .concat('-y');
}

/** From a picture that is sent to the same one at a player. */
async function measureGlass(context: BenchContext, service: Service): Promise<void> {
  const seconds = context.quick ? 1 : 20;
  const playUrl = `rtmp://127.0.0.1:${service.rtmpPort}/live/program`;
  await service.call('POST', '/api/inputs', {
    id: 'rtmp',
    content: { kind: 'rtmp-push', key: KEY },
    latencyMs: INPUT_LATENCY_MS,
  });
  await service.call('POST', '/api/inputs', { id: 'frames', content: { kind: 'frames' } });
  for (const input of ['rtmp', 'frames']) {
    const { width, height } = FORMAT;
    const layer = { id: input, type: 'input', input, width, height, fit: 'fill' };
    await service.call('POST', '/api/scenes', { id: `glass-${input}`, layers: [layer] });
  }
  await service.call('POST', '/api/scenes/glass-frames/activate', {});
  const options = { service, inputId: 'frames', playUrl, seconds };
  const frames = await measureFrames(options);
  await service.call('POST', '/api/scenes/glass-rtmp/activate', {});
  const url = `rtmp://127.0.0.1:${service.rtmpPort}/inputs/rtmp?key=${KEY}`;
  const rtmp = await measureRtmp(options, url);
  for (const [name, latencies] of [
    ['frames', frames],
    ['rtmp', rtmp],
  ] as const) {
    if (latencies.length === 0) throw new Error(`No picture of ${name} came through.`);
    context.record(`glass.${name}_p50_ms`, quantile(latencies, 0.5), 'ms');
    context.record(`glass.${name}_p99_ms`, quantile(latencies, 0.99), 'ms');
  }
  context.record('glass.rtmp_jitter_buffer_ms', INPUT_LATENCY_MS, 'ms');
  const rest = quantile(rtmp, 0.5) - quantile(frames, 0.5) - INPUT_LATENCY_MS;
  context.record('glass.rtmp_send_and_decode_p50_ms', rest, 'ms');
}

/** Moving pictures that come in: what they cost, compared with others, and how late they are. */
export const videoPart: Part = {
  name: 'video',
  summary: 'four small clips and one that fills the program, on air; from a camera to a player',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const paths = {
      small: join(context.folder, 'small.mp4'),
      full: join(context.folder, 'full.mp4'),
    };
    await makeClip(paths.small, SMALL);
    await makeClip(paths.full, FULL);
    const service = await Service.start({ dataDir, imports: [] });
    try {
      await uploadClip(service, paths.small, SMALL);
      await uploadClip(service, paths.full, FULL);
      await measureSmall(context, service, paths.small);
      await measureFull(context, service, paths.full);
      await measureGlass(context, service);
    } finally {
      await service.stop();
    }
  },
};
