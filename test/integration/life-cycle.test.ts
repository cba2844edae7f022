import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { THREAD_FAULTS, type ThreadFault } from '../../src/core/heartbeat.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { ProgramFrameReader } from '../../src/memory/program-frames.js';
import type { ProgramConfig } from '../../src/stitcher/contract.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';
import { openProgram } from '../support/program.js';
import { until } from '../support/until.js';

/**
 * More of them: LIFE_CYCLE_SEQUENCES, with LIFE_CYCLE_SEED for others. A thousand take some minutes; the limit of time must
 * be raised for them: `--test-timeout=3600000`.
 */
const SEQUENCES = Number(process.env['LIFE_CYCLE_SEQUENCES'] ?? 10);
const SEED = Number(process.env['LIFE_CYCLE_SEED'] ?? 8);
const STEPS = 8;
/** So many programs are at it at a time, and one goes through so many at most, one after the other. */
const PROGRAMS = 3;
const SEQUENCES_PER_PROGRAM = Math.min(10, Math.ceil(SEQUENCES / PROGRAMS));

type Step =
  | { readonly kind: 'start' | 'stop' | 'show' }
  | { readonly kind: 'configure'; readonly size: number }
  | {
      readonly kind: 'fail';
      readonly thread: 'compositor' | 'stitcher';
      readonly fault: ThreadFault;
    };

/** What hangs takes 1.6 s to be found, so most threads end with an error. */
const faults = fc.oneof(
  { weight: 8, arbitrary: fc.constant<ThreadFault>('crash') },
  { weight: 1, arbitrary: fc.constantFrom(...THREAD_FAULTS) },
);

const configure = fc.record({
  kind: fc.constant('configure' as const),
  size: fc.integer({ min: 0, max: 2 }),
});
const fail = fc.record({
  kind: fc.constant('fail' as const),
  thread: fc.constantFrom('compositor' as const, 'stitcher' as const),
  fault: faults,
});
/** A new thread takes most of a second, so that one step in seven is one. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'start' } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: 'stop' } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: 'show' } as const) },
  { weight: 3, arbitrary: configure },
  { weight: 2, arbitrary: fail },
);

const SIZES = [
  { width: 128, height: 72 },
  { width: 72, height: 128 },
  { width: 160, height: 90 },
] as const;

function configOf(size: number): ProgramConfig {
  const { width, height } = SIZES[size] ?? SIZES[0];
  return {
    width,
    height,
    frameRate: { num: 25, den: 1 },
    bitrateBps: 100_000,
    sound: { bitrateBps: 160_000, channels: 2 },
    preset: 'ultrafast',
  };
}

/** What the program should be, whatever has happened to it. */
type Model = { isLive: boolean; size: number; revision: number };

class Run {
  readonly #memory = createSharedMemory();
  readonly #model: Model = { isLive: false, size: 0, revision: 0 };
  readonly #reader = new ProgramFrameReader(this.#memory);
  readonly #aired: number[] = [];
  readonly #program = openProgram(
    { memory: this.#memory, config: configOf(0) },
    { onAir: (revision) => this.#aired.push(revision) },
  );

  async take(step: Step): Promise<void> {
    const program = this.#program;
    const model = this.#model;
    switch (step.kind) {
      case 'start':
        model.isLive = true;
        await program.start();
        break;
      case 'stop':
        model.isLive = false;
        await program.stop();
        break;
      case 'show':
        this.#show();
        break;
      case 'configure':
        // The control plane refuses it while the program is live.
        if (model.isLive) return;
        model.size = step.size;
        program.configure(configOf(step.size));
        break;
      case 'fail': {
        const restarts = program.restarts[step.thread];
        program.inject(step.thread, step.fault);
        await until('it is replaced', () => program.restarts[step.thread] > restarts);
      }
    }
    await this.#settle();
  }

  async close(): Promise<void> {
    await this.#program.close();
  }

  #show(): void {
    this.#model.revision += 1;
    const { revision } = this.#model;
    const scene = sceneFrom({
      id: 'scene',
      layers: [
        {
          id: 'box',
          type: 'shape',
          shape: 'rectangle',
          x: revision * 10,
          width: 100,
          height: 100,
          animations: [
            {
              property: 'y',
              repeat: 'forever',
              keyframes: [
                { atMs: 0, value: 0 },
                { atMs: 2000, value: 900 },
              ],
            },
          ],
        },
      ],
    });
    this.#program.show(snapshotOf(scene, { revision, takenAtMs: Date.now() }));
  }

  async #settle(): Promise<void> {
    const program = this.#program;
    const { isLive, size, revision } = this.#model;
    await until('nothing is wrong', () => program.troubles.length === 0);
    const state = isLive ? 'live' : 'offline';
    await until(`it is ${state}`, () => program.state === state);
    if (!isLive) return;
    if (revision > 0) {
      await until('the newest scene is on air', () => this.#aired.includes(revision));
      const { sequence } = this.#newestFrame();
      await until('new frames come', () => this.#newestFrame().sequence !== sequence);
    } else await this.#clockGoesOn();
    const frame = this.#newestFrame();
    const { width, height } = configOf(size);
    assert.deepEqual([frame.widthPx, frame.heightPx], [width, height]);
  }

  /** Without a scene there is one frame, and nothing new after it. The ledger comes a few times a second. */
  async #clockGoesOn(): Promise<void> {
    const program = this.#program;
    const clock = program.stats?.ledger.clock;
    await until('the ledger goes on', () => {
      const ledger = program.stats?.ledger;
      return ledger !== undefined && ledger.clock !== clock;
    });
    await until('there is a frame', () => this.#newestFrame().sequence >= 0);
  }

  /** To be called at the end. */
  async ledgerIsWhole(): Promise<void> {
    const program = this.#program;
    if (!this.#model.isLive) return;
    await this.#clockGoesOn();
    const ledger = program.stats?.ledger;
    assert.ok(ledger !== undefined);
    const { rendered, unchanged, late, skipped } = ledger;
    assert.equal(rendered + unchanged + late + skipped, ledger.clock);
  }

  /** One that is withdrawn at this moment is waited for by whoever asks again. */
  #newestFrame(): {
    readonly sequence: number;
    readonly widthPx: number;
    readonly heightPx: number;
  } {
    const frame = this.#reader.acquireNewest();
    frame?.release();
    return frame ?? { sequence: -1, widthPx: 0, heightPx: 0 };
  }
}

test('whatever is done to the program, and in whatever order its threads fail, it comes to what is wanted', async () => {
  const sequences = fc.sample(fc.array(steps, { minLength: STEPS, maxLength: STEPS }), {
    numRuns: SEQUENCES,
    seed: SEED,
  });
  const waiting = [...sequences.entries()];
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const run = new Run();
      try {
        for (const [index, sequence] of waiting.splice(0, SEQUENCES_PER_PROGRAM)) {
          for (const [at, step] of sequence.entries())
            await run.take(step).catch((cause: unknown) => {
              const where = `step ${at} of sequence ${index} from seed ${SEED}`;
              throw new Error(`${where}: ${JSON.stringify(sequence)}`, { cause });
            });
          await run.ledgerIsWhole();
        }
      } finally {
        await run.close();
      }
    }
  };
  await Promise.all(Array.from({ length: PROGRAMS }, work));
});
