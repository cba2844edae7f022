import { AppError } from '../../core/errors.js';

/** Bounds of a drawing as it is written. What drawing it costs is bounded by the process that draws. */
export const SVG_LIMITS = {
  bytes: 4_000_000,
  elements: 50_000,
  /** Of one element. */
  attributes: 1000,
  depth: 100,
  /** Characters that the entities of a document may become, all in all. */
  entityText: 1_000_000,
  /** Drawings within drawings, as data: addresses. */
  nested: 3,
} as const;

/** What `notDrawn` begins with when characters are missing. */
export const MISSING_CHARACTERS = 'characters that no font has';

/** The error for a drawing that is not taken. */
export function brokenSvg(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The SVG cannot be used: ${reason}`);
}

/** The error for a drawing that has too much of something. */
export function tooLargeSvg(what: string): AppError {
  return new AppError('SM_ASSET_TOO_LARGE', `The SVG has ${what}. Make it simpler.`);
}

/** The error for a drawing that takes too much to draw. */
export function tooComplexSvg(reason: string): AppError {
  return new AppError('SM_ASSET_TOO_COMPLEX', `The SVG cannot be used: ${reason}`);
}
