import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { createSharedMemory, JOB_SLOTS } from '../../src/memory/map.js';
import type { HeldFrame } from '../../src/memory/program-frames.js';
import { restage } from '../../src/scene/motion/restage.js';
import { EMPTY_STAGE } from '../../src/scene/motion/stage.js';
import type { Transition } from '../../src/scene/schema/transition.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  HeldRenderer,
  InThreadRenderer,
  snapshotOf,
  type HeldTask,
  type TestProgram,
} from '../support/engine.js';
import { transitions } from './random-motion.js';
import {
  edits,
  scenes,
  toScene,
  type Edit,
  type LooseScene,
  INNER_SCENE,
} from './random-scenes.js';
import { createPictures } from './scene-pictures.js';

const SIZE = { widthPx: 192, heightPx: 128 };
/** More than are made in a test run: for looking for what is rare. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
const START_MS = Date.UTC(2024, 4, 1, 11, 59, 58);
const FRAME_MS = 1000 / 30;

const memory = createSharedMemory();
const referenceMemory = createSharedMemory();
const { pictures, remove } = await createPictures();
after(remove);

type Step =
  /** With a transition, values move to where the edit puts them. */
  | { readonly do: 'edit'; readonly edit: Edit; readonly transition: Transition | null }
  | { readonly do: 'plan' }
  /** Plans the newest frame once more, with what was edited since. */
  | { readonly do: 'replan' }
  /** Answers a render worker that is out; those asked before it have worked, too, but need not have answered. */
  | { readonly do: 'answer'; readonly which: number }
  /** Takes a frame; `ahead` may go beyond what has been planned. */
  | { readonly do: 'take'; readonly ahead: number }
  | { readonly do: 'reset' }
  /** A reader takes the newest frame, or gives up the one it has had longest. */
  | { readonly do: 'read' }
  | { readonly do: 'unread' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'plan' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'replan' }) },
  {
    weight: 8,
    arbitrary: fc.nat(5).map((which): Step => ({ do: 'answer', which })),
  },
  { weight: 5, arbitrary: fc.nat(2).map((ahead): Step => ({ do: 'take', ahead })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(edits, transitions)
      .map(([edit, transition]): Step => ({ do: 'edit', edit, transition })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'reset' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'read' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'unread' }) },
);

/** A frame that was planned, as the test knows it. */
/** Whichever thread comes first does all of a frame's work here: the rest find nothing to do. */
function isBeingDrawn({ workers }: Planned): boolean {
  return workers.length > 0 && !workers.some(({ hasWorked }) => hasWorked);
}

type Planned = {
  readonly n: number;
  readonly snapshot: SceneSnapshot;
  readonly workers: readonly HeldTask[];
};

/** Whole frames, each drawn on its own by a program that has not seen another frame of this run's edits. */
function createReference(): (
  snapshot: SceneSnapshot,
  programTimeMs: number,
) => Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (shared) => new InThreadRenderer(shared),
  });
  return async (snapshot, programTimeMs) => {
    const { engine } = program;
    await program.pictures.load(engine.compositor.planner.picturesOf(snapshot));
    engine.reset();
    engine.compositor.show(structuredClone(snapshot));
    engine.plan(0, programTimeMs);
    while (!engine.isComplete(0)) await turn();
    assert.equal(engine.take(0), 'rendered');
    return program.frame();
  };
}

/** What one run of steps knows. */
class Run {
  readonly #program: TestProgram<HeldRenderer>;
  readonly #reference = createReference();
  #input: LooseScene;
  #snapshot: SceneSnapshot;
  readonly #planned: Planned[] = [];
  readonly #reading: { held: HeldFrame; bytes: Uint8Array }[] = [];
  #nextPlan = 0;
  #nextTake = 0;
  #onAir: Planned | null = null;

