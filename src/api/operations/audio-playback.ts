import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { IdSchema, numberBetween } from '../../scene/schema/values.js';
import { isPlayback } from '../../scene/sound/content.js';
import type { SoundSource } from '../../scene/sound/schema.js';
import type { ServiceState } from '../../state/model.js';
import { nowPlaying } from '../../state/now-playing.js';
import type { TransportAction } from '../../state/sound-playback.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import type { PlaybackService } from '../ports.js';
import { ID_PARAMS, momentOf } from './deps.js';

/** Operations on the playback of files, addresses, playlists and radios. */

const PlaybackViewSchema = z
  .strictObject({
    source: IdSchema,
    state: z.enum(['waiting', 'playing', 'paused', 'ended', 'failed']).meta({
      description:
        'waiting: it is being fetched or decoded, or the program is not running; failed: it is silent for the given reason.',
    }),
    reason: z.string().nullable().meta({ description: 'Why it fails; null if it does not.' }),
    positionMs: z.number().meta({
      description:
        'How much of the file or entry has been played since its last start or seek, plus the position of that, in milliseconds.',
    }),
    playing: z
      .strictObject({
        entry: z.int().min(0),
        title: z.string(),
        artist: z.string(),
        album: z.string(),
      })
      .nullable()
      .meta({ description: 'Current entry of a playlist; null for other sources.' }),
  })
  .meta({ id: 'AudioPlayback' });
type PlaybackView = z.infer<typeof PlaybackViewSchema>;

/** Why nothing is decoded for a source. */
function missingReason({ assets }: ServiceState, { content }: SoundSource): string {
  if (content.kind !== 'file') return 'The audio of the entry is not available.';
  const asset = assets.find(({ id }) => id === content.asset);
  if (asset === undefined) return `There is no asset ${content.asset}.`;
  if (asset.state === 'ready') return `The asset ${content.asset} is not an audio file.`;
  return asset.error ?? `The asset ${content.asset} is being fetched.`;
}

function viewOf(
  context: OperationContext,
  playback: PlaybackService,
  source: SoundSource,
): PlaybackView {
  const { state } = context;
  const progress = playback.playbackOf(`source:${source.id}`);
  const isPaused = state.sound.playback[source.id]?.pausedAtMs !== null;
  const playing = nowPlaying(state, source);
  if (progress === null) {
    const isOver = source.content.kind === 'playlist' && playing === null;
    return {
      source: source.id,
      state: isOver ? 'ended' : 'failed',
      reason: isOver ? null : missingReason(state, source),
      positionMs: 0,
      playing,
    };
  }
  const { reason, positionMs } = progress;
  const isRunning = progress.state === 'waiting' || progress.state === 'playing';
  return {
    source: source.id,
    state: isPaused && isRunning ? 'paused' : progress.state,
    reason,
    positionMs,
    playing,
  };
}

/** @throws AppError SM_AUDIO_SOURCE_UNKNOWN, SM_AUDIO_SOURCE_KIND */
function findSource({ state }: OperationContext, id: string): SoundSource {
  const source = state.sound.sources.find((one) => one.id === id);
  if (source === undefined) {
    throw new AppError(
      'SM_AUDIO_SOURCE_UNKNOWN',
      `There is no audio source "${id}". GET /api/audio/sources lists them.`,
    );
  }
  if (isPlayback(source.content)) return source;
  throw new AppError(
    'SM_AUDIO_SOURCE_KIND',
    `The audio source "${id}" is of the kind ${source.content.kind}, which has no playback.`,
  );
}

const NO_FIELDS = z.strictObject({});

type Transport<S extends z.ZodObject> = {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly body: S;
  readonly example: object;
  readonly toAction: (body: z.output<S>) => TransportAction;
};

