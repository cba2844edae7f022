import { AppError } from '../../core/errors.js';
import type { FontCatalogue } from '../../fonts/catalogue.js';
import { cleanSvg, type CleanSvg } from './clean.js';
import { checkCost } from './cost.js';
import { dataAddressOf } from './data-address.js';
import { drawSvg, WHOLE } from './draw.js';
import { brokenSvg, MISSING_CHARACTERS, SVG_LIMITS, tooLargeSvg } from './errors.js';
import { familiesIn, hasText, outlineText } from './set-text.js';
import { parseSvg } from './parse.js';
import { writeSvg, type SvgElement } from './tree.js';

/** Looks at a picture that stands in another file; answers one that every renderer knows. @throws AppError */
export type EmbedPicture = (
  bytes: Buffer,
) => Promise<{ readonly mediaType: string; readonly bytes: Buffer }>;

/** A drawing that has been looked at. */
export type TakenSvg = {
  readonly width: number;
  readonly height: number;
  /** Without anything that acts or reaches outside; its texts are texts. */
  readonly clean: string;
  /** With its texts as outlines; null: it has none. */
  readonly outlined: string | null;
  /** That its texts name. */
  readonly fontFamilies: readonly string[];
  /** What of it is not drawn, for people. */
  readonly notDrawn: readonly string[];
};

export type SvgTools = {
  readonly embedPicture: EmbedPicture;
  readonly fonts: FontCatalogue;
  /** For copies of fonts; whoever made it removes it. */
  readonly folder: string;
};

const MAX_FAMILIES = 50;
const MAX_NOT_DRAWN = 20;
const MAX_MISSING_SHOWN = 20;

/** Longest side of what is drawn on trial, pixels. */
const TRIAL_PX = 1920;

async function embedPictures(drawing: CleanSvg, tools: SvgTools, depth: number): Promise<void> {
  for (const { element, mediaType, bytes } of drawing.pictures) {
    if (mediaType === 'image/svg+xml') {
      if (depth >= SVG_LIMITS.nested) throw tooLargeSvg('deeply nested drawings');
      const inner = cleanSvg(bytes);
      checkCost(inner.root, inner, TRIAL_PX / Math.max(inner.width, inner.height));
      for (const what of inner.notDrawn) drawing.notDrawn.add(what);
      await embedPictures(inner, tools, depth + 1);
      element.attributes.set(
        'href',
        dataAddressOf('image/svg+xml', Buffer.from(writeSvg(inner.root))),
      );
    } else {
      const picture = await tools.embedPicture(bytes);
      element.attributes.set('href', dataAddressOf(picture.mediaType, picture.bytes));
    }
  }
}

/**
 * Cleans a drawing, sets its texts, and draws it once, so that what cannot be drawn in time is refused now.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE, SM_ASSET_TOO_COMPLEX
 */
export async function takeSvg(bytes: Uint8Array, tools: SvgTools): Promise<TakenSvg> {
  if (bytes.length > SVG_LIMITS.bytes)
    throw tooLargeSvg(`${bytes.length} bytes; the limit is ${SVG_LIMITS.bytes}`);
  const drawing = cleanSvg(bytes);
  const scale = Math.min(TRIAL_PX / Math.max(drawing.width, drawing.height), 8);
  checkCost(drawing.root, drawing, scale);
  await embedPictures(drawing, tools, 0);
  const { root, notDrawn } = drawing;
  const clean = writeSvg(root);
  const fontFamilies = familiesIn(root);
  let outlined: string | null = null;
  if (hasText(root)) {
    const { svg, notDrawn: missing } = await setText(root, tools.fonts, tools.folder);
    for (const what of missing) notDrawn.add(what);
    outlined = svg;
  }
  const [widthPx, heightPx] = [drawing.width, drawing.height].map((px) =>
    Math.max(1, Math.round(px * scale)),
  );
  await drawSvg(outlined ?? clean, WHOLE, widthPx ?? 1, heightPx ?? 1);
  return {
    width: Math.max(1, Math.round(drawing.width)),
    height: Math.max(1, Math.round(drawing.height)),
    clean,
    outlined,
    fontFamilies: fontFamilies.slice(0, MAX_FAMILIES),
    notDrawn: [...notDrawn].slice(0, MAX_NOT_DRAWN),
  };
}

/** What becomes of texts, and what of them is not drawn. */
type SetText = { readonly svg: string; readonly notDrawn: readonly string[] };

async function setText(root: SvgElement, fonts: FontCatalogue, folder: string): Promise<SetText> {
  const { svg, missing } = await orBroken(outlineText(root, fonts, folder));
  const shown = missing.slice(0, MAX_MISSING_SHOWN).join(' ');
  return { svg, notDrawn: missing.length === 0 ? [] : [`${MISSING_CHARACTERS}: ${shown}`] };
}

/**
 * Sets the texts of a drawing that has been cleaned before, since other fonts are there now.
 * @param folder - for fonts; whoever made it removes it
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
 */
export async function setCleanSvgText(
  clean: string,
  fonts: FontCatalogue,
  folder: string,
): Promise<SetText> {
  return setText(parseSvg(clean).root, fonts, folder);
}

async function orBroken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw brokenSvg(
      `it cannot be drawn (${error instanceof Error ? error.message.slice(0, 200) : String(error)}).`,
    );
  }
}
