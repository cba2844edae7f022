import { partsOf, type Term, toLoop } from './term.js';

/**
 * Dotted paths of the variables that an expression reads, each as deep as it is known without evaluating:
 * `bid.amount > bids[i].amount` reads `bid.amount`, `bids` and `i`.
 */
export function usedPaths(term: Term): string[] {
  const paths = new Set<string>();
  const walk = (part: Term, bound: ReadonlySet<string>): void => {
    const path = toPath(part);
    const [root = ''] = path?.split('.') ?? [];
    if (path !== null) {
      if (!bound.has(root)) paths.add(path);
      return;
    }
    const loop = toLoop(part);
    if (loop !== null) {
      walk(loop.list, bound);
      const inner = new Set([...bound, loop.name]);
      for (const step of loop.body) walk(step, inner);
      return;
    }
    for (const inner of partsOf(part)) walk(inner, bound);
  };
  walk(term, new Set());
  return [...paths];
}

/** The dotted path of a term that only reads a variable; null for any other term. */
export function toPath(term: Term): string | null {
  if (term.op === 'name') return term.name;
  const of = term.op === 'member' || term.op === 'index' ? toPath(term.of) : null;
  if (of === null) return null;
  if (term.op === 'member') return `${of}.${term.name}`;
  if (term.op !== 'index' || term.key.op !== 'literal') return null;
  const { value } = term.key;
  const isPlain =
    (typeof value === 'string' && /^[\w-]+$/.test(value)) ||
    (typeof value === 'bigint' && value >= 0n);
  return isPlain ? `${of}.${value}` : null;
}
