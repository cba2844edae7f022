import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { FFMPEG_PATH } from '../ffmpeg.js';
import type { BenchContext, Part } from '../part.js';
import { runLong } from '../service/long-run.js';
import { Service } from '../service/service.js';
import { makeClip, SMALL, uploadClip } from './clips.js';

const KEY = 'a-key-for-the-benchmark';

/** A page as overlays are: a clock, and a bar that moves. */
const PAGE = `<!doctype html><body style="margin:0;font:40px sans-serif;color:#fff"><div id="c"></div><div id="b" style="height:40px;background:#c40"></div><script>
const step = () => { c.textContent = new Date().toISOString(); b.style.width = (Date.now() / 20 % 100) + '%'; };
setInterval(step, 100);</script>`;

async function servePage(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_incoming, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/` };
}

function publish(service: Service): ChildProcess {
  return spawn(
    FFMPEG_PATH,
    [
      ...['-hide_banner', '-nostdin', '-v', 'quiet', '-re'],
      ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60'],
      ...[
        '-c:a',
        'aac',
        '-f',
        'flv',
        `rtmp://127.0.0.1:${service.rtmpPort}/inputs/camera?key=${KEY}`,
      ],
    ],
    { stdio: 'ignore' },
  );
}

/** A live input with its sound, a page and two clips, in the scene of the demo. */
async function addPictures(service: Service, pageUrl: string): Promise<void> {
  const camera = { kind: 'rtmp-push', key: KEY };
  const page = { kind: 'web', url: pageUrl, width: 640, height: 360, fps: 10 };
  await service.call('POST', '/api/inputs', { id: 'camera', content: camera });
  await service.call('POST', '/api/inputs', { id: 'page', content: page });
  await service.call('POST', '/api/audio/sources', {
    id: 'camera',
    bus: 'inputs',
    content: { kind: 'input', input: 'camera' },
    strip: { gainDb: -20 },
  });
  const { width, height } = SMALL;
  const size = { width: width / 2, height: height / 2 };
  const clip = { type: 'video', asset: SMALL.id, ...size };
  for (const layer of [
    { id: 'camera', type: 'input', input: 'camera', ...size, x: 40, y: 160 },
    { id: 'page', type: 'input', input: 'page', ...size, x: 400, y: 160 },
    { id: 'clip-0', ...clip, x: 40, y: 380 },
    { id: 'clip-1', ...clip, x: 400, y: 380 },
  ])
    await service.call('POST', '/api/scenes/auction/layers', layer);
}

/** The service with all kinds of moving pictures for a long time. */
export const videoSoakPart: Part = {
  name: 'video-soak',
  summary:
    'an hour of the demo with a live input, two clips, a web page and music: the ledgers, and memory over time',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const path = join(context.folder, 'small.mp4');
    await makeClip(path, SMALL);
    const { server, url } = await servePage();
    const service = await Service.start({
      dataDir,
      imports: [],
      variables: { ASSET_ALLOW_PRIVATE: '127.0.0.1' },
    });
    let publisher: ChildProcess | null = null;
    try {
      await uploadClip(service, path, SMALL);
      await addPictures(service, url);
      publisher = publish(service);
      await runLong(context, service, (i) =>
        service.call('PATCH', '/api/scenes/auction/layers/title', {
          text: `Lot ${i} — Two Lovers`,
        }),
      );
      const inputs = await service.call('GET', '/api/inputs', null);
      context.progress(inputs);
    } finally {
      publisher?.kill('SIGKILL');
      await service.stop();
      server.closeAllConnections();
      server.close();
    }
  },
};
