import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../core/errors.js';
import type { SoundContent } from '../scene/sound/content.js';
import type { Sound } from '../scene/sound/schema.js';
import { invalid } from './validate.js';

/**
 * Refuses what would be cut out of a file and contains nothing. Held here and not by the schema, so that a state that was stored
 * with such a cut can be read; it fails when it is played.
 */

function complaintsOf(content: SoundContent): FieldError[] {
  const cuts =
    content.kind === 'playlist'
      ? content.entries.map((cut, number) => ({ cut, path: `/content/entries/${number}` }))
      : [{ cut: content, path: '/content' }];
  return cuts.flatMap(({ cut, path }) =>
    'outMs' in cut && cut.outMs !== null && cut.outMs <= cut.inMs
      ? [{ path: `${path}/outMs`, message: 'must be greater than inMs' }]
      : [],
  );
}

/** @throws AppError SM_REQUEST_INVALID */
export function checkCut(content: SoundContent, what: string): void {
  const complaints = complaintsOf(content);
  if (complaints.length > 0) throw invalid(what, complaints);
}

/** Checks the sources that have another content than before. @throws AppError SM_REQUEST_INVALID */
export function checkCuts(before: Sound, { sources }: Sound, what: string): void {
  for (const { id, content } of sources) {
    const was = before.sources.find((source) => source.id === id);
    if (!isDeepStrictEqual(was?.content, content)) checkCut(content, what);
  }
}
