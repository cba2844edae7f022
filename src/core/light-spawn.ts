import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { systemCall } from './system-calls.js';

/**
 * Starts programs without a copy of this process. Node.js forks, for which the system copies what it knows of all pages and takes the
 * right to write away from them: some 60 ms for a service of 600 MB, in which no thread of it gets memory, and a fault for each page
 * that any of them writes to after that. posix_spawn(3) does neither, and takes 2 ms.
 */

/** How often it is asked whether programs have ended, milliseconds. */
const POLL_MS = 20;

/** Of Linux, see waitpid(2): it answers at once, 0 when the process has not ended yet. */
const WNOHANG = 1;

/** See spawn.h of the C libraries, which agree. */
const SETSIGDEF = 4;
const SETSIGMASK = 8;

/** More than the structures of any C library take, bytes. */
const STRUCT_BYTES = 1024;

const spawnp = systemCall(
  'int posix_spawnp(void *pid, const char *path, void *actions, void *attributes, const char **args, const char **environment)',
);
const initActions = systemCall('int posix_spawn_file_actions_init(void *actions)');
const destroyActions = systemCall('int posix_spawn_file_actions_destroy(void *actions)');
const addDup2 = systemCall('int posix_spawn_file_actions_adddup2(void *actions, int fd, int as)');
const addClose = systemCall('int posix_spawn_file_actions_addclose(void *actions, int fd)');
/** Of glibc 2.34 and newer. */
const addCloseFrom = systemCall(
  'int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)',
);
const initAttributes = systemCall('int posix_spawnattr_init(void *attributes)');
const setFlags = systemCall('int posix_spawnattr_setflags(void *attributes, short flags)');
const setDefault = systemCall('int posix_spawnattr_setsigdefault(void *attributes, void *signals)');
const setMask = systemCall('int posix_spawnattr_setsigmask(void *attributes, void *signals)');
const fillSignals = systemCall('int sigfillset(void *signals)');
const waitForChild = systemCall('int waitpid(int pid, void *status, int options)');

/** How a program ended. */
export type ProgramExit = { readonly code: number | null; readonly signal: string | null };

export type LightSpawn = {
  /** Looked for on the PATH, if there is no slash in it. */
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Descriptors of this process that the program gets as its first ones, from 0 on; all but these are closed to it. */
  readonly descriptors: readonly number[];
};

/** A program that runs. */
export type LightProcess = {
  readonly pid: number;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<ProgramExit>;
  /** False: it has ended. */
  kill(signal: NodeJS.Signals): boolean;
  /** Whether it keeps this process from ending. Default: it does. */
  hold(isHeld: boolean): void;
};

type Running = { readonly resolve: (exit: ProgramExit) => void; isHeld: boolean };

/** Programs of this thread that run, by their ids. */
const running = new Map<number, Running>();
let timer: NodeJS.Timeout | null = null;

/** Whether the system has what it takes. */
export function canSpawnLightly(): boolean {
  const calls = [spawnp, initActions, destroyActions, addDup2, addClose, initAttributes, setFlags];
  return [...calls, setDefault, setMask, fillSignals, waitForChild].every((call) => call !== null);
}

/** @throws Error such as `spawn /no/such/program ENOENT` when it cannot be started */
export function spawnLightly({ path, args, environment, descriptors }: LightSpawn): LightProcess {
  const [actions, attributes] = [Buffer.alloc(STRUCT_BYTES), createAttributes()];
  initActions?.(actions);
  // First to where nothing is, so that none is written over before it has been taken.
  const free = Math.max(...descriptors, descriptors.length) + 1;
  for (const [i, fd] of descriptors.entries()) addDup2?.(actions, fd, free + i);
  for (const i of descriptors.keys()) addDup2?.(actions, free + i, i);
  // What this process has opened itself is closed by the system; this closes what it has been given, too.
  if (addCloseFrom !== null) addCloseFrom(actions, descriptors.length);
  else for (const i of descriptors.keys()) addClose?.(actions, free + i);
  const pids = new Int32Array(1);
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const code = spawnp?.(
    new Uint8Array(pids.buffer),
    path,
    actions,
    attributes,
    [path, ...args, null],
    [...variables, null],
  );
  destroyActions?.(actions);
  const [pid = 0] = pids;
  if (code !== 0)
    throw new Error(`spawn ${path} ${getSystemErrorName(-(code ?? constants.errno.ENOSYS))}`);
  const exited = new Promise<ProgramExit>((resolve) => {
    running.set(pid, { resolve, isHeld: true });
    timer ??= setInterval(poll, POLL_MS);
    holdTimer();
  });
  return {
    pid,
    exited,
    // As long as it has not been waited for its id is nobody else's.
    kill: (signal) => running.has(pid) && process.kill(pid, signal),
    hold: (isHeld) => {
      const own = running.get(pid);
      if (own !== undefined) own.isHeld = isHeld;
      holdTimer();
    },
  };
}

/** No signal is ignored, and none held back, whatever this process does with them. */
function createAttributes(): Buffer {
  const [attributes, all] = [Buffer.alloc(STRUCT_BYTES), Buffer.alloc(STRUCT_BYTES)];
  initAttributes?.(attributes);
  fillSignals?.(all);
  setDefault?.(attributes, all);
  setMask?.(attributes, Buffer.alloc(STRUCT_BYTES));
  setFlags?.(attributes, SETSIGDEF | SETSIGMASK);
  return attributes;
}

function poll(): void {
  const status = new Int32Array(1);
  for (const [pid, { resolve }] of [...running]) {
    const answer = waitForChild?.(pid, new Uint8Array(status.buffer), WNOHANG);
    if (answer === 0) continue;
    running.delete(pid);
    // Somebody else may have taken it: then nobody knows how it ended.
    resolve(answer === pid ? exitOf(status[0] ?? 0) : { code: null, signal: null });
  }
  holdTimer();
  if (running.size > 0 || timer === null) return;
  clearInterval(timer);
  timer = null;
}

function holdTimer(): void {
  if ([...running.values()].some(({ isHeld }) => isHeld)) timer?.ref();
  else timer?.unref();
}

/** See wait.h: the signal that has ended it stands in the lower bits, else its code above them. */
function exitOf(status: number): ProgramExit {
  const number = status & 0x7f;
  if (number === 0) return { code: (status >> 8) & 0xff, signal: null };
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { code: null, signal: signal ?? `signal ${number}` };
}
