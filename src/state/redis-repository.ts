import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import { type Logger, redactSecrets } from '../core/logger.js';
import { describeInstance, type Instance, isCertainlyDead, parseInstance } from './instance.js';
import type { ServiceState } from './model.js';
import { LEASE_SCRIPT, PROBE_SCRIPT, RELEASE_SCRIPT, SAVE_SCRIPT } from './redis-scripts.js';
import type { ReadState, StateRepository } from './repository.js';
import type { SerializeState } from './serialize.js';

/** A connection that does not come about within this is abandoned and tried again. */
const CONNECT_TIMEOUT_MS = 500;
/** A server that hangs is noticed by the writer's own patience; this only ends the command. */
const COMMAND_TIMEOUT_MS = 2000;
const RECONNECT_MAX_MS = 1000;

/** A run that does not lengthen its lease has ended, or has lost the server. */
const LEASE_MS = 6000;
/** Three times in the length of a lease: one that comes late loses nothing. */
const PROBE_INTERVAL_MS = 2000;
const LEASE_POLL_MS = 100;

/**
 * Answers of a server that works but is not, or no longer, the one to write to; behind an address that moves with a
 * fail-over, a new connection reaches the one that is. The others come from a server that starts, or that changed its
 * passwords.
 */
const WRONG_SERVER =
  /\b(READONLY|MASTERDOWN|LOADING|UNBLOCKED|CLUSTERDOWN|NOREPLICAS|NOAUTH|WRONGPASS)\b/;

/** What the scripts answer; what a script leaves out is empty. */
const ScriptAnswerSchema = z
  .tuple([z.string(), z.string().default(''), z.number().default(0)])
  .readonly();
type ScriptAnswer = z.infer<typeof ScriptAnswerSchema>;

function describe(holder: Instance | null): string {
  return `another service${holder === null ? '' : `: ${describeInstance(holder)}`}`;
}

export type RedisOptions = {
  readonly url: string;
  /** Stands before the key; services that share a Redis need different ones. */
  readonly keyPrefix: string;
  readonly serialize: SerializeState;
  readonly logger: Logger;
  readonly self: Instance;
  /** The run before this one, known to have ended without giving the state back; null: none is. */
  readonly predecessor: Instance | null;
};

/** Keeps the state in one Redis hash, as one of all services that may want to: see redis-scripts.ts. */
export class RedisRepository implements StateRepository {
  readonly kind = 'redis';
  readonly watch = { intervalMs: PROBE_INTERVAL_MS, probe: () => this.#probe() };
  readonly place: string;
  readonly #redis: Redis;
  readonly #key: string;
  readonly #serialize: SerializeState;
  readonly #logger: Logger;
  readonly #self: Instance;
  /** The run before this one, which has certainly ended; its lease need not be waited for. */
  readonly #predecessor: Instance | null;
  /** What was in the store when this instance last looked: a change since then is somebody else's. */
  #seen = { writer: '', revision: -1 };
  #lastError: string | null = null;

  constructor(options: RedisOptions) {
    const { url, serialize, logger } = options;
    this.place = `Redis at ${new URL(url).host}`;
    this.#key = `${options.keyPrefix}state`;
    this.#self = options.self;
    this.#predecessor = options.predecessor;
    this.#serialize = serialize;
    this.#logger = logger;
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
      reconnectOnError: ({ message }) => WRONG_SERVER.test(message),
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
    await this.#takeLease();
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
    await this.#run(SAVE_SCRIPT, state.revision, this.#serialize(state));
    this.#seen = { writer: this.#self.token, revision: state.revision };
  }

  async close(): Promise<void> {
    try {
      if (this.#redis.status === 'ready') {
        await this.#redis.eval(RELEASE_SCRIPT, 1, this.#key, this.#self.token);
      }
    } catch {
      // The lease ends by itself.
    } finally {
      this.#redis.disconnect();
    }
  }

  async #probe(): Promise<number> {
    const [, revision] = await this.#run(PROBE_SCRIPT);
    return Number(revision);
  }

  /** Runs a script that takes what is known of the stored state. @throws AppError SM_STATE_CONFLICT, SM_STATE_IN_USE */
  async #run(script: string, ...more: readonly (string | number)[]): Promise<ScriptAnswer> {
    const answer = ScriptAnswerSchema.parse(
      await this.#ask(() =>
        this.#redis.eval(
          script,
          1,
          this.#key,
          this.#self.token,
          JSON.stringify(this.#self),
          LEASE_MS,
          this.#seen.writer,
          this.#seen.revision,
          ...more,
        ),
      ),
    );
    if (answer[0] === 'held') throw this.#inUse(answer);
    if (answer[0] === 'conflict') {
      throw new AppError(
        'SM_STATE_CONFLICT',
        `Another instance has written ${this.#key} in ${this.place}, so it is not overwritten. Stop one of the two instances and restart the other, or give each its own REDIS_PREFIX.`,
      );
    }
    return answer;
  }

  /**
   * Takes the lease; that of a run that may have ended is waited for. One that is lengthened meanwhile is alive.
   * @throws AppError SM_STATE_IN_USE
   */
  async #takeLease(): Promise<void> {
    let deadToken = this.#predecessor?.token ?? '';
    for (let lastLeftMs = Infinity; ;) {
      const answer = ScriptAnswerSchema.parse(
        await this.#ask(() =>
          this.#redis.eval(
            LEASE_SCRIPT,
            1,
            this.#key,
            this.#self.token,
            JSON.stringify(this.#self),
            LEASE_MS,
            deadToken,
          ),
        ),
      );
      const [status, info, leftMs] = answer;
      if (status !== 'held') return;
      if (leftMs > lastLeftMs) throw this.#inUse(answer);
      const holder = parseInstance(info);
      if (holder !== null && isCertainlyDead(holder, this.#self)) deadToken = holder.token;
      else {
        if (lastLeftMs === Infinity) {
          this.#logger.warn(
            { place: this.place },
            `Waiting up to ${Math.ceil(leftMs / 1000)} s to see whether ${describe(holder)} still uses the state`,
          );
        }
        await sleep(LEASE_POLL_MS);
      }
      lastLeftMs = leftMs;
    }
  }

  #inUse([, info]: ScriptAnswer): AppError {
    return new AppError(
      'SM_STATE_IN_USE',
      `${this.#key} in ${this.place} is in use by ${describe(parseInstance(info))}. Stop that service, or give this one its own REDIS_PREFIX.`,
    );
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      if (this.#redis.status === 'wait') await this.#redis.connect();
      return await command();
    } catch (error) {
      const message = error instanceof Error ? redactSecrets(error.message) : String(error);
      if (/\bWRONGTYPE\b/.test(message)) throw this.#unreadable(error);
      // While it is not connected, every command fails alike: the reason is in the connection's own error.
      const reason = this.#redis.status === 'ready' ? message : (this.#lastError ?? message);
      throw new AppError(
        'SM_STATE_UNREACHABLE',
        `${this.place} cannot store the state: ${reason.replace(/\.$/, '')}. Check REDIS_URL and that Redis is running.`,
        [],
        { cause: error },
      );
    }
  }

  #unreadable(cause: unknown): AppError {
    const why = cause instanceof Error ? redactSecrets(cause.message).replace(/\.$/, '') : '';
    return new AppError(
      'SM_STATE_UNREADABLE',
      `The key ${this.#key} in ${this.place} does not contain a state of this service: ${why}. Delete it, or set another REDIS_PREFIX.`,
      [],
      { cause },
    );
  }
}
