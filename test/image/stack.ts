import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { inspectImage, mountImage, IMAGES, type ImageConfig, type Mounted } from './buildah.js';
import { composeService, toContainer, toMs, type Place } from './compose.js';
import { Container } from './container.js';

/** Ports as the image has them: the tests run in a network of their own. */
export const API = 'http://127.0.0.1:3000';
export const TOKEN = 'a-token-of-the-tests-of-the-image';

const WAIT_MS = 60_000;
const POLL_MS = 200;

/** Small and slow enough for a machine that does other things as well; everything else as compose has it. */
const VARIABLES = {
  API_TOKEN: TOKEN,
  STREAM_RESOLUTION: '640x360',
  TARGET_FPS: '30',
  STREAM_BITRATE: '2M',
  FFMPEG_PRESET: 'ultrafast',
} as const;

/** Waits until `condition` holds. @throws Error with what `explain` gives */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  explain: () => string = () => '',
): Promise<void> {
  for (const endMs = performance.now() + WAIT_MS; performance.now() < endMs;) {
    if (await condition().catch(() => false)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`Waited ${WAIT_MS} ms in vain: ${what}\n${explain()}`);
}

/** Number of a user by its name in the files of an image. @throws Error when there is none */
function userNumber(root: string, name: string): number {
  const line = readFileSync(join(root, 'etc', 'passwd'), 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`The image has no user ${name}.`);
  return Number(line.split(':')[2]);
}

/** What docker-compose.yml describes, as far as it can be run: the service, Redis and Prometheus. Close it in an `after` hook. */
export class Stack {
  readonly #place: Place;
  readonly #service: Mounted;
  readonly #parts: Mounted;
  readonly config: ImageConfig;
  readonly #started: Container[] = [];

  private constructor(place: Place, service: Mounted, parts: Mounted, config: ImageConfig) {
    this.#place = place;
    this.#service = service;
    this.#parts = parts;
    this.config = config;
  }

  /** Nothing runs yet. @throws Error when the images were not built */
  static async prepare(): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-stack-'));
    const [service, parts] = [await mountImage(IMAGES.service), await mountImage(IMAGES.parts)];
    return new Stack(
      { folder, variables: VARIABLES },
      service,
      parts,
      await inspectImage(IMAGES.service),
    );
  }

  /** Absolute path of the files of the service's image. */
  get root(): string {
    return this.#service.root;
  }

  /** How long the service may take to end. */
  get graceMs(): number {
    return toMs(composeService('stream-manager').stop_grace_period);
  }

  /** Absolute path of a volume. */
  volume(name: string): string {
    return join(this.#place.folder, 'volumes', name);
  }

  async #start(spec: Parameters<typeof Container.start>[0]): Promise<Container> {
    const container = await Container.start(spec);
    this.#started.push(container);
    return container;
  }

  /** Starts the service and waits until it is ready, with the demo on air at its first start; `more` is put over the environment that compose gives it. */
  async startService(more: Readonly<Record<string, string>> = {}): Promise<Container> {
    const service = composeService('stream-manager');
    const files = {
      root: this.root,
      image: this.config,
      user: userNumber(this.root, this.config.User),
    };
    const environment = { ...service.environment, ...more };
    const spec = toContainer({ ...service, environment }, files, this.#place);
    const container = await this.#start(spec);
    const isReady = async (): Promise<boolean> =>
      !container.isRunning || (await fetch(`${API}/ready`)).ok;
    await until('the service is ready', isReady, () => container.output);
    if (container.isRunning) return container;
    throw new Error(`The service has ended:\n${container.output}`);
  }

  /** Starts Redis or Prometheus as compose does, but with Debian's program. */
  async startPart(name: 'redis' | 'prometheus'): Promise<Container> {
    // As the images say that compose names.
    const { Entrypoint, WorkingDir } = {
      redis: { Entrypoint: [], WorkingDir: '/data' },
      prometheus: { Entrypoint: ['prometheus'], WorkingDir: '/prometheus' },
    }[name];
    const files = {
      root: this.#parts.root,
      image: { Entrypoint, Cmd: [], Env: this.config.Env, WorkingDir },
      user: userNumber(this.#parts.root, name),
    };
    return this.#start(toContainer(composeService(name), files, this.#place));
  }

  /** Ends all that runs and removes its volumes. */
  async close(): Promise<void> {
    for (const container of this.#started) await container.close();
    await this.#service.close();
    await this.#parts.close();
    await rm(this.#place.folder, { recursive: true, force: true });
  }
}

/** Sends a request with the token: a buffer as it is, anything else as JSON. */
export async function request(
  method: string,
  path: string,
  body: object | Buffer | null = null,
  type = 'application/json',
): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  const response = await fetch(`${API}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
    body:
      body === null ? null : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  });
  const answered = response.headers.get('content-type') ?? '';
  return { status: response.status, type: answered, text: await response.text() };
}

/** Calls the API, a buffer as a PNG. @returns the answer, which is JSON @throws Error with the answer when it is no success */
export async function call(
  method: string,
  path: string,
  body: object | Buffer | null = null,
): Promise<unknown> {
  const type = Buffer.isBuffer(body) ? 'image/png' : 'application/json';
  const { status, text } = await request(method, path, body, type);
  if (status >= 200 && status < 300) return JSON.parse(text);
  throw new Error(`${method} ${path}: ${status} ${text}`);
}

const Outputs = z.object({ outputs: z.array(z.object({ id: z.string(), url: z.string() })) });

/** Where players get the program, its key included. @throws Error when the service has no such output */
export async function programUrl(): Promise<string> {
  const { outputs } = Outputs.parse(await call('GET', '/api/outputs'));
  const url = outputs.find(({ id }) => id === 'program')?.url;
  if (url === undefined) throw new Error('There is no output of the name program.');
  return url;
}
