import { z } from 'zod';
import { textFor } from './pattern-text.js';
import type { RandomNumbers } from './random-numbers.js';

export type Json = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = { readonly [key: string]: Json };

export type FuzzOptions = {
  /** Values for fields or components of these names, such as `asset` or `Color`: mostly one of them is taken. */
  readonly known?: Readonly<Record<string, readonly Json[]>>;
  /** How often a number or a length is one of its bounds. Default 0.15. */
  readonly extremes?: number;
  /** How often a field that may be left out is there. Default 0.5. */
  readonly optional?: number;
};

/** How deep and how large values grow by choice; beyond that only what must be there is. */
const MAX_DEPTH = 6;
const MAX_VALUES = 1500;
/** Where a schema sets no bound. */
const OPEN = { number: 10_000, chars: 40, items: 6 } as const;
/** Probability that one of the known values of a field is taken. */
const KNOWN = 0.8;

const CHARS = Array.from(
  'abcdefghijklmnopqrstuvwxyz ABCDEF 0123456789 .,:;-_{}<>"\\/\näßЖ日本हिنا😀👩',
);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Makes values that fit the JSON Schemas of an OpenAPI document. The same document and the same random numbers give
 * the same values.
 */
export class OpenApiFuzz {
  readonly #document: JsonObject;
  readonly #random: RandomNumbers;
  readonly #known: Readonly<Record<string, readonly Json[]>>;
  readonly #extremes: number;
  readonly #optional: number;
  /** Made since the last call from outside. */
  #values = 0;

  constructor(document: JsonObject, random: RandomNumbers, options: FuzzOptions = {}) {
    this.#document = document;
    this.#random = random;
    this.#known = options.known ?? {};
    this.#extremes = options.extremes ?? 0.15;
    this.#optional = options.optional ?? 0.5;
  }

  /** The schema of a component of the document. @throws Error when there is none of this name */
  schema(component: string): JsonObject {
    return this.#resolve({ $ref: `#/components/schemas/${component}` });
  }

  /** A value that fits a component of the document. */
  component(name: string): Json {
    return this.value(this.schema(name));
  }

