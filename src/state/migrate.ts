import { AppError } from '../core/errors.js';
import { type ServiceState, ServiceStateSchema, STATE_VERSION } from './model.js';
import { toFieldErrors } from './validate.js';

type RawState = Readonly<Record<string, unknown>>;

/** Takes a stored state from one version to the next. */
export type Migration = (raw: RawState) => RawState;

/** By the version that each starts from: `1` makes version 2 out of version 1. */
const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/**
 * A stored state in today's version.
 * @param migrations - the table above; tests bring their own
 * @throws AppError SM_STATE_VERSION when a newer service has written it, SM_STATE_UNREADABLE when it is not a state
 */
export function migrate(raw: unknown, migrations = MIGRATIONS, target = STATE_VERSION): RawState {
  if (!isRecord(raw)) throw unreadable('it is not an object');
  let state = raw;
  for (;;) {
    const version = state['version'];
    if (typeof version !== 'number') throw unreadable('it has no version');
    if (version > target) {
      throw new AppError(
        'SM_STATE_VERSION',
        `The stored state has version ${version}; this service supports versions up to ${target}. Run a newer version of the service, or start with an empty DATA_DIR and Redis key.`,
      );
    }
    if (version === target) return state;
    const migration = migrations.get(version);
    if (migration === undefined) throw unreadable(`version ${version} is unknown`);
    state = { ...migration(state), version: version + 1 };
  }
}

/** Stored JSON as a state that is checked as a whole. @throws AppError SM_STATE_VERSION, SM_STATE_UNREADABLE */
export function readState(raw: unknown): ServiceState {
  const result = ServiceStateSchema.safeParse(migrate(raw));
  if (result.success) return result.data;
  const fields = toFieldErrors(result.error);
  const first = fields[0];
  throw unreadable(
    first === undefined ? 'it does not match its schema' : `${first.path} ${first.message}`,
  );
}

function unreadable(why: string): AppError {
  return new AppError('SM_STATE_UNREADABLE', `The stored state cannot be used: ${why}.`);
}

function isRecord(value: unknown): value is RawState {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
