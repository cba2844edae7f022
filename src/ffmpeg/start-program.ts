import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { canSpawnLightly, spawnLightly } from '../core/light-spawn.js';
import { openSocketPairs } from '../core/socket-pair.js';

/** How a program ended; both null when it could not be started at all. `problem`: why it could not, for people. */
export type ProgramEnd = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly problem: string | null;
};

export type ProgramStart = {
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What its standard output is; null: a stream of its own. */
  readonly stdout: number | null;
  /** What it gets as its descriptors from 3 on. */
  readonly files: readonly number[];
};

/** A program that was started, with its streams. */
export type StartedProgram = {
  /** Null: it could not be started. */
  readonly pid: number | null;
  readonly stdin: Writable;
  readonly stderr: Readable;
  /** Null where it writes to what it was given. */
  readonly stdout: Readable | null;
  /** Resolves when it has ended and what it has written is read; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
};

/**
 * Starts a program with streams to it.
 * @param isLight - whether without a copy of this process; false only where there is no such call, and in tests
 * @throws Error when the system has no more descriptors
 */
export function startProgram(start: ProgramStart, isLight = canSpawnLightly()): StartedProgram {
  return isLight ? startLightly(start) : startByNode(start);
}

function startLightly({ path, args, environment, stdout, files }: ProgramStart): StartedProgram {
  const pairs = openSocketPairs(stdout === null ? 3 : 2);
  const [input, errors, output] = pairs;
  try {
    if (input === undefined || errors === undefined) throw new Error('It has no streams.');
    const stdin = new Socket({ fd: input.own, readable: false, writable: true });
    const stderr = new Socket({ fd: errors.own, readable: true, writable: false });
    const reader =
      output === undefined ? null : new Socket({ fd: output.own, readable: true, writable: false });
    const descriptors = [input.child, output?.child ?? stdout ?? -1, errors.child, ...files];
    const streams = { stdin, stderr, stdout: reader };
    try {
      const child = spawnLightly({ path, args, environment, descriptors });
      return {
        ...streams,
        pid: child.pid,
        ended: endOf(child.exited, streams),
        kill: (signal) => void child.kill(signal),
      };
    } catch (error) {
      for (const stream of [stdin, stderr, reader]) stream?.destroy();
      const problem = error instanceof Error ? error.message : String(error);
      const end = { code: null, signal: null, problem };
      return { ...streams, pid: null, ended: Promise.resolve(end), kill: () => undefined };
    }
  } finally {
    for (const pair of pairs) pair.closeChild();
  }
}

async function endOf(
  exited: Promise<{ readonly code: number | null; readonly signal: string | null }>,
  { stdin, stderr, stdout }: Pick<StartedProgram, 'stdin' | 'stderr' | 'stdout'>,
): Promise<ProgramEnd> {
  const read = Promise.all([closed(stderr), stdout === null ? undefined : closed(stdout)]);
  const exit = await exited;
  stdin.destroy();
  await read;
  return { ...exit, problem: null };
}

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => undefined);
    stream.once('close', resolve);
  });
}

function startByNode({ path, args, environment, stdout, files }: ProgramStart): StartedProgram {
  const child = spawn(path, args, {
    stdio: ['pipe', stdout ?? 'pipe', 'pipe', ...files],
    env: environment,
  });
  const { stdin, stderr } = child;
  if (stdin === null || stderr === null) throw new Error('It has no pipes.');
  return {
    pid: child.pid ?? null,
    stdin,
    stderr,
    stdout: child.stdout,
    ended: new Promise((resolve) => {
      // There may be more than one, such as of a signal that could not be sent: a second one must not end the thread.
      child.on('error', ({ message }) => {
        resolve({ code: null, signal: null, problem: message });
      });
      child.once('close', (code, signal) => {
        resolve({ code, signal, problem: null });
      });
    }),
    kill: (signal) => void child.kill(signal),
  };
}
