import { LRUCache } from 'lru-cache';
import type { Content } from '../../render/content.js';
import { createLineCells, type LineCells } from '../../render/line-cells.js';
import type { ViewContext } from '../../render/piece.js';
import { rowContent, type RowAppearance } from '../../render/text/row.js';
import type { VoteLayer } from './schema.js';

/** How the texts of an option look. */
export type TextAppearance = { readonly color: string; readonly fontWeight: number };

type Setting = Pick<ViewContext, 'scale' | 'text'>;

/** Labels and figures of polls as they were set. */
export type VoteTexts = {
  /** Figures, digit by digit: another number of as many digits is neither set nor painted. */
  readonly figures: (
    layer: VoteLayer,
    appearance: TextAppearance,
    fontSize: number,
    setting: Setting,
  ) => LineCells;
  /** A label on one line, cut off with … where it is too long. */
  readonly label: (appearance: RowAppearance, setting: Setting) => Content;
};

/** Labels, and styles of figures, that are kept. */
const KEPT_LABELS = 512;
const KEPT_STYLES = 32;

/** Sets texts of polls, with a memory of its own. */
export function createVoteTexts(): VoteTexts {
  const labels = new LRUCache<string, Content>({ max: KEPT_LABELS });
  const styles = new LRUCache<string, LineCells>({ max: KEPT_STYLES });
  return {
    figures: ({ fontFamily, fontStyle, digits }, { color, fontWeight }, fontSize, setting) => {
      const { scale, text } = setting;
      const font = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0 };
      const style = { ...font, direction: 'auto', digits } as const;
      const key = JSON.stringify([style, color, scale]);
      const known = styles.get(key) ?? createLineCells(text, style, { color, shadows: [] }, scale);
      styles.set(key, known);
      return known;
    },
    label: (appearance, { scale, text }) => {
      const key = JSON.stringify([scale, appearance]);
      const content = labels.get(key) ?? rowContent(appearance, scale, text);
      labels.set(key, content);
      return content;
    },
  };
}
