import type { PushEvent, PushListener } from '../audio/contract.js';

/** What a sender of pushed sound waits to be told: when the mixer is gone that was to tell it, somebody else has to. */
export class OwedAnswers {
  readonly #listener: PushListener;
  #marks: string[] = [];
  #isEnding = false;

  constructor(listener: PushListener) {
    this.#listener = listener;
  }

  /** More sound is on its way: the end is told after it. */
  goesOn(): void {
    this.#isEnding = false;
  }

  mark(id: string): void {
    this.#marks.push(id);
  }

  /** Nothing more comes for now, or what was sent is not wanted any more. */
  end(): void {
    this.#isEnding = true;
  }

  /** Passes on what the mixer tells. @param frame - see `PushListener` */
  tell(event: PushEvent, frame: number | null): void {
    if (event.type === 'mark') {
      const place = this.#marks.indexOf(event.id);
      if (place >= 0) this.#marks.splice(place, 1);
    }
    if (event.type === 'ended') this.#isEnding = false;
    this.#listener(event, frame);
  }

  /** The mixer is gone, and what it had of the sound with it: marks are not heard any more, and the end has come. */
  tellLost(): void {
    const marks = this.#marks;
    this.#marks = [];
    for (const id of marks) this.#listener({ type: 'mark', id, isDropped: true }, null);
    if (!this.#isEnding) return;
    this.#isEnding = false;
    this.#listener({ type: 'ended' }, null);
  }
}
