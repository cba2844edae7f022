/**
 * What setting texts may take of one frame. It is counted in characters that are shaped, not in time, so that a busy
 * machine changes nothing: one takes some microsecond, in scripts whose letters are put together three to five.
 */

/**
 * Work that is done a part at a time: each step yields what it has taken, in characters that are shaped. Whoever asks
 * for the next one decides when it goes on.
 */
export type Steps<T> = Generator<number, T, undefined>;

/** Does all of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Names, times and messages. */
const SHORT_CHARACTERS = 256;
/** More than one step of a long text takes. */
const OVERDRAFT = 4000;

/** Thrown where a text is not set yet: it goes on when it is asked for the next time. */
export class UnfinishedText extends Error {
  constructor() {
    super('The text is being set; ask for it again in the next frame.');
  }
}

/** Always the same one: nobody needs its stack, and making one takes longer than a line. */
export const UNFINISHED = new UnfinishedText();

/** How much of the allowance is left, and what goes on in the next frame. */
export class TextAllowance {
  #left = Infinity;

  /** Begins a frame that may take so much; Infinity: all that it wants. */
  begin(characters: number): void {
    this.#left = characters;
  }

  /** What is left; below 0 if more was taken than there was. */
  get left(): number {
    return this.#left;
  }

  /** Takes so much, also when that is more than there is: what takes it cannot be cut. */
  take(characters: number): void {
    this.#left -= characters;
  }

  /** Whether a text of so many characters has to wait. Short ones may overdraw, so that times go on beside a long text. */
  isSpent(characters: number): boolean {
    return this.#left <= (characters <= SHORT_CHARACTERS ? -OVERDRAFT : 0);
  }
}

/** Of a frame on air: some three milliseconds. A text of usual length is set in the frame that shows it. */
export const FRAME_CHARACTERS = 3000;
