import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { canSpawnLightly, spawnLightly, type LightProcess } from './light-spawn.js';
import { MessageStream } from './message-stream.js';
import { openSocketPair } from './socket-pair.js';

/** The descriptor at which a child process has its messages, and the first one of the files that it was given. */
export const MESSAGES_FD = 3;
export const FILES_FD = 4;

export type ChildStart<In> = {
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Descriptors of this process that it gets from `FILES_FD` on. */
  readonly files: readonly number[];
  readonly onMessage: (message: In) => void;
};

/** A process of our own code, with messages to and from it; see `openParent` for its side. It has no other streams. */
export class ChildProcess<In, Out> {
  /** Null: it could not be started. */
  readonly pid: number | null;
  /** Resolves when it has ended, or could not be started, after its last message; never rejects. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #messages: MessageStream<In, Out>;
  readonly #hold: (isHeld: boolean) => void;
  readonly #kill: () => void;

  /** @param isLight - whether without a copy of this process; false only where there is no such call, and in tests */
  constructor(start: ChildStart<In>, isLight = canSpawnLightly()) {
    const started = isLight ? startLightly(start) : startByNode(start);
    const { pid, socket, exited, hold, kill } = started;
    this.pid = pid;
    this.#socket = socket;
    this.#hold = hold;
    this.#kill = kill;
    this.#messages = new MessageStream<In, Out>(socket, start.onMessage);
    const closed = new Promise<void>((resolve) =>
      socket.once('close', () => {
        resolve();
      }),
    );
    this.ended = exited.then(() => closed);
  }

  /** Does nothing when it has ended. */
  send(message: Out): void {
    this.#messages.send(message);
  }

  kill(): void {
    this.#kill();
  }

  /** Whether it keeps this process from ending. Default: it does. */
  hold(isHeld: boolean): void {
    this.#hold(isHeld);
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }
}

type Started = {
  readonly pid: number | null;
  readonly socket: Socket;
  readonly exited: Promise<unknown>;
  readonly hold: (isHeld: boolean) => void;
  readonly kill: () => void;
};

function startLightly<In>({ path, args, environment, files }: ChildStart<In>): Started {
  const pair = openSocketPair();
  const nothing = openSync('/dev/null', 'r+');
  const socket = new Socket({ fd: pair.own, readable: true, writable: true });
  let child: LightProcess | null = null;
  try {
    const descriptors = [nothing, nothing, nothing, pair.child, ...files];
    child = spawnLightly({ path, args, environment, descriptors });
  } catch {
    socket.destroy();
  } finally {
    closeSync(nothing);
    pair.closeChild();
  }
  return {
    pid: child?.pid ?? null,
    socket,
    exited: child?.exited ?? Promise.resolve(),
    hold: (isHeld) => {
      child?.hold(isHeld);
    },
    kill: () => void child?.kill('SIGKILL'),
  };
}

function startByNode<In>({ path, args, environment, files }: ChildStart<In>): Started {
  const child = spawn(path, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', ...files],
    env: environment,
  });
  const socket = child.stdio[MESSAGES_FD];
  if (!(socket instanceof Socket)) throw new Error('It has no pipes.');
  return {
    pid: child.pid ?? null,
    socket,
    exited: new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve);
    }),
    hold: (isHeld) => {
      if (isHeld) child.ref();
      else child.unref();
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
