import type { SoundContent } from './content.js';

/** Whether the samples of a kind of content are there before their time, so that it can be heard earlier than it is. */
const CAN_READ_AHEAD: Readonly<Record<SoundContent['kind'], boolean>> = {
  tone: true,
  noise: true,
  silence: true,
  push: false,
  file: true,
  url: true,
  stream: false,
  input: false,
  playlist: true,
};

/** Whether a negative sync offset makes sense for a content. */
export function canReadAhead({ kind }: SoundContent): boolean {
  return CAN_READ_AHEAD[kind];
}
