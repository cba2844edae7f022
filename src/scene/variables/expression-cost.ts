import { VARIABLE_LIMITS } from '../limits.js';
import { partsOf, type Term, toLoop } from './term.js';

/** Upper bounds of a term: steps to evaluate it, and values in its result. */
type Worst = { readonly steps: number; readonly size: number };

/** Characters of a text that count as one value. */
const CHARS_PER_VALUE = 64;

/** Sizes of the items that loops go through, by the names they have there. */
type Bound = ReadonlyMap<string, number>;

/** How many values a variable holds; those in its lists and objects are counted. */
export type ValuesOf = (variable: string) => number;

/**
 * Steps that an expression takes at the worst, with variables that hold so many values; without `valuesOf`, whatever they
 * hold: each has as many as a variable may have. It is the estimate of https://github.com/google/cel-spec/blob/master/doc/langdef.md#performance in figures:
 * work is linear in the values read, and loops multiply.
 */
export function worstSteps(
  term: Term,
  valuesOf: ValuesOf = () => VARIABLE_LIMITS.valuesPerVariable,
): number {
  return worstOf(term, new Map(), valuesOf).steps;
}

function worstOf(term: Term, bound: Bound, valuesOf: ValuesOf): Worst {
  const loop = toLoop(term);
  if (loop !== null) return worstOfLoop(term, loop, bound, valuesOf);
  if (term.op === 'literal') {
    const size = typeof term.value === 'string' ? 1 + term.value.length / CHARS_PER_VALUE : 1;
    return { steps: 1, size };
  }
  if (term.op === 'name') return { steps: 1, size: bound.get(term.name) ?? valuesOf(term.name) };
  const parts = partsOf(term).map((part) => worstOf(part, bound, valuesOf));
  const steps = 1 + parts.reduce((sum, part) => sum + part.steps, 0);
  const sizes = parts.map((part) => part.size);
  const all = 1 + sizes.reduce((sum, size) => sum + size, 0);
  if (term.op === 'member' || term.op === 'index') return { steps, size: sizes[0] ?? 1 };
  if (term.op === 'call') return { steps: steps + all, size: all };
  if (term.op === 'list' || term.op === 'map') return { steps, size: all };
  switch (term.symbol) {
    case '+':
      return { steps: steps + all, size: all };
    case '==':
    case '!=':
      // Two values differ or end at the latest where the smaller one does.
      return { steps: steps + Math.min(...sizes), size: 1 };
    case 'in':
      return { steps: steps + all, size: 1 };
    case '?:':
      return { steps, size: Math.max(...sizes) };
    default:
      return { steps, size: 1 };
  }
}

/**
 * A loop over a list of n values. Its items have n values in total. The cost of a body without a loop is linear in the values
 * it reads, so all items together cost n times the constant part and once the part for the whole list.
 */
function worstOfLoop(
  term: Term,
  loop: NonNullable<ReturnType<typeof toLoop>>,
  bound: Bound,
  valuesOf: ValuesOf,
): Worst {
  const list = worstOf(loop.list, bound, valuesOf);
  const times = list.size;
  const runWith = (size: number): Worst => {
    const inner = new Map([...bound, [loop.name, size]]);
    const parts = loop.body.map((part) => worstOf(part, inner, valuesOf));
    return {
      steps: 1 + parts.reduce((sum, part) => sum + part.steps, 0),
      size: parts.at(-1)?.size ?? 1,
    };
  };
  const whole = runWith(times);
  const nothing = runWith(0);
  const isStraight = !loop.body.some(hasLoop);
  const all = (ofNothing: number, ofWhole: number): number =>
    isStraight ? times * ofNothing + (ofWhole - ofNothing) : times * ofWhole;
  const isMap = term.op === 'call' && term.name === 'map';
  const isFilter = term.op === 'call' && term.name === 'filter';
  return {
    steps: 1 + list.steps + all(nothing.steps, whole.steps),
    size: isMap ? all(nothing.size, whole.size) : isFilter ? times : 1,
  };
}

function hasLoop(term: Term): boolean {
  return toLoop(term) !== null || partsOf(term).some(hasLoop);
}
