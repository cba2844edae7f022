import { rulesOf } from '../../layers/rules.js';
import { checkAnimatedFields } from '../schema/animated-fields.js';
import { type Layer, LayerSchema } from '../schema/layer.js';
import { withValue } from '../field-path.js';
import { evaluate, type Evaluated, quoted } from './evaluate.js';
import type { Variables } from './json-value.js';
import type { LayerExpressions } from './layer-expressions.js';
import { renderText } from './text-template.js';

/** A field of a layer that could not be taken from the variables. */
export type VariableProblem = {
  readonly layerId: string;
  /** The field, as a dotted path. */
  readonly property: string;
  readonly kind: 'unknown-variable' | 'expression' | 'value';
  /** The expression, as written. */
  readonly expression: string;
  /** For people. */
  readonly message: string;
};

export type SubstitutedLayer = {
  readonly layer: Layer;
  readonly problems: readonly VariableProblem[];
};

/**
 * A layer with its variables substituted: texts first, then bindings in their order. A bound value is validated like the field
 * itself; if it is not valid, the field keeps the value of the document. Layers in a group stay as they are, and so do bindings that
 * follow the sound.
 */
export function substituteLayer(
  layer: Layer,
  expressions: LayerExpressions,
  variables: Variables,
  locale: string,
): SubstitutedLayer {
  const problems: VariableProblem[] = [];
  let current: unknown = { ...layer, bindings: {}, ...(layer.type === 'group' && { layers: [] }) };
  for (const { path, template } of expressions.texts) {
    const text = renderText(template, variables, locale, ({ kind, source, message }) => {
      const property = path.join('.');
      problems.push({ layerId: layer.id, property, kind, expression: source, message });
    });
    current = withValue(current, path.map(String), text);
  }
  let result = checked(current);
  if (typeof result === 'string') {
    // A text that has become too short or too long for its field: the texts stay as they are written.
    const [first] = expressions.texts;
    const property = first?.path.join('.') ?? '';
    problems.push({ layerId: layer.id, property, kind: 'value', expression: '', message: result });
    result = { ...layer, bindings: {}, ...(layer.type === 'group' && { layers: [] }) };
  }
  for (const { property, expression } of expressions.bindings) {
    const outcome = bound(result, property, evaluate(expression, variables));
    if ('problem' in outcome) {
      problems.push({
        layerId: layer.id,
        property,
        kind: outcome.kind,
        expression: expression.source,
        message: outcome.problem,
      });
    } else result = outcome.layer;
  }
  if (layer.type === 'group' && result.type === 'group')
    result = { ...result, layers: layer.layers };
  return { layer: { ...result, bindings: expressions.sound }, problems };
}

type Bound =
  { readonly layer: Layer } | { readonly kind: VariableProblem['kind']; readonly problem: string };

function bound(layer: Layer, property: string, evaluated: Evaluated): Bound {
  if ('problem' in evaluated) return evaluated;
  const { value } = evaluated;
  const path = property.split('.');
  if (!hasItems(layer, path))
    return { kind: 'value', problem: `there is no ${property}: a list has fewer items` };
  const result = checked(withValue(layer, path, value));
  if (typeof result === 'string')
    return { kind: 'value', problem: `${quoted(value)} does not fit: ${result}` };
  const [complaint] = property === 'format' ? rulesOf(result).checkWritten(result, 1) : [];
  if (complaint !== undefined) return { kind: 'value', problem: `format ${complaint.message}` };
  return { layer: result };
}

/** Whether the items of lists that a path goes through are there; fields that are not there can be made. */
function hasItems(target: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || typeof target !== 'object' || target === null) return true;
  const inner = new Map<string, unknown>(Object.entries(target));
  return (inner.has(key) || !Array.isArray(target)) && hasItems(inner.get(key), rest);
}

/** A validated layer, or what is wrong with it. */
function checked(candidate: unknown): Layer | string {
  const result = LayerSchema.safeParse(candidate);
  if (!result.success) {
    return result.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.')} ${message}`)
      .join('; ');
  }
  const [complaint] = [
    ...rulesOf(result.data).check(result.data),
    ...checkAnimatedFields(result.data),
  ];
  return complaint === undefined ? result.data : complaint.message;
}
