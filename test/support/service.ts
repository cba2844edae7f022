import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { StreamStatusSchema, type StreamStatus } from '../../src/api/operations/stream-status.js';
import { VARIABLE_NAMES } from '../../src/config.js';
import { BUILD_ROOT } from '../../src/core/paths.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { freePort } from './ports.js';
import { startProcess, type ProcessEnd, type TestProcess } from './process.js';

const START_TIMEOUT_MS = 60_000;
/** Longer than the service itself takes at most: see `CLOSE_TIMEOUT_MS` in src/main.ts. */
const STOP_TIMEOUT_MS = 25_000;
const DEFAULT_WAIT_MS = 30_000;
const POLL_MS = 25;

/** Small and slow enough for a machine that does other things as well; no preset has to be measured. */
export const SMALL_STREAM = {
  STREAM_RESOLUTION: '640x360',
  TARGET_FPS: '30',
  STREAM_BITRATE: '2M',
  FFMPEG_PRESET: 'ultrafast',
  AUTOSTART: 'false',
} as const;

export type Variables = Readonly<Record<string, string>>;

/** An FFmpeg that the service runs. */
export type MediaChild = {
  readonly pid: number;
  readonly kind: 'encoder' | 'relay' | 'other';
  /** Where a relay sends to, as far as its arguments tell: `rtmp://host:port/`. */
  readonly url: string;
};

const JsonObject = z.record(z.string(), z.json());

export type Reply = {
  readonly status: number;
  /** The body as an object; empty when it is none. */
  readonly json: z.infer<typeof JsonObject>;
  readonly bytes: Buffer;
};

/** The compiled entry of the service. */
export const SERVICE_ENTRY = join(BUILD_ROOT, 'src', 'main.js');

/** An environment in which only `variables` configure the service, whatever the one of the test has set. */
export function serviceEnvironment(variables: Variables): Record<string, string> {
  const unset = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, '']));
  return { ...unset, PORT: '0', LOG_LEVEL: 'warn', NODE_OPTIONS: '', ...variables };
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  const state = readStat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function readStat(pid: number): { readonly state: string; readonly parentPid: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name, in parentheses, may hold anything: the fields are counted from behind it.
    const [state = '', parentPid = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parentPid: Number(parentPid) };
  } catch {
    return null;
  }
}

