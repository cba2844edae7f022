import type { ServiceEvent } from '../core/event.js';
import type { Sound } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { ServiceState } from './model.js';
import { withPlayingVariables } from './now-playing.js';
import { withPlayback } from './sound-playback.js';
import { withRamps } from './sound-ramps.js';
import type { SceneMoment } from './staging.js';

/** A state with another sound: playback and ramps that lead to it, and variables that tell what plays. */
export function changedSound(
  state: ServiceState,
  sound: Sound,
  moment: SceneMoment,
  event: Omit<ServiceEvent, 'topic'>,
): Change {
  const playing = withPlayback(state.sound, sound, moment.atMs);
  const change = {
    state: { ...state, sound: withRamps(state.sound, playing, moment) },
    events: [{ topic: 'audio' as const, ...event }],
  };
  return withPlayingVariables(state, change, moment.atMs);
}
