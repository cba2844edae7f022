import { Bench } from 'tinybench';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory, PREVIEW_SCRATCH_OFFSET } from '../../src/memory/map.js';
import { measureMachineFactor } from '../../src/compositor/cost/machine-factor.js';
import { predictCost } from '../../src/compositor/cost/predict-cost.js';
import { encodeJpeg } from '../../src/preview/jpeg.js';
import { createCanvas, registerShippedFonts } from '../../src/render/canvas.js';
import { Region, toTiles } from '../../src/memory/region.js';
import { compileScene } from '../../src/scene/compile-scene.js';
import { TILE_MAX_PX, TILE_MAX_WIDTH_PX } from '../../src/memory/records.js';
import { openControlPlane } from '../control-plane.js';
import { IdlePreview } from '../idle-preview.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { benchScene, HEAVY_NAMES, referenceSnapshot, type SceneName } from '../reference-scene.js';
import type { Target } from '../report.js';
import { createPainter } from '../throughput/canvas-painter.js';
import { STATED } from '../../src/scene/sound/heard.js';
import { LocalProgram } from './local-program.js';

const [WIDTH_PX, HEIGHT_PX] = [1920, 1080];
const PREVIEWS = [
  [640, 360],
  [1280, 720],
] as const;
const SPRITE_PX = 200;
/** Full 1080p through the kernel, milliseconds: design, section 9. */
const CONVERT_TARGET: Target = { atMost: 1.2 };

/** A bench and what has to be closed after it. */
type Suite = { readonly bench: Bench; readonly close: () => Promise<void> };

function createSuite(context: BenchContext): Suite {
  const time = (context.seconds ?? (context.quick ? 0.02 : 1)) * 1000;
  const bench = new Bench({ time, warmupTime: time / 4, iterations: 3, throws: true });
  return { bench, close: () => Promise.resolve() };
}

/** Resolving, planning, drawing and assembling the second frame of a scene, each alone. */
async function sceneSuite(scene: SceneName, context: BenchContext): Promise<Suite> {
  const suite = createSuite(context);
  const source = benchScene(scene, context.folder);
  const snapshot = source.snapshotAt(0);
  const program = new LocalProgram();
  await program.show(snapshot);
  const frame = program.plan(1);
  program.draw(frame);
  const document = snapshot.scene;
  if (document === null) throw new Error('The snapshot has no scene.');
  const layers = compileScene({ ...snapshot, scene: document }).layersAt(0);
  let timeMs = 0;
  suite.bench
    .add(`resolve.${scene}`, () => {
      timeMs += 16;
      for (const layer of layers) layer.at(timeMs, timeMs, STATED);
    })
    .add(`draw_one_lane.${scene}`, () => {
      program.drawAgain(frame);
    })
    .add(`assemble.${scene}`, () => {
      program.assemble(frame);
    })
    .add(`plan.${scene}`, () => {
      program.release(program.plan(2));
    });
  if (!source.isChanging) return suite;
  // A text that is set, or a layout that is worked out, and all layers that are not: to the frame that shows a change.
  let second = 0;
  suite.bench.add(`plan_change.${scene}`, () => {
    program.change(source.snapshotAt(++second));
    program.release(program.plan(2));
  });
  return suite;
}

