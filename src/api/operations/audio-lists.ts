import { z } from 'zod';
import { AppError, type ErrorCode } from '../../core/errors.js';
import { TransitionSchema } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import { DuckingSchema } from '../../scene/sound/ducking.js';
import { type Sound, SoundBusSchema, SoundSourceSchema } from '../../scene/sound/schema.js';
import type { SoundListName } from '../../state/command.js';
import { jsonOperation, NO_BODY, NO_CONTENT, NO_PARAMS, type Operation } from '../operation.js';
import { createId, ID_PARAMS, momentOf } from './deps.js';

/** Operations on the lists of the sound, which are alike: sources, buses, rules of ducking. */

const TransitionField = TransitionSchema.optional().meta({
  description:
    'How levels change to the new values, from the levels that are audible at the moment. Default: immediately, within 5 ms.',
});

/** A merge patch of a document of the sound. */
export function patchSchema(what: string, id: string) {
  return z.looseObject({ transition: TransitionField }).meta({
    id,
    description: `JSON merge patch (RFC 7396) of ${what}: omitted fields keep their values, null resets a field to its default. With a \`transition\`, levels fade to the new values.`,
  });
}

type ListDescription<S extends z.ZodObject> = {
  readonly name: SoundListName;
  /** For people, with `an` before it. */
  readonly what: string;
  /** Of the schemas in the OpenAPI document. */
  readonly schemaName: string;
  readonly schema: S;
  readonly read: (sound: Sound) => readonly z.output<S>[];
  readonly codes: {
    readonly unknown: ErrorCode;
    readonly create: readonly ErrorCode[];
    readonly update: readonly ErrorCode[];
    readonly remove: readonly ErrorCode[];
  };
  readonly description: string;
  readonly example: object;
  readonly patchExample: object;
};

/** What all operations on a list have in common. */
function partsOf<S extends z.ZodObject>({ name, read, codes, what }: ListDescription<S>) {
  const path = `/api/audio/${name}`;
  const idOf = (item: z.output<S>): string => String(Reflect.get(item, 'id'));
  return {
    path,
    itemPath: `${path}/{id}`,
    idOf,
    /** @throws AppError */
    find: (sound: Sound, id: string): z.output<S> => {
      const item = read(sound).find((one) => idOf(one) === id);
      if (item !== undefined) return item;
      throw new AppError(codes.unknown, `There is no ${what} "${id}". GET ${path} lists them.`);
    },
  };
}

const COMMON = { tag: 'audio', params: NO_PARAMS } as const;

function readOperations<S extends z.ZodObject>(
  list: ListDescription<S>,
): Readonly<Record<'all' | 'get', Operation>> {
  const { name, what, schemaName, schema, read, codes } = list;
  const { path, itemPath, find } = partsOf(list);
  const all = jsonOperation({
    ...COMMON,
    name: `audio.${name}.list`,
    summary: `List the ${what}s`,
    method: 'GET',
    path,
    status: 200,
    body: NO_BODY,
    output: z.strictObject({ [name]: z.array(schema) }).meta({ id: `${schemaName}List` }),
    errors: [],
    example: {},
    handle: (context) => ({ [name]: [...read(context.state.sound)] }),
  });
  const get = jsonOperation({
    ...COMMON,
    name: `audio.${name}.get`,
    summary: `Read an ${what}`,
    method: 'GET',
    path: itemPath,
    status: 200,
    params: ID_PARAMS,
    body: NO_BODY,
    output: schema,
    errors: [codes.unknown],
    example: {},
    handle: (context, { id }) => find(context.state.sound, id),
  });
  return { all, get };
}

function createOperation<S extends z.ZodObject>(list: ListDescription<S>): Operation {
  const { name, what, schemaName, schema, codes } = list;
  const { path, idOf, find } = partsOf(list);
  return jsonOperation({
    ...COMMON,
    name: `audio.${name}.create`,
    summary: `Add an ${what}`,
    description: list.description,
    method: 'POST',
    path,
    status: 201,
    transactional: true,
    body: z
      .strictObject({ ...schema.shape, id: IdSchema.optional(), transition: TransitionField })
      .meta({ id: `New${schemaName}` }),
    output: schema,
    errors: codes.create,
    example: list.example,
    location: (item) => `${path}/${idOf(item)}`,
    handle: async (context, _params, { transition, ...body }) => {
      const item = { ...body, id: body.id ?? createId() };
      const moment = momentOf(context.now(), transition);
      const { after } = await context.dispatch({
        type: 'sound.create',
        list: name,
        item,
        ...moment,
      });
      return find(after.sound, item.id);
    },
  });
}

