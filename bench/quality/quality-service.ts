import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { BUILD_ROOT, PACKAGE_ROOT } from '../../src/core/paths.js';
import { freePort } from '../service/free-port.js';
import type { Area, Luma } from './reference.js';

const FRAME_PX = { width: 1280, height: 800 } as const;
const START_TIMEOUT_MS = 30_000;

/** The real service, asked for stills of scenes with one layer. */
export class QualityService {
  readonly #child: ChildProcess;
  readonly #origin: string;

  private constructor(child: ChildProcess, origin: string) {
    this.#child = child;
    this.#origin = origin;
  }

  /** @throws Error when it is not up in time */
  static async start(dataDir: string): Promise<QualityService> {
    const [port, rtmpPort] = [await freePort(), await freePort()];
    const child = spawn(process.execPath, [join(BUILD_ROOT, 'src', 'main.js')], {
      cwd: PACKAGE_ROOT,
      stdio: 'ignore',
      env: {
        ...process.env,
        PORT: String(port),
        RTMP_PORT: String(rtmpPort),
        DATA_DIR: dataDir,
        AUTOSTART: 'false',
        STREAM_RESOLUTION: `${FRAME_PX.width}x${FRAME_PX.height}`,
        LOG_LEVEL: 'warn',
      },
    });
    const service = new QualityService(child, `http://127.0.0.1:${port}`);
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const isUp = await request(`${service.#origin}/health`).then(
        async ({ statusCode, body }) => {
          await body.dump();
          return statusCode === 200;
        },
        () => false,
      );
      if (isUp) {
        await service.#put('POST', '/api/scenes', []);
        return service;
      }
      if (performance.now() > deadlineMs) {
        await service.stop();
        throw new Error('The service did not start.');
      }
      await sleep(50);
    }
  }

  async upload(id: string, mediaType: string, bytes: Buffer): Promise<void> {
    await this.#call('POST', `/api/assets?id=${id}&name=${id}`, mediaType, bytes);
  }

  /** Luma of the upper left of a scene with one layer after one second, in the steps of the video. */
  async show(layer: object, background: string, area: Area): Promise<Luma> {
    await this.#put('PUT', '/api/scenes/quality', [layer], background);
    const frame = await this.#call(
      'GET',
      '/api/scenes/quality/render?timeMs=1000&format=raw',
      null,
    );
    const samples = new Float64Array(area.width * area.height);
    for (let y = 0; y < area.height; y++)
      for (let x = 0; x < area.width; x++)
        samples[y * area.width + x] = frame[y * FRAME_PX.width + x] ?? 0;
    return { ...area, samples };
  }

  async #put(
    method: 'PUT' | 'POST',
    path: string,
    layers: readonly object[],
    background = '#000000',
  ): Promise<void> {
    const scene = { id: 'quality', ...FRAME_PX, background, layers };
    await this.#call(method, path, 'application/json', Buffer.from(JSON.stringify(scene)));
  }

  async #call(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    mediaType: string | null,
    bytes: Buffer | null = null,
  ): Promise<Buffer> {
    const answer = await request(`${this.#origin}${path}`, {
      method,
      headers: mediaType === null ? {} : { 'content-type': mediaType },
      body: bytes,
    });
    const content = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path} answered ${answer.statusCode}: ${content.toString()}`);
    return content;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
