import { AppError } from '../../core/errors.js';
import { brokenSvg } from './errors.js';
import type { SvgElement } from './tree.js';

/** Units of CSS in pixels at 96 dots per inch (https://www.w3.org/TR/css-values-3/#absolute-lengths); text is 16 px high. */
const UNIT_PX: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
  pt: 96 / 72,
  pc: 16,
  em: 16,
  rem: 16,
  ex: 8,
  ch: 8,
};

/** What a drawing of no size and no ratio is shown at: the default of CSS. */
const DEFAULT_SIZE = { width: 300, height: 150 };

/** No layer is larger. */
const SIZE_LIMITS = { extentPx: 8192, pixels: 40_000_000 } as const;

/** Pixels of a length; null when it is none, or depends on what it is shown in. */
export function lengthPx(text: string | undefined): number | null {
  const [, digits, unit = ''] =
    /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '') ?? [];
  const factor = UNIT_PX[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) return null;
  const px = Number(digits) * factor;
  return Number.isFinite(px) ? px : null;
}

export type ViewBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** What a drawing's coordinates run over; null when it does not say, or says what cannot be. */
export function viewBoxOf({ attributes }: SvgElement): ViewBox | null {
  const numbers = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [x = NaN, y = NaN, width = NaN, height = NaN] = numbers;
  const isWhole = numbers.length === 4 && numbers.every(Number.isFinite);
  return isWhole && width > 0 && height > 0 ? { x, y, width, height } : null;
}

export type SvgSize = { readonly width: number; readonly height: number };

/**
 * The size that a drawing gives itself, in pixels, which need not be whole: its width and height, one of them and
 * its ratio, or that of its view box.
 * @param widthText - of its width, from an attribute or a style
 * @throws AppError SM_ASSET_BROKEN when it has no area, SM_ASSET_TOO_LARGE
 */
export function sizeOf(
  widthText: string | undefined,
  heightText: string | undefined,
  viewBox: ViewBox | null,
): SvgSize {
  const [ownWidth, ownHeight] = [lengthPx(widthText), lengthPx(heightText)].map((px) =>
    px !== null && px < 0 ? null : px,
  );
  const width = ownWidth ?? null;
  const height = ownHeight ?? null;
  if (width === 0 || height === 0)
    throw brokenSvg('its width or height is 0. Give it a size, or a viewBox and no size.');
  const ratio = viewBox === null ? null : viewBox.width / viewBox.height;
  const size = {
    width:
      width ??
      (height !== null && ratio !== null ? height * ratio : (viewBox?.width ?? DEFAULT_SIZE.width)),
    height:
      height ??
      (width !== null && ratio !== null ? width / ratio : (viewBox?.height ?? DEFAULT_SIZE.height)),
  };
  const { extentPx, pixels } = SIZE_LIMITS;
  if (size.width > extentPx || size.height > extentPx || size.width * size.height > pixels) {
    throw new AppError(
      'SM_ASSET_TOO_LARGE',
      `The SVG is ${Math.round(size.width)}x${Math.round(size.height)} pixels; the limits are ${extentPx} per side and ${pixels / 1e6} million in total. Give it a smaller width and height: it can be shown at any size.`,
    );
  }
  return size;
}
