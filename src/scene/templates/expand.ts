import {
  isList,
  isObject,
  type JsonValue,
  valueAt,
  type Variables,
} from '../variables/json-value.js';

/** A mistake in the document of a template, by path. */
export type TemplateComplaint = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** Collects mistakes while a document is expanded. */
type Work = { readonly complaints: TemplateComplaint[]; valuesLeft: number };

/** Most values a document may expand to: more than any scene has, and few enough to stop nested lists in time. */
const MAX_VALUES = 100_000;

const PLACEHOLDER = /(\$?)\$\{([^}]*)\}/g;
const WHOLE_PLACEHOLDER = /^\$\{([^}]*)\}$/;
const PATH = /^[A-Za-z_]\w*(\.\w+)*$/;

/** Members of an object that determine whether and how often it occurs. */
const CONTROLS = new Set(['$if', '$unless', '$each']);

export type Expanded = {
  readonly document: JsonValue | undefined;
  readonly complaints: readonly TemplateComplaint[];
};

/**
 * A document with parameters in place of their placeholders:
 *
 * - a text that is `${name}` as a whole becomes the value with its type; a value that is not there (null) leaves the
 *   field out;
 * - `${name}` inside a text becomes the value as text, nothing when it is not there; `$${` stands for `${` itself;
 * - an object with `$if: "name"` (`$unless: "name"`) is only there when the value is (is not) there and neither false,
 *   empty nor 0;
 * - an object with `$each: "name"` in a list is there once for each item of a list: `${item}`, `${item.field}`,
 *   `${index}` from 0 and `${number}` from 1 stand for what is different.
 */
export function expand(document: JsonValue, parameters: Variables): Expanded {
  const work: Work = { complaints: [], valuesLeft: MAX_VALUES };
  const [expanded] = expandAll(document, parameters, [], work);
  if (work.valuesLeft <= 0)
    work.complaints.push({ path: [], message: `expands to more than ${MAX_VALUES} values` });
  return { document: expanded, complaints: work.complaints };
}

/** What a value expands to: nothing, one value, or (in a list) several. */
function expandAll(
  value: JsonValue,
  scope: Variables,
  path: readonly (string | number)[],
  work: Work,
): JsonValue[] {
  if (--work.valuesLeft <= 0) return [];
  if (typeof value === 'string') return expandText(value, scope, path, work);
  if (isList(value))
    return [value.flatMap((item, i) => expandAll(item, scope, [...path, i], work))];
  if (!isObject(value)) return [value];
  return expandObject(value, scope, path, work);
}

function expandObject(
  value: { readonly [key: string]: JsonValue },
  scope: Variables,
  path: readonly (string | number)[],
  work: Work,
): JsonValue[] {
  const members = Object.entries(value);
  for (const [name] of members) {
    if (name.startsWith('$') && !CONTROLS.has(name))
      work.complaints.push({ path: [...path, name], message: 'must be $if, $unless or $each' });
  }
  const control = (name: string): JsonValue | undefined => {
    const source = value[name];
    return source === undefined ? undefined : lookUp(source, scope, [...path, name], work);
  };
  if ('$if' in value && !isThere(control('$if') ?? null)) return [];
  if ('$unless' in value && isThere(control('$unless') ?? null)) return [];
  const make = (inner: Variables): JsonValue =>
    Object.fromEntries(
      members
        .filter(([name]) => !name.startsWith('$'))
        .flatMap(([name, member]) =>
          expandAll(member, inner, [...path, name], work)
            .slice(0, 1)
            .map((made) => [name, made]),
        ),
    );
  if (!('$each' in value)) return [make(scope)];
  const list = control('$each') ?? [];
  if (isList(list)) {
    return list.map((item, index) => make({ ...scope, item, index, number: index + 1 }));
  }
  work.complaints.push({ path: [...path, '$each'], message: 'must name a list' });
  return [];
}

function expandText(
  text: string,
  scope: Variables,
  path: readonly (string | number)[],
  work: Work,
): JsonValue[] {
  const [, whole] = WHOLE_PLACEHOLDER.exec(text) ?? [];
  if (whole !== undefined) {
    const value = lookUp(whole, scope, path, work);
    return value === null ? [] : [value];
  }
  return [
    text.replace(PLACEHOLDER, (match, escape: string, name: string) => {
      if (escape !== '') return match.slice(1);
      const value = lookUp(name, scope, path, work);
      return value === null
        ? ''
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    }),
  ];
}

/** A parameter's value, or that of a field in it; null when it is not there. */
function lookUp(
  source: JsonValue,
  scope: Variables,
  path: readonly (string | number)[],
  work: Work,
): JsonValue {
  const name = typeof source === 'string' ? source.trim() : '';
  const [root = ''] = name.split('.');
  if (!PATH.test(name)) {
    work.complaints.push({ path, message: 'must name a parameter, such as title or item.name' });
    return null;
  }
  if (!Object.hasOwn(scope, root)) {
    work.complaints.push({ path, message: `there is no parameter ${root}` });
    return null;
  }
  return valueAt(scope, name) ?? null;
}

function isThere(value: JsonValue): boolean {
  return isList(value) ? value.length > 0 : Boolean(value);
}
