import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import type { ImageConfig } from './buildah.js';
import type { ContainerSpec, Mount } from './oci.js';

/** docker-compose.yml, carried out without Docker: what it says of a service becomes a container. */

const Service = z.looseObject({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  stop_grace_period: z.string().default('10s'),
  ulimits: z.object({ nofile: z.number() }).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  deploy: z.object({
    resources: z.object({
      limits: z.object({ memory: z.string(), pids: z.number().optional() }),
    }),
  }),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ environment: z.string() })),
});
export type ComposeService = z.infer<typeof Service>;

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
/** What Docker gives a tmpfs for which only a size is said. */
const TMPFS_OPTIONS = ['noexec', 'nosuid', 'nodev', 'mode=1777'];
const DEFAULT_OPEN_FILES = 1024;

const compose = Compose.parse(load(readFileSync(join(PACKAGE_ROOT, 'docker-compose.yml'), 'utf8')));

/** A service of the file. @throws Error when there is none of that name */
export function composeService(name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}.`);
  return service;
}

/** `1536M` in bytes. */
function toBytes(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([KMG])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`No size: ${text}`);
  return Number(count) * factor;
}

/** `20s` in milliseconds. */
export function toMs(text: string): number {
  return Number(/^(\d+)s$/.exec(text)?.[1] ?? Number.NaN) * 1000;
}

/** Puts variables in place of `${NAME:-default}` and `${NAME:?why it is needed}`. @throws Error with the reason */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{(\w+):([-?])([^}]*)\}/g,
    (_whole, name: string, kind: string, rest: string) => {
      const value = variables[name] ?? '';
      if (value !== '' || kind === '-') return value === '' ? rest : value;
      throw new Error(`${name}: ${rest}`);
    },
  );
}

/** A folder in which what the containers of one run keep lies: volumes by their names, secrets, the names of hosts. */
export type Place = {
  readonly folder: string;
  /** What `.env` would hold. */
  readonly variables: Readonly<Record<string, string>>;
};

function volumeMount(volume: string, place: Place, owner: number): Mount {
  const [source = '', at = '', mode = 'rw'] = volume.split(':');
  if (source.startsWith('.')) return { at, source: join(PACKAGE_ROOT, source), options: [mode] };
  const folder = join(place.folder, 'volumes', source);
  mkdirSync(folder, { recursive: true });
  chownSync(folder, owner, owner);
  return { at, source: folder, options: [mode] };
}

function secretMount(name: string, place: Place, owner: number): Mount {
  const variable = compose.secrets[name]?.environment ?? '';
  const file = join(place.folder, `secret-${name}`);
  writeFileSync(file, place.variables[variable] ?? '', { mode: 0o400 });
  chownSync(file, owner, owner);
  return { at: `/run/secrets/${name}`, source: file, options: ['ro'] };
}

/** All services are on one loopback here: each finds the others by the names that compose gives them. */
function hostsMount(place: Place): Mount {
  const file = join(place.folder, 'hosts');
  writeFileSync(file, `127.0.0.1 localhost ${Object.keys(compose.services).join(' ')}\n`);
  return { at: '/etc/hosts', source: file, options: ['ro'] };
}

/** Of two variables with one name the last one counts. */
function withoutDoubles(env: readonly string[]): string[] {
  const byName = new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry]));
  return [...byName.values()];
}

function mostOpenFiles(): number {
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(text);
}

/** The files a service is run in, and what their image says. */
export type Files = {
  readonly root: string;
  readonly image: Pick<ImageConfig, 'Entrypoint' | 'Cmd' | 'Env' | 'WorkingDir'>;
  /** Number of the user and of the group, which own the volumes. */
  readonly user: number;
};

/** The container that compose would start for a service; its volumes are made where they are not yet. */
export function toContainer(service: ComposeService, files: Files, place: Place): ContainerSpec {
  const { image, user } = files;
  const { limits } = service.deploy.resources;
  const environment = Object.entries(service.environment).map(
    ([name, value]) => `${name}=${interpolate(String(value), place.variables)}`,
  );
  const tmpfs = service.tmpfs.map((entry): Mount => {
    const [at = '', ...options] = entry.split(':');
    return { at, source: null, options: [...TMPFS_OPTIONS, ...options] };
  });
  return {
    root: files.root,
    isRootReadOnly: service.read_only,
    args: [...(image.Entrypoint ?? []), ...(service.command ?? image.Cmd ?? [])],
    env: withoutDoubles([...image.Env, ...environment]),
    workingFolder: image.WorkingDir === '' ? '/' : image.WorkingDir,
    user,
    mounts: [
      ...tmpfs,
      ...service.volumes.map((volume) => volumeMount(volume, place, user)),
      ...service.secrets.map((name) => secretMount(name, place, user)),
      hostsMount(place),
    ],
    memoryBytes: toBytes(limits.memory),
    pids: limits.pids ?? null,
    // More than this cannot be given where the tests themselves may not raise it.
    openFiles: Math.min(service.ulimits?.nofile ?? DEFAULT_OPEN_FILES, mostOpenFiles()),
  };
}
