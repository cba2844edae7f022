import { complaintsAboutRepeated } from '../../scene/schema/repeated-names.js';
import { none, unknown, type LayerRules } from '../kind-rules.js';
import { OPTIONS_BY_ID } from './gliding-options.js';
import type { VoteLayer } from './schema.js';

/** Polls, as documents know them. */
export const VOTE_RULES: LayerRules<VoteLayer> = {
  textFields: ['options.*.label', 'figures'],
  fixedFields: ['winner.fontWeight'],
  itemsById: OPTIONS_BY_ID,
  check: ({ options }) =>
    complaintsAboutRepeated(
      options.map(({ id }) => id),
      'options',
      'id',
    ),
  checkWritten: none,
  assets: none,
  // The area behind it, and of each option what lies below its bar, the bar, the label and the figures.
  parts: ({ options }) => 1 + 4 * options.length,
  // Bars with round ends are two, and figures are drawn digit by digit.
  itemsPerPart: 4,
  isMoving: false,
  hasOverlaps: true,
  coveredArea: unknown,
};
