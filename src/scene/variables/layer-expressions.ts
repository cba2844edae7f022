import type { Layer } from '../schema/layer.js';
import type { LayerComplaint } from '../schema/check-layers.js';
import { walkLayers } from '../layer-tree.js';
import { VARIABLE_LIMITS as LIMITS } from '../limits.js';
import { type Expression, ExpressionError, parseExpression } from './expression.js';
import { placeholderChars } from './expression-chars.js';
import { textFieldsOf } from './text-fields.js';
import { readsSound, soundBindingProblem } from './sound-bindings.js';
import { SOUND_NAME } from './sound-name.js';
import { parseTextTemplate, type TextTemplate } from './text-template.js';

/** The expressions of a layer itself, without the layers in it. */
export type LayerExpressions = {
  readonly texts: readonly {
    readonly path: readonly (string | number)[];
    readonly template: TextTemplate;
  }[];
  readonly bindings: readonly { readonly property: string; readonly expression: Expression }[];
  /** Bindings that follow the sound of each frame, as they are written: no variables are put into them. */
  readonly sound: Readonly<Record<string, string>>;
  /** Dotted paths of the variables that are read. */
  readonly paths: readonly string[];
  /** Expressions that do not parse, by path in the layer. */
  readonly complaints: readonly LayerComplaint[];
};

/** Fields that determine what a layer is, which cannot be bound: with a bound `scene`, a scene could show itself. */
const FIXED_FIELDS = new Set(['id', 'name', 'type', 'layers', 'bindings', 'scene']);

/** Kept by layer, which never changes: each is parsed once. */
const known = new WeakMap<Layer, LayerExpressions>();

/** Parses the expressions of a layer. */
export function parseLayerExpressions(layer: Layer): LayerExpressions {
  const before = known.get(layer);
  if (before !== undefined) return before;
  const parsed = takeApart(layer);
  known.set(layer, parsed);
  return parsed;
}

function takeApart(layer: Layer): LayerExpressions {
  const complaints: LayerComplaint[] = [];
  const attempt = <T>(path: readonly (string | number)[], parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      complaints.push({ path, message: error.message });
      return null;
    }
  };
  const texts = textFieldsOf(layer).flatMap(({ path, text }) => {
    const template = attempt(path, () => parseTextTemplate(text));
    if (template !== null && readsSound(template)) {
      const message = `cannot show the sound: ${SOUND_NAME} is for bindings of numbers, colours and visible`;
      complaints.push({ path, message });
      return [];
    }
    return template === null ? [] : [{ path, template }];
  });
  const sound: [string, string][] = [];
  const bindings = Object.entries(layer.bindings).flatMap(([property, source]) => {
    const path = ['bindings', property];
    const [field = ''] = property.split('.');
    if (FIXED_FIELDS.has(field))
      complaints.push({ path, message: `cannot be bound: ${field} determines what the layer is` });
    const expression = attempt(path, () => parseExpression(source));
    if (expression === null || FIXED_FIELDS.has(field)) return [];
    if (!readsSound(expression)) return [{ property, expression }];
    const problem = soundBindingProblem(layer, property, expression);
    if (problem !== null) complaints.push({ path, message: problem });
    else sound.push([property, expression.source]);
    return [];
  });
  const paths = new Set([
    ...texts.flatMap(({ template }) => template.paths),
    ...bindings.flatMap(({ expression }) => expression.paths),
  ]);
  return { texts, bindings, sound: Object.fromEntries(sound), paths: [...paths], complaints };
}

/** Dotted paths of the variables that a layer itself depends on, what is in it left out. */
export function usedVariables(layer: Layer): readonly string[] {
  return parseLayerExpressions(layer).paths;
}

const knownChars = new WeakMap<Layer, number>();

/** Characters of the expressions of a layer itself, counted without parsing them, once. */
export function expressionChars(layer: Layer): number {
  const before = knownChars.get(layer);
  if (before !== undefined) return before;
  let sum = 0;
  for (const { text } of textFieldsOf(layer)) sum += placeholderChars(text);
  for (const source of Object.values(layer.bindings)) sum += source.length;
  knownChars.set(layer, sum);
  return sum;
}

/**
 * Texts and bindings of layers that do not parse, by path from the list of layers. Once there are too many problems, nothing
 * else is checked.
 */
export function checkExpressions(layers: readonly Layer[]): LayerComplaint[] {
  let chars = 0;
  for (const { layer } of walkLayers(layers)) chars += expressionChars(layer);
  if (chars > LIMITS.expressionCharsPerScene) {
    const message = `contain ${chars} characters of expressions in total; the limit is ${LIMITS.expressionCharsPerScene}`;
    return [{ path: [], message }];
  }
  return [...walkLayers(layers)].flatMap(({ layer, path }) =>
    parseLayerExpressions(layer).complaints.map((complaint) => ({
      path: [...path, ...complaint.path],
      message: complaint.message,
    })),
  );
}
