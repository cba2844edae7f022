import type { JsonValue } from './json-value.js';

/** A part of an expression, without anything of the package that parsed it. */
export type Term =
  | { readonly op: 'literal'; readonly value: JsonValue | bigint }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'member'; readonly of: Term; readonly name: string }
  | { readonly op: 'index'; readonly of: Term; readonly key: Term }
  /** A function, or a method whose object is the first argument. */
  | {
      readonly op: 'call';
      readonly name: string;
      readonly isMethod: boolean;
      readonly args: readonly Term[];
    }
  | { readonly op: 'list'; readonly items: readonly Term[] }
  | { readonly op: 'map'; readonly entries: readonly (readonly [key: Term, value: Term])[] }
  | { readonly op: 'other'; readonly symbol: string; readonly args: readonly Term[] };

/** Methods that go through a list with a name of their own for its items. */
const LOOPS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** A method call that loops: over what, by which name, doing what. Null when a term is none. */
export function toLoop(term: Term): {
  readonly list: Term;
  readonly name: string;
  readonly body: readonly Term[];
} | null {
  if (term.op !== 'call' || !term.isMethod || !LOOPS.has(term.name)) return null;
  const [list, name, ...body] = term.args;
  return list === undefined || name?.op !== 'name' ? null : { list, name: name.name, body };
}

/** The terms that a term is made of. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.op) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return [term.of];
    case 'index':
      return [term.of, term.key];
    case 'list':
      return term.items;
    case 'map':
      return term.entries.flat();
    case 'call':
    case 'other':
      return term.args;
  }
}
