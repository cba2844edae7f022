import type { z } from 'zod';
import type { ErrorCode } from '../core/errors.js';
import { type Ducking, DuckingSchema } from '../scene/sound/ducking.js';
import { SOUND_LIMITS } from '../scene/sound/limits.js';
import {
  type Sound,
  type SoundBus,
  SoundBusSchema,
  type SoundSource,
  SoundSourceSchema,
  type Strip,
} from '../scene/sound/schema.js';
import type { SoundListName } from './command.js';

/** One list of the sound: what its members are, and how they are called. */
export type SoundList<T extends { readonly id: string }> = {
  /** For people, with `an` before it. */
  readonly what: string;
  /** Of its events. */
  readonly event: string;
  readonly schema: z.ZodType<T>;
  readonly limit: number;
  readonly codes: {
    readonly unknown: ErrorCode;
    readonly exists: ErrorCode;
    readonly limit: ErrorCode;
  };
  /** Null: it has none. */
  readonly stripOf: ((item: T) => Strip) | null;
  readonly read: (sound: Sound) => readonly T[];
  readonly write: (sound: Sound, items: T[]) => Sound;
};

export const SOUND_SOURCES: SoundList<SoundSource> = {
  what: 'audio source',
  event: 'audio-source',
  schema: SoundSourceSchema,
  limit: SOUND_LIMITS.sources,
  codes: {
    unknown: 'SM_AUDIO_SOURCE_UNKNOWN',
    exists: 'SM_AUDIO_SOURCE_EXISTS',
    limit: 'SM_AUDIO_SOURCE_LIMIT',
  },
  stripOf: ({ strip }) => strip,
  read: ({ sources }) => sources,
  write: (sound, sources) => ({ ...sound, sources }),
};

export const SOUND_BUSES: SoundList<SoundBus> = {
  what: 'audio bus',
  event: 'audio-bus',
  schema: SoundBusSchema,
  limit: SOUND_LIMITS.buses,
  codes: {
    unknown: 'SM_AUDIO_BUS_UNKNOWN',
    exists: 'SM_AUDIO_BUS_EXISTS',
    limit: 'SM_AUDIO_BUS_LIMIT',
  },
  stripOf: ({ strip }) => strip,
  read: ({ buses }) => buses,
  write: (sound, buses) => ({ ...sound, buses }),
};

export const DUCKING_RULES: SoundList<Ducking> = {
  what: 'audio ducking rule',
  event: 'audio-ducking',
  schema: DuckingSchema,
  limit: SOUND_LIMITS.duckingRules,
  codes: {
    unknown: 'SM_AUDIO_DUCKING_UNKNOWN',
    exists: 'SM_AUDIO_DUCKING_EXISTS',
    limit: 'SM_AUDIO_DUCKING_LIMIT',
  },
  stripOf: null,
  read: ({ ducking }) => ducking,
  write: (sound, ducking) => ({ ...sound, ducking }),
};

/** Does something with the list of a name, whatever its members are. */
export function withSoundList<R>(
  name: SoundListName,
  work: <T extends { readonly id: string }>(list: SoundList<T>) => R,
): R {
  switch (name) {
    case 'sources':
      return work(SOUND_SOURCES);
    case 'buses':
      return work(SOUND_BUSES);
    case 'ducking':
      return work(DUCKING_RULES);
  }
}
