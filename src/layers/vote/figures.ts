import type { WriteNumber } from '../../render/number-formats.js';
import { toOneLine } from '../../render/text/clean.js';
import type { NumberFormat } from '../../scene/schema/number-format.js';
import type { VoteLayer } from './schema.js';

/** How shares and votes are written that no format is given for. */
const WHOLE_PERCENT: NumberFormat = { style: 'percent', maximumFractionDigits: 0 };
const WHOLE_NUMBER: NumberFormat = { style: 'decimal', maximumFractionDigits: 0 };

/** What is written beside an option with so many votes of all. */
export function figuresOf(
  layer: VoteLayer,
  value: number,
  total: number,
  write: WriteNumber,
): string {
  const locale = layer.locale ?? 'en';
  const count = (votes: number): string => write(layer.countFormat ?? WHOLE_NUMBER, locale, votes);
  const share = total > 0 ? value / total : 0;
  const names: Readonly<Record<string, () => string>> = {
    percent: () => write(layer.percentFormat ?? WHOLE_PERCENT, locale, share),
    count: () => count(value),
    total: () => count(total),
  };
  return toOneLine(
    layer.figures.replace(
      /\{(percent|count|total)\}/g,
      (all, name: string) => names[name]?.() ?? all,
    ),
  );
}
