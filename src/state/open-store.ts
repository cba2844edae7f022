import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../core/logger.js';
import { type DataDirLock, lockDataDir } from './data-dir-lock.js';
import { FileRepository } from './file-repository.js';
import { createInstance, type Instance } from './instance.js';
import { readState } from './migrate.js';
import type { Durability, StateStore } from './port.js';
import type { RedisRepository } from './redis-repository.js';
import type { WriterTiming } from './repository-writer.js';
import { createStateSerializer } from './serialize.js';
import { settleState, type StateSettings } from './settle.js';
import { createStore, type StoreTiming } from './store.js';
import type { MeasureTicker } from './ticker-anchors.js';

export type StoreOptions = {
  readonly dataDir: string;
  /** Null: the state is kept in a file below `dataDir`. */
  readonly redisUrl: string | null;
  /** Stands before the names of the keys in Redis. */
  readonly redisPrefix: string;
  readonly settings: StateSettings;
  readonly durability: Durability;
  /** By it tickers keep their place when they change. Default: they do not. */
  readonly measureTicker?: MeasureTicker;
  readonly logger: Logger;
};

/** A disk under load may take a second over a sync, and is not lost for that. */
const FILE_TIMING: WriterTiming = { patienceMs: 3000, retryMinMs: 250, retryMaxMs: 2000 };
/** A command is answered within half a second also when Redis hangs. */
const REDIS_TIMING: WriterTiming = { patienceMs: 400, retryMinMs: 100, retryMaxMs: 1000 };
/** Redis may start later than the service: they are started together. */
const START_PATIENCE_MS = 10_000;
const CLOSE_MS = 2000;

/**
 * Opens the state in Redis, with a copy in a file that stands in for it, or in a file alone. The folder and the state
 * belong to this run alone until the store is closed.
 * @throws AppError SM_STATE_UNREADABLE, SM_STATE_VERSION when what is stored cannot be used; SM_DATA_DIR_IN_USE,
 * SM_STATE_IN_USE when another service uses it
 */
export async function openStateStore(options: StoreOptions): Promise<StateStore> {
  const self = createInstance();
  const lock = await lockDataDir(options.dataDir, self, options.logger);
  try {
    return await openLocked(options, self, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(
  options: StoreOptions,
  self: Instance,
  lock: DataDirLock,
): Promise<StateStore> {
  const { dataDir, redisUrl, redisPrefix, settings, durability, logger } = options;
  const serialize = createStateSerializer();
  const timing: StoreTiming = {
    primary: redisUrl === null ? FILE_TIMING : REDIS_TIMING,
    shadow: FILE_TIMING,
    startPatienceMs: START_PATIENCE_MS,
    closeMs: CLOSE_MS,
  };
  const file = (name: string): FileRepository =>
    new FileRepository(join(dataDir, name), serialize, logger);
  const repositories =
    redisUrl === null
      ? { primary: file('state.json'), shadow: null }
      : {
          primary: await openRedis({
            url: redisUrl,
            keyPrefix: redisPrefix,
            serialize,
            logger,
            self,
            predecessor: lock.predecessor,
          }),
          shadow: file(shadowName(redisUrl, redisPrefix)),
        };
  return createStore({
    ...repositories,
    durability,
    read: readState,
    settle: (stored) => settleState(stored, settings),
    measureTicker: options.measureTicker ?? null,
    timing,
    logger,
    onClosed: () => lock.release(),
  });
}

/** The client of Redis is loaded only where there is one. */
async function openRedis(
  ...options: ConstructorParameters<typeof RedisRepository>
): Promise<RedisRepository> {
  const { RedisRepository } = await import('./redis-repository.js');
  return new RedisRepository(...options);
}

/** Each Redis has a copy of its own: the copy of one never gets into another. The password may change. */
function shadowName(redisUrl: string, redisPrefix: string): string {
  const { hostname, port, pathname } = new URL(redisUrl);
  const place = `${hostname}:${port === '' ? '6379' : port}${pathname.replace(/\/0?$/, '')} ${redisPrefix}`;
  return `state.redis-${createHash('sha256').update(place).digest('hex').slice(0, 8)}.json`;
}
