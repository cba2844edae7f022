import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import type { FrameRate } from '../../src/core/rational.js';
import { instantiateKernels, type Kernels } from '../../src/memory/kernels.js';
import {
  FRAME_POOL_OFFSET,
  createSharedMemory,
  mapProgramMemory,
  PREVIEW_SCRATCH_OFFSET,
  type ProgramMap,
} from '../../src/memory/map.js';
import { ProgramFrameReader } from '../../src/memory/program-frames.js';
import type { LayerFault } from '../../src/compositor/faults/layer-entry.js';
import { BitmapStore } from '../../src/compositor/bitmaps.js';
import { Latencies } from '../../src/core/latencies.js';
import { PictureLoader } from '../../src/compositor/picture-loader.js';
import { UnpacedProgram } from '../../src/still/unpaced-program.js';
import { PixelFiles } from '../../src/decode/pixel-files.js';
import type { BackgroundEnd, Renderer } from '../../src/compositor/render-pool.js';
import { UnpacedRun } from '../../src/still/unpaced-run.js';
import { LocalRenderer } from '../../src/still/local-renderer.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { PicturePaint } from '../../src/render/painter.js';
import {
  createRenderTasks,
  type BackgroundPaint,
  type JobTask,
  type PaintReport,
  type RenderTasks,
} from '../../src/render/tasks.js';
import { LOCAL_DECODER } from './local-decoder.js';
import { SceneSchema, type Scene, type SceneInput } from '../../src/scene/schema/scene.js';
import { EMPTY_STAGE, type Stage } from '../../src/scene/motion/stage.js';
import type { RunningTransition } from '../../src/scene/motion/running-transition.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';

/** The program in this thread: its real engine, painter and kernels, with nothing of its own but the lack of threads. */

export type Pictures = SceneSnapshot['pictures'];

let hasFonts = false;

function needFonts(): void {
  if (!hasFonts) registerShippedFonts();
  hasFonts = true;
}

/** Draws in this thread, each render worker as soon as it is asked for. Its answers come later, as those of threads do. */
export class InThreadRenderer extends LocalRenderer {
  override readonly workers: number;

  constructor(memory: WebAssembly.Memory, workers = 2) {
    needFonts();
    super(memory, LOCAL_DECODER);
    this.workers = workers;
  }
}

/** A render worker's task that a `HeldRenderer` has been given and the test decides about. */
export type HeldTask = {
  readonly task: JobTask;
  /** Whether it has done its work: all of the frame that no other thread had taken. */
  readonly hasWorked: boolean;
  /** Does the work, and answers. Of all tasks the first must be run first: later ones may wait for its paints. */
  run(): void;
  /** Does the work but does not answer yet; call `run` for that. */
  work(): void;
  /** Dies, as a thread does: with its work or without. */
  die(): void;
};

/** Draws in this thread when the test says so. Pictures are painted at once. */
export class HeldRenderer implements Renderer {
  readonly workers: number;
  readonly #tasks: RenderTasks;
  readonly #pixels = new PixelFiles(LOCAL_DECODER);
  /** Not answered yet, in the order in which they came. */
  readonly held: HeldTask[] = [];

  constructor(memory: WebAssembly.Memory, workers = 2) {
    needFonts();
    this.workers = workers;
    this.#tasks = createRenderTasks(memory);
  }

  renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    return new Promise((resolve, reject) => {
      let reports: readonly PaintReport[] | null = null;
      const answer = (settle: () => void): void => {
        this.held.splice(this.held.indexOf(worker), 1);
        settle();
      };
      const worker: HeldTask = {
        task,
        get hasWorked() {
          return reports !== null;
        },
        work: () => {
          reports ??= this.#tasks.renderJob(task);
        },
        run: () => {
          worker.work();
          answer(() => {
            resolve(reports ?? []);
          });
        },
        die: () => {
          answer(() => {
            reject(new Error('The thread of this lane has died.'));
          });
        },
      };
      this.held.push(worker);
    });
  }

  paintInBackground(task: BackgroundPaint): Promise<BackgroundEnd> {
    return Promise.resolve({ kind: 'done', ...this.#tasks.paintInBackground(task) });
  }

  async paintPicture(task: PicturePaint): Promise<void> {
    if (task.content.kind === 'lottie') {
      await this.#tasks.loadLottie(task);
      return;
    }
    await this.#pixels.with(task.content, (pixelsPath) => {
      this.#tasks.takePicture({ ...task, pixelsPath });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export type TestProgramOptions<R extends Renderer> = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly createRenderer: (memory: WebAssembly.Memory) => R;
  /** Of a program that is not used any more: what it left in there does not count. */
  readonly memory?: WebAssembly.Memory;
  readonly onPictureFailed?: (contentHash: string, reason: string) => void;
  readonly onAir?: (revision: number, n: number, batchIds: readonly string[]) => void;
  /** As on air; default: every frame is whole. */
  readonly paintsInBackground?: boolean;
  readonly onLayerFailed?: (fault: LayerFault) => void;
  readonly onLayerRecovered?: (fault: LayerFault) => void;
};

/** The program without a clock; what is on air for the first time is told of as soon as it is taken. */
export class TestEngine extends UnpacedProgram {
  onAir: (revision: number, n: number, batchIds: readonly string[]) => void = () => undefined;

  override take(n: number): 'rendered' | 'unchanged' | 'late' {
    const outcome = super.take(n);
    for (const { revision, frame, batchIds } of this.compositor.collect())
      this.onAir(revision, frame, batchIds);
    return outcome;
  }
}

/** All parts of a program but its clock. */
export type TestProgram<R extends Renderer> = {
  readonly memory: WebAssembly.Memory;
  readonly map: ProgramMap;
  readonly kernels: Kernels;
  readonly engine: TestEngine;
  readonly bitmaps: BitmapStore;
  readonly pictures: PictureLoader;
  readonly renderer: R;
  readonly reader: ProgramFrameReader;
  /** A copy of the program frame on air, I420. @throws Error when there is none */
  frame(): Uint8Array;
};

export function createTestProgram<R extends Renderer>(
  options: TestProgramOptions<R>,
): TestProgram<R> {
  const { widthPx, heightPx } = options;
  const memory = options.memory ?? createSharedMemory();
  const map = mapProgramMemory(widthPx, heightPx);
  const kernels = instantiateKernels(memory);
  // Nobody is left of an earlier program: its board is wiped.
  new Uint8Array(memory.buffer, FRAME_POOL_OFFSET, PREVIEW_SCRATCH_OFFSET - FRAME_POOL_OFFSET).fill(
    0,
  );
  const bitmaps = new BitmapStore(memory, map.heapOffset, map.heapBytes, map.heapBytes);
  const renderer = options.createRenderer(memory);
  const logger = createLogger('silent', 'test');
  const engine = new TestEngine({
    memory,
    map,
    kernels,
    bitmaps,
    renderer,
    logger,
    latencies: new Latencies(),
    paintsInBackground: options.paintsInBackground ?? false,
    videoFrame: () => null,
    livePicture: () => null,
    onLayerFailed: options.onLayerFailed ?? (() => undefined),
    onLayerRecovered: options.onLayerRecovered ?? (() => undefined),
  });
  if (options.onAir !== undefined) engine.onAir = options.onAir;
  const pictures = new PictureLoader({
    bitmaps,
    renderer,
    loadVideo: () => Promise.resolve(),
    logger,
    onFailed: options.onPictureFailed ?? (() => undefined),
  });
  return {
    memory,
    map,
    kernels,
    engine,
    bitmaps,
    pictures,
    renderer,
    reader: new ProgramFrameReader(memory),
    frame: () => {
      const { newest } = engine.assembly;
      if (newest === null) throw new Error('The program has no frame yet.');
      return new Uint8Array(memory.buffer, newest.offset, map.frameBytes).slice();
    },
  };
}

/** Plans frame `n`, waits until it is drawn, and takes it. @throws AssertionError when it is not on air then */
export async function playFrame<R extends Renderer>(
  program: TestProgram<R>,
  n: number,
  programTimeMs: number,
): Promise<Uint8Array> {
  const { engine } = program;
  // Threads may have drawn what they have not answered for yet.
  while (engine.compositor.freeSlots === 0) await turn();
  assert.ok(engine.plan(n, programTimeMs), 'there is no free job slot');
  while (!engine.isComplete(n)) await turn();
  assert.notEqual(engine.take(n), 'late');
  return program.frame();
}

/** Has the pictures of a snapshot decoded and shows it, as a message from another thread would. */
export async function showScene<R extends Renderer>(
  { engine, pictures }: TestProgram<R>,
  snapshot: SceneSnapshot,
): Promise<void> {
  await pictures.load(engine.compositor.planner.picturesOf(snapshot));
  engine.compositor.show(structuredClone(snapshot));
}

/** A scene document with its defaults. @throws ZodError when it does not fit the schema */
export function sceneFrom(input: SceneInput): Scene {
  return SceneSchema.parse(input);
}

/** What a program is shown; scene time is 0 at `takenAtMs` of the wall clock. */
export function snapshotOf(
  scene: Scene | null,
  options: {
    revision?: number;
    takenAtMs?: number;
    pictures?: Pictures;
    nested?: Readonly<Record<string, Scene>>;
    stage?: Stage;
    transition?: RunningTransition | null;
  } = {},
): SceneSnapshot {
  const { revision = 1, takenAtMs = 0, pictures = {}, nested = {} } = options;
  const { stage = EMPTY_STAGE, transition = null } = options;
  return {
    revision,
    scene,
    nested,
    takenAtMs,
    pictures,
    fonts: [],
    acceptedAtNs: null,
    stage,
    stages: {},
    transition,
  };
}

export type StillOptions = {
  readonly width: number;
  readonly height: number;
  /** How long the scene has been on air. */
  readonly timeMs: number;
  readonly pictures?: Pictures;
  /** Scenes that it shows as layers, by id. */
  readonly nested?: Readonly<Record<string, Scene>>;
  /** What of its past is still seen. Default: nothing. */
  readonly stage?: Stage;
  /** How it came on air. Default: by a cut. */
  readonly transition?: RunningTransition | null;
  /** Wall-clock time at which it went on air, for clocks. Default 0. */
  readonly takenAtMs?: number;
  /** Of an earlier still, to be used again. */
  readonly memory?: WebAssembly.Memory;
  /** Fonts that the scene brings. */
  readonly fonts?: SceneSnapshot['fonts'];
};

export type Still = {
  readonly width: number;
  readonly height: number;
  /** The program frame: planes Y, U, V without gaps. */
  readonly i420: Uint8Array;
  /** The same as a viewer sees it, opaque. */
  readonly rgba: Uint8Array;
  readonly memory: WebAssembly.Memory;
};

const STILL_RATE: FrameRate = { num: 60, den: 1 };

/** Renders one frame of a scene without a stream, as the program would show it. */
export async function renderStill(scene: Scene, options: StillOptions): Promise<Still> {
  const { width, height, timeMs, takenAtMs = 0 } = options;
  const program = createTestProgram({
    widthPx: width,
    heightPx: height,
    createRenderer: (memory) => new InThreadRenderer(memory),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  });
  const { engine, kernels, map, memory, pictures } = program;
  const run = new UnpacedRun({
    program: engine,
    frameRate: STILL_RATE,
    frames: 1,
    startWallTimeMs: takenAtMs + timeMs,
    canAccept: () => true,
    accept: () => undefined,
  });
  const snapshot = {
    ...snapshotOf(scene, {
      takenAtMs,
      pictures: options.pictures ?? {},
      nested: options.nested ?? {},
      stage: options.stage ?? EMPTY_STAGE,
      transition: options.transition ?? null,
    }),
    fonts: options.fonts ?? [],
  };
  await pictures.load(engine.compositor.planner.picturesOf(snapshot));
  engine.compositor.show(snapshot);
  await run.run();
  const i420 = program.frame();
  // The place of the bitmaps is free for the picture: all is drawn.
  const { newest } = engine.assembly;
  kernels.i420ToRgba(newest?.offset ?? 0, width, height, map.heapOffset);
  const rgba = new Uint8Array(memory.buffer, map.heapOffset, width * height * 4).slice();
  return { width, height, i420, rgba, memory };
}
