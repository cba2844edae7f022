import { AppError } from '../core/errors.js';
import { SoundClipSchema } from '../scene/sound/clip.js';
import type { ClipContent } from '../scene/sound/content.js';
import { SOUND_LIMITS } from '../scene/sound/limits.js';
import { type RunningClip, type Sound, StripSchema } from '../scene/sound/schema.js';
import type { Change } from './change.js';
import type { CommandOf } from './command.js';
import type { ServiceState } from './model.js';
import { changedSound } from './sound-change.js';
import { checkCut } from './sound-cuts.js';
import { invalid, validate } from './validate.js';

/** Clips whose place one that comes takes, by its policy. */
function endedBy(clips: readonly RunningClip[], clip: RunningClip): readonly RunningClip[] {
  if (clip.policy === 'replace')
    return clips.filter(({ bus, priority }) => bus === clip.bus && priority <= clip.priority);
  const sounding = clips.filter(({ policy }) => policy !== 'queue');
  if (clip.policy === 'queue' || sounding.length < SOUND_LIMITS.soundingClips) return [];
  const lowest = Math.min(...sounding.map(({ priority }) => priority));
  // The oldest of those that matter least.
  const last = sounding.find(({ priority }) => priority === lowest);
  return last === undefined || lowest > clip.priority ? [] : [last];
}

/** @throws AppError SM_AUDIO_CLIP_LIMIT */
function checkRoom(clips: readonly RunningClip[], clip: RunningClip): void {
  if (clips.length >= SOUND_LIMITS.clips) {
    throw new AppError(
      'SM_AUDIO_CLIP_LIMIT',
      `The limit of ${SOUND_LIMITS.clips} clips that sound or wait is reached. Wait until some are over, or stop some.`,
    );
  }
  const sounding = clips.filter(({ policy }) => policy !== 'queue').length;
  if (clip.policy !== 'queue' && sounding >= SOUND_LIMITS.soundingClips) {
    throw new AppError(
      'SM_AUDIO_CLIP_LIMIT',
      `${sounding} clips with a higher priority sound already. Raise the priority, queue the clip, or wait.`,
    );
  }
}

function checkBus({ buses }: Sound, bus: string | null): void {
  const ids = buses.map(({ id }) => id);
  if (bus !== null && !ids.includes(bus))
    throw invalid('audio clip', [
      { path: '/bus', message: `names no bus; there are ${ids.join(', ')}` },
    ]);
}

/** A clip that can never be heard would wait for ever. @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_NOT_READY */
function checkAsset({ assets }: ServiceState, content: ClipContent): void {
  if (content.kind !== 'file') return;
  const asset = assets.find(({ id }) => id === content.asset);
  if (asset === undefined) {
    throw new AppError(
      'SM_ASSET_UNKNOWN',
      `There is no asset ${content.asset}. GET /api/assets lists them.`,
    );
  }
  if (asset.audio !== null) return;
  throw new AppError(
    'SM_ASSET_NOT_READY',
    `The asset ${content.asset} is not an audio file, or has not been fetched yet. GET /api/assets/${content.asset} shows its state.`,
  );
}

/** Plays a clip. @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_NOT_READY, SM_REQUEST_INVALID, SM_AUDIO_CLIP_EXISTS, SM_AUDIO_CLIP_LIMIT */
export function playClip(state: ServiceState, command: CommandOf<'sound.clip.play'>): Change {
  const { sound } = state;
  const { atMs } = command;
  const asked = validate(SoundClipSchema, command.clip, 'audio clip');
  const { gainDb, pan } = asked;
  checkBus(sound, asked.bus);
  checkCut(asked.content, 'audio clip');
  checkAsset(state, asked.content);
  if (sound.clips.some(({ id }) => id === asked.id)) {
    throw new AppError(
      'SM_AUDIO_CLIP_EXISTS',
      `An audio clip with the id ${asked.id} sounds or waits already. Choose another id, or leave it out.`,
    );
  }
  const strip = StripSchema.parse({ gainDb, pan });
  const clip = { ...asked, strip, createdAtMs: atMs, frame: null, isStopping: false };
  const ended = new Set(endedBy(sound.clips, clip));
  const clips = sound.clips.filter((one) => !ended.has(one));
  checkRoom(clips, clip);
  return changedSound(state, { ...sound, clips: [...clips, clip] }, atMs, {
    type: 'audio-clip.added',
    data: { clip: asked, replaced: [...ended].map(({ id }) => id) },
  });
}

/** @throws AppError SM_AUDIO_CLIP_UNKNOWN */
export function stopClip(state: ServiceState, command: CommandOf<'sound.clip.stop'>): Change {
  const { sound } = state;
  const { clipId, atMs, transition } = command;
  const clip = sound.clips.find(({ id }) => id === clipId);
  if (clip === undefined) {
    throw new AppError(
      'SM_AUDIO_CLIP_UNKNOWN',
      `There is no audio clip ${clipId} that sounds or waits. GET /api/audio/clips lists them.`,
    );
  }
  const event = { type: 'audio-clip.stopped', data: { id: clipId } };
  // One that has not begun, or ends at once, has nothing to fade.
  const isFading =
    transition !== null && transition.durationMs + transition.delayMs > 0 && clip.frame !== null;
  const clips = isFading
    ? sound.clips.map((one) => (one === clip ? { ...clip, isStopping: true } : one))
    : sound.clips.filter((one) => one !== clip);
  return changedSound(state, { ...sound, clips }, atMs, event);
}

/** The mixer has begun a clip. Does nothing when it is gone. */
export function beginClip(state: ServiceState, command: CommandOf<'sound.clip.begin'>): Change {
  const { sound } = state;
  const { clipId, frame } = command;
  const index = sound.clips.findIndex(({ id }) => id === clipId);
  const clip = sound.clips[index];
  if (clip === undefined || clip.frame !== null) return { state, events: [] };
  const clips = sound.clips.with(index, { ...clip, frame });
  return {
    state: { ...state, sound: { ...sound, clips } },
    events: [{ topic: 'audio', type: 'audio-clip.started', data: { id: clipId, frame } }],
  };
}

/** The mixer has come to the end of a clip. Does nothing when it is gone. */
export function endClip(state: ServiceState, command: CommandOf<'sound.clip.end'>): Change {
  const { sound } = state;
  const { clipId, frame, reason } = command;
  const clips = sound.clips.filter(({ id }) => id !== clipId);
  if (clips.length === sound.clips.length) return { state, events: [] };
  const key = `clip:${clipId}`;
  const ramps = Object.fromEntries(Object.entries(sound.ramps).filter(([name]) => name !== key));
  return {
    state: { ...state, sound: { ...sound, clips, ramps } },
    events: [{ topic: 'audio', type: 'audio-clip.finished', data: { id: clipId, frame, reason } }],
  };
}