function changeOperations<S extends z.ZodObject>(list: ListDescription<S>): Operation[] {
  const { name, what, schemaName, schema, codes } = list;
  const { itemPath, find } = partsOf(list);
  const update = jsonOperation({
    ...COMMON,
    name: `audio.${name}.update`,
    summary: `Change an ${what}`,
    method: 'PATCH',
    path: itemPath,
    status: 200,
    transactional: true,
    params: ID_PARAMS,
    body: patchSchema(`an ${what}`, `${schemaName}Patch`),
    output: schema,
    errors: [codes.unknown, ...codes.update],
    example: list.patchExample,
    handle: async (context, { id }, { transition, ...patch }) => {
      const moment = momentOf(context.now(), transition);
      const { after } = await context.dispatch({
        type: 'sound.patch',
        list: name,
        id,
        patch,
        ...moment,
      });
      return find(after.sound, id);
    },
  });
  const remove = jsonOperation({
    ...COMMON,
    name: `audio.${name}.remove`,
    summary: `Remove an ${what}`,
    method: 'DELETE',
    path: itemPath,
    status: 204,
    transactional: true,
    params: ID_PARAMS,
    body: NO_BODY,
    output: NO_CONTENT,
    errors: [codes.unknown, ...codes.remove],
    example: {},
    handle: async (context, { id }) => {
      const moment = momentOf(context.now(), undefined);
      await context.dispatch({ type: 'sound.remove', list: name, id, ...moment });
      return null;
    },
  });
  return [update, remove];
}

function listOperations<S extends z.ZodObject>(list: ListDescription<S>): Operation[] {
  const { all, get } = readOperations(list);
  return [all, createOperation(list), get, ...changeOperations(list)];
}

export const AUDIO_LIST_OPERATIONS: readonly Operation[] = [
  ...listOperations({
    name: 'sources',
    what: 'audio source',
    schemaName: 'AudioSource',
    schema: SoundSourceSchema,
    read: ({ sources }) => sources,
    codes: {
      unknown: 'SM_AUDIO_SOURCE_UNKNOWN',
      create: ['SM_AUDIO_SOURCE_EXISTS', 'SM_AUDIO_SOURCE_LIMIT'],
      update: ['SM_AUDIO_SOURCE_LIMIT'],
      remove: ['SM_AUDIO_SOURCE_IN_USE'],
    },
    description:
      'The source is audible from the next frame on, unless its `scope` is scenes. A source of kind `push` plays what is sent to /ws/audio/{source}.',
    example: { id: 'horn', content: { kind: 'tone', frequencyHz: 440 }, strip: { gainDb: -12 } },
    patchExample: { strip: { gainDb: -20 }, transition: { durationMs: 1500 } },
  }),
  ...listOperations({
    name: 'buses',
    what: 'audio bus',
    schemaName: 'AudioBus',
    schema: SoundBusSchema,
    read: ({ buses }) => buses,
    codes: {
      unknown: 'SM_AUDIO_BUS_UNKNOWN',
      create: ['SM_AUDIO_BUS_EXISTS', 'SM_AUDIO_BUS_LIMIT'],
      update: [],
      remove: ['SM_AUDIO_BUS_IN_USE'],
    },
    description: 'Sources name the bus that they are mixed into.',
    example: { id: 'guests', strip: { gainDb: -3 } },
    patchExample: { strip: { muted: true }, transition: { durationMs: 500 } },
  }),
  ...listOperations({
    name: 'ducking',
    what: 'audio ducking rule',
    schemaName: 'AudioDucking',
    schema: DuckingSchema,
    read: ({ ducking }) => ducking,
    codes: {
      unknown: 'SM_AUDIO_DUCKING_UNKNOWN',
      create: ['SM_AUDIO_DUCKING_EXISTS', 'SM_AUDIO_DUCKING_LIMIT'],
      update: [],
      remove: [],
    },
    description:
      'While the bus `when` is louder than `aboveDb`, the bus `bus` is turned down by `gainDb`.',
    example: { id: 'talk', when: 'voice', aboveDb: -40, bus: 'music', gainDb: -14 },
    patchExample: { gainDb: -20, releaseMs: 2000 },
  }),
];