function transport<S extends z.ZodObject>(
  playback: PlaybackService,
  { name, summary, description, body, example, toAction }: Transport<S>,
): Operation {
  return jsonOperation({
    name: `audio.sources.${name}`,
    summary,
    ...(description === undefined ? {} : { description }),
    tag: 'audio',
    method: 'POST',
    path: `/api/audio/sources/{id}/${name}`,
    status: 200,
    transactional: true,
    params: ID_PARAMS,
    body,
    output: PlaybackViewSchema,
    errors: ['SM_AUDIO_SOURCE_UNKNOWN', 'SM_AUDIO_SOURCE_KIND'],
    example,
    handle: async (context, { id }, fields) => {
      const { atMs } = momentOf(context.now(), undefined);
      const action = toAction(fields);
      await context.dispatch({ type: 'sound.transport', sourceId: id, action, atMs });
      return viewOf(context, playback, findSource(context, id));
    },
  });
}

/** What all sources play. */
function listOperation(playback: PlaybackService): Operation {
  return jsonOperation({
    name: 'audio.playback.list',
    summary: 'Read what is playing',
    description:
      'Playback of all sources of the kinds `file`, `url`, `stream` and `playlist`. The events `audio-track.started`, `audio-track.ended` and `audio-track.failed` report changes.',
    tag: 'audio',
    method: 'GET',
    path: '/api/audio/playback',
    status: 200,
    params: NO_PARAMS,
    body: NO_BODY,
    output: z
      .strictObject({ playback: z.array(PlaybackViewSchema) })
      .meta({ id: 'AudioPlaybackList' }),
    errors: [],
    example: {},
    versioned: () => null,
    handle: (context) => {
      const sources = context.state.sound.sources.filter(({ content }) => isPlayback(content));
      return { playback: sources.map((source) => viewOf(context, playback, source)) };
    },
  });
}

/** What can be told to everything that plays. */
function positionOperations(playback: PlaybackService): Operation[] {
  return [
    transport(playback, {
      name: 'play',
      summary: 'Continue a paused audio source',
      body: NO_FIELDS,
      example: {},
      toAction: () => ({ type: 'play' }),
    }),
    transport(playback, {
      name: 'pause',
      summary: 'Pause an audio source',
      description:
        'The source falls silent within 5 ms and keeps its position. A live stream is muted; it continues with what is live then.',
      body: NO_FIELDS,
      example: {},
      toAction: () => ({ type: 'pause' }),
    }),
    transport(playback, {
      name: 'seek',
      summary: 'Play an audio source from a position',
      body: z
        .strictObject({
          positionMs: numberBetween(0, 7 * 24 * 3600 * 1000).meta({
            description:
              'Position after `inMs` in milliseconds; of a playlist, in its current entry.',
          }),
        })
        .meta({ id: 'AudioSeek' }),
      example: { positionMs: 30_000 },
      toAction: ({ positionMs }) => ({ type: 'seek', positionMs }),
    }),
  ];
}

/** What can be told to playlists. */
function entryOperations(playback: PlaybackService): Operation[] {
  return [
    transport(playback, {
      name: 'skip',
      summary: 'Go on to the next entry of a playlist',
      body: NO_FIELDS,
      example: {},
      toAction: () => ({ type: 'skip' }),
    }),
    transport(playback, {
      name: 'previous',
      summary: 'Go back to the previous entry of a playlist',
      body: NO_FIELDS,
      example: {},
      toAction: () => ({ type: 'previous' }),
    }),
    transport(playback, {
      name: 'go-to',
      summary: 'Go to an entry of a playlist',
      body: z
        .strictObject({
          entry: z.int().min(0).meta({ description: 'Number of the entry, from 0.' }),
        })
        .meta({ id: 'AudioGoTo' }),
      example: { entry: 0 },
      toAction: ({ entry }) => ({ type: 'go-to', entry }),
    }),
  ];
}

export function createPlaybackOperations(playback: PlaybackService): readonly Operation[] {
  return [listOperation(playback), ...positionOperations(playback), ...entryOperations(playback)];
}
