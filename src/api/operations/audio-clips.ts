import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import { SoundClipSchema } from '../../scene/sound/clip.js';
import { SOUND_LIMITS } from '../../scene/sound/limits.js';
import type { RunningClip } from '../../scene/sound/schema.js';
import { BatchMomentSchema, type BatchRecord, LatePolicySchema } from '../../state/batch-schema.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import type { Trials } from '../trials.js';
import { applyOrSchedule } from './batch.js';
import { cancelBatch } from './batches.js';
import { createId, ID_PARAMS, momentOf } from './deps.js';

/** Operations on clips, which are played once. */

const ClipViewSchema = z
  .strictObject({
    ...SoundClipSchema.shape,
    state: z.enum(['scheduled', 'waiting', 'playing', 'stopping']).meta({
      description:
        'scheduled: it begins at its moment; waiting: it waits in its queue, or is being decoded.',
    }),
    frame: z.int().nullable().meta({
      description: 'Frame with whose first sample the clip began; null: it has not begun.',
    }),
    batch: IdSchema.nullable().meta({
      description: 'Id of the scheduled batch that plays the clip; null: it is not scheduled.',
    }),
  })
  .meta({ id: 'AudioClip' });
type ClipView = z.infer<typeof ClipViewSchema>;

function stateOf({ isStopping, frame }: RunningClip): ClipView['state'] {
  if (isStopping) return 'stopping';
  return frame === null ? 'waiting' : 'playing';
}

function toView(clip: RunningClip): ClipView {
  return {
    ...z.object(SoundClipSchema.shape).parse(clip),
    state: stateOf(clip),
    frame: clip.frame,
    batch: null,
  };
}

/** A clip that waits for the moment of a batch. */
type ScheduledClip = { readonly batch: BatchRecord; readonly view: ClipView };

function scheduledClips({ state }: OperationContext): ScheduledClip[] {
  const waiting = state.batches.filter((batch) => batch.state === 'scheduled');
  return waiting.flatMap((batch) =>
    batch.commands.flatMap(({ type, clip }) => {
      const read = SoundClipSchema.safeParse(type === 'sound.clip.play' ? clip : null);
      if (!read.success) return [];
      return [{ batch, view: { ...read.data, state: 'scheduled', frame: null, batch: batch.id } }];
    }),
  );
}

function unknownClip(id: string): AppError {
  return new AppError(
    'SM_AUDIO_CLIP_UNKNOWN',
    `There is no audio clip "${id}" that sounds, waits or is scheduled. GET /api/audio/clips lists them.`,
  );
}

function findRunning({ state }: OperationContext, id: string): RunningClip | undefined {
  return state.sound.clips.find((one) => one.id === id);
}

/** @throws AppError SM_AUDIO_CLIP_UNKNOWN */
function findScheduled(context: OperationContext, id: string): ScheduledClip {
  const clip = scheduledClips(context).find(({ view }) => view.id === id);
  if (clip === undefined) throw unknownClip(id);
  return clip;
}

/** A clip that shares its batch with other operations cannot be taken out of it. @throws AppError SM_AUDIO_CLIP_IN_BATCH, SM_BATCH_OVER */
async function unschedule(context: OperationContext, clip: ScheduledClip): Promise<void> {
  const { batch, view } = clip;
  if (batch.commands.length > 1) {
    throw new AppError(
      'SM_AUDIO_CLIP_IN_BATCH',
      `The audio clip "${view.id}" is part of the batch ${batch.id}, which does more. Cancel the batch with DELETE /api/batches/${batch.id}, or stop the clip when it sounds.`,
    );
  }
  await cancelBatch(context, batch);
}

const NewClipSchema = z
  .strictObject({
    ...SoundClipSchema.shape,
    id: IdSchema.optional(),
    at: BatchMomentSchema.optional().meta({
      description:
        'Moment at which the clip begins, exactly with the first sample of its frame if it is decoded by then (a second ahead is enough for a file). Default: as soon as it is decoded. Not inside a batch, whose own moment applies.',
    }),
    late: LatePolicySchema.default('apply').meta({
      description: 'What happens when the moment has passed: play the clip now, or refuse it.',
    }),
  })
  .meta({ id: 'NewAudioClip' });

const LIST = jsonOperation({
  name: 'audio.clips.list',
  summary: 'List the audio clips that play, wait or are scheduled',
  tag: 'audio',
  method: 'GET',
  path: '/api/audio/clips',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: z.strictObject({ clips: z.array(ClipViewSchema) }).meta({ id: 'AudioClipList' }),
  errors: [],
  example: {},
  handle: (context) => ({
    clips: [
      ...context.state.sound.clips.map(toView),
      ...scheduledClips(context).map(({ view }) => view),
    ],
  }),
});