  /** Of a component that is one of several, told apart by `type`: the schema of one kind. */
  kind(component: string, type: string): JsonObject {
    const { oneOf, anyOf } = this.schema(component);
    const found = [...listOf(oneOf), ...listOf(anyOf)]
      .filter(isObject)
      .map((option) => this.#resolve(option))
      .find(({ properties }) => {
        const own = isObject(properties) ? properties['type'] : undefined;
        return isObject(own) && (own['const'] === type || listOf(own['enum']).includes(type));
      });
    if (found === undefined) throw new Error(`${component} has no kind ${type}.`);
    return found;
  }

  /** A merge patch of so many fields of an object; `without` names fields that are left alone. */
  patch(schema: JsonObject, fields: number, without: readonly string[] = []): JsonObject {
    const properties = this.#resolve(schema)['properties'];
    const names = Object.keys(isObject(properties) ? properties : {}).filter(
      (name) => !without.includes(name),
    );
    this.#values = 0;
    const chosen = new Set(Array.from({ length: fields }, () => this.#random.pick(names)));
    return Object.fromEntries(
      [...chosen].map((name) => [name, this.#field(name, propertyOf(properties, name), 1)]),
    );
  }

  /** A value that fits a schema. */
  value(schema: JsonObject, depth = 0): Json {
    if (depth === 0) this.#values = 0;
    this.#values += 1;
    const known = this.#known[textOf(schema['$ref'])?.split('/').at(-1) ?? ''];
    if (known !== undefined && this.#random.chance(KNOWN)) return this.#random.pick(known);
    const one = this.#resolve(schema);
    if (one['const'] !== undefined) return one['const'];
    const choices = listOf(one['enum']);
    if (choices.length > 0) return this.#random.pick(choices);
    const options = [...listOf(one['oneOf']), ...listOf(one['anyOf'])].filter(isObject);
    if (options.length > 0) return this.value(this.#option(options, depth), depth);
    const parts = listOf(one['allOf']).filter(isObject);
    if (parts.length > 0)
      return this.value(
        parts.reduce((all, part) => ({ ...all, ...part }), one),
        depth,
      );
    return this.#ofType(one, depth);
  }

  #ofType(schema: JsonObject, depth: number): Json {
    const { type } = schema;
    switch (Array.isArray(type) ? this.#random.pick(type) : type) {
      case 'null':
        return null;
      case 'boolean':
        return this.#random.chance(0.5);
      case 'integer':
        return this.#number(schema, true);
      case 'number':
        return this.#number(schema, false);
      case 'string':
        return this.#text(schema);
      case 'array':
        return this.#list(schema, depth);
      case 'object':
        return this.#object(schema, depth);
      default:
        return this.#random.pick<Json>([null, true, 0, 12.5, 'any']);
    }
  }

  /** Deep inside, one that holds no others, if there is one. */
  #option(options: readonly JsonObject[], depth: number): JsonObject {
    if (!this.#isLarge(depth)) return this.#random.pick(options);
    const isFlat = (option: JsonObject): boolean => {
      const { type, items, properties } = this.#resolve(option);
      return type !== 'array' && items === undefined && !propertyOf(properties, 'layers');
    };
    const flat = options.filter(isFlat);
    return this.#random.pick(flat.length > 0 ? flat : options);
  }

  #number(schema: JsonObject, isWhole: boolean): number {
    const above = numberOf(schema['exclusiveMinimum']);
    const below = numberOf(schema['exclusiveMaximum']);
    const grid = numberOf(schema['multipleOf']) ?? (isWhole ? 1 : 0);
    const tiny = isWhole ? 1 : 1e-3;
    const min = numberOf(schema['minimum']) ?? (above === null ? -OPEN.number : above + tiny);
    const max =
      numberOf(schema['maximum']) ?? (below === null ? Math.max(min, OPEN.number) : below - tiny);
    if (this.#random.chance(this.#extremes)) return this.#random.pick([min, max]);
    // Half of them small: bounds are so far away that most numbers would be huge.
    const isNear = this.#random.chance(0.5);
    const reach = isNear ? Math.min(max, Math.max(min, 0) + 1000) : max;
    const value = min + this.#random.next() * (Math.max(min, reach) - min);
    const rounded = grid > 0 ? Math.round(value / grid) * grid : Number(value.toFixed(3));
    return Math.min(max, Math.max(min, rounded));
  }

  #text(schema: JsonObject): string {
    const pattern = textOf(schema['pattern']);
    if (schema['format'] === 'date-time')
      return new Date(this.#random.between(0, 4_102_444_800_000)).toISOString();
    if (pattern !== null) return textFor(pattern, this.#random);
    const example = textOf(schema['example']);
    if (example !== null && this.#random.chance(KNOWN)) return example;
    const length = this.#length(schema['minLength'], schema['maxLength'], OPEN.chars);
    let text = '';
    while (text.length < length) text += this.#random.pick(CHARS);
    return text.slice(0, length);
  }

  #list(schema: JsonObject, depth: number): Json[] {
    const { items } = schema;
    const least = numberOf(schema['minItems']) ?? 0;
    const length = this.#isLarge(depth)
      ? least
      : this.#length(least, schema['maxItems'], OPEN.items);
    const prefix = listOf(schema['prefixItems']).filter(isObject);
    const own = isObject(items) ? items : {};
    const count = prefix.length > 0 ? prefix.length : length;
    return Array.from({ length: count }, (_, i) => this.value(prefix[i] ?? own, depth + 1));
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const { properties, additionalProperties, propertyNames } = schema;
    const required = listOf(schema['required']);
    const fields = Object.keys(isObject(properties) ? properties : {}).filter(
      (name) =>
        required.includes(name) || (!this.#isLarge(depth) && this.#random.chance(this.#optional)),
    );
    const entries = fields.map((name): [string, Json] => [
      name,
      this.#field(name, propertyOf(properties, name), depth + 1),
    ]);
    const count =
      isObject(additionalProperties) && !this.#isLarge(depth) ? this.#random.between(0, 3) : 0;
    const more = Array.from({ length: count }, (): [string, Json] => [
      isObject(propertyNames)
        ? this.#text(this.#resolve(propertyNames))
        : `key${this.#random.between(0, 9)}`,
      isObject(additionalProperties) ? this.value(additionalProperties, depth + 1) : null,
    ]);
    return Object.fromEntries([...more, ...entries]);
  }

  #field(name: string, schema: JsonObject | null, depth: number): Json {
    const known = this.#known[name];
    if (known !== undefined && this.#random.chance(KNOWN)) return this.#random.pick(known);
    return this.value(schema ?? {}, depth);
  }

  /** Mostly few: the most there may be comes now and then. */
  #length(least: Json | undefined, most: Json | undefined, open: number): number {
    const min = numberOf(least) ?? 0;
    const max = numberOf(most) ?? Math.max(min, open);
    if (this.#random.chance(this.#extremes / 3)) return this.#random.pick([min, max]);
    return this.#random.between(min, Math.min(max, min + open));
  }

  #isLarge(depth: number): boolean {
    return depth >= MAX_DEPTH || this.#values >= MAX_VALUES;
  }

  #resolve(schema: JsonObject): JsonObject {
    const ref = textOf(schema['$ref']);
    if (ref === null) return schema;
    let found: Json | undefined = this.#document;
    for (const key of ref.slice(2).split('/')) found = isObject(found) ? found[key] : undefined;
    if (!isObject(found)) throw new Error(`The document has no ${ref}.`);
    return this.#resolve(found);
  }
}

function propertyOf(properties: Json | undefined, name: string): JsonObject | null {
  const own = isObject(properties) ? properties[name] : undefined;
  return isObject(own) ? own : null;
}
