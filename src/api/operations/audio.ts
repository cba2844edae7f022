import { z } from 'zod';
import { DuckingSchema } from '../../scene/sound/ducking.js';
import { MasterSchema, SoundBusSchema, SoundSourceSchema } from '../../scene/sound/schema.js';
import { jsonOperation, NO_BODY, NO_PARAMS, type Operation } from '../operation.js';
import { MetersSchema, toMeters } from './audio-meters.js';
import { AUDIO_LIST_OPERATIONS, patchSchema } from './audio-lists.js';
import { momentOf } from './deps.js';

const AudioSchema = z
  .strictObject({
    sources: z.array(SoundSourceSchema),
    buses: z.array(SoundBusSchema),
    master: MasterSchema,
    ducking: z.array(DuckingSchema),
  })
  .meta({ id: 'Audio' });

const MasterPatchSchema = patchSchema('the strip of the master', 'AudioMasterPatch');

const AUDIO = '/api/audio';

const GET = jsonOperation({
  name: 'audio.get',
  summary: 'Read the audio mix: sources, buses, master and ducking',
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
    const { sources, buses, master, ducking } = context.state.sound;
    return { sources, buses, master, ducking };
  },
});

const METERS = jsonOperation({
  name: 'audio.meters',
  summary: 'Read the audio meters',
  description:
    'Levels after each strip since the previous report of the mixer, which reports ten times a second. The topic `meters` of events.subscribe sends the same ten times a second.',
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
  handle: (context) => toMeters(context.program.meters),
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
  output: MasterSchema,
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
  output: MasterSchema,
  errors: [],
  example: { gainDb: -6, transition: { durationMs: 2000, easing: 'linear' } },
  handle: async (context, _params, { transition, ...patch }) => {
    const moment = momentOf(context.now(), transition);
    const { after } = await context.dispatch({ type: 'sound.master', patch, ...moment });
    return after.sound.master;
  },
});

/** Operations on what is heard. */
export const AUDIO_OPERATIONS: readonly Operation[] = [
  GET,
  METERS,
  ...AUDIO_LIST_OPERATIONS,
  GET_MASTER,
  UPDATE_MASTER,
];
