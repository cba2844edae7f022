import { numbersIn } from './numbers.js';
import { outlineOf, outlineOfPath } from './path-length.js';
import { descendants, inherited, type SvgElement } from './tree.js';

/** What is lost where nobody here knows how long an outline is, for people. */
const LOST = 'pathLength of curved outlines';

/** How long the outline of a shape is; null: it is curved. */
function lengthOf(shape: SvgElement): number | null {
  const { attributes } = shape;
  if ([...attributes.values()].some((value) => value.trim().endsWith('%'))) return null;
  switch (shape.name) {
    case 'path':
      return /[csqta]/i.test(attributes.get('d') ?? '') ? null : outlineOf(shape, 0).length;
    case 'polygon':
      return outlineOfPath(`M${attributes.get('points') ?? ''}z`).length;
    case 'rect':
      return attributes.has('rx') || attributes.has('ry') ? null : outlineOf(shape, 0).length;
    case 'polyline':
    case 'line':
    case 'circle':
      return outlineOf(shape, 0).length;
    default:
      return null;
  }
}

/**
 * Writes dashes in units of the drawing where they are in shares of an outline (`pathLength`): that is how rings show a
 * share, and the renderer does not know it.
 * @param notDrawn - gets a line where that cannot be done
 */
export function plainDashes(root: SvgElement, notDrawn: Set<string>): void {
  for (const shape of descendants(root)) {
    const own = Number(shape.attributes.get('pathLength') ?? NaN);
    const dashes = inherited(shape, 'stroke-dasharray');
    if (!(own > 0) || dashes === undefined || dashes === 'none') continue;
    const length = lengthOf(shape);
    if (length === null || dashes.includes('%')) {
      notDrawn.add(LOST);
      continue;
    }
    const unit = length / own;
    // Nothing is drawn of an outline without a length.
    if (!(unit > 0) || !Number.isFinite(unit)) continue;
    const scaled = (text: string | undefined): string =>
      numbersIn(text)
        .map((number) => number * unit)
        .join(' ');
    const offset = inherited(shape, 'stroke-dashoffset');
    shape.attributes.set('stroke-dasharray', scaled(dashes));
    if (offset !== undefined) shape.attributes.set('stroke-dashoffset', scaled(offset));
    shape.attributes.delete('pathLength');
  }
}
