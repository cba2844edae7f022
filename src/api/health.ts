import type { ServiceState } from '../state/model.js';
import type { ProgramService } from './ports.js';

/** Something that is wanted and does not work. */
export type Trouble = { readonly part: 'media' | 'stream'; readonly reason: string };

/**
 * What is wanted and does not work at this moment; empty: all is as it should be.
 * @param troubles - of threads and child processes, sentences for people
 */
export function troublesOf(
  troubles: readonly string[],
  { failure }: Pick<ProgramService, 'failure'>,
  { stream }: Pick<ServiceState, 'stream'>,
): readonly Trouble[] {
  const media = troubles.map((reason): Trouble => ({ part: 'media', reason }));
  if (stream.wanted !== 'live' || failure === null) return media;
  return [...media, { part: 'stream', reason: failure }];
}