  constructor(input: LooseScene) {
    this.#input = input;
    this.#snapshot = snapshotOf(null);
    this.#program = createTestProgram({
      ...SIZE,
      memory,
      createRenderer: (shared) => new HeldRenderer(shared),
    });
  }

  async show(edit: Edit, transition: Transition | null): Promise<void> {
    const { engine } = this.#program;
    this.#input = edit(this.#input);
    const after = toScene(this.#input);
    const { scene: before, stage } = this.#snapshot;
    const atMs = this.#programTimeMs(this.#nextPlan);
    this.#snapshot = snapshotOf(after, {
      stage:
        before === null
          ? EMPTY_STAGE
          : restage(stage, { before, after, atMs, transition, takenAtMs: START_MS }),
      revision: this.#snapshot.revision + 1,
      takenAtMs: START_MS,
      nested: { inner: INNER_SCENE },
      pictures,
    });
    await this.#program.pictures.load(engine.compositor.planner.picturesOf(this.#snapshot));
    // As a message between threads: nothing keeps its identity.
    engine.compositor.show(structuredClone(this.#snapshot));
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'edit':
        return this.show(step.edit, step.transition);
      case 'plan':
        if (this.#plan(this.#nextPlan)) this.#nextPlan += 1;
        return;
      case 'replan':
        if (this.#nextPlan > this.#nextTake) this.#plan(this.#nextPlan - 1);
        return;
      case 'answer':
        return this.#answer(step.which);
      case 'take':
        return this.#take(this.#nextTake + step.ahead);
      case 'reset':
        this.#program.engine.reset();
        this.#planned.length = 0;
        this.#nextTake = this.#nextPlan;
        return;
      case 'read': {
        const held = this.#program.reader.acquireNewest();
        if (held !== null) this.#reading.push({ held, bytes: this.#bytesOf(held).slice() });
        return;
      }
      case 'unread':
        this.#unread();
    }
  }

  /** All that is on its way lands, and the last frame is looked at. */
  async finish(): Promise<void> {
    while (this.#reading.length > 0) this.#unread();
    while (this.#program.renderer.held.length > 0) await this.#answer(0);
    await this.#take(this.#nextPlan);
    this.#nextPlan += 1;
    assert.ok(this.#plan(this.#nextPlan));
    while (this.#program.renderer.held.length > 0) await this.#answer(0);
    await this.#take(this.#nextPlan);
    this.#program.engine.reset();
    assert.equal(this.#program.engine.compositor.freeSlots, JOB_SLOTS);
  }

  #plan(n: number): boolean {
    const { engine, renderer } = this.#program;
    const isPossible = engine.compositor.freeSlots > 0;
    const before = renderer.held.length;
    assert.equal(engine.plan(n, this.#programTimeMs(n)), isPossible);
    if (isPossible)
      this.#planned.push({ n, snapshot: this.#snapshot, workers: renderer.held.slice(before) });
    return isPossible;
  }

  async #answer(which: number): Promise<void> {
    const { held } = this.#program.renderer;
    const worker = held[which % Math.max(1, held.length)];
    if (worker === undefined) return;
    for (const earlier of held.slice(0, held.indexOf(worker))) earlier.work();
    worker.run();
    await turn();
  }

  async #take(n: number): Promise<void> {
    const ready: Planned[] = [];
    for (const frame of this.#planned) {
      if (frame.n > n || isBeingDrawn(frame)) break;
      ready.push(frame);
    }
    const readSlots = new Set(this.#reading.map(({ held: { yOffset } }) => yOffset)).size;
    const outcome = this.#program.engine.take(n);
    const last = ready.at(-1);
    if (outcome === 'late' && last?.n === n) {
      // Only readers keep a frame that is there from being shown.
      assert.ok(readSlots >= 3, 'late without a reason');
    } else {
      assert.equal(outcome === 'late', last?.n !== n, `slot ${n} is ${outcome}`);
      // Late frames are shown as well unless all slots are read; then they stay on their way.
      const { newest } = this.#program.engine.assembly;
      if (last !== undefined && !(outcome === 'late' && readSlots >= 3)) {
        this.#planned.splice(0, ready.length);
        this.#onAir = last;
      } else if (last !== undefined && newest !== null) {
        // Which of both it was shows in the picture; the next take brings it in any case.
        await this.#expectOneOf([this.#onAir, last]);
        this.#nextTake = Math.max(this.#nextTake, n + 1);
        return;
      }
    }
    this.#nextTake = Math.max(this.#nextTake, n + 1);
    this.#nextPlan = Math.max(this.#nextPlan, this.#nextTake);
    if (this.#onAir !== null) await this.#expectOneOf([this.#onAir]);
  }

  async #expectOneOf(candidates: readonly (Planned | null)[]): Promise<void> {
    const found = this.#program.frame();
    const differences: string[] = [];
    for (const frame of candidates) {
      if (frame === null) continue;
      const expected = await this.#reference(frame.snapshot, this.#programTimeMs(frame.n));
      const at = found.findIndex((value, i) => value !== expected[i]);
      if (at === -1) return;
      const [x, y] = [at % SIZE.widthPx, Math.floor(at / SIZE.widthPx)];
      differences.push(
        `frame ${frame.n} differs at byte ${at} (luma ${x}, ${y}): ${found[at] ?? -1}, not ${expected[at] ?? -1}`,
      );
    }
    assert.fail(differences.join('; '));
  }

  #unread(): void {
    const reading = this.#reading.shift();
    if (reading === undefined) return;
    assert.deepEqual(
      this.#bytesOf(reading.held),
      reading.bytes,
      'a frame changed while it was read',
    );
    reading.held.release();
  }

  #bytesOf({ yOffset }: HeldFrame): Uint8Array {
    return new Uint8Array(memory.buffer, yOffset, this.#program.map.frameBytes);
  }

  #programTimeMs(n: number): number {
    return START_MS + n * FRAME_MS;
  }
}

test('every frame that is taken equals a full redraw, whatever was edited, late, reset or read meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenes,
      fc.array(steps, { minLength: 5, maxLength: 40 }),
      async (input, list) => {
        const run = new Run(input);
        await run.show((scene) => scene, null);
        for (const step of list) await run.step(step);
        await run.finish();
      },
    ),
    { numRuns: RUNS },
  );
});
