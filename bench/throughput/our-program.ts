import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { mapProgramMemory } from '../../src/memory/map.js';
import type { Encoder } from '../../src/output/encoder.js';
import { silenceOf } from '../../src/output/sound-run.js';
import { BitmapStore } from '../../src/compositor/bitmaps.js';
import { Latencies } from '../../src/core/latencies.js';
import { PictureLoader } from '../../src/compositor/picture-loader.js';
import { UnpacedProgram } from '../../src/still/unpaced-program.js';
import { RenderPool } from '../../src/compositor/render-pool.js';
import { UnpacedRun } from '../../src/still/unpaced-run.js';
import { frameTimeMs } from '../../src/core/rational.js';
import { FrameWindow, type Speed } from '../frame-window.js';
import type { BenchScene } from '../reference-scene.js';
import { VersionFeed } from '../scenes/version-feed.js';
import { FORMAT, FRAME_BYTES, WARM_UP_FRAMES } from './contender.js';

const WORKERS_END_MS = 100;

type BenchProgram = {
  readonly program: UnpacedProgram;
  /** Frame `n` has been taken. */
  readonly taken: (n: number) => void;
  /** The newest program frame, as it is in shared memory. */
  readonly picture: () => Buffer;
  close(): Promise<void>;
};

/** The service's own program, showing a scene with its pictures loaded, without its clock. */
async function openProgram(memory: WebAssembly.Memory, scene: BenchScene): Promise<BenchProgram> {
  const map = mapProgramMemory(FORMAT.width, FORMAT.height);
  const kernels = instantiateKernels(memory);
  const logger = createLogger('error', 'bench');
  const bitmaps = new BitmapStore(memory, map.heapOffset, map.heapBytes, map.heapBytes);
  const renderer = new RenderPool(memory, availableParallelism());
  const pictures = new PictureLoader({
    bitmaps,
    renderer,
    loadVideo: () => Promise.resolve(),
    logger,
    onFailed: () => undefined,
  });
  const program = new UnpacedProgram({
    memory,
    map,
    kernels,
    bitmaps,
    renderer,
    logger,
    latencies: new Latencies(),
    paintsInBackground: false,
    videoFrame: () => null,
    livePicture: () => null,
    onLayerFailed: () => undefined,
    onLayerRecovered: () => undefined,
  });
  await pictures.load(program.compositor.planner.picturesOf(scene.snapshotAt(0)));
  const feed = new VersionFeed(scene, (timeline) => {
    program.compositor.follow(timeline);
  });
  return {
    program,
    taken: (n) => {
      feed.reached(frameTimeMs(n, FORMAT.frameRate));
    },
    picture: () => {
      const { newest } = program.assembly;
      if (newest === null) throw new Error('The program has no frame.');
      return Buffer.from(memory.buffer, newest.offset, FRAME_BYTES);
    },
    close: async () => {
      // The render workers end what they are at; a pool that is closed under them would report a death.
      await sleep(WORKERS_END_MS);
      await renderer.close();
    },
  };
}

/** The first `count` program frames of a scene, copied: what an encoder gets when nothing has to be drawn. */
export async function renderFrames(
  memory: WebAssembly.Memory,
  scene: BenchScene,
  count: number,
): Promise<Buffer[]> {
  const program = await openProgram(memory, scene);
  const frames: Buffer[] = [];
  const run = new UnpacedRun({
    program: program.program,
    frameRate: FORMAT.frameRate,
    frames: count,
    startWallTimeMs: 0,
    canAccept: () => true,
    accept: (n) => {
      program.taken(n);
      frames.push(Buffer.from(program.picture()));
    },
  });
  try {
    await run.run();
    return frames;
  } finally {
    await program.close();
  }
}

/**
 * The service's own program driven as fast as it goes: the same engine, pool and kernels as on air.
 * @param encoder started; null: frames are only rendered
 */
export async function measureProgram(
  memory: WebAssembly.Memory,
  scene: BenchScene,
  encoder: Encoder | null,
  seconds: number,
): Promise<Speed> {
  const window = new FrameWindow(WARM_UP_FRAMES, seconds);
  const program = await openProgram(memory, scene);
  const { assembly } = program.program;
  const run = new UnpacedRun({
    program: program.program,
    frameRate: FORMAT.frameRate,
    frames: Infinity,
    startWallTimeMs: 0,
    canAccept: () => !window.isOver && (encoder === null || encoder.canAccept()),
    accept: (n) => {
      program.taken(n);
      const aired = assembly.newest;
      if (encoder === null || aired === null) {
        window.count();
        return;
      }
      assembly.hold(aired);
      encoder.write(n, program.picture(), silenceOf(n, FORMAT.frameRate), () => {
        assembly.release(aired);
        window.count();
      });
    },
  });
  const stopDrain = encoder?.onDrain(() => {
    run.goOn();
  });
  const stopFailed = encoder?.onFailed((error) => {
    window.fail(error);
  });
  try {
    void run.run();
    return await window.speed;
  } finally {
    stopDrain?.();
    stopFailed?.();
    await program.close();
  }
}
