import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { mapProgramMemory } from '../../src/memory/map.js';
import { ProgramFrameWriter } from '../../src/memory/program-frames.js';
import type { Encoder } from '../../src/output/encoder.js';
import { BitmapStore } from '../../src/program/bitmaps.js';
import { Latencies } from '../../src/program/latencies.js';
import { PictureLoader } from '../../src/program/picture-loader.js';
import { ProgramEngine } from '../../src/program/program-engine.js';
import { RenderPool } from '../../src/program/render-pool.js';
import { UnpacedRun } from '../../src/program/unpaced-run.js';
import { frameTimeMs } from '../../src/core/rational.js';
import { FrameWindow, type Speed } from '../frame-window.js';
import type { BenchScene } from '../reference-scene.js';
import { VersionFeed } from '../scenes/version-feed.js';
import { FORMAT, FRAME_BYTES, WARM_UP_FRAMES } from './contender.js';

const LANES_END_MS = 100;

type BenchProgram = {
  readonly engine: ProgramEngine;
  /** Frame `n` has been taken. */
  readonly taken: (n: number) => void;
  /** The newest program frame, as it is in shared memory. */
  readonly picture: () => Buffer;
  close(): Promise<void>;
};

/** The service's own program, showing a scene with its pictures loaded, without its clock. */
async function openProgram(
  memory: WebAssembly.Memory,
  scene: BenchScene,
  onFlightEnd: () => void,
): Promise<BenchProgram> {
  const map = mapProgramMemory(FORMAT.width, FORMAT.height);
  const kernels = instantiateKernels(memory);
  const board = new ProgramFrameWriter(memory);
  board.layOut(map);
  const logger = createLogger('error', 'bench');
  const bitmaps = new BitmapStore(memory, map.heapOffset, map.heapBytes, map.heapBytes);
  const renderer = new RenderPool(memory, availableParallelism());
  const pictures = new PictureLoader({ bitmaps, renderer, logger, onFailed: () => undefined });
  const engine = new ProgramEngine({
    memory,
    map,
    kernels,
    board,
    bitmaps,
    renderer,
    logger,
    onFlightEnd,
    latencies: new Latencies(),
    onAir: () => undefined,
    paintsApart: false,
    onLayerFailed: () => undefined,
    onLayerRecovered: () => undefined,
  });
  await pictures.load(engine.planner.picturesOf(scene.snapshotAt(0)));
  const feed = new VersionFeed(scene, (timeline) => {
    engine.follow(timeline);
  });
  return {
    engine,
    taken: (n) => {
      feed.reached(frameTimeMs(n, FORMAT.frameRate));
    },
    picture: () => {
      if (engine.newest === null) throw new Error('The program has no frame.');
      return Buffer.from(memory.buffer, engine.newest.offset, FRAME_BYTES);
    },
    close: async () => {
      // The lanes end what they are at; a pool that is closed under them would report a death.
      await sleep(LANES_END_MS);
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
  const program = await openProgram(memory, scene, () => {
    run.step();
  });
  const frames: Buffer[] = [];
  const run = new UnpacedRun({
    engine: program.engine,
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
  const program = await openProgram(memory, scene, () => {
    run.step();
  });
  const { engine } = program;
  const run = new UnpacedRun({
    engine,
    frameRate: FORMAT.frameRate,
    frames: Infinity,
    startWallTimeMs: 0,
    canAccept: () => !window.isOver && (encoder === null || encoder.canAccept()),
    accept: (n) => {
      program.taken(n);
      const aired = engine.newest;
      if (encoder === null || aired === null) {
        window.count();
        return;
      }
      engine.hold(aired);
      encoder.write(n, program.picture(), () => {
        engine.release(aired);
        window.count();
      });
    },
  });
  const stopDrain = encoder?.onDrain(() => {
    run.step();
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
