/**
 * What differs between two versions of plain data, as it is sent to another thread. Data that never changes shares with the
 * version before all parts that are the same; a message between threads copies every part, and shares nothing with the one
 * before. So it is only sent what is new, and whoever gets it has the same parts as the same objects again.
 */

/** Of one value. */
type Change =
  /** It is the same. */
  | { readonly kind: 'same' }
  | { readonly kind: 'whole'; readonly value: unknown }
  /** An object with the same fields, of which these differ. */
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [string, Change])[] }
  /** A list of some elements that it had, and of others. */
  | { readonly kind: 'list'; readonly parts: readonly ListPart[] };

type ListPart =
  /** So many elements of the list before, from one on. */
  | { readonly from: number; readonly count: number }
  /** An element, by what differs from the one that stood at a place; -1: from none. */
  | { readonly at: number; readonly change: Change };

/** From one version of a value of a type to another. */
export type ValueChange<T> = Change & {
  /** Never there: it names the type. */
  readonly of?: T;
};

const SAME: Change = { kind: 'same' };

/** @param before - what the receiver has; null: nothing, all of it is sent */
export function changeOf<T>(before: T | null, after: T): ValueChange<T> {
  return before === null ? { kind: 'whole', value: after } : between(before, after);
}

/**
 * The next version.
 * @param before - what the change was made from, or what was received as such
 */
export function applyChange<T>(before: T | null, change: ValueChange<T>): T {
  // It was made of a T.
  return applied(before, change) as T;
}

function between(before: unknown, after: unknown): Change {
  if (Object.is(before, after)) return SAME;
  if (Array.isArray(before) && Array.isArray(after)) return betweenLists(before, after);
  if (!isRecord(before) || !isRecord(after)) return { kind: 'whole', value: after };
  const keys = Object.keys(after);
  if (!hasFields(before, keys)) return { kind: 'whole', value: after };
  const fields = keys.flatMap((key): (readonly [string, Change])[] => {
    const change = between(before[key], after[key]);
    return change.kind === 'same' ? [] : [[key, change]];
  });
  return { kind: 'fields', fields };
}

function betweenLists(before: readonly unknown[], after: readonly unknown[]): Change {
  // Numbers and texts are shorter than what would be said of them.
  if (!after.every((element) => typeof element === 'object'))
    return { kind: 'whole', value: after };
  const places = new Map<unknown, number>();
  for (const [i, element] of before.entries())
    if (typeof element === 'object') places.set(element, i);
  const parts: ListPart[] = [];
  let run: { from: number; count: number } | null = null;
  for (const [i, element] of after.entries()) {
    const place = places.get(element);
    if (place !== undefined) {
      if (run !== null && place === run.from + run.count) run.count += 1;
      else parts.push((run = { from: place, count: 1 }));
      continue;
    }
    run = null;
    const at = i < before.length ? i : -1;
    const whole: Change = { kind: 'whole', value: element };
    parts.push({ at, change: at === -1 ? whole : between(before[at], element) });
  }
  return { kind: 'list', parts };
}

/** Whether an object has these fields in this order, and can be put together field by field. */
function hasFields(value: object, keys: readonly string[]): boolean {
  const own = Object.keys(value);
  return (
    own.length === keys.length && own.every((key, i) => key === keys[i] && key !== '__proto__')
  );
}

function applied(before: unknown, change: Change): unknown {
  switch (change.kind) {
    case 'same':
      return before;
    case 'whole':
      return change.value;
    case 'fields': {
      const own = isRecord(before) ? before : {};
      const next = { ...own };
      for (const [key, inner] of change.fields) next[key] = applied(own[key], inner);
      return next;
    }
    case 'list': {
      const own: readonly unknown[] = Array.isArray(before) ? before : [];
      return change.parts.flatMap((part) =>
        'count' in part
          ? own.slice(part.from, part.from + part.count)
          : [applied(own[part.at], part.change)],
      );
    }
  }
}

/** An object of fields and nothing else. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
