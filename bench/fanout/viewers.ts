import { Child } from '../child.js';
import type { LoadClientAnswer, LoadClientRequest, LoadClientTask } from './load-client.js';

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
  readonly #child = new Child<LoadClientRequest, LoadClientAnswer>(
    new URL('./load-client.js', import.meta.url),
  );

  /** Resolves when all are connected. @throws Error when the server refuses one */
  static async open(task: Omit<LoadClientTask, 'type'>): Promise<Viewers> {
    const viewers = new Viewers();
    const answer = await viewers.#child.ask({ type: 'open', ...task });
    if (answer.type === 'open') return viewers;
    await viewers.close();
    throw new Error(answer.type === 'failed' ? answer.reason : 'The viewers did not connect.');
  }

  async read(): Promise<ViewerCounts> {
    const answer = await this.#child.ask({ type: 'read' });
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
    this.#child.tell({ type: 'close' });
    await this.#child.ended();
  }
}
