/** Path data that is not as SVG wants it; the message says where and what. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

/** Farthest number that path data may hold: so far is nothing drawn. */
const LARGEST = 1_000_000;
/** Fewer characters without an exponent make no number that is larger. */
const LARGEST_DIGITS = 7;

const COMMA = 0x2c;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const ONE = 0x31;
const NINE = 0x39;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isExponent(code: number): boolean {
  return (code | 0x20) === 0x65;
}

/** After the digits that begin at a place; the place itself when there are none. */
function afterDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function afterSign(text: string, from: number): number {
  const code = text.charCodeAt(from);
  return code === PLUS || code === MINUS ? from + 1 : from;
}

/** After the number that begins at a place; the place itself when there is none. */
function afterNumber(text: string, from: number): number {
  const start = afterSign(text, from);
  let end = afterDigits(text, start);
  const hasDot = text.charCodeAt(end) === DOT;
  const afterDot = hasDot ? afterDigits(text, end + 1) : end;
  // Of the digits before and behind the dot one side may be missing.
  if (end === start && afterDot <= end + 1) return from;
  end = afterDot;
  if (!isExponent(text.charCodeAt(end))) return end;
  const power = afterSign(text, end + 1);
  const afterPower = afterDigits(text, power);
  return afterPower > power ? afterPower : end;
}

/**
 * Reads path data from its beginning to its end, character by character of https://www.w3.org/TR/SVG2/paths.html#PathDataBNF. By
 * codes, not by patterns: a request may bring a million characters, and reading them must not keep others waiting.
 */
export class PathScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  /** Whether all has been read. */
  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Whether another number follows, and with it the same command once more. */
  hasNumber(): boolean {
    const start = this.#at;
    this.#skipCommaSpace();
    const has = afterNumber(this.#text, this.#at) > this.#at;
    this.#at = start;
    return has;
  }

  /** The next letter. @throws PathSyntaxError when something else is there */
  command(): string {
    const start = this.#at;
    if (!isLetter(this.#text.charCodeAt(start))) throw this.#missing('a command');
    this.#at = start + 1;
    this.#skipSpace();
    return this.#text.charAt(start);
  }

  /** The next number. @throws PathSyntaxError when something else is there, or it is too large */
  number(): number {
    const end = this.#endOfNumber();
    const value = this.#valueUntil(end);
    this.#at = end;
    this.#separate();
    return value;
  }

  /** Goes past the next number, and throws where number() does: digits that are too few to be too large are not read. */
  skipNumber(): void {
    const end = this.#endOfNumber();
    if (end - this.#at >= LARGEST_DIGITS || this.#hasExponent(end)) this.#valueUntil(end);
    this.#at = end;
    this.#separate();
  }

  /** The next flag of an arc, which need not be parted from what follows. @throws PathSyntaxError when there is none */
  flag(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    if (code !== ZERO && code !== ONE) throw this.#missing('a flag, 0 or 1,');
    this.#at++;
    this.#separate();
    return code === ONE;
  }

  #endOfNumber(): number {
    const end = afterNumber(this.#text, this.#at);
    if (end === this.#at) throw this.#missing('a number');
    return end;
  }

  #valueUntil(end: number): number {
    const value = Number(this.#text.slice(this.#at, end));
    if (Math.abs(value) > LARGEST)
      throw new PathSyntaxError(`numbers go up to ${LARGEST}, before position ${end}`);
    return value;
  }

  #hasExponent(end: number): boolean {
    for (let at = this.#at; at < end; at++) if (isExponent(this.#text.charCodeAt(at))) return true;
    return false;
  }

  /** A comma is only taken when a number follows: one at the end is an error. */
  #separate(): void {
    const start = this.#at;
    this.#skipCommaSpace();
    const code = this.#text.charCodeAt(this.#at);
    if (isDigit(code) || code === DOT || code === PLUS || code === MINUS) return;
    this.#at = start;
    this.#skipSpace();
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #skipCommaSpace(): void {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== COMMA) return;
    this.#at++;
    this.#skipSpace();
  }

  #missing(wanted: string): PathSyntaxError {
    const there = this.isAtEnd() ? 'the end' : `“${this.#text.slice(this.#at, this.#at + 8)}”`;
    return new PathSyntaxError(`${wanted} should be at position ${this.#at}, there is ${there}`);
  }
}
