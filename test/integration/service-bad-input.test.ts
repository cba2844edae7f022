import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { pull } from '../support/media.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { timelineOf } from '../support/stream-view.js';

const FPS = 30;
/** A busy machine may cost a frame by itself. */
const TRIES = 4;

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(() => service.close());

/** Lets something happen to a service that is live: it must not be seen in its clock and its stream. */
async function leavesStreamAlone(live: Service, happens: () => Promise<void>): Promise<void> {
  for (let round = 0; ; round++) {
    const player = pull(live.playUrl);
    try {
      await live.until('the player receives', () => player.bytes.length > 50_000);
      const from = timelineOf(await player.packets(), FPS).lastSeconds;
      const before = await live.status();
      await happens();
      await live.until('a second has passed', async () => {
        return (await live.ledger()).clock > before.frames.clock + FPS;
      });
      const after = await live.status();
      await live.until('the player has it', async () => {
        return timelineOf(await player.packets(), FPS).lastSeconds > from + 1;
      });
      const slots = after.frames.clock - before.frames.clock;
      const dueSlots = ((after.uptimeMs - before.uptimeMs) * FPS) / 1000;
      assert.ok(Math.abs(slots - dueSlots) <= 2, `${slots} slots of the clock, ${dueSlots} due`);
      const { missing, isForward } = timelineOf(await player.packets(), FPS, from);
      assert.ok(isForward && player.isRunning);
      const skipped = after.frames.skipped - before.frames.skipped;
      if (missing === 0 && skipped === 0) return;
      const seen = `${missing} slots missing, ${skipped} skipped`;
      assert.ok(round + 1 < TRIES, seen);
    } finally {
      await player.stop();
    }
  }
}

test('a WebSocket that never reads is cut off, and the stream does not notice', async () => {
  const layers = Array.from({ length: 40 }, (_, i) => ({
    id: `t${i}`,
    type: 'text' as const,
    text: 'x'.repeat(2000),
  }));
  await service.must('POST', '/api/scenes', { id: 'large', layers });
  await leavesStreamAlone(service, async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${service.apiPort}/ws`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.on('error', () => undefined);
    socket.pause();
    const ask = (method: string, params: object): void => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    };
    ask('events.subscribe', {});
    for (let i = 0; i < 200; i++) ask('scenes.get', { id: 'large' });
    await service.until('it is cut off', async () => {
      const { bytes } = await service.must('GET', '/metrics');
      return /^stream_manager_[a-z_]*websocket[a-z_]*(\{[^}]*\})? 0$/m.test(bytes.toString());
    });
    socket.terminate();
  });
});

test('a body of 100 MB is refused, and the stream does not notice', async () => {
  const body = Buffer.alloc(100_000_000);
  await leavesStreamAlone(service, async () => {
    const { status, json } = await service.api('POST', '/api/assets', body);
    assert.equal(status, 413);
    assert.match(JSON.stringify(json['code']), /SM_(REQUEST|ASSET)_TOO_LARGE/);
  });
});

/** A disk of one megabyte; null, with the reason told, where nobody may mount one. */
function mountSmallDisk(folder: string, context: TestContext): string | null {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`a small disk cannot be mounted here: ${String(error)}`);
    return null;
  }
  return disk;
}

test('a full disk is told, and neither the stream nor the commands stop', async (context) => {
  const small = await Service.prepare(SMALL_STREAM);
  const disk = mountSmallDisk(small.folder, context);
  try {
    if (disk === null) return;
    await small.start({ DATA_DIR: disk });
    await small.show(MOVING_SCENE);
    await small.must('POST', '/api/stream/start');
    await small.outputIsLive('program');
    const filler = join(disk, 'filler');
    await leavesStreamAlone(small, async () => {
      await writeFile(filler, Buffer.alloc(1 << 20)).catch(() => undefined);
      await small.must('PATCH', '/api/scenes/moving', { name: 'x'.repeat(100) });
      const { persistence } = await small.status();
      assert.equal(persistence.state, 'degraded');
      assert.match(persistence.reason ?? '', /SM_STATE_UNWRITABLE/);
      await rm(filler);
      await small.until('the state is stored again', async () => {
        const { persistence: told, revision } = await small.status();
        return told.state === 'ok' && told.storedRevision === revision;
      });
    });
  } finally {
    await small.close().catch(() => undefined);
    if (disk !== null) execFileSync('umount', ['-l', disk]);
    await rm(small.folder, { recursive: true, force: true });
  }
});
