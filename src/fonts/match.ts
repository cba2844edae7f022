import type { Axis, Face } from './face.js';

/** A face as a text uses it: at a place of its axes, and with what the face itself does not have. */
export type FaceUse = {
  /** The same for equal uses of equal faces. */
  readonly key: string;
  readonly face: Face;
  readonly variations: readonly (readonly [tag: string, value: number])[];
  /** Whether its optical size follows the size of the text, as browsers have it. */
  readonly opticalSize: Axis | null;
  /** Drawn bolder, or slanted, because there is no such face. */
  readonly isEmboldened: boolean;
  readonly isSlanted: boolean;
};

export type FontStyle = { readonly weight: number; readonly isItalic: boolean };

const NORMAL_WIDTH = 5;
const BOLD = 600;

function distance(value: number, [lowest, highest]: Face['weight']): number {
  if (value < lowest) return lowest - value;
  return value > highest ? value - highest : 0;
}

/**
 * How far a face's weight is from the wanted one, by the order of https://www.w3.org/TR/css-fonts-4/#font-matching-algorithm:
 * from 400 to 500 upwards up to 500 first, below that lighter ones first, above it bolder ones.
 */
function weightRank(wanted: number, weight: Face['weight']): number {
  const far = distance(wanted, weight);
  if (far === 0) return 0;
  const isBolder = weight[0] > wanted;
  if (wanted > 500) return isBolder ? far : 1000 + far;
  if (wanted < 400) return isBolder ? 1000 + far : far;
  if (isBolder && weight[0] <= 500) return far;
  return isBolder ? 2000 + far : 1000 + far;
}

function hasItalic({ isItalic, axes }: Face): boolean {
  return isItalic || axes.some(({ tag }) => tag === 'ital' || tag === 'slnt');
}

/**
 * The faces of a family that come closest to a style. There are several when a family is divided by the characters
 * that its faces have.
 */
export function closestFaces(faces: readonly Face[], { weight, isItalic }: FontStyle): Face[] {
  const rankOf = (face: Face): number => {
    const width = Math.abs(face.width - NORMAL_WIDTH);
    const isUpright = !face.isItalic;
    const style = isItalic ? (hasItalic(face) ? 0 : 1) : isUpright ? 0 : 1;
    return width * 1e6 + style * 1e5 + weightRank(weight, face.weight);
  };
  const ranks = faces.map(rankOf);
  const best = Math.min(...ranks);
  return faces.filter((_, i) => ranks[i] === best);
}

function within(value: number, { min, max }: Axis): number {
  return Math.min(max, Math.max(min, value));
}

/** Degrees to which CSS slants what is to be italic. */
const SLANT_DEG = -14;

/** A face as it serves a style: with its axes set, and bolder or slanted where it has no such face. */
export function useFace(face: Face, { weight, isItalic }: FontStyle): FaceUse {
  const axisOf = (tag: string): Axis | undefined => face.axes.find((axis) => axis.tag === tag);
  const variations: [string, number][] = [];
  const [weights, italic, slant] = ['wght', 'ital', 'slnt'].map(axisOf);
  if (weights !== undefined) variations.push(['wght', within(weight, weights)]);
  if (isItalic && italic !== undefined) variations.push(['ital', within(1, italic)]);
  else if (isItalic && slant !== undefined) variations.push(['slnt', within(SLANT_DEG, slant)]);
  const isEmboldened = weight >= BOLD && face.weight[1] < BOLD && !face.isColor;
  const isSlanted = isItalic && !hasItalic(face) && !face.isColor;
  const set = variations.map(([tag, value]) => `${tag}=${value}`).join(',');
  return {
    key: `${face.path}#${face.index} ${set}${isEmboldened ? ' bold' : ''}${isSlanted ? ' slanted' : ''}`,
    face,
    variations,
    opticalSize: axisOf('opsz') ?? null,
    isEmboldened,
    isSlanted,
  };
}
