import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { runProcess } from '../support/process.js';

/** The images that `npm run test:image` makes, by the names under which buildah keeps them. */
export const IMAGES = {
  /** Debian and Node, where BASE_IMAGE names none. */
  base: 'localhost/stream-manager-base',
  /** What the Dockerfile makes. */
  service: 'localhost/stream-manager-test',
  /** Redis and Prometheus, in place of the images that docker-compose.yml names. */
  parts: 'localhost/stream-manager-test-parts',
  /** The image with what the test suite needs on top. */
  suite: 'localhost/stream-manager-test-suite',
} as const;

/** What is shown of the output of a command that failed. */
const TAIL_CHARS = 3000;
const BUILD_TIMEOUT_MS = 30 * 60_000;

const Config = z.object({
  User: z.string().default(''),
  Env: z.array(z.string()).default([]),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  WorkingDir: z.string().default('/'),
  Volumes: z.record(z.string(), z.unknown()).nullish(),
  ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
  Healthcheck: z.object({ Test: z.array(z.string()), Timeout: z.number().optional() }).nullish(),
});
const Inspected = z.object({ Docker: z.object({ config: Config }) });

/** What an image says about how it is run. */
export type ImageConfig = z.infer<typeof Config>;

/** Runs buildah to its end and gives what it printed. @throws Error with the end of that when it fails */
export async function buildah(...args: readonly string[]): Promise<string> {
  const { code, output } = await runProcess('buildah', args, {
    env: { BUILDAH_ISOLATION: 'chroot' },
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  if (code !== 0)
    throw new Error(`buildah ${args.join(' ')} ended with ${code}:\n${output.slice(-TAIL_CHARS)}`);
  return output.trim();
}

/** How an image wants to be run. @throws Error when it was not built */
export async function inspectImage(image: string): Promise<ImageConfig> {
  const text = await buildah('inspect', '--type', 'image', image);
  return Inspected.parse(JSON.parse(text)).Docker.config;
}

/** The files of an image, mounted for reading and writing; nothing that is written comes into the image. */
export type Mounted = {
  /** Absolute path of its root folder. */
  readonly root: string;
  /** Unmounts it and forgets what was written. */
  close(): Promise<void>;
};

/** Mounts the files of an image. Close it in an `after` hook. @throws Error when it was not built */
export async function mountImage(image: string): Promise<Mounted> {
  const container = await buildah('from', '--pull-never', image);
  return {
    root: await buildah('mount', container),
    close: async () => {
      await buildah('umount', container);
      await buildah('rm', container);
    },
  };
}

/** Megabytes (10⁶ bytes) that the files below a folder take on the disk, hard links counted once. */
export function folderMegabytes(folder: string): number {
  const out = execFileSync('du', ['-xs', '--block-size=1000', folder], { encoding: 'utf8' });
  return Number.parseInt(out, 10) / 1000;
}
