import type { RunningClip } from '../scene/sound/schema.js';
/** What is known of the clips that have been given to the mixer. */
export type ClipProgress = {
  hasBegun(clipId: string): boolean;
  isOver(clipId: string): boolean;
};

/** The next of the queue of a bus: the one that sounds already, else the one with the highest priority that came first. */
function firstOf(queue: readonly RunningClip[], progress: ClipProgress): RunningClip | undefined {
  const left = queue.filter(({ id }) => !progress.isOver(id));
  const highest = Math.max(...left.map(({ priority }) => priority));
  return (
    left.find(({ id }) => progress.hasBegun(id)) ??
    left.find(({ priority }) => priority === highest)
  );
}

/** The clips that may sound now: all but those that wait for others of their queue. */
export function soundingClips(
  clips: readonly RunningClip[],
  progress: ClipProgress,
): readonly RunningClip[] {
  const queued = clips.filter(({ policy }) => policy === 'queue');
  const buses = new Set(queued.map(({ bus }) => bus));
  const heads = [...buses].flatMap(
    (bus) =>
      firstOf(
        queued.filter((clip) => clip.bus === bus),
        progress,
      ) ?? [],
  );
  return clips.filter((clip) => clip.policy !== 'queue' || heads.includes(clip));
}