/** The kernels over whole frames, JPEG, and damage. */
async function kernelSuite(context: BenchContext): Promise<Suite> {
  const suite = createSuite(context);
  const { bench } = suite;
  const program = new LocalProgram();
  await program.show(referenceSnapshot('auction', context.folder));
  const { kernels, map, memory } = program;
  const [source, target] = [map.heapOffset, map.frameOffsets[1] ?? 0];
  const paint = await createPainter('auction', context.folder);
  const canvas = createCanvas(WIDTH_PX, HEIGHT_PX);
  paint(canvas.getContext('2d'), 1);
  new Uint8Array(memory.buffer).set(canvas.data(), source);
  bench.add('convert_1080p', () => {
    kernels.rgbaToI420(source, WIDTH_PX, HEIGHT_PX, target);
  });
  const [yOffset, lumaBytes] = [map.frameOffsets[0] ?? 0, WIDTH_PX * HEIGHT_PX];
  const uOffset = yOffset + lumaBytes;
  for (const [width, height] of PREVIEWS) {
    bench.add(`preview_scale_${height}p`, () => {
      kernels.scaleI420ToRgba(
        ...[yOffset, uOffset, uOffset + lumaBytes / 4, WIDTH_PX, HEIGHT_PX],
        ...[PREVIEW_SCRATCH_OFFSET, width, height],
      );
    });
    const small = createCanvas(width, height);
    const smallContext = small.getContext('2d');
    smallContext.scale(width / WIDTH_PX, height / HEIGHT_PX);
    paint(smallContext, 1);
    const pixels = Buffer.from(small.data());
    bench.add(`jpeg_${height}p`, () => {
      encodeJpeg(pixels, width, height, 75);
    });
  }
  bench.add('damage_24_rects', () => {
    const damage = new Region(WIDTH_PX, HEIGHT_PX);
    for (let i = 0; i < 24; i++) {
      const [x0, y0] = [(i * 733) % 1720, (i * 397) % 880];
      damage.addRect({ x0, y0, x1: x0 + SPRITE_PX, y1: y0 + SPRITE_PX });
    }
    toTiles(damage.toRects(), TILE_MAX_PX, TILE_MAX_WIDTH_PX);
  });
  return suite;
}

/** Operations as REST and JSON-RPC call them; a change is on disk when it is answered. */
async function dispatchSuite(context: BenchContext): Promise<Suite> {
  const { bench } = createSuite(context);
  const plane = await openControlPlane(context.folder, new IdlePreview());
  const layer = { id: 'title', type: 'text', text: 'Lot 42' };
  await plane.server.call('scenes.create', { id: 'bench', layers: [layer] });
  let count = 0;
  bench
    .add('dispatch.stream.status', () => plane.server.call('stream.status', {}))
    .add('dispatch.layers.update', () =>
      plane.server.call('layers.update', {
        sceneId: 'bench',
        layerId: 'title',
        text: `Lot ${count++}`,
      }),
    );
  return { bench, close: () => plane.close() };
}

async function runSuite({ bench, close }: Suite, context: BenchContext): Promise<void> {
  try {
    await bench.run();
  } finally {
    await close();
  }
  for (const { name, result } of bench.tasks) {
    if (result.state !== 'completed') throw new Error(`${name} did not come to its end.`);
    const target = name === 'convert_1080p' ? CONVERT_TARGET : null;
    context.record(`${name}_ms`, result.latency.p50, 'ms', target);
  }
}

/** What a dry run says that a frame of a scene costs, for being compared with what drawing it on one render worker takes. */
function predictedMs(scene: SceneName, context: BenchContext): number {
  const kernels = instantiateKernels(createSharedMemory());
  const request = { width: WIDTH_PX, height: HEIGHT_PX, frameDurationMs: 1000 / 60, threads: 1 };
  const snapshot = benchScene(scene, context.folder).snapshotAt(0);
  const factor = measureMachineFactor(kernels, PREVIEW_SCRATCH_OFFSET);
  return predictCost({ ...request, snapshot, programTimeMs: 0 }, factor).frameMs;
}

/** The pieces of one frame and of one call, each alone on one thread: medians. */
export const microPart: Part = {
  name: 'micro',
  summary: 'kernels, damage, resolve, planning, assembly, JPEG and operations, each alone',
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    await writePictureFiles(context.folder);
    await runSuite(await kernelSuite(context), context);
    for (const scene of context.scenes ?? (['auction', 'full-motion', ...HEAVY_NAMES] as const)) {
      await runSuite(await sceneSuite(scene, context), context);
      context.record(`predicted_frame.${scene}_ms`, predictedMs(scene, context), 'ms');
    }
    await runSuite(await dispatchSuite(context), context);
  },
};
