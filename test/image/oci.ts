/** What a container is, as far as the tests ask, and as the OCI runtime specification says it. */

/** A folder or file of the machine in the container, or memory in place of a folder. */
export type Mount = {
  /** Absolute path in the container. */
  readonly at: string;
  /** Absolute path on the machine; null is memory (tmpfs). */
  readonly source: string | null;
  /** As mount(8) takes them: `ro`, `noexec`, `size=64m`. */
  readonly options: readonly string[];
};

/** How one program is run in the files of an image. */
export type ContainerSpec = {
  /** Absolute path of the root folder. */
  readonly root: string;
  readonly isRootReadOnly: boolean;
  readonly args: readonly string[];
  /** As `NAME=value`, each name once. */
  readonly env: readonly string[];
  readonly workingFolder: string;
  /** Number of the user and of the group. */
  readonly user: number;
  readonly mounts: readonly Mount[];
  /** Memory of all processes, page cache included; null is no limit. */
  readonly memoryBytes: number | null;
  /** Processes and threads; null is no limit. */
  readonly pids: number | null;
  /** Files that are open at once, for each process; no more than the machine lets its own have. */
  readonly openFiles: number;
};

const PROC_MASKED = ['acpi', 'asound', 'kcore', 'keys', 'latency_stats', 'scsi', 'timer_list'];
const PROC_READ_ONLY = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'];

const SYSTEM_MOUNTS = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
  {
    destination: '/sys',
    type: 'sysfs',
    source: 'sysfs',
    options: ['nosuid', 'noexec', 'nodev', 'ro'],
  },
  {
    destination: '/sys/fs/cgroup',
    type: 'cgroup',
    source: 'cgroup',
    options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
  },
];

function toMount({ at, source, options }: Mount): object {
  if (source === null) return { destination: at, type: 'tmpfs', source: 'tmpfs', options };
  return { destination: at, type: 'bind', source, options: ['rbind', ...options] };
}

/**
 * The config.json of a bundle, OCI runtime specification 1.0. No capability is given and none can be got
 * (`cap_drop: [ALL]`, `no-new-privileges`). The network is that of the caller; `name` is that of its control group.
 */
export function toRuntimeConfig(spec: ContainerSpec, name: string): object {
  const nothing: string[] = [];
  return {
    ociVersion: '1.0.0',
    process: {
      terminal: false,
      user: { uid: spec.user, gid: spec.user },
      args: spec.args,
      env: spec.env,
      cwd: spec.workingFolder,
      capabilities: {
        bounding: nothing,
        effective: nothing,
        inheritable: nothing,
        permitted: nothing,
        ambient: nothing,
      },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: spec.openFiles, soft: spec.openFiles }],
      noNewPrivileges: true,
    },
    root: { path: spec.root, readonly: spec.isRootReadOnly },
    hostname: 'container',
    mounts: [...SYSTEM_MOUNTS, ...spec.mounts.map(toMount)],
    linux: {
      cgroupsPath: `/${name}`,
      resources: {
        devices: [{ allow: false, access: 'rwm' }],
        memory: spec.memoryBytes === null ? undefined : { limit: spec.memoryBytes },
        pids: spec.pids === null ? undefined : { limit: spec.pids },
      },
      namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths: [...PROC_MASKED.map((name) => `/proc/${name}`), '/sys/firmware'],
      readonlyPaths: PROC_READ_ONLY.map((name) => `/proc/${name}`),
    },
  };
}
