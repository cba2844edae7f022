import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import { frameTimeMs, type FrameRate } from '../../src/core/rational.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { ProgramFrameReader } from '../../src/memory/program-frames.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import { openProgram } from '../support/program.js';
import { rawRequest, STILL_SIZE } from '../still/requests.js';

const FRAME_RATE: FrameRate = { num: 15_000, den: 1001 };
/** A busy machine may show a frame for so long instead of the next ones. */
const MAX_LATE_FRAMES = 60;
/** How long a still may take is not what is tested. */
const PATIENT = { ...STILL_LIMITS, timeoutMs: 120_000 };
const FRAME_BYTES = (STILL_SIZE.width * STILL_SIZE.height * 3) / 2;
const SAMPLES = 12;
const logger = createLogger('silent', 'test');

registerShippedFonts();

/** A program frame as a viewer found it on air. */
type Seen = { readonly n: number; readonly bytes: Buffer };

/** Looks at a running program until it has seen some frames. */
async function watch(memory: WebAssembly.Memory): Promise<Seen[]> {
  const reader = new ProgramFrameReader(memory);
  const seen = new Map<number, Seen>();
  while (seen.size < SAMPLES) {
    const held = reader.acquireNewest();
    if (held !== null) {
      const bytes = Buffer.from(Buffer.from(memory.buffer, held.yOffset, FRAME_BYTES));
      seen.set(held.frame, { n: held.frame, bytes });
      held.release();
    }
    await sleep(20);
  }
  return [...seen.values()];
}

test('a still is, byte for byte, what was on air at that time', async () => {
  const memory = createSharedMemory();
  const takenAtMs = Date.now() - 100_000;
  let showsScene = (): void => undefined;
  const isOnAir = new Promise<void>((resolve) => {
    showsScene = resolve;
  });
  const program = openProgram(
    {
      renderThreads: 2,
      memory,
      config: {
        width: STILL_SIZE.width,
        height: STILL_SIZE.height,
        frameRate: FRAME_RATE,
        bitrateBps: 500_000,
        sound: { bitrateBps: 160_000, channels: 2 },
        preset: 'ultrafast',
      },
    },
    {
      onAir: () => {
        showsScene();
      },
    },
  );
  const stills = createStills({ ffmpegPath: null, logLevel: 'silent', logger, limits: PATIENT });
  after(async () => {
    await stills.close();
    await program.close();
  });
  await program.ready;
  program.show(rawRequest(0, takenAtMs).snapshot);
  program.setWatchers(1);
  await isOnAir;
  const frames = await watch(memory);

  const startedAtMs = program.clock?.startedAtMs;
  assert.ok(startedAtMs !== undefined);

  // All frames follow from the beginning of the clock. A slot that was late shows an earlier frame than its own.
  const isFrame = async ({ n, bytes }: Seen, startMs: number): Promise<boolean> => {
    for (let shown = n; shown >= Math.max(0, n - MAX_LATE_FRAMES); shown--) {
      const timeMs = startMs + frameTimeMs(shown, FRAME_RATE) - takenAtMs;
      const still = await stills.render(rawRequest(timeMs, takenAtMs));
      if (bytes.equals(still.bytes)) return true;
    }
    return false;
  };
  for (const frame of frames) assert.ok(await isFrame(frame, startedAtMs), `frame ${frame.n}`);
  const isBegin = async (startMs: number): Promise<boolean> => {
    for (const frame of frames) if (!(await isFrame(frame, startMs))) return false;
    return true;
  };
  assert.ok(!(await isBegin(startedAtMs + 1)), 'a millisecond makes a difference');
});
