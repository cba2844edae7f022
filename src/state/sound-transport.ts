import { AppError } from '../core/errors.js';
import { isPlayback } from '../scene/sound/content.js';
import type { Playback } from '../scene/sound/playback.js';
import type { SoundSource } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { ServiceState } from './model.js';
import { changedSound, untoldSound } from './sound-change.js';
import { currentEntry, steered, type TransportAction } from './sound-playback.js';
import { invalid } from './validate.js';

/** @throws AppError SM_AUDIO_SOURCE_UNKNOWN, SM_AUDIO_SOURCE_KIND */
function findPlayback(
  { sound }: ServiceState,
  sourceId: string,
): { readonly source: SoundSource; readonly playback: Playback } {
  const source = sound.sources.find(({ id }) => id === sourceId);
  if (source === undefined) {
    throw new AppError(
      'SM_AUDIO_SOURCE_UNKNOWN',
      `There is no audio source ${sourceId}. GET /api/audio shows what there is.`,
    );
  }
  const playback = sound.playback[sourceId];
  if (isPlayback(source.content) && playback !== undefined) return { source, playback };
  throw new AppError(
    'SM_AUDIO_SOURCE_KIND',
    `The audio source ${sourceId} is of the kind ${source.content.kind}, which has no playback to control.`,
  );
}

/** @throws AppError SM_AUDIO_SOURCE_KIND, SM_REQUEST_INVALID */
function checkAction({ id, content }: SoundSource, action: TransportAction): void {
  const isOfPlaylist = ['skip', 'previous', 'go-to'].includes(action.type);
  if (isOfPlaylist && content.kind !== 'playlist') {
    throw new AppError(
      'SM_AUDIO_SOURCE_KIND',
      `The audio source ${id} is of the kind ${content.kind}; only a playlist has entries to go to.`,
    );
  }
  if (action.type === 'seek' && content.kind === 'stream') {
    throw new AppError(
      'SM_AUDIO_SOURCE_KIND',
      `The audio source ${id} is a live stream, which has no position to seek to.`,
    );
  }
  if (action.type === 'go-to' && content.kind === 'playlist') {
    const count = content.entries.length;
    if (action.entry >= count)
      throw invalid('transport', [{ path: '/entry', message: `must be below ${count}` }]);
  }
}

/** Plays, pauses, or goes elsewhere. @throws AppError SM_AUDIO_SOURCE_UNKNOWN, SM_AUDIO_SOURCE_KIND, SM_REQUEST_INVALID */
export function steerSource(state: ServiceState, command: CommandOf<'sound.transport'>): Change {
  const { sourceId, action, atMs } = command;
  const { source, playback } = findPlayback(state, sourceId);
  checkAction(source, action);
  const next = steered(source, playback, action, atMs);
  if (next === playback) return { state, events: [] };
  return withPlaybackOf(state, { source, playback: next, atMs, event: 'audio-source.transport' });
}

/** The mixer has gone on to another entry. Does nothing when that is known already. */
export function advanceSource(state: ServiceState, command: CommandOf<'sound.advance'>): Change {
  const { sourceId, run, atMs } = command;
  const source = state.sound.sources.find(({ id }) => id === sourceId);
  const playback = state.sound.playback[sourceId];
  if (source === undefined || playback === undefined || playback.run >= run)
    return { state, events: [] };
  const next = { ...playback, run, turn: playback.turn + (run - playback.run) };
  const begun = { ...next, startedAtMs: atMs, positionMs: 0 };
  const change = { source, playback: begun, atMs, event: 'audio-source.advanced' } as const;
  try {
    return withPlaybackOf(state, change);
  } catch (error) {
    // It has happened: where there is no room for a variable that tells of it, it is not told there.
    if (!(error instanceof AppError)) throw error;
    return withPlaybackOf(state, change, untoldSound);
  }
}

type PlaybackChange = {
  readonly source: SoundSource;
  readonly playback: Playback;
  readonly atMs: number;
  readonly event: string;
};

function withPlaybackOf(
  state: ServiceState,
  { source, playback, atMs, event }: PlaybackChange,
  changed = changedSound,
): Change {
  const sound = {
    ...state.sound,
    playback: { ...state.sound.playback, [source.id]: playback },
  };
  const entry = currentEntry(source, playback);
  const data = { id: source.id, paused: playback.pausedAtMs !== null, entry };
  return changed(state, sound, atMs, { type: event, data });
}
