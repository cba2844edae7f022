import { spawn, type SpawnOptions } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a process ended: `code` is null when a signal ended it. */
export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type ProcessOptions = {
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Without it there is no standard input. */
  readonly input?: Uint8Array | string;
};

/** A child of the test. Stop it in an `after` hook. */
export type TestProcess = {
  readonly pid: number;
  /** What it has written so far to standard output and standard error, the newest 1 MB. */
  output(): string;
  /** Resolves with the match when the output fits. @throws Error with the output after `timeoutMs`, or at its end. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, after `graceMs` SIGKILL. Resolves when it has ended. */
  stop(graceMs?: number): Promise<ProcessEnd>;
};

const OUTPUT_CHARS = 1_000_000;

/** Starts a program. It does not outlive the test process that exits without stopping it. @throws Error when it cannot be started. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<TestProcess> {
  const settings: SpawnOptions = {
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
  const child = spawn(command, args, settings);
  let text = '';
  let isEnded = false;
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_CHARS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  // A child that ends early closes its input: what counts is how it ends, not this error.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const killAtExit = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killAtExit);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      isEnded = true;
      process.off('exit', killAtExit);
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });

  return {
    pid: child.pid ?? -1,
    output: () => text,
    async waitForOutput(pattern, timeoutMs = 15_000) {
      const giveUpAtMs = Date.now() + timeoutMs;
      for (;;) {
        // Asked before the text is looked at: what came with the end is still seen.
        const isOver = isEnded || Date.now() > giveUpAtMs;
        const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text);
        if (match !== null) return match;
        if (isOver) throw new Error(`${command} did not print ${pattern.source}:\n${text}`);
        await sleep(10);
      }
    },
    kill(signal) {
      child.kill(signal);
    },
    ended,
    async stop(graceMs = 5000) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

/** Runs a program to its end. @throws Error when it cannot be started or runs longer than `timeoutMs`. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { readonly timeoutMs?: number } = {},
): Promise<ProcessEnd & { readonly output: string }> {
  const child = await startProcess(command, args, options);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const patience = new AbortController();
  const late = sleep(timeoutMs, null, { signal: patience.signal }).catch(() => null);
  const end = await Promise.race([child.ended, late]);
  patience.abort();
  if (end !== null) return { ...end, output: child.output() };
  child.kill('SIGKILL');
  await child.ended;
  throw new Error(`${command} ran longer than ${timeoutMs} ms:\n${child.output()}`);
}
