import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of our own that is asked by messages and answers each with one. */
export class Child<Request extends object, Answer> {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  /** @param entry address of its script, next to the caller's: `new URL('./name.js', import.meta.url)` */
  constructor(entry: URL) {
    this.#process = fork(fileURLToPath(entry), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#exited = once(this.#process, 'exit');
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** @throws Error when the process ends instead of answering */
  async ask(request: Request): Promise<Answer> {
    const settled = new AbortController();
    const { signal } = settled;
    const ended = once(this.#process, 'exit', { signal }).then((): never => {
      throw new Error('The process ended without an answer; see above.');
    });
    try {
      const answered = once(this.#process, 'message', { signal }) as Promise<[Answer]>;
      // Whichever loses is told to stop listening below.
      answered.catch(() => undefined);
      ended.catch(() => undefined);
      this.tell(request);
      const [answer] = await Promise.race([answered, ended]);
      return answer;
    } finally {
      settled.abort();
    }
  }

  /** Sends a message that is not answered. */
  tell(request: Request): void {
    if (this.#process.connected) this.#process.send(request);
  }

  /** Resolves when the process has ended; kills it when it does not in two seconds. */
  async ended(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 2000);
    await this.#exited;
    clearTimeout(timer);
  }
}
