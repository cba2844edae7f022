import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadClientAnswer, LoadClientRequest, LoadClientTask } from './load-client.js';

const CLIENT = fileURLToPath(new URL('./load-client.js', import.meta.url));

export type ViewerCounts = Extract<LoadClientAnswer, { type: 'counts' }>;

/** What all viewers together received over some time. */
export type ViewerRates = {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Connections that were still open at the end. */
  readonly open: number;
};

/** Many viewers in another process. */
export class Viewers {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when all are connected. @throws Error when the server refuses one */
  static async open(task: LoadClientTask): Promise<Viewers> {
    const child = fork(CLIENT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.send(task);
    const viewers = new Viewers(child);
    const answer = await viewers.#next();
    if (answer.type === 'open') return viewers;
    await viewers.close();
    throw new Error(answer.type === 'failed' ? answer.reason : 'The viewers did not connect.');
  }

  async read(): Promise<ViewerCounts> {
    this.#send({ type: 'read' });
    const answer = await this.#next();
    if (answer.type !== 'counts') throw new Error('The viewers answered out of turn.');
    return answer;
  }

  /** Rates between two readings. */
  static rates(before: ViewerCounts, after: ViewerCounts): ViewerRates {
    const seconds = (after.atMs - before.atMs) / 1000;
    return {
      messagesPerSecond: (after.messages - before.messages) / seconds,
      bytesPerSecond: (after.bytes - before.bytes) / seconds,
      open: after.open,
    };
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#send({ type: 'close' });
    await exited;
  }

  #send(request: LoadClientRequest): void {
    this.#child.send(request);
  }

  async #next(): Promise<LoadClientAnswer> {
    const ended = new AbortController();
    const exited = once(this.#child, 'exit', { signal: ended.signal }).then((): never => {
      throw new Error('The process of the viewers ended.');
    });
    try {
      const answered = once(this.#child, 'message') as Promise<[LoadClientAnswer]>;
      const [answer] = await Promise.race([answered, exited]);
      return answer;
    } finally {
      ended.abort();
      exited.catch(() => undefined);
    }
  }
}
