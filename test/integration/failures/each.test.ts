import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { THREAD_FAULTS } from '../../../src/core/heartbeat.js';
import { CHILD_FAULTS, FailureRig, IS_WHOLE, type Failure } from './rig.js';

/** Two of the program, one of the preview compositor, and those that paint in the background. */
const RENDER_THREADS = 5;

let rig: FailureRig;
before(async () => {
  rig = await FailureRig.open({ RENDER_THREADS: '2' });
});
after(() => rig.close());

/** What a failure must not disturb. */
type Spared = { readonly encoder: number | null; readonly relay: number | null };

function spared(): Spared {
  return { encoder: rig.pidOf('encoder'), relay: rig.pidOf('relay') };
}

async function fail(failure: Failure): Promise<void> {
  await rig.service.until(`there is a ${failure.unit}`, () => rig.fail(failure));
}

/** Those whose silence takes five seconds and more to be found. */
const SLOWLY_FOUND: readonly Failure['unit'][] = [
  'preview',
  'rtmp-server',
  'still-renderer',
  'log-writer',
  'relay',
  'decoder',
];

function skip(unit: Failure['unit'], fault: Failure['fault']): { readonly skip: boolean } {
  const isSudden = fault === 'crash' || fault === 'SIGKILL';
  return { skip: !IS_WHOLE && !isSudden && SLOWLY_FOUND.includes(unit) };
}

/** Those that turn in circles are found as those that stand still. */
const FAULTS = IS_WHOLE ? THREAD_FAULTS : (['crash', 'freeze'] as const);

for (const fault of FAULTS) {
  for (const [unit, reason] of [
    ['compositor', /The compositor/],
    ['mixer', /The mixer/],
    ['preview', /The preview is/],
    ['preview-compositor', /The preview compositor/],
    ['rtmp-server', /The RTMP server/],
  ] as const) {
    test(
      `${unit}: ${fault} is told by /health and over by itself, and the encoder goes on`,
      skip(unit, fault),
      async (t) => {
        const before = spared();
        await fail({ unit, fault });
        t.diagnostic(`back after ${await rig.sickAndWell(reason)} ms`);
        await rig.isAllWell(true);
        assert.deepEqual(spared(), before);
        assert.equal((await rig.service.status()).encoderRestarts, 0);
      },
    );
  }

  test(`stitcher: ${fault} is told by /health until the stream is live again`, async (t) => {
    const before = rig.pidOf('encoder');
    await fail({ unit: 'stitcher', fault });
    t.diagnostic(`back after ${await rig.sickAndWell(/The stitcher/)} ms`);
    assert.equal((await rig.service.status()).state, 'live');
    await rig.isAllWell(true);
    assert.notEqual(rig.pidOf('encoder'), before);
  });

  test(`render threads: ${fault} of all of them costs frames at most`, async () => {
    const before = spared();
    await fail({ unit: 'worker', fault });
    // Those that take the place of one that has ended are not counted.
    for (let more = 1; more < RENDER_THREADS; more++) await rig.fail({ unit: 'worker', fault });
    await rig.isAllWell(true);
    assert.deepEqual(spared(), before);
  });

  test(
    `thread that renders stills: ${fault} costs one of them at most`,
    skip('still-renderer', fault),
    async () => {
      const before = spared();
      await rig.still();
      await fail({ unit: 'still-renderer', fault });
      await rig.service.until('a still is rendered', () => rig.still());
      await rig.isAllWell(true);
      assert.deepEqual(spared(), before);
    },
  );

  test(
    `log writer: ${fault} costs no line that comes after it`,
    skip('log-writer', fault),
    async () => {
      await fail({ unit: 'log-writer', fault });
      const { length } = rig.service.output;
      await rig.service.until('the log goes on', () => rig.service.output.length > length);
      await rig.isAllWell(true);
    },
  );
}

test('the processes of a stitcher that dies end with it, also those that are frozen', async () => {
  const before = spared();
  await fail({ unit: 'relay', fault: 'SIGSTOP' });
  await fail({ unit: 'stitcher', fault: 'crash' });
  await rig.service.until('they are gone, and not even zombies', () =>
    [before.encoder, before.relay].every((pid) => pid !== null && !existsSync(`/proc/${pid}`)),
  );
  await rig.isAllWell(true);
});

for (const fault of CHILD_FAULTS) {
  test(`encoder: ${fault} is told by /health, and relays stay connected`, async (t) => {
    const before = spared();
    const { encoderRestarts } = await rig.service.status();
    await fail({ unit: 'encoder', fault });
    t.diagnostic(`back after ${await rig.sickAndWell(/The encoder/)} ms`);
    await rig.isAllWell(true);
    assert.equal((await rig.service.status()).encoderRestarts, encoderRestarts + 1);
    assert.equal(rig.pidOf('relay'), before.relay);
    assert.notEqual(rig.pidOf('encoder'), before.encoder);
  });

  test(
    `relay: ${fault} is a matter of its output, and of nobody else`,
    skip('relay', fault),
    async () => {
      const before = spared();
      await fail({ unit: 'relay', fault });
      await rig.service.until('it is noticed', () => rig.pidOf('relay') !== before.relay);
      assert.equal((await rig.health()).status, 200, 'a destination may be away');
      await rig.isAllWell(true);
      assert.equal(rig.pidOf('encoder'), before.encoder);
    },
  );

  test(`decoder: ${fault} costs its file at most`, skip('decoder', fault), async () => {
    const before = spared();
    const uploads = [rig.upload(), rig.upload()];
    await fail({ unit: 'decoder', fault });
    for (const status of await Promise.all(uploads)) assert.ok([201, 422].includes(status));
    assert.equal(await rig.upload(), 201);
    await rig.isAllWell(true);
    assert.deepEqual(spared(), before);
  });
}
