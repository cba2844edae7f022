import { isColor } from '../color.js';
import { valueAt } from '../field-path.js';
import { isColorValue, isMovable } from '../schema/animated-fields.js';
import type { Layer } from '../schema/layer.js';
import { SILENT_STRIP, type StripSound } from '../sound/heard.js';
import type { StripKey } from '../sound/levels.js';
import { type Expression, ExpressionError, parseExpression } from './expression.js';
import type { JsonValue } from './json-value.js';
import { SOUND_NAME } from './sound-name.js';

/**
 * Bindings that read how loud something is, such as `audio.host.level`. They are no variables: what they come to is worked out
 * for each frame from the sound of this frame.
 */

/** What there is of each strip, by the name of the field. */
const FIELDS = ['level', 'db', 'speaking'] as const;
type Field = (typeof FIELDS)[number];

/** What is quieter is said to be so quiet, dBFS. */
const LEAST_DB = -120;

/** A field of a layer that follows the sound. */
export type SoundBinding = {
  readonly property: string;
  readonly expression: Expression;
  /** Names of what it hears, such as `host` or `master`. */
  readonly names: readonly string[];
};

/** Whether an expression may be about sound; if it is, it need not be right. */
const MENTIONS_SOUND = new RegExp(`\\b${SOUND_NAME}\\b`);

/** Whether a path that an expression reads is of the sound. */
function isOfSound(path: string): boolean {
  return path === SOUND_NAME || path.startsWith(`${SOUND_NAME}.`);
}

/** Whether an expression reads the sound of the frame. */
export function readsSound({ paths }: Pick<Expression, 'paths'>): boolean {
  return paths.some(isOfSound);
}

/** A hyphen outside of quotes is a minus. */
const HYPHEN_HINT = `An id with a hyphen is written ${SOUND_NAME}["my-host"].level.`;

/** What is wrong with the paths of an expression that reads the sound; null: nothing. */
function pathProblem(paths: readonly string[]): string | null {
  const others = paths.filter((path) => !isOfSound(path));
  if (others.length > 0)
    return `cannot read variables (${others.join(', ')}) together with ${SOUND_NAME}. ${HYPHEN_HINT}`;
  const odd = paths.find((path) => {
    const [, name, field, ...more] = path.split('.');
    return name === undefined || more.length > 0 || !FIELDS.some((one) => one === field);
  });
  if (odd === undefined) return null;
  return `reads ${odd}; there are ${FIELDS.map((field) => `${SOUND_NAME}.<id>.${field}`).join(', ')}, where <id> is a source, a bus or master. ${HYPHEN_HINT}`;
}

/** What is wrong with an expression that is to set a field by the sound; null: nothing. */
export function soundBindingProblem(
  layer: Layer,
  property: string,
  expression: Expression,
): string | null {
  const problem = pathProblem(expression.paths);
  if (problem !== null) return problem;
  const wanted = kindOf(layer, property);
  if (wanted === null)
    return `cannot follow the sound: ${property} is no number, colour or \`visible\` of the layer`;
  const names = namesIn(expression.paths);
  for (const sample of SAMPLES) {
    try {
      const value = expression.evaluate(toVariables(names, () => sample));
      if (!isOfKind(wanted, value)) return `must be a ${wanted}, not ${JSON.stringify(value)}`;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return error.message;
    }
  }
  return null;
}

type Kind = 'number' | 'colour' | 'Boolean';

/** What a field that follows the sound must be; null: it cannot follow it. */
function kindOf(layer: Layer, property: string): Kind | null {
  if (property === 'visible') return 'Boolean';
  if (!isMovable(layer, property)) return null;
  const value = valueAt(layer, property);
  if (typeof value === 'number') return 'number';
  return isColorValue(property.slice(property.lastIndexOf('.') + 1), value) ? 'colour' : null;
}

function isOfKind(kind: Kind, value: JsonValue): value is number | string | boolean {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'colour':
      return typeof value === 'string' && isColor(value);
    case 'Boolean':
      return typeof value === 'boolean';
  }
}

function namesIn(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => path.split('.')[1] ?? []))];
}

/** What an expression is told about one strip. */
type HeardStrip = Readonly<Record<Field, JsonValue>>;

/** Loudest first: what a layer needs to be ready for. */
const SAMPLES: readonly HeardStrip[] = [
  { level: 1, db: 0, speaking: true },
  { level: 0.5, db: -30, speaking: true },
  { level: 0, db: LEAST_DB, speaking: false },
];

function toVariables(
  names: readonly string[],
  stripOf: (name: string) => HeardStrip,
): Readonly<Record<string, JsonValue>> {
  return { [SOUND_NAME]: Object.fromEntries(names.map((name) => [name, stripOf(name)])) };
}

/** How a strip is heard. Of a source and a bus of the same name the source counts; `master` is always the master. */
export type HeardByName = (key: StripKey) => StripSound;

function stripNamed(name: string, heard: HeardByName): HeardStrip {
  const keys: readonly StripKey[] =
    name === 'master' ? ['master'] : [`source:${name}`, `bus:${name}`];
  const strip = keys.map(heard).find((one) => one !== SILENT_STRIP) ?? SILENT_STRIP;
  const rms = Math.max(...strip.rms);
  const db = rms > 0 ? Math.max(LEAST_DB, 20 * Math.log10(rms)) : LEAST_DB;
  return { level: strip.level, db, speaking: strip.isSpeaking };
}

const knownBindings = new WeakMap<Layer, readonly SoundBinding[]>();

/** The bindings of a layer that follow the sound, those that are wrong left out. Kept by the layer. */
export function soundBindingsOf(layer: Layer): readonly SoundBinding[] {
  const before = knownBindings.get(layer);
  if (before !== undefined) return before;
  const found = Object.entries(layer.bindings).flatMap(([property, source]) => {
    if (!MENTIONS_SOUND.test(source)) return [];
    try {
      const expression = parseExpression(source);
      if (!readsSound(expression)) return [];
      if (soundBindingProblem(layer, property, expression) !== null) return [];
      return [{ property, expression, names: namesIn(expression.paths) }];
    } catch (error) {
      if (error instanceof ExpressionError) return [];
      throw error;
    }
  });
  knownBindings.set(layer, found);
  return found;
}

/** Whether anything of a layer follows the sound. */
export function hasSoundBindings(layer: Layer): boolean {
  return soundBindingsOf(layer).length > 0;
}

/** What a binding comes to with what is heard; null: the field stays as it is. */
export function soundValue(
  layer: Layer,
  { property, expression, names }: SoundBinding,
  heard: HeardByName,
): number | string | boolean | null {
  return evaluated(layer, property, () =>
    expression.evaluate(toVariables(names, (name) => stripNamed(name, heard))),
  );
}

/** The largest number that a binding is known to come to; null: none. */
export function largestSoundValue(layer: Layer, binding: SoundBinding): number | null {
  const { property, expression, names } = binding;
  const values = SAMPLES.map((sample) =>
    evaluated(layer, property, () => expression.evaluate(toVariables(names, () => sample))),
  ).filter((value) => typeof value === 'number');
  return values.length === 0 ? null : Math.max(...values);
}

function evaluated(
  layer: Layer,
  property: string,
  evaluate: () => JsonValue,
): number | string | boolean | null {
  const kind = kindOf(layer, property);
  try {
    const value = evaluate();
    return kind !== null && isOfKind(kind, value) ? value : null;
  } catch {
    return null;
  }
}
