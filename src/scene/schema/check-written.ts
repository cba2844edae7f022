import { walkLayers } from '../layer-tree.js';
import { modulePxProblem } from '../qr-size.js';
import { timeFormatProblem } from '../time-text.js';
import type { LayerComplaint } from './check-layers.js';
import type { FieldComplaint } from './check-fields.js';
import type { Layer, LayerOf } from './layer.js';

/**
 * What is refused when it is written, but read where it was stored before there was a rule: it is shown as well as it
 * can be.
 */
export function checkWritten(layers: readonly Layer[], unitPx: number): LayerComplaint[] {
  return [...walkLayers(layers)].flatMap(({ layer, path }) =>
    complaintsOf(layer, unitPx).map((own) => ({ ...own, path: [...path, ...own.path] })),
  );
}

function complaintsOf(layer: Layer, unitPx: number): FieldComplaint[] {
  return layer.type === 'qr' ? checkModules(layer, unitPx) : checkFormats(layer);
}

/** What of the formats of times cannot be understood. */
export function checkFormats(layer: Layer): FieldComplaint[] {
  switch (layer.type) {
    case 'clock':
      return layer.intl === null ? checkFormat(layer.format, 'moment') : [];
    case 'countdown':
    case 'timer':
    case 'stopwatch':
      return checkFormat(layer.format, 'duration');
    default:
      return [];
  }
}

function checkFormat(format: string, of: 'moment' | 'duration'): FieldComplaint[] {
  const message = timeFormatProblem(format, of);
  return message === null ? [] : [{ path: ['format'], message }];
}

/** @param unitPx - pixels of the program that a unit of the scene takes */
function checkModules(layer: LayerOf<'qr'>, unitPx: number): FieldComplaint[] {
  // What variables and layouts make of it is only known when it is shown.
  const isKnown = !layer.text.includes('{{') && Object.keys(layer.bindings).length === 0;
  if (!isKnown || layer.slot !== null) return [];
  const message = modulePxProblem(layer, layer.scale * unitPx);
  return message === null ? [] : [{ path: ['text'], message }];
}
