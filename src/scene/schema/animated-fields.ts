import { rulesOf } from '../../layers/rules.js';
import { valueAt } from '../field-path.js';
import { isColor } from '../color.js';
import type { Animation, Point } from './animation.js';
import type { Layer } from './layer.js';

/** Fields of any kind that say what a layer is, not how it is seen at a moment; kinds have more. */
const FIXED_FIELDS = ['animations', 'enter', 'exit', 'bindings', 'fontWeight'];

/** Names of fields that hold colours; a text elsewhere that happens to be a colour is none. */
const COLOR_FIELD = /^([a-z]*color|fill|background|stroke|dark|light)$/i;

/** Whether a field of a layer can move by its path, as far as that is known without its value. */
export function isMovable(layer: Layer, path: string): boolean {
  const isIn = (field: string): boolean => path === field || path.startsWith(`${field}.`);
  return !FIXED_FIELDS.some(isIn) && !rulesOf(layer).fixedFields.some(isIn);
}

/** Whether a value is a colour that can move, by the name of its field. */
export function isColorValue(name: string, value: unknown): value is string {
  return typeof value === 'string' && COLOR_FIELD.test(name) && isColor(value);
}

/** A field of a layer by its path (`x`, `anchor`, `shadow.blur`), or null when there is none that can move. */
export function animatedFieldOf(layer: Layer, property: string): number | string | Point | null {
  if (property === 'position') return { x: layer.x, y: layer.y };
  if (!isMovable(layer, property)) return null;
  const value = valueAt(layer, property);
  if (typeof value === 'number') return value;
  if (isColorValue(property.slice(property.lastIndexOf('.') + 1), value)) return value;
  return isPoint(value) ? value : null;
}

function isPoint(value: unknown): value is Point {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  return [Reflect.get(value, 'x'), Reflect.get(value, 'y')].every(Number.isFinite);
}

const WANTED = {
  number: 'must be a number',
  string: 'must be a colour',
  object: 'must be a point: {x, y}',
} as const;

function wantedOf(field: number | string | Point): keyof typeof WANTED {
  return typeof field === 'number' ? 'number' : typeof field === 'string' ? 'string' : 'object';
}

type Problem = { readonly path: (string | number)[]; readonly message: string };

function problemsOf(layer: Layer, animation: Animation): Problem[] {
  const field = animatedFieldOf(layer, animation.property);
  if (field === null) {
    return [
      {
        path: ['property'],
        message: `must be a numeric, colour or point field of a ${layer.type} layer; ${animation.property} is not`,
      },
    ];
  }
  const wanted = wantedOf(field);
  return animation.keyframes.flatMap((keyframe, k) =>
    typeof keyframe.value === wanted
      ? []
      : [{ path: ['keyframes', k, 'value'], message: WANTED[wanted] }],
  );
}

/** Says of every animation of a layer whether its property can move and its values are of the right type. */
export function checkAnimatedFields(layer: Layer): Problem[] {
  const lists: [(string | number)[], readonly Animation[]][] = [
    [['animations'], layer.animations],
    [['enter', 'animations'], layer.enter?.type === 'keyframes' ? layer.enter.animations : []],
    [['exit', 'animations'], layer.exit?.type === 'keyframes' ? layer.exit.animations : []],
  ];
  return lists.flatMap(([at, animations]) =>
    animations.flatMap((animation, i) =>
      problemsOf(layer, animation).map(({ path, message }) => ({
        path: [...at, i, ...path],
        message,
      })),
    ),
  );
}
