import type { ServiceEvent } from '../core/event.js';
import type { ServiceState } from './model.js';

/** Where a scene is shown: on air, in preview, or both. */
export type TallyLight = 'program' | 'preview' | 'both';

/** The tally lights of all scenes that have one. */
export type Tally = {
  readonly program: string | null;
  readonly preview: string | null;
  readonly scenes: Readonly<Record<string, TallyLight>>;
};

type Switcher = Pick<ServiceState, 'program' | 'preview'>;

/** Where a scene is shown; null: nowhere. */
export function lightOf({ program, preview }: Switcher, sceneId: string): TallyLight | null {
  const isOnAir = program.sceneId === sceneId;
  const isInPreview = preview?.sceneId === sceneId;
  if (isOnAir && isInPreview) return 'both';
  if (isOnAir) return 'program';
  return isInPreview ? 'preview' : null;
}

export function tallyOf(switcher: Switcher): Tally {
  const program = switcher.program.sceneId;
  const preview = switcher.preview?.sceneId ?? null;
  const scenes = [program, preview].flatMap((id): [string, TallyLight][] => {
    const light = id === null ? null : lightOf(switcher, id);
    return id === null || light === null ? [] : [[id, light]];
  });
  return { program, preview, scenes: Object.fromEntries(scenes) };
}

/** The event that tells of a changed tally; none when it is the same as before. */
export function tallyEventsOf(before: Switcher, after: Switcher): readonly ServiceEvent[] {
  const isSame =
    before.program.sceneId === after.program.sceneId &&
    before.preview?.sceneId === after.preview?.sceneId;
  return isSame ? [] : [{ topic: 'scene', type: 'tally', data: { ...tallyOf(after) } }];
}
