import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerFault } from '../../src/compositor/faults/layer-entry.js';
import type { BackgroundEnd } from '../../src/compositor/render-pool.js';
import type { Content, Drawing } from '../../src/render/content.js';
import type { BackgroundPaint, JobTask, PaintReport } from '../../src/render/tasks.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';

const SIZE = { widthPx: 192, heightPx: 128 };
export const memory = createSharedMemory();
const referenceMemory = createSharedMemory();

/** Contents of this width cannot be painted, as long as the renderer is broken. */
const BAD_WIDTH = 77;

function broken(content: Content): Content {
  return {
    ...content,
    get drawing(): Drawing {
      throw new Error('This drawing cannot be painted.');
    },
  };
}

/** Fails at some paints, and says of others that they took as long as the test wants. */
export class FaultyRenderer extends InThreadRenderer {
  isBroken = true;
  /** Milliseconds that paints say they took; null: what they took. */
  tookMs: number | null = null;
  /** Paints apart that were asked for, when the test holds them. */
  readonly held: (() => void)[] = [];
  isHolding = false;
  /** What the next paint in the background ends with instead of being done. */
  ending: Promise<void> | null = null;

  #content(content: Content): Content {
    const isBad = content.boxWidth === BAD_WIDTH && content.drawing.kind !== 'placeholder';
    return this.isBroken && isBad ? broken(content) : content;
  }

  #reported(report: PaintReport): PaintReport {
    return this.tookMs === null ? report : { ...report, tookMs: this.tookMs };
  }

  override async renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    const paints = task.paints.map(({ offset, content }) => ({
      offset,
      content: this.#content(content),
    }));
    const reports = await super.renderJob({ ...task, paints });
    return reports.map((report) => this.#reported(report));
  }

  override async paintInBackground({
    paint,
    scratchOffset,
  }: BackgroundPaint): Promise<BackgroundEnd> {
    if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.ending !== null) return { kind: 'ended', reason: 'It hung.', gone: this.ending };
    const content = this.#content(paint.content);
    const end = await super.paintInBackground({ paint: { ...paint, content }, scratchOffset });
    return end.kind === 'done' ? { kind: 'done', ...this.#reported(end) } : end;
  }
}

type Told = { readonly failed: LayerFault[]; readonly recovered: LayerFault[] };

export function createProgram(): TestProgram<FaultyRenderer> & {
  readonly told: Told;
  readonly aired: number[];
} {
  const told: Told = { failed: [], recovered: [] };
  const aired: number[] = [];
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new FaultyRenderer(of),
    paintsInBackground: true,
    onLayerFailed: (fault) => told.failed.push(fault),
    onLayerRecovered: (fault) => told.recovered.push(fault),
    onAir: (revision) => aired.push(revision),
  });
  return { ...program, told, aired };
}

export function snapshotWith(layers: LayerInput[], revision = 1): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers }), { revision });
}

export async function whole(...layers: LayerInput[]): Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  await showScene(program, snapshotWith(layers));
  return playFrame(program, 0, 0);
}

export function area(
  id: string,
  fields: Partial<Extract<LayerInput, { type: 'shape' }>>,
): LayerInput {
  return { id, type: 'shape', shape: 'rectangle', width: 40, height: 30, fill: '#3a7', ...fields };
}

/** Which paint fails. */
export const BAD = { width: BAD_WIDTH, height: 50, x: 10, y: 10 } as const;
export const GOOD = area('good', { x: 120, y: 80 });

/** Plays frames 20 ms apart from `n` on until they are as expected. */
export async function playUntil(
  program: TestProgram<FaultyRenderer>,
  n: number,
  expected: Uint8Array,
): Promise<number> {
  for (let next = n; next < n + 10; next++) {
    const frame = await playFrame(program, next, next * 20);
    if (Buffer.compare(frame, expected) === 0) return next;
    await turn();
  }
  return assert.fail('the frame was not there in ten slots');
}
