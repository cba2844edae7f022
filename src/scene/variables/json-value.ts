/** A value as JSON knows it: what a variable holds and what an expression gives. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The run-time variables by name. */
export type Variables = Readonly<Record<string, JsonValue>>;

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a dotted path such as `bid.amount`; undefined when there is nothing. Prototypes are ignored. */
export function valueAt(variables: Variables, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = variables;
  for (const key of path.split('.')) {
    if (isList(value)) {
      value = /^\d+$/.test(key) ? value[Number(key)] : undefined;
    } else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** Whether a value is a list. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
