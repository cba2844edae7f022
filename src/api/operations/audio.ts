import { z } from 'zod';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import { amplitudeInDb } from '../../scene/sound/levels.js';
import { SoundBusSchema, SoundSourceSchema, StripSchema } from '../../scene/sound/schema.js';
import type { Meter } from '../../audio/contract.js';
import { AppError } from '../../core/errors.js';
import type { ServiceState } from '../../state/model.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { createId, ID_PARAMS, momentOf } from './deps.js';

const TransitionField = TransitionSchema.optional().meta({
  description:
    'How levels change to the new values, from the levels that are audible at the moment. Default: immediately, within 5 ms.',
});

const AudioSchema = z
  .strictObject({
    sources: z.array(SoundSourceSchema),
    buses: z.array(SoundBusSchema),
    master: StripSchema,
  })
  .meta({ id: 'Audio' });

const SourceListSchema = z
  .strictObject({ sources: z.array(SoundSourceSchema) })
  .meta({ id: 'AudioSourceList' });
const BusListSchema = z
  .strictObject({ buses: z.array(SoundBusSchema) })
  .meta({ id: 'AudioBusList' });

const NewSourceSchema = SoundSourceSchema.extend({
  id: IdSchema.optional(),
  transition: TransitionField,
}).meta({ id: 'NewAudioSource' });

const NewBusSchema = SoundBusSchema.extend({
  id: IdSchema.optional(),
  transition: TransitionField,
}).meta({ id: 'NewAudioBus' });

/** A merge patch of a document with a strip. */
function patchSchema(what: string, id: string) {
  return z.looseObject({ transition: TransitionField }).meta({
    id,
    description: `JSON merge patch (RFC 7396) of ${what}: omitted fields keep their values, null resets a field to its default. With a \`transition\`, levels fade to the new values.`,
  });
}

const SourcePatchSchema = patchSchema('an audio source', 'AudioSourcePatch');
const BusPatchSchema = patchSchema('an audio bus', 'AudioBusPatch');
const MasterPatchSchema = patchSchema('the master', 'AudioMasterPatch');

const Decibels = z.number().nullable().meta({ description: 'dBFS; null: silence.' });
const Pair = z.strictObject({ left: Decibels, right: Decibels });
const MeterSchema = z.strictObject({ rms: Pair, peak: Pair }).meta({ id: 'AudioMeter' });
const MetersSchema = z
  .strictObject({
    sources: z.record(IdSchema, MeterSchema),
    buses: z.record(IdSchema, MeterSchema),
    master: MeterSchema.nullable().meta({ description: 'Null while nothing has been mixed.' }),
  })
  .meta({ id: 'AudioMeters' });

const AUDIO = '/api/audio';
const SOURCES = `${AUDIO}/sources`;
const BUSES = `${AUDIO}/buses`;

/** @throws AppError SM_AUDIO_SOURCE_UNKNOWN */
function sourceOf({ sound }: ServiceState, id: string): z.output<typeof SoundSourceSchema> {
  const source = sound.sources.find((one) => one.id === id);
  if (source !== undefined) return source;
  throw new AppError(
    'SM_AUDIO_SOURCE_UNKNOWN',
    `There is no audio source "${id}". GET /api/audio lists the sources.`,
  );
}

/** @throws AppError SM_AUDIO_BUS_UNKNOWN */
function busOf({ sound }: ServiceState, id: string): z.output<typeof SoundBusSchema> {
  const bus = sound.buses.find((one) => one.id === id);
  if (bus !== undefined) return bus;
  throw new AppError(
    'SM_AUDIO_BUS_UNKNOWN',
    `There is no audio bus "${id}". GET /api/audio lists the buses.`,
  );
}

function toMeterView({ rms, peak }: Meter): z.output<typeof MeterSchema> {
  const pair = ([left, right]: readonly [number, number]): z.output<typeof Pair> => {
    return { left: amplitudeInDb(left), right: amplitudeInDb(right) };
  };
  return { rms: pair(rms), peak: pair(peak) };
}

