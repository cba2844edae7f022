import type { RandomNumbers } from './random-numbers.js';

/** Most repetitions of a part that a pattern does not limit. */
const OPEN_REPEATS = 6;

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CLASSES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: `${DIGITS}${LETTERS}_`,
  s: ' ',
  S: `${DIGITS}${LETTERS}-.:/`,
};

/** A part of a pattern: writes one of the texts that it matches. */
type Part = (random: RandomNumbers) => string;

function rangeOf(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return String.fromCharCode(...Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

/** Reads the part of regular expressions that JSON Schemas of this service use. No look-around, no negated classes. */
class PatternReader {
  #at = 0;

  constructor(readonly source: string) {}

  alternatives(): Part {
    const options = [this.#sequence()];
    while (this.#skip('|')) options.push(this.#sequence());
    return (random) => random.pick(options)(random);
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.source.length && !'|)'.includes(this.#peek())) {
      if (this.#skip('^') || this.#skip('$')) continue;
      parts.push(this.#repeated(this.#atom()));
    }
    return (random) => parts.map((part) => part(random)).join('');
  }

  #atom(): Part {
    if (this.#skip('(')) {
      this.#skip('?:');
      const inner = this.alternatives();
      this.#skip(')');
      return inner;
    }
    if (this.#skip('[')) return this.#class();
    const char = this.#next();
    if (char === '.') return (random) => random.pick(Array.from(LETTERS));
    if (char !== '\\') return () => char;
    const escaped = this.#next();
    const choices = CLASSES[escaped];
    return choices === undefined ? () => escaped : (random) => random.pick(Array.from(choices));
  }

  #class(): Part {
    let choices = '';
    while (!this.#skip(']')) {
      const char = this.#next();
      const escaped = char === '\\' ? this.#next() : null;
      if (escaped !== null) choices += CLASSES[escaped] ?? escaped;
      else if (this.#peek() === '-' && this.source[this.#at + 1] !== ']') {
        this.#next();
        choices += rangeOf(char, this.#next());
      } else choices += char;
    }
    return (random) => random.pick(Array.from(choices));
  }

  #repeated(part: Part): Part {
    const [least, most] = this.#bounds();
    return (random) =>
      Array.from({ length: random.between(least, most) }, () => part(random)).join('');
  }

  #bounds(): readonly [least: number, most: number] {
    if (this.#skip('?')) return [0, 1];
    if (this.#skip('*')) return [0, OPEN_REPEATS];
    if (this.#skip('+')) return [1, OPEN_REPEATS];
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.source.slice(this.#at));
    if (braces === null) return [1, 1];
    const [whole, least, comma, most] = braces;
    this.#at += whole.length;
    const first = Number(least);
    if (comma === '') return [first, first];
    return [first, most === '' ? first + OPEN_REPEATS : Number(most)];
  }

  #peek(): string {
    return this.source[this.#at] ?? '';
  }

  #next(): string {
    return this.source[this.#at++] ?? '';
  }

  #skip(text: string): boolean {
    if (!this.source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

const known = new Map<string, Part>();

/** A text that fits a regular expression of a JSON Schema. */
export function textFor(pattern: string, random: RandomNumbers): string {
  const part = known.get(pattern) ?? new PatternReader(pattern).alternatives();
  known.set(pattern, part);
  return part(random);
}
