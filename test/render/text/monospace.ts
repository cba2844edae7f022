import { graphemeEnds } from '../../../src/render/text/graphemes.js';
import type { SpanSpec, TextSpec } from '../../../src/render/text/text-spec.js';
import type { MeasureText } from '../../../src/render/text-metrics.js';

/** The size in a CSS font shorthand. */
function sizeIn(font: string): number {
  return Number(/([\d.]+)px/.exec(font)?.[1] ?? Number.NaN);
}

/** A font of which every sign is as wide as half its size, so that layouts can be reckoned by heart. */
export const measureMonospace: MeasureText = (font, letterSpacing, text) => {
  const size = sizeIn(font);
  const signs = graphemeEnds(text.replace(/^\u200d|\u200d$/g, '')).length;
  return {
    width: signs * (size / 2 + letterSpacing),
    ascent: 0.8 * size,
    descent: 0.2 * size,
  };
};

export const SPAN: SpanSpec = {
  ...{ text: '', fontFamily: 'Inter', fontSize: 20, fontWeight: 400, fontStyle: 'normal' },
  letterSpacing: 0,
};

/** A spec of plain text: signs are 10 wide, lines 20 high. */
export function specOf(text: string, fields: Partial<TextSpec> = {}): TextSpec {
  return {
    spans: [{ ...SPAN, text }],
    ...{ width: null, height: null, wrap: 'word', align: 'start', verticalAlign: 'top' },
    ...{ lineHeight: 1, maxLines: null, fit: 'none', minFontSize: 8, direction: 'auto' },
    ...fields,
  };
}
