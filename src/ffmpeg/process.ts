import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from '../core/logger.js';
import { Starvation } from '../core/starvation.js';
import { hideSecrets } from './hide-secrets.js';
import { openOutputPipe } from './output-pipe.js';
import { openPrivateFile } from './private-file.js';
import { startProgram, type StartedProgram } from './start-program.js';
import { settlesWithin } from '../core/settles-within.js';

/** How a child process ended; both null when it could not be started at all. */
export type ChildExit = { readonly code: number | null; readonly signal: string | null };

/** Lines of standard error that are kept, and the most that is kept of one. */
const KEPT_LINES = 20;
const LINE_CHARACTERS = 300;
/** The most that is read of a line which does not end: longer than FFmpeg's own lines, so that no secret is cut in two. */
const PARTIAL_CHARACTERS = 4096;
/** What an FFmpeg gets to finish by itself after its input has ended, and then after SIGTERM. */
const END_GRACE_MS = 800;
const TERM_GRACE_MS = 700;

export type FfmpegProcessOptions = {
  readonly path: string;
  readonly args: readonly string[];
  readonly logger: Logger;
  /** Texts that must never be seen in a log or a message, beyond what `redactSecrets` finds by itself. */
  readonly secrets: readonly string[];
  /** What it reads as the files /dev/fd/3, /dev/fd/4 and so on: arguments can be seen by everybody on the machine. */
  readonly privateFiles: readonly string[];
  /** Default: that of the service. */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * Given what it writes to its standard output, in bytes that are others as soon as this returns; `stdout` is there to be
   * paused and resumed then. Without it, `stdout` is a stream like any other.
   */
  readonly onOutput?: (bytes: Buffer) => void;
  /** How much of it the system holds, and is given at once. Default: PIPE_BYTES. */
  readonly outputBytes?: number;
};

/** One running FFmpeg: media through its standard input and output, its last complaints kept, and a bounded end. */
export class FfmpegProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves once, when the process has ended and its output is read to the end; never rejects. */
  readonly ended: Promise<ChildExit>;
  readonly #child: StartedProgram;
  readonly #secrets: readonly string[];
  readonly #logger: Logger;
  readonly #lines: string[] = [];
  readonly #starvation: Starvation | null;
  #partial = '';
  #closing: Promise<void> | null = null;

  /** @throws Error when no temporary file can be made for what is private */
  constructor(options: FfmpegProcessOptions) {
    const { onOutput } = options;
    this.#secrets = options.secrets;
    this.#logger = options.logger;
    const pipe = onOutput === undefined ? null : openOutputPipe(onOutput, options.outputBytes);
    try {
      this.#child = startWithFiles(options, pipe?.childEnd ?? null);
    } catch (error) {
      pipe?.reader.destroy();
      throw error;
    } finally {
      pipe?.closeChildEnd();
    }
    const { pid, stdin, stderr } = this.#child;
    this.#starvation = pid === null ? null : Starvation.ofProcess(pid);
    const stdout = pipe?.reader ?? this.#child.stdout;
    if (stdout === null) throw new Error('It has no pipes.');
    if (pipe === null && onOutput !== undefined) stdout.on('data', onOutput);
    this.stdin = stdin;
    this.stdout = stdout;
    // A dead child shows here first; what follows from it is decided when it has ended.
    this.stdin.on('error', () => undefined);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#readStderr(text);
    });
    const isRead = pipe === null ? Promise.resolve() : readToTheEnd(pipe.reader);
    const hasEnded = this.#child.ended.then(({ code, signal, problem }): ChildExit => {
      if (problem !== null) this.#keep(problem);
      if (this.#partial !== '') this.#keep(this.#partial);
      return { code, signal };
    });
    this.ended = hasEnded.then(async (exit) => {
      await isRead;
      return exit;
    });
  }

  /** Process id; null when the program could not be started. */
  get pid(): number | null {
    return this.#child.pid;
  }

  /** The last lines it wrote to standard error, oldest first, without secrets. */
  get complaints(): readonly string[] {
    return this.#lines;
  }

  /** How long its threads have waited for a processor, milliseconds since its start; null: nobody knows. */
  starvedMs(): number | null {
    return this.#starvation?.measureMs() ?? null;
  }

  /** Ends it without asking. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends its input and lets it finish, then asks it to stop, then kills it: bounded to two seconds. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.stdin.end();
    if (await settlesWithin(this.ended, END_GRACE_MS)) return;
    this.#child.kill('SIGTERM');
    if (await settlesWithin(this.ended, TERM_GRACE_MS)) return;
    this.kill();
    await settlesWithin(this.ended, TERM_GRACE_MS);
  }

  #readStderr(text: string): void {
    const lines = (this.#partial + text).split(/[\r\n]+/);
    this.#partial = (lines.pop() ?? '').slice(0, PARTIAL_CHARACTERS);
    for (const line of lines) if (line.trim() !== '') this.#keep(line);
  }

  #keep(line: string): void {
    const shown = hideSecrets(line.trim(), this.#secrets).slice(0, LINE_CHARACTERS);
    this.#lines.push(shown);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#logger.debug({ pid: this.pid }, shown);
  }
}

/** Resolves when the other side has closed its end, and all of it has been read. */
function readToTheEnd(reader: Socket): Promise<void> {
  return new Promise((resolve) => {
    // An end of a pipe that fails is one that ends.
    reader.once('error', () => undefined);
    reader.once('close', () => {
      resolve();
    });
  });
}

/** Starts a program that inherits, after its three standard streams, files that hold these texts and have no name. */
function startWithFiles(
  { path, args, privateFiles, environment = process.env }: FfmpegProcessOptions,
  stdout: number | null,
): StartedProgram {
  const files: number[] = [];
  try {
    for (const text of privateFiles) files.push(openPrivateFile(text));
    return startProgram({ path, args, environment, stdout, files });
  } finally {
    for (const file of files) closeSync(file);
  }
}