function readArguments(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

function toMediaChild(pid: number): MediaChild {
  const args = readArguments(pid);
  const url = args.at(-1) ?? '';
  if (args.includes('-progress')) return { pid, kind: 'relay', url };
  return { pid, kind: args.includes('-enc_time_base:v') ? 'encoder' : 'other', url };
}

/**
 * The compiled service as a process of its own, with a folder of its own. It can be started again over the same
 * folder and RTMP port. Close it in an `after` hook.
 */
export class Service {
  readonly folder: string;
  readonly rtmpPort: number;
  readonly #variables: Variables;
  readonly #agent = new Agent({ connections: 16, headersTimeout: 30_000, bodyTimeout: 30_000 });
  readonly #seenChildren = new Set<number>();
  #process: TestProcess | null = null;
  #apiPort = 0;

  private constructor(folder: string, rtmpPort: number, variables: Variables) {
    this.folder = folder;
    this.rtmpPort = rtmpPort;
    this.#variables = variables;
  }

  /** Resolves when the service says that it is up; a stream that is wanted is live then. */
  static async start(variables: Variables): Promise<Service> {
    const service = await Service.prepare(variables);
    try {
      await service.start();
    } catch (error) {
      await service.close();
      throw error;
    }
    return service;
  }

  /** A service that is not started yet. `DATA_DIR` is a folder of its own unless it is given. */
  static async prepare(variables: Variables): Promise<Service> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-service-'));
    return new Service(folder, await freePort(), variables);
  }

  /** Starts it, also again after kill() or stop(). `more` is added to its environment this time. */
  async start(more: Variables = {}): Promise<void> {
    const env = serviceEnvironment({
      RTMP_PORT: String(this.rtmpPort),
      DATA_DIR: this.dataDir,
      ...this.#variables,
      ...more,
    });
    // From its own folder: a file .env of the tree must not count.
    const started = await startProcess(process.execPath, ['--enable-source-maps', SERVICE_ENTRY], {
      cwd: this.folder,
      env,
    });
    this.#process = started;
    const [, port] = await started.waitForOutput(
      /API {2,}http:\/\/[^/]+:(\d+)\//,
      START_TIMEOUT_MS,
    );
    this.#apiPort = Number(port);
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get pid(): number {
    return this.#process?.pid ?? -1;
  }

  get apiPort(): number {
    return this.#apiPort;
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return `http://127.0.0.1:${this.#apiPort}`;
  }

  /** Where players pull. */
  get playUrl(): string {
    return `rtmp://127.0.0.1:${this.rtmpPort}/live/program`;
  }

  /** What it has printed. */
  get output(): string {
    return this.#process?.output() ?? '';
  }

  /** Sends a body as JSON, bytes as a PNG. */
  async api(method: Dispatcher.HttpMethod, path: string, body?: object | Buffer): Promise<Reply> {
    const isBytes = Buffer.isBuffer(body);
    const response = await request(`${this.origin}${path}`, {
      method,
      dispatcher: this.#agent,
      headers:
        body === undefined ? {} : { 'content-type': isBytes ? 'image/png' : 'application/json' },
      body: body === undefined ? null : isBytes ? body : JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const { headers } = response;
    const json = String(headers['content-type']).includes('json')
      ? JsonObject.safeParse(JSON.parse(bytes.toString()))
      : null;
    return { status: response.statusCode, json: json?.data ?? {}, bytes };
  }

  /** The same, for what must go well. @throws Error with the answer when it is no success */
  async must(method: Dispatcher.HttpMethod, path: string, body?: object | Buffer): Promise<Reply> {
    const reply = await this.api(method, path, body);
    if (reply.status < 300) return reply;
    throw new Error(`${method} ${path}: ${reply.status} ${reply.bytes.toString()}\n${this.output}`);
  }

  async status(): Promise<StreamStatus> {
    return StreamStatusSchema.parse((await this.must('GET', '/api/stream/status')).json);
  }

  /** The frame ledger of the running session; its sum is checked. */
  async ledger(): Promise<StreamStatus['frames']> {
    const { frames } = await this.status();
    const { clock, rendered, unchanged, late, skipped } = frames;
    if (rendered + unchanged + late + skipped !== clock)
      throw new Error(`The ledger does not sum to the clock: ${JSON.stringify(frames)}`);
    return frames;
  }

  /** Creates a scene and puts it on air. */
  async show(scene: SceneInput): Promise<void> {
    await this.must('POST', '/api/scenes', scene);
    await this.must('POST', `/api/scenes/${scene.id}/activate`);
  }

  /** Processes that the service has started and that run. */
  children(): MediaChild[] {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => readStat(pid)?.parentPid === this.pid && isAlive(pid));
    for (const pid of pids) this.#seenChildren.add(pid);
    return pids.map(toMediaChild);
  }

  /** What its FFmpeg processes do, in order of the alphabet; decoder processes come and go. */
  mediaKinds(): string[] {
    const kinds = this.children().map(({ kind }) => kind);
    return kinds.filter((kind) => kind !== 'other').sort();
  }

  /** Process id of the encoder; null while there is none. */
  get encoderPid(): number | null {
    return this.children().find(({ kind }) => kind === 'encoder')?.pid ?? null;
  }

  /** Process id of the relay to the server of an address; null while there is none. */
  relayPid(address: string): number | null {
    const relay = this.children().find(
      ({ kind, url }) => kind === 'relay' && address.startsWith(url),
    );
    return relay?.pid ?? null;
  }

  /** Waits until `condition` holds. @throws Error with what the service has printed after `timeoutMs` */
  async until(
    what: string,
    condition: () => boolean | Promise<boolean>,
    timeoutMs = DEFAULT_WAIT_MS,
  ): Promise<void> {
    for (const endMs = performance.now() + timeoutMs; performance.now() < endMs;) {
      if (await condition()) return;
      await sleep(POLL_MS);
    }
    throw new Error(`Waited ${timeoutMs} ms in vain: ${what}\n${this.output}`);
  }

  /** Waits until an output is live. */
  async outputIsLive(id: string): Promise<void> {
    await this.until(`output ${id} is live`, async () => {
      const { outputs } = await this.status();
      return outputs.find((output) => output.id === id)?.status.state === 'live';
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Ends it as a crash would, with SIGKILL. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    this.children();
    running.kill('SIGKILL');
    await running.ended;
    this.#process = null;
  }

  /** Ends it with SIGTERM, as an operator does. Resolves with how it has ended: by SIGKILL when it took too long. */
  async stop(): Promise<ProcessEnd> {
    if (this.#process === null) throw new Error('The service does not run.');
    this.children();
    const end = await this.#process.stop(STOP_TIMEOUT_MS);
    this.#process = null;
    return end;
  }

  /** Children it ever had, as far as they were looked at, that still run. */
  get survivors(): number[] {
    return [...this.#seenChildren].filter(
      (pid) => isAlive(pid) && toMediaChild(pid).kind !== 'other',
    );
  }

  /** Ends it and all it has started, and removes its folder. */
  async close(): Promise<void> {
    await this.kill();
    await this.#agent.destroy();
    const giveUpAtMs = performance.now() + 3000;
    while (this.survivors.length > 0 && performance.now() < giveUpAtMs) await sleep(POLL_MS);
    for (const pid of this.survivors) process.kill(pid, 'SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}
