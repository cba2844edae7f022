import { setFlagsFromString } from 'node:v8';

/**
 * What glibc's allocator is told by the start script and the image: two arenas instead of eight for each core, and
 * large blocks as mappings of their own, which go back to the system when they are freed. With its defaults the
 * service keeps what a scene with large layers took at its peak, hundreds of megabytes. The allocator reads them when
 * the process starts, so that they cannot be set from inside.
 */
export const ALLOCATOR_VARIABLES = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
} as const;

/**
 * What the allocator of an FFmpeg that takes whole frames is told in their place: the largest threshold it knows, and twice as
 * much that stays at the end of the heap. With those above, each frame is a mapping of its own, of which every page is a fault:
 * x264 at 1080p60 took 2.9 times the processor time on a virtual machine where faults are dear.
 */
export const FRAME_ALLOCATOR_VARIABLES = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '67108864',
} as const;

/**
 * Largest half of the young generation of each thread's heap, MB: of the default of 16 the ten threads kept 70 MB. With 2, a
 * flood of changes kept the collector so busy that frames were late.
 */
const SEMI_SPACE_MB = 4;

/** How much a heap may grow until it is collected, percent of what was alive the last time: by default up to 300. */
const HEAP_GROWTH_PERCENT = 100;

/** Keeps the heaps small of threads that are started from now on. */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}

/** Names of the variables above that the environment lacks; none where the system has another allocator. */
export function missingAllocatorVariables(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string[] {
  if (platform !== 'linux') return [];
  return Object.keys(ALLOCATOR_VARIABLES).filter((name) => env[name] === undefined);
}
