import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { THREAD_FAULTS } from '../../../src/core/heartbeat.js';
import { CHILD_FAULTS, CHILDREN, FailureRig, SEQUENCES, THREADS, type Failure } from './rig.js';

/** Others: FAILURE_SEED. */
const SEED = Number(process.env['FAILURE_SEED'] ?? 9);
const STEPS = 5;

type Unit = Failure['unit'];
type Plain = 'start' | 'stop' | 'still' | 'upload';
type Step =
  { readonly kind: Plain } | { readonly kind: 'fail'; readonly failures: readonly Failure[] };

const failure: fc.Arbitrary<Failure> = fc.oneof(
  fc.record({ unit: fc.constantFrom(...THREADS), fault: fc.constantFrom(...THREAD_FAULTS) }),
  fc.record({ unit: fc.constantFrom(...CHILDREN), fault: fc.constantFrom(...CHILD_FAULTS) }),
);
const failures = fc.uniqueArray(failure, {
  minLength: 1,
  maxLength: 2,
  selector: ({ unit }) => unit,
});
const plain = fc.constantFrom<Plain>('start', 'stop', 'still', 'upload');
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: plain.map((kind) => ({ kind })) },
  { weight: 6, arbitrary: failures.map((all) => ({ kind: 'fail' as const, failures: all })) },
);

/** What /health may say of each while it fails; null: it is not a matter of the service's health. */
const TOLD: Readonly<Record<Unit, RegExp | null>> = {
  compositor: /^The compositor/,
  mixer: /^The mixer/,
  stitcher: /^The stitcher|^The stream is being started again|^The encoder/,
  preview: /^The preview is|^The preview does/,
  'preview-compositor': /^The preview compositor/,
  'rtmp-server': /^The RTMP server/,
  encoder: /^The encoder/,
  'log-writer': /^The log writer/,
  'still-renderer': /^The thread that renders stills/,
  worker: null,
  relay: null,
  decoder: null,
};

/** Those that are always in use here, and take so long to be back that /health must be seen to tell of them. */
const CERTAINLY_TOLD: ReadonlySet<Unit> = new Set([
  'compositor',
  'mixer',
  'stitcher',
  'encoder',
  'preview',
  'preview-compositor',
  'rtmp-server',
  'log-writer',
]);

let rig: FailureRig;
before(async () => {
  rig = await FailureRig.open();
});
after(() => rig.close());

/** What is wanted, and how it is to be, whatever has failed. */
class Model {
  isLive = true;
  readonly backMs = new Map<string, number[]>();

  async take(step: Step): Promise<void> {
    if (step.kind === 'fail') await this.#fail(step.failures);
    else if (step.kind === 'still')
      await rig.service.until('a still is rendered', () => rig.still());
    else if (step.kind === 'upload') assert.equal(await rig.upload(), 201);
    else {
      this.isLive = step.kind === 'start';
      await rig.service.must('POST', `/api/stream/${step.kind}`);
    }
    await rig.isAllWell(this.isLive);
  }

  async #fail(wanted: readonly Failure[]): Promise<void> {
    const ids = { encoder: rig.pidOf('encoder'), relay: rig.pidOf('relay') };
    const { encoderRestarts, frames } = await rig.service.status();
    const uploads = wanted.some(({ unit }) => unit === 'decoder') ? [rig.upload()] : [];
    const failed: Failure[] = [];
    const startedAtMs = performance.now();
    const told = await rig.watchHealth(async (seen) => {
      for (const one of wanted) if (await rig.fail(one)) failed.push(one);
      // An encoder is back so soon that it may be missed, and one that ends beside its stitcher nobody can tell of.
      const isReplaced = (unit: Unit): boolean =>
        unit === 'encoder' && ![null, ids.encoder].includes(rig.pidOf('encoder'));
      const isTold = ({ unit }: Failure): boolean =>
        !CERTAINLY_TOLD.has(unit) ||
        isReplaced(unit) ||
        [...seen].some((reason) => TOLD[unit]?.test(reason));
      await rig.service.until(
        `${JSON.stringify(failed)} is told of and over`,
        async () => failed.every(isTold) && (await rig.health()).status === 200,
      );
      return seen;
    });
    const units = new Set(failed.map(({ unit }) => unit));
    const backMs = performance.now() - startedAtMs;
    for (const { unit, fault } of failed.length === 1 ? failed : []) {
      const name = `${unit} ${fault}`;
      this.backMs.set(name, [...(this.backMs.get(name) ?? []), Math.round(backMs)]);
    }
    if (units.has('relay'))
      await rig.service.until('another relay is there', () => {
        return ![null, ids.relay].includes(rig.pidOf('relay'));
      });
    for (const status of await Promise.all(uploads)) assert.ok([201, 422].includes(status));
    for (const reason of told)
      assert.ok(
        [...units].some((unit) => TOLD[unit]?.test(reason)),
        `${[...units].join()} failed, and /health said: ${reason}`,
      );
    if (!this.isLive || units.has('stitcher')) return;
    await rig.service.until('the clock has gone on', async () => {
      return (await rig.service.ledger()).clock > frames.clock;
    });
    const after = await rig.service.status();
    if (!units.has('relay')) assert.equal(rig.pidOf('relay'), ids.relay, 'the relay went on');
    if (units.has('encoder')) return;
    assert.equal(rig.pidOf('encoder'), ids.encoder, 'the encoder went on');
    assert.equal(after.encoderRestarts, encoderRestarts);
  }
}

test('whatever fails, and in whatever order, what is wanted is there again, and nothing else was disturbed', async (t: TestContext) => {
  const model = new Model();
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: STEPS, maxLength: STEPS }), async (sequence) => {
      await model.take({ kind: 'start' });
      for (const step of sequence) await model.take(step);
    }),
    { numRuns: SEQUENCES, seed: SEED, endOnFailure: true },
  );
  for (const [name, times] of model.backMs)
    t.diagnostic(`${name}: back after ${times.join(', ')} ms`);
});
