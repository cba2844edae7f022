import { link, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import {
  describeInstance,
  type Instance,
  isCertainlyDead,
  isSameMachine,
  parseInstance,
} from './instance.js';

/**
 * Keeps a folder for one service. The lock is a Unix socket in the folder on which its owner listens: the kernel
 * answers for it as long as that process lives, in whichever container, and no longer, not even after `kill -9`. A
 * file next to it says who that is. Where a socket says nothing (another machine has mounted the same network file
 * system, or the file system has no sockets), the file's time does: its owner sets it every few seconds.
 */
export interface DataDirLock {
  /** The run that had the folder before, and ended without giving it back; null: none is known. */
  readonly predecessor: Instance | null;
  /** Gives the folder back. Idempotent. */
  release(): Promise<void>;
}

const SOCKET_NAME = 'instance.sock';
const FILE_NAME = 'instance.json';
/** Only for the service's own user, as the state itself. */
const FILE_MODE = 0o600;
/** A socket that nobody listens on refuses at once; this is for a machine that hangs. */
const CONNECT_TIMEOUT_MS = 2000;
const HEARTBEAT_MS = 4000;
/** How long the file of an owner that cannot be asked is watched: a heartbeat may be late. */
const WATCH_MS = 10_000;
const WATCH_POLL_MS = 100;
/** Others that start at the same moment may come in between. */
const ATTEMPTS = 5;

type Paths = {
  readonly dataDir: string;
  readonly socket: string;
  readonly file: string;
  /** Of this run alone, until it is the owner. */
  readonly ownSocket: string;
  /** The folder for `listen` and `connect`, which take no more than about 100 bytes. */
  readonly shortDir: string;
};

/**
 * Takes a folder, which is made when it is not there. A folder in which nothing can be written is not locked, for
 * nothing can be lost in it: whoever writes there says so.
 * @throws AppError SM_DATA_DIR_IN_USE when another service has it
 */
export async function lockDataDir(
  dataDir: string,
  self: Instance,
  logger: Logger,
): Promise<DataDirLock> {
  try {
    await mkdir(dataDir, { recursive: true });
    const folder = await open(dataDir);
    try {
      return await takeFolder(
        {
          dataDir,
          socket: join(dataDir, SOCKET_NAME),
          file: join(dataDir, FILE_NAME),
          ownSocket: join(dataDir, `${self.token}.sock`),
          shortDir: process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : dataDir,
        },
        self,
      );
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn({ dataDir, reason }, 'DATA_DIR cannot be locked against a second service');
    return { predecessor: null, release: () => Promise.resolve() };
  }
}

async function takeFolder(paths: Paths, self: Instance): Promise<DataDirLock> {
  const predecessor = await readOwner(paths.file);
  // After a reboot the kernel is another one under the same name, and all that ran before has ended.
  const isElsewhere =
    predecessor !== null && !isSameMachine(predecessor, self) && predecessor.host !== self.host;
  if (isElsewhere) await watch(paths);
  const server = await listen(join(paths.shortDir, `${self.token}.sock`));
  try {
    const hasSocket = server !== null && (await takeSocket(paths));
    const isKnown = hasSocket || isElsewhere || predecessor === null;
    if (!isKnown && !isCertainlyDead(predecessor, self)) await watch(paths);
    await writeFile(paths.file, JSON.stringify(self), { mode: FILE_MODE });
    return new HeldLock(paths, self, predecessor, server);
  } catch (error) {
    server?.close();
    throw error;
  } finally {
    // As the owner it has the other name; else it has none.
    await rm(paths.ownSocket, { force: true });
  }
}

/**
 * Gives the own socket the name that only one can have. Returns false where the file system cannot do that.
 * @throws AppError SM_DATA_DIR_IN_USE
 */
async function takeSocket(paths: Paths): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await link(paths.ownSocket, paths.socket);
      return true;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return false;
    }
    if (await isAnswered(join(paths.shortDir, SOCKET_NAME))) break;
    await removeDeadSocket(paths);
  }
  throw await inUse(paths);
}

/** Takes away the socket of a run that has ended. One that has come in its place meanwhile gets its name back. */
async function removeDeadSocket({ socket, ownSocket, shortDir }: Paths): Promise<void> {
  const aside = `${ownSocket}.dead`;
  try {
    await rename(socket, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (await isAnswered(join(shortDir, basename(aside)))) {
    await link(aside, socket).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

/** Whether somebody listens on a socket. Only a clear refusal is a no. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (isAlive: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAlive);
    };
    const timer = setTimeout(() => {
      settle(true);
    }, CONNECT_TIMEOUT_MS);
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', (error) => {
      settle(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? ''));
    });
  });
}

/** A listening socket; null where the file system has none. */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.destroy();
    });
    server.once('error', () => {
      resolve(null);
    });
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Waits for a heartbeat of an owner that cannot be asked. @throws AppError SM_DATA_DIR_IN_USE when there is one */
async function watch(paths: Paths): Promise<void> {
  const before = await modifiedAtMs(paths.file);
  const giveUpAtMs = performance.now() + WATCH_MS;
  while (performance.now() < giveUpAtMs) {
    await sleep(WATCH_POLL_MS);
    const now = await modifiedAtMs(paths.file);
    if (now === before) continue;
    if (now === null) return;
    throw await inUse(paths);
  }
}

/** Null: it is not there. */
async function modifiedAtMs(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function readOwner(path: string): Promise<Instance | null> {
  try {
    return parseInstance(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

async function inUse({ dataDir, file }: Paths): Promise<AppError> {
  const owner = await readOwner(file);
  const who = owner === null ? 'another service' : `another service: ${describeInstance(owner)}`;
  return new AppError(
    'SM_DATA_DIR_IN_USE',
    `DATA_DIR ${dataDir} is in use by ${who}. Stop that service, or give this one its own DATA_DIR.`,
  );
}

class HeldLock implements DataDirLock {
  readonly predecessor: Instance | null;
  readonly #paths: Paths;
  readonly #self: Instance;
  readonly #server: Server | null;
  readonly #heartbeat: NodeJS.Timeout;
  #isReleased = false;

  constructor(paths: Paths, self: Instance, predecessor: Instance | null, server: Server | null) {
    this.#paths = paths;
    this.#self = self;
    this.predecessor = predecessor;
    this.#server = server;
    this.#heartbeat = setInterval(() => {
      const now = new Date();
      // A folder that has gone away is noticed by whoever writes there.
      utimes(paths.file, now, now).catch(() => undefined);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    clearInterval(this.#heartbeat);
    const owner = await readOwner(this.#paths.file);
    if (owner?.token === this.#self.token) {
      await rm(this.#paths.file, { force: true }).catch(() => undefined);
      await rm(this.#paths.socket, { force: true }).catch(() => undefined);
    }
    this.#server?.close();
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
