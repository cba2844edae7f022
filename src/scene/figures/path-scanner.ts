/** Path data that is not as SVG wants it; the message says where and what. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

const SPACE = /[\t\n\f\r ]*/y;
const COMMA_SPACE = /[\t\n\f\r ]*(,[\t\n\f\r ]*)?/y;
const NUMBER = /[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/y;
const FLAG = /[01]/y;
const COMMAND = /[A-Za-z]/y;

/** Farthest number that path data may hold: so far is nothing drawn. */
const LARGEST = 1_000_000;

/** Reads path data from its beginning to its end, sign by sign of https://www.w3.org/TR/SVG2/paths.html#PathDataBNF. */
export class PathScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skip(SPACE);
  }

  /** Whether all has been read. */
  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Whether another number follows, and with it the same command once more. */
  hasNumber(): boolean {
    const start = this.#at;
    this.#skip(COMMA_SPACE);
    NUMBER.lastIndex = this.#at;
    const has = NUMBER.test(this.#text);
    this.#at = start;
    return has;
  }

  /** The next letter. @throws PathSyntaxError when something else is there */
  command(): string {
    const letter = this.#take(COMMAND, 'a command');
    this.#skip(SPACE);
    return letter;
  }

  /** The next number. @throws PathSyntaxError when something else is there, or it is too large */
  number(): number {
    const value = Number(this.#take(NUMBER, 'a number'));
    if (Math.abs(value) > LARGEST)
      throw new PathSyntaxError(`numbers go up to ${LARGEST}, before position ${this.#at}`);
    this.#separate();
    return value;
  }

  /** The next flag of an arc, which need not be parted from what follows. @throws PathSyntaxError when there is none */
  flag(): boolean {
    const flag = this.#take(FLAG, 'a flag, 0 or 1,');
    this.#separate();
    return flag === '1';
  }

  /** A comma is only taken when a number follows: one at the end is an error. */
  #separate(): void {
    const start = this.#at;
    this.#skip(COMMA_SPACE);
    const rest = this.#text.slice(this.#at, this.#at + 1);
    if (/[\d.+-]/.test(rest)) return;
    this.#at = start;
    this.#skip(SPACE);
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #take(pattern: RegExp, wanted: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) {
      const there = this.isAtEnd() ? 'the end' : `“${this.#text.slice(this.#at, this.#at + 8)}”`;
      throw new PathSyntaxError(`${wanted} should be at position ${this.#at}, there is ${there}`);
    }
    this.#at += found.length;
    return found;
  }
}