const GET = jsonOperation({
  name: 'audio.get',
  summary: 'Read the audio mix: sources, buses and master',
  tag: 'audio',
  method: 'GET',
  path: AUDIO,
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: AudioSchema,
  errors: [],
  example: {},
  handle: (context) => {
    const { sources, buses, master } = context.state.sound;
    return { sources, buses, master };
  },
});

const METERS = jsonOperation({
  name: 'audio.meters',
  summary: 'Read the audio meters',
  description:
    'Levels after each strip since the previous report of the mixer, which reports ten times a second.',
  tag: 'audio',
  method: 'GET',
  path: `${AUDIO}/meters`,
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: MetersSchema,
  errors: [],
  example: {},
  versioned: () => null,
  handle: (context) => {
    const meters = context.program.meters ?? {};
    const of = (prefix: string): Record<string, z.output<typeof MeterSchema>> =>
      Object.fromEntries(
        Object.entries(meters).flatMap(([key, meter]) =>
          key.startsWith(prefix) ? [[key.slice(prefix.length), toMeterView(meter)]] : [],
        ),
      );
    const { master } = meters;
    return {
      sources: of('source:'),
      buses: of('bus:'),
      master: master === undefined ? null : toMeterView(master),
    };
  },
});

const LIST_SOURCES = jsonOperation({
  name: 'audio.sources.list',
  summary: 'List the audio sources',
  tag: 'audio',
  method: 'GET',
  path: SOURCES,
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: SourceListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ sources: context.state.sound.sources }),
});

const LIST_BUSES = jsonOperation({
  name: 'audio.buses.list',
  summary: 'List the audio buses',
  tag: 'audio',
  method: 'GET',
  path: BUSES,
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: BusListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ buses: context.state.sound.buses }),
});

const GET_SOURCE = jsonOperation({
  name: 'audio.sources.get',
  summary: 'Read an audio source',
  tag: 'audio',
  method: 'GET',
  path: `${SOURCES}/{id}`,
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: SoundSourceSchema,
  errors: ['SM_AUDIO_SOURCE_UNKNOWN'],
  example: {},
  handle: (context, { id }) => sourceOf(context.state, id),
});

const CREATE_SOURCE = jsonOperation({
  name: 'audio.sources.create',
  summary: 'Add an audio source',
  description:
    'The source is audible from the next frame on. With a `transition` and `muted: true`, it can be faded in later.',
  tag: 'audio',
  method: 'POST',
  path: SOURCES,
  status: 201,
  transactional: true,
  params: NO_PARAMS,
  body: NewSourceSchema,
  output: SoundSourceSchema,
  errors: ['SM_AUDIO_SOURCE_EXISTS', 'SM_AUDIO_SOURCE_LIMIT'],
  example: { id: 'horn', content: { kind: 'tone', frequencyHz: 440 }, strip: { gainDb: -12 } },
  location: ({ id }) => `${SOURCES}/${id}`,
  handle: async (context, _params, { transition, ...body }) => {
    const source = { ...body, id: body.id ?? createId() };
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({ type: 'audio-source.create', source, ...moment });
    return sourceOf(after, source.id);
  },
});

const UPDATE_SOURCE = jsonOperation({
  name: 'audio.sources.update',
  summary: 'Change an audio source',
  tag: 'audio',
  method: 'PATCH',
  path: `${SOURCES}/{id}`,
  status: 200,
  transactional: true,
  params: ID_PARAMS,
  body: SourcePatchSchema,
  output: SoundSourceSchema,
  errors: ['SM_AUDIO_SOURCE_UNKNOWN'],
  example: { strip: { gainDb: -20 }, transition: { durationMs: 1500 } },
  handle: async (context, { id }, { transition, ...patch }) => {
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({
      type: 'audio-source.patch',
      sourceId: id,
      patch,
      ...moment,
    });
    return sourceOf(after, id);
  },
});

const REMOVE_SOURCE = jsonOperation({
  name: 'audio.sources.remove',
  summary: 'Remove an audio source',
  tag: 'audio',
  method: 'DELETE',
  path: `${SOURCES}/{id}`,
  status: 204,
  transactional: true,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_AUDIO_SOURCE_UNKNOWN'],
  example: {},
  handle: async (context, { id }) => {
    const moment = momentOf(context.now(), undefined);
    await context.dispatch({ type: 'audio-source.remove', sourceId: id, ...moment });
    return null;
  },
});