const GET = jsonOperation({
  name: 'audio.clips.get',
  summary: 'Read an audio clip that plays, waits or is scheduled',
  tag: 'audio',
  method: 'GET',
  path: '/api/audio/clips/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: ClipViewSchema,
  errors: ['SM_AUDIO_CLIP_UNKNOWN'],
  example: {},
  handle: (context, { id }) => {
    const clip = findRunning(context, id);
    return clip === undefined ? findScheduled(context, id).view : toView(clip);
  },
});

const STOP = jsonOperation({
  name: 'audio.clips.stop',
  summary: 'Stop an audio clip',
  description:
    'The clip fades out with the `transition`; without one it ends within 5 ms. One that is scheduled by itself is not played.',
  tag: 'audio',
  method: 'POST',
  path: '/api/audio/clips/{id}/stop',
  status: 200,
  transactional: true,
  params: ID_PARAMS,
  body: z.strictObject({ transition: TransitionSchema.optional() }).meta({ id: 'AudioClipStop' }),
  output: ClipViewSchema,
  errors: ['SM_AUDIO_CLIP_UNKNOWN', 'SM_AUDIO_CLIP_IN_BATCH', 'SM_BATCH_OVER'],
  example: { transition: { durationMs: 500 } },
  handle: async (context, { id }, { transition }) => {
    const clip = findRunning(context, id);
    if (clip === undefined) {
      // As a part of a batch it is stopped if it sounds or waits by then.
      if (context.isInBatch) throw unknownClip(id);
      const scheduled = findScheduled(context, id);
      await unschedule(context, scheduled);
      return { ...scheduled.view, state: 'stopping' as const };
    }
    const moment = momentOf(context.now(), transition);
    await context.dispatch({ type: 'sound.clip.stop', clipId: id, ...moment });
    return { ...toView(clip), state: 'stopping' as const };
  },
});

/** @param trials - carries out clips that are scheduled */
export function createClipOperations(trials: Trials): readonly Operation[] {
  const play = jsonOperation({
    name: 'audio.clips.play',
    summary: 'Play an audio clip',
    description: `Plays an audio asset or what is at an address once, on top of everything else. Up to ${SOUND_LIMITS.soundingClips} clips sound at once, besides queued ones; ${SOUND_LIMITS.clips} sound or wait. The events \`audio-clip.started\`, \`audio-clip.marker\` and \`audio-clip.finished\` report the frame.`,
    tag: 'audio',
    method: 'POST',
    path: '/api/audio/clips',
    status: 201,
    transactional: true,
    params: NO_PARAMS,
    body: NewClipSchema,
    output: ClipViewSchema,
    errors: [
      'SM_ASSET_UNKNOWN',
      'SM_ASSET_NOT_READY',
      'SM_AUDIO_CLIP_EXISTS',
      'SM_AUDIO_CLIP_LIMIT',
      'SM_BATCH_LATE',
      'SM_BATCH_NO_CLOCK',
      'SM_BATCH_LIMIT',
    ],
    example: { content: { kind: 'file', asset: 'horn' }, gainDb: -6 },
    location: ({ id }) => `/api/audio/clips/${id}`,
    handle: async (context, _params, { at, late, ...body }) => {
      const clip = { ...body, id: body.id ?? createId() };
      if (at === undefined) {
        const { atMs } = momentOf(context.now(), undefined);
        await context.dispatch({ type: 'sound.clip.play', clip, atMs });
        return { ...clip, state: 'waiting' as const, frame: null, batch: null };
      }
      if (context.isInBatch) {
        throw new AppError(
          'SM_REQUEST_INVALID',
          'Inside a batch a clip has no moment of its own. Omit `at`, and give the batch its moment.',
          [{ path: '/at', message: 'is not allowed here' }],
        );
      }
      const batch = {
        operations: [{ method: 'audio.clips.play', params: clip }],
        at,
        late,
      };
      const answer = await applyOrSchedule({ context, trials, batch });
      const isScheduled = answer.state === 'scheduled';
      return {
        ...clip,
        state: isScheduled ? ('scheduled' as const) : ('waiting' as const),
        frame: null,
        batch: isScheduled ? answer.id : null,
      };
    },
  });
  return [LIST, play, GET, STOP];
}
