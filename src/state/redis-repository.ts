import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { AppError } from '../core/errors.js';
import { type Logger, redactSecrets } from '../core/logger.js';
import type { ServiceState } from './model.js';
import type { ReadState, StateRepository } from './repository.js';
import type { SerializeState } from './serialize.js';

/** A connection that does not come about within this is given up and tried again. */
const CONNECT_TIMEOUT_MS = 500;
/** A server that hangs is noticed by the writer's own patience; this only ends the command. */
const COMMAND_TIMEOUT_MS = 2000;
const RECONNECT_MAX_MS = 1000;

/**
 * Stores a state unless somebody else has stored one since this instance last looked (conflict), or this instance
 * itself a later one (stale: a write that was given up but arrived after all). A store that has lost what it had, or
 * came back from an older backup, is written over.
 * KEYS: hash. ARGV: writer, revision, state, writer and revision last seen.
 */
const SAVE_SCRIPT = `
local stored = redis.call('HMGET', KEYS[1], 'revision', 'writer')
local revision = stored[1] and tonumber(stored[1])
if revision then
  local seen = tonumber(ARGV[5])
  if stored[2] == ARGV[1] then
    if revision > tonumber(ARGV[2]) then return 'stale' end
  elseif revision > seen or (revision == seen and stored[2] ~= ARGV[4]) then
    return 'conflict'
  end
end
redis.call('HSET', KEYS[1], 'writer', ARGV[1], 'revision', ARGV[2], 'state', ARGV[3])
return 'stored'
`;

/** Keeps the state in one Redis hash: `state` (JSON), `revision`, and `writer`, the instance that has written it. */
export class RedisRepository implements StateRepository {
  readonly kind = 'redis';
  readonly place: string;
  readonly #redis: Redis;
  readonly #key: string;
  readonly #serialize: SerializeState;
  readonly #writer = randomUUID();
  /** What was in the store when this instance last looked: a change since then is somebody else's. */
  #seen = { writer: '', revision: -1 };
  #lastError: string | null = null;

  /** @param keyPrefix - stands before the key; services that share a Redis need different ones */
  constructor(url: string, keyPrefix: string, serialize: SerializeState, logger: Logger) {
    this.place = `Redis at ${new URL(url).host}`;
    this.#key = `${keyPrefix}state`;
    this.#serialize = serialize;
    this.#redis = new Redis(url, {
      lazyConnect: true,
      // The older protocol is spoken by every server and by what stands in for one.
      protocol: 2,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // A write that was cut off is made anew with the newest state, never sent again as it was.
      autoResendUnfulfilledCommands: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      retryStrategy: (times) => Math.min(50 * times, RECONNECT_MAX_MS),
      connectionName: 'stream-manager',
    });
    // Without a listener an outage would be an uncaught exception.
    this.#redis.on('error', (error: Error) => {
      this.#lastError = redactSecrets(error.message);
      logger.debug({ reason: this.#lastError }, 'Redis connection error');
    });
    this.#redis.on('ready', () => {
      this.#lastError = null;
    });
  }

  async load(read: ReadState): Promise<ServiceState | null> {
    const [writer, revision, json] = await this.#ask(() =>
      this.#redis.hmget(this.#key, 'writer', 'revision', 'state'),
    );
    this.#seen = { writer: writer ?? '', revision: Number(revision ?? -1) };
    if (json === undefined || json === null) return null;
    try {
      const raw: unknown = JSON.parse(json);
      return read(raw);
    } catch (error) {
      if (error instanceof AppError && error.code === 'SM_STATE_VERSION') throw error;
      throw this.#unreadable(error);
    }
  }

  async save(state: ServiceState): Promise<void> {
    const answer = await this.#ask(() =>
      this.#redis.eval(
        SAVE_SCRIPT,
        1,
        this.#key,
        this.#writer,
        state.revision,
        this.#serialize(state),
        this.#seen.writer,
        this.#seen.revision,
      ),
    );
    if (answer === 'conflict') {
      throw new AppError(
        'SM_STATE_CONFLICT',
        `Another instance has written ${this.#key} in ${this.place}, so it is not written over. Stop one of the two and restart the other, or give each its own REDIS_PREFIX.`,
      );
    }
    this.#seen = { writer: this.#writer, revision: state.revision };
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await Promise.resolve();
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      if (this.#redis.status === 'wait') await this.#redis.connect();
      return await command();
    } catch (error) {
      const message = error instanceof Error ? redactSecrets(error.message) : String(error);
      if (message.startsWith('WRONGTYPE')) throw this.#unreadable(error);
      // While it is not connected, every command fails alike: the reason is in the connection's own error.
      const reason = this.#redis.status === 'ready' ? message : (this.#lastError ?? message);
      throw new AppError(
        'SM_STATE_UNREACHABLE',
        `${this.place} does not take the state: ${reason.replace(/\.$/, '')}. Check REDIS_URL and that Redis runs.`,
        [],
        { cause: error },
      );
    }
  }

  #unreadable(cause: unknown): AppError {
    const why = cause instanceof Error ? redactSecrets(cause.message).replace(/\.$/, '') : '';
    return new AppError(
      'SM_STATE_UNREADABLE',
      `The key ${this.#key} in ${this.place} does not hold a state of this service: ${why}. Delete it, or set another REDIS_PREFIX.`,
      [],
      { cause },
    );
  }
}