const CREATE_BUS = jsonOperation({
  name: 'audio.buses.create',
  summary: 'Add an audio bus',
  tag: 'audio',
  method: 'POST',
  path: BUSES,
  status: 201,
  transactional: true,
  params: NO_PARAMS,
  body: NewBusSchema,
  output: SoundBusSchema,
  errors: ['SM_AUDIO_BUS_EXISTS', 'SM_AUDIO_BUS_LIMIT'],
  example: { id: 'guests', strip: { gainDb: -3 } },
  location: ({ id }) => `${BUSES}/${id}`,
  handle: async (context, _params, { transition, ...body }) => {
    const bus = { ...body, id: body.id ?? createId() };
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({ type: 'audio-bus.create', bus, ...moment });
    return busOf(after, bus.id);
  },
});

const GET_BUS = jsonOperation({
  name: 'audio.buses.get',
  summary: 'Read an audio bus',
  tag: 'audio',
  method: 'GET',
  path: `${BUSES}/{id}`,
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: SoundBusSchema,
  errors: ['SM_AUDIO_BUS_UNKNOWN'],
  example: {},
  handle: (context, { id }) => busOf(context.state, id),
});

const UPDATE_BUS = jsonOperation({
  name: 'audio.buses.update',
  summary: 'Change an audio bus',
  tag: 'audio',
  method: 'PATCH',
  path: `${BUSES}/{id}`,
  status: 200,
  transactional: true,
  params: ID_PARAMS,
  body: BusPatchSchema,
  output: SoundBusSchema,
  errors: ['SM_AUDIO_BUS_UNKNOWN'],
  example: { strip: { muted: true }, transition: { durationMs: 500 } },
  handle: async (context, { id }, { transition, ...patch }) => {
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({
      type: 'audio-bus.patch',
      busId: id,
      patch,
      ...moment,
    });
    return busOf(after, id);
  },
});

const REMOVE_BUS = jsonOperation({
  name: 'audio.buses.remove',
  summary: 'Remove an audio bus',
  tag: 'audio',
  method: 'DELETE',
  path: `${BUSES}/{id}`,
  status: 204,
  transactional: true,
  params: ID_PARAMS,
  body: NO_BODY,
  output: NO_CONTENT,
  errors: ['SM_AUDIO_BUS_UNKNOWN', 'SM_AUDIO_BUS_IN_USE'],
  example: {},
  handle: async (context, { id }) => {
    const moment = momentOf(context.now(), undefined);
    await context.dispatch({ type: 'audio-bus.remove', busId: id, ...moment });
    return null;
  },
});

const GET_MASTER = jsonOperation({
  name: 'audio.master.get',
  summary: 'Read the strip of the master',
  tag: 'audio',
  method: 'GET',
  path: `${AUDIO}/master`,
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: StripSchema,
  errors: [],
  example: {},
  handle: (context) => context.state.sound.master,
});

const UPDATE_MASTER = jsonOperation({
  name: 'audio.master.update',
  summary: 'Change the strip of the master',
  tag: 'audio',
  method: 'PATCH',
  path: `${AUDIO}/master`,
  status: 200,
  transactional: true,
  params: NO_PARAMS,
  body: MasterPatchSchema,
  output: StripSchema,
  errors: [],
  example: { gainDb: -6, transition: { durationMs: 2000, easing: 'linear' } },
  handle: async (context, _params, { transition, ...patch }) => {
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({ type: 'audio-master.patch', patch, ...moment });
    return after.sound.master;
  },
});

/** Operations on what is heard. */
export const AUDIO_OPERATIONS: readonly Operation[] = [
  GET,
  METERS,
  LIST_SOURCES,
  CREATE_SOURCE,
  GET_SOURCE,
  UPDATE_SOURCE,
  REMOVE_SOURCE,
  LIST_BUSES,
  CREATE_BUS,
  GET_BUS,
  UPDATE_BUS,
  REMOVE_BUS,
  GET_MASTER,
  UPDATE_MASTER,
];
