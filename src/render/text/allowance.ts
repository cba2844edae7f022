/**
 * What setting texts may take of one frame. It is counted in characters that are shaped, not in time, so that a busy
 * machine changes nothing: one counts for a microsecond or two, in scripts whose letters are put together for four.
 */

/** Names, times and messages. */
const SHORT_CHARACTERS = 256;
/** More than one step of a long text takes. */
const OVERDRAFT = 8000;

/** Thrown where a text is not set yet: it goes on when it is asked for the next time. */
export class UnfinishedText extends Error {
  constructor() {
    super('The text is being set; ask for it again in the next frame.');
  }
}

/** Always the same one: nobody needs its stack, and making one takes longer than a line. */
const UNFINISHED = new UnfinishedText();

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

  /**
   * Asks for leave to go on with a text of so many characters.
   * @throws UnfinishedText when nothing is left. Short ones may overdraw, so that times go on beside a long text.
   */
  check(characters: number): void {
    if (this.#left <= (characters <= SHORT_CHARACTERS ? -OVERDRAFT : 0)) throw UNFINISHED;
  }
}

/** Of a frame on air: some three milliseconds. A text of usual length is set in the frame that shows it. */
export const FRAME_CHARACTERS = 2000;
