import type { Resvg as ResvgClass, ResvgRenderOptions } from '@resvg/resvg-js';
import { DEFAULT_FAMILY } from '../fonts/names.js';

/** The one owner of resvg: native code, loaded when the first drawing comes, for processes that only decode. */
let loading: Promise<typeof ResvgClass> | null = null;

async function load(): Promise<typeof ResvgClass> {
  const { Resvg } = await import('@resvg/resvg-js');
  return Resvg;
}

/** No font of the system is looked for by the renderer itself: text is brought to outlines with the fonts it is given. */
function optionsFor(fontFiles: readonly string[]): ResvgRenderOptions {
  return {
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles],
      defaultFontSize: 16,
      defaultFontFamily: DEFAULT_FAMILY,
    },
    languages: ['en'],
    logLevel: 'off',
  };
}

/** Pixels R G B A, premultiplied. */
export type DrawnSvg = { readonly rgba: Buffer; readonly width: number; readonly height: number };

/** Draws a drawing at the size that its outermost element says. @throws Error when the renderer does not take it */
export async function renderSvg(svg: string): Promise<DrawnSvg> {
  const Resvg = await (loading ??= load());
  const picture = new Resvg(svg, optionsFor([])).render();
  return { rgba: picture.pixels, width: picture.width, height: picture.height };
}

/** A drawing with its text as outlines, in few kinds of elements. @throws Error when the renderer does not take it */
export async function simplifySvg(svg: string, fontFiles: readonly string[]): Promise<string> {
  const Resvg = await (loading ??= load());
  return new Resvg(svg, optionsFor(fontFiles)).toString();
}
