import { AppError } from '../core/errors.js';
import type { Scene } from '../scene/schema/scene.js';
import type { ServiceState } from './model.js';
import { invalid } from './validate.js';

/** Refuses a scene that names sources that there are not. @throws AppError SM_REQUEST_INVALID */
export function checkSceneSources({ sound }: ServiceState, { audio }: Scene): void {
  const ids = new Set(sound.sources.map(({ id }) => id));
  const complaints = audio.flatMap(({ source }, i) =>
    ids.has(source) ? [] : [{ path: `/audio/${i}/source`, message: messageOf(source, ids) }],
  );
  if (complaints.length > 0) throw invalid('scene', complaints);
}

function messageOf(source: string, ids: ReadonlySet<string>): string {
  const known = ids.size === 0 ? 'none yet' : [...ids].join(', ');
  return `names no audio source: ${source}; there are ${known}. Add it with POST /api/audio/sources`;
}

/** Refuses to take away a source that a scene names. @throws AppError SM_AUDIO_SOURCE_IN_USE */
export function checkSourceUnused({ scenes }: ServiceState, sourceId: string): void {
  const user = scenes.find(({ audio }) => audio.some(({ source }) => source === sourceId));
  if (user === undefined) return;
  throw new AppError(
    'SM_AUDIO_SOURCE_IN_USE',
    `The audio source ${sourceId} is used by the scene ${user.id}. Remove it from the \`audio\` of that scene first.`,
  );
}
