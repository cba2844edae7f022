import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import { ProgramFrameWriter } from '../../src/memory/program-frames.js';
import type { Encoder } from '../../src/output/encoder.js';
import { BitmapStore } from '../../src/program/bitmaps.js';
import { Latencies } from '../../src/program/latencies.js';
import { PictureLoader } from '../../src/program/picture-loader.js';
import { ProgramEngine } from '../../src/program/program-engine.js';
import { RenderPool } from '../../src/program/render-pool.js';
import { UnpacedRun } from '../../src/program/unpaced-run.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import { FrameWindow, type Speed } from '../frame-window.js';
import { FORMAT, FRAME_BYTES, WARM_UP_FRAMES } from './contender.js';

const LANES_END_MS = 100;

/**
 * The service's own program without its clock: the same engine, pool and kernels, driven as fast as they go.
 * @param encoder started; null: frames are only rendered
 *  */
export async function measureProgram(
  snapshot: SceneSnapshot,
  encoder: Encoder | null,
  seconds: number,
): Promise<Speed> {
  const memory = createSharedMemory();
  const map = mapProgramMemory(FORMAT.width, FORMAT.height);
  const kernels = instantiateKernels(memory);
  const board = new ProgramFrameWriter(memory);
  board.layOut(map);
  const logger = createLogger('error', 'bench');
  const bitmaps = new BitmapStore(memory, map.heapOffset, map.heapBytes);
  const renderer = new RenderPool(memory, availableParallelism());
  const pictures = new PictureLoader({ bitmaps, renderer, logger, onFailed: () => undefined });
  const window = new FrameWindow(WARM_UP_FRAMES, seconds);
  const engine = new ProgramEngine({
    memory,
    map,
    kernels,
    board,
    bitmaps,
    renderer,
    latencies: new Latencies(),
    logger,
    onFlightEnd: () => {
      run.step();
    },
    onAir: () => undefined,
  });
  const run = new UnpacedRun({
    engine,
    frameRate: FORMAT.frameRate,
    frames: Infinity,
    startWallTimeMs: 0,
    canAccept: () => !window.isOver && (encoder === null || encoder.canAccept()),
    accept: (n) => {
      const aired = engine.newest;
      if (aired === null) throw new Error('The program has no frame.');
      if (encoder === null) {
        window.count();
        return;
      }
      engine.hold(aired);
      const picture = Buffer.from(memory.buffer, aired.offset, FRAME_BYTES);
      encoder.write(n, picture, () => {
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
    await pictures.load(engine.planner.picturesOf(snapshot));
    engine.show(snapshot);
    void run.run();
    return await window.speed;
  } finally {
    stopDrain?.();
    stopFailed?.();
    // The lanes end what they are at; a pool that is closed under them would report a death.
    await sleep(LANES_END_MS);
    await renderer.close();
  }
}
