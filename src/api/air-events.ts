import type { ServiceEvent } from '../core/event.js';
import type { AirFrame } from '../core/program-clock.js';
import type { Applied } from '../state/port.js';

/** Tells with which frame each revision of the state went on air, and the batches with it, each once and in order. */
export class AirEvents {
  readonly #publish: (event: ServiceEvent) => void;
  #airedRevision = -1;
  /** Batches that change what is on air, and are not there yet. */
  #waiting: { readonly batchId: string; readonly revision: number }[] = [];

  constructor(publish: (event: ServiceEvent) => void) {
    this.#publish = publish;
  }

  /**
   * To be called for every change, after its own events and before the program can show it.
   * @param isSeen - whether it changes what is on air
   */
  applied({ command, after }: Applied, isSeen: boolean): void {
    const { revision } = after;
    // A scheduled batch is on air before it is part of the state.
    if (command.type === 'batch.commit' && command.frame !== null) {
      this.#waiting.push({ batchId: command.batchId, revision });
      this.onAir(revision, command.frame);
    } else if (command.type === 'batch.apply' && isSeen)
      this.#waiting.push({ batchId: command.batchId, revision });
  }

  /** To be called when the program shows a revision; it may say so of an older one, or again. */
  onAir(revision: number, frame: AirFrame): void {
    if (revision <= this.#airedRevision) return;
    this.#airedRevision = revision;
    const isThere = (one: { readonly revision: number }): boolean => one.revision <= revision;
    const batchIds = this.#waiting.filter(isThere).map(({ batchId }) => batchId);
    this.#waiting = this.#waiting.filter((one) => !isThere(one));
    const data = { revision, ...frame, batchIds };
    this.#publish({ topic: 'scene', type: 'scene.on-air', data });
  }
}
