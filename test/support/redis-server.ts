import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { startProcess, type TestProcess } from './process.js';

export type RedisOptions = {
  /** Whether it syncs every command to its disk, and so has everything again after kill() and start(). */
  readonly durable: boolean;
};

/** A real redis-server on a port of its own, with its data in a folder of its own. Close it in an `after` hook. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #options: RedisOptions;
  #process: TestProcess | null = null;

  private constructor(port: number, folder: string, options: RedisOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** Resolves when it takes connections. @throws Error when redis-server is not installed */
  static async start(options: RedisOptions = { durable: true }): Promise<RedisServer> {
    const server = await RedisServer.prepare(options);
    await server.start();
    return server;
  }

  /** A server that is not started yet: its port is known already. */
  static async prepare(options: RedisOptions = { durable: true }): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-redis-'));
    return new RedisServer(await freePort(), folder, options);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, also again after kill() or stop(). Resolves when it takes connections. */
  async start(): Promise<void> {
    const persistence = this.#options.durable
      ? ['--appendonly', 'yes', '--appendfsync', 'always']
      : ['--appendonly', 'no'];
    this.#process = await startProcess('redis-server', [
      ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder],
      ...['--save', '', ...persistence],
    ]);
    await this.#process.waitForOutput(/Ready to accept connections/);
  }

  /** Ends it as a crash would, with SIGKILL. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.ended;
    this.#process = null;
  }

  /** Makes it hang: connections stay, nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Ends it in its own time. */
  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = null;
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
