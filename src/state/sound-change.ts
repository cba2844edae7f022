import type { ServiceEvent } from '../core/event.js';
import type { Sound } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { ServiceState } from './model.js';
import { withPlayingVariables } from './now-playing.js';
import { withPlayback } from './sound-playback.js';

/** A state with another sound: with its playback, and with variables that tell what plays. */
export function changedSound(
  state: ServiceState,
  sound: Sound,
  atMs: number,
  event: Omit<ServiceEvent, 'topic'>,
): Change {
  return withPlayingVariables(state, untoldSound(state, sound, atMs, event), atMs);
}

/** The same without the variables. */
export function untoldSound(
  state: ServiceState,
  sound: Sound,
  atMs: number,
  event: Omit<ServiceEvent, 'topic'>,
): Change {
  const playing = withPlayback(state.sound, sound, atMs);
  return { state: { ...state, sound: playing }, events: [{ topic: 'audio', ...event }] };
}
