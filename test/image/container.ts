import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runProcess, startProcess, type ProcessEnd, type TestProcess } from '../support/process.js';
import { readContainerMemory, type ContainerMemory } from './container-memory.js';
import { toRuntimeConfig, type ContainerSpec } from './oci.js';

/** How a program that was run in a container has ended, and what it printed. */
export type Ran = ProcessEnd & { readonly output: string };

/** A program in a container of its own, run by runc. Close it in an `after` hook. */
export class Container {
  readonly #folder: string;
  readonly #env: readonly string[];
  readonly #process: TestProcess;
  #isRunning = true;

  private constructor(folder: string, env: readonly string[], process: TestProcess) {
    this.#folder = folder;
    this.#env = env;
    this.#process = process;
    void process.ended.then(() => {
      this.#isRunning = false;
    });
  }

  /** Starts it and does not wait for what it does. @throws Error when runc is not installed */
  static async start(spec: ContainerSpec): Promise<Container> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-container-'));
    const config = toRuntimeConfig(spec, basename(folder));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const args = ['--root', join(folder, 'state'), 'run', '--bundle', folder, basename(folder)];
    return new Container(folder, spec.env, await startProcess('runc', args));
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** What its programs have printed, the newest 1 MB. */
  get output(): string {
    return this.#process.output();
  }

  /** How its first program has ended; a signal that ended it is 128 and its number. */
  get ended(): Promise<ProcessEnd> {
    return this.#process.ended;
  }

  /** What is charged to its processes. @throws Error when it does not run */
  memory(): ContainerMemory {
    return readContainerMemory(basename(this.#folder));
  }

  async #runc(command: string, ...args: readonly string[]): Promise<Ran> {
    return runProcess('runc', ['--root', join(this.#folder, 'state'), command, ...args]);
  }

  /** Runs one more program in it to its end, as the same user; `more` is added to its environment. */
  async exec(args: readonly string[], more: readonly string[] = []): Promise<Ran> {
    const env = [...this.#env, ...more].map((variable) => `--env=${variable}`);
    return this.#runc('exec', ...env, basename(this.#folder), ...args);
  }

  /** The same, for what must go well. @returns what it printed @throws Error with that when it does not */
  async must(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.exec(args);
    if (code === 0) return output;
    throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
  }

  /** Sends a signal to its first program, as the engine does that stops it. */
  async signal(name: NodeJS.Signals): Promise<void> {
    await this.#runc('kill', basename(this.#folder), name);
  }

  /** Ends it as `docker stop` does: SIGTERM, and SIGKILL after `graceMs`. */
  async stop(graceMs: number): Promise<ProcessEnd> {
    await this.signal('SIGTERM');
    const timer = setTimeout(() => void this.signal('SIGKILL'), graceMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }

  /** Ends it at once, with all that runs in it, and removes what it left but for its volumes. */
  async close(): Promise<void> {
    await this.#runc('delete', '--force', basename(this.#folder));
    await this.ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
