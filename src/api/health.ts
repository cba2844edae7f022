import type { ServiceState } from '../state/model.js';
import type { ProgramService } from './ports.js';

/** Something that is wanted and does not work. */
export type Trouble = { readonly part: 'media' | 'stream'; readonly reason: string };

/** What is wanted and does not work at this moment; empty: all is as it should be. */
export function troublesOf(
  program: Pick<ProgramService, 'state' | 'reason' | 'troubles'>,
  { stream }: Pick<ServiceState, 'stream'>,
): readonly Trouble[] {
  const threads = program.troubles.map((reason): Trouble => ({ part: 'media', reason }));
  if (stream.wanted !== 'live' || program.state !== 'failed') return threads;
  return [...threads, { part: 'stream', reason: program.reason ?? 'The stream has failed.' }];
}
