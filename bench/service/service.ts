import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { ALLOCATOR_VARIABLES } from '../../src/core/allocator.js';
import { BUILD_ROOT, PACKAGE_ROOT } from '../../src/core/paths.js';
import { readMemoryBytes, readTreeUsage, type TreeUsage } from '../process-tree.js';
import { freePort } from './free-port.js';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;
/** What is kept of the service's own words, for when it fails. */
const KEPT_LOG_CHARS = 4000;

const StatusSchema = z.object({
  state: z.string(),
  encoder: z.string().nullable(),
  uptimeMs: z.number(),
  frames: z.object({
    clock: z.number(),
    rendered: z.number(),
    unchanged: z.number(),
    late: z.number(),
    skipped: z.number(),
  }),
  layersOff: z.array(z.object({ layerId: z.string(), reason: z.string() })),
});
export type Status = z.infer<typeof StatusSchema>;

export type ServiceOptions = {
  /** Empty at the first start. */
  readonly dataDir: string;
  /** Modules to load before the service itself. */
  readonly imports: readonly URL[];
  /** Of its environment, on top. */
  readonly variables?: Readonly<Record<string, string>>;
};

/** The real service as its own process, used from outside as a user would. */
export class Service {
  readonly port: number;
  readonly rtmpPort: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #agent = new Agent({ connections: 8 });
  #log = '';

  private constructor(child: ChildProcess, port: number, rtmpPort: number) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    this.port = port;
    this.rtmpPort = rtmpPort;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-KEPT_LOG_CHARS);
      });
    }
  }

  /** Starts it and waits until it is live with the demo scene. @throws Error with its log when it is not in time */
  static async start({ dataDir, imports, variables }: ServiceOptions): Promise<Service> {
    const [port, rtmpPort] = [await freePort(), await freePort()];
    const hooks = imports.flatMap(({ href }) => ['--import', href]);
    const child = spawn(process.execPath, [...hooks, join(BUILD_ROOT, 'src', 'main.js')], {
      cwd: PACKAGE_ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...ALLOCATOR_VARIABLES,
        PORT: String(port),
        RTMP_PORT: String(rtmpPort),
        DATA_DIR: dataDir,
        AUTOSTART: 'true',
        FFMPEG_PRESET: 'ultrafast',
        LOG_LEVEL: 'warn',
        ...variables,
      },
    });
    const service = new Service(child, port, rtmpPort);
    try {
      await service.waitFor((status) => status.state === 'live' && status.frames.clock > 0);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** Resolves with the first status that fits. @throws Error when none does in time */
  async waitFor(fits: (status: Status) => boolean): Promise<Status> {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadlineMs && this.#child.exitCode === null) {
      const status = await this.status().catch(() => null);
      if (status !== null && fits(status)) return status;
      await sleep(POLL_MS);
    }
    throw new Error(`The service did not get there. It said:\n${this.#log}`);
  }

  async status(): Promise<Status> {
    return StatusSchema.parse(JSON.parse(await this.call('GET', '/api/stream/status', null)));
  }

  /** The metrics page. */
  async metrics(): Promise<string> {
    return this.call('GET', '/metrics', null);
  }

  /** One request; a Buffer is sent as a PNG, anything else as JSON. @throws Error when the answer is not a good one */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: object | null,
  ): Promise<string> {
    const isPicture = Buffer.isBuffer(body);
    const type = isPicture ? 'image/png' : 'application/json';
    const { statusCode, body: answer } = await request(`http://127.0.0.1:${this.port}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: body === null ? {} : { 'content-type': type },
      body: body === null || isPicture ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path} answered ${statusCode}: ${text}`);
    return text;
  }

  /** One request of which every answer is a good one: its status. */
  async send(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: object | Buffer,
    type = 'application/json',
  ): Promise<{ readonly status: number }> {
    const { statusCode, body: answer } = await request(`http://127.0.0.1:${this.port}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { 'content-type': type },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    await answer.dump();
    return { status: statusCode };
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Of the service with its encoder and relays. */
  usage(): Promise<TreeUsage> {
    return readTreeUsage(this.pid);
  }

  /** Of the service with its encoder and relays, now. */
  async memoryBytes(): Promise<number> {
    return readMemoryBytes((await this.usage()).pids);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<void> {
    await this.#agent.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    this.#child.kill('SIGTERM');
    await this.#exited;
    clearTimeout(timer);
  }
}
