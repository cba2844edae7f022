import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../src/core/paths.js';
import { FFMPEG_PATH } from './ffmpeg.js';

const run = promisify(execFile);

/** Where and with what the figures were taken. */
export type MachineReport = {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly system: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** Null outside of a git work tree. `+` at the end: there were changes on top. */
  readonly commit: string | null;
};

const REPORTED_PACKAGES = ['@napi-rs/canvas', 'piscina', '@julusian/jpeg-turbo', 'tinybench', 'ws'];

async function packageVersion(name: string): Promise<string> {
  const text = await readFile(join(PACKAGE_ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

async function readCommit(): Promise<string | null> {
  try {
    const options = { cwd: PACKAGE_ROOT };
    const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD'], options);
    const { stdout: changes } = await run('git', ['status', '--porcelain', '-uno'], options);
    return commit.trim() + (changes.trim() === '' ? '' : '+');
  } catch {
    return null;
  }
}

/** @throws Error when FFmpeg does not start */
export async function describeMachine(): Promise<MachineReport> {
  const { stdout } = await run(FFMPEG_PATH, ['-version']);
  const versions: Record<string, string> = {
    node: process.versions.node,
    ffmpeg: /ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown',
  };
  for (const name of REPORTED_PACKAGES) versions[name] = await packageVersion(name);
  return {
    machine: {
      cpu: cpus()[0]?.model ?? arch(),
      cores: availableParallelism(),
      memoryGB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()} ${arch()}`,
    },
    versions,
    commit: await readCommit(),
  };
}
