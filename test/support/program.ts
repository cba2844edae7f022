import { tmpdir } from 'node:os';
import { createLogger } from '../../src/core/logger.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { createSharedMemory } from '../../src/memory/map.js';
import {
  ProgramHandle,
  type ProgramInit,
  type ProgramListener,
} from '../../src/program/program-handle.js';

const LISTENER: ProgramListener = {
  onState: () => undefined,
  onOutput: () => undefined,
  onClock: () => undefined,
  onPictureFailed: () => undefined,
  onLayerFailed: () => undefined,
  onLayerRecovered: () => undefined,
  onAir: () => undefined,
  onBatchLate: () => undefined,
  onMeters: () => undefined,
  onTrack: () => undefined,
  onTrackReport: () => undefined,
  onPageMessage: () => undefined,
  onSilence: () => undefined,
};

/** A program with its real threads, without an encoder; 320x180 at 30/1 and one render thread where `init` says nothing else. */
export function openProgram(
  init: Partial<ProgramInit> = {},
  listener: Partial<ProgramListener> = {},
): ProgramHandle {
  return new ProgramHandle(
    {
      logLevel: 'silent',
      ffmpegPath: null,
      network: {
        listenHost: '127.0.0.1',
        allowPrivateHosts: [],
        cdnBaseUrl: null,
        chromiumPath: null,
      },
      dataDir: tmpdir(),
      tls: { verify: true, caFile: null },
      renderThreads: 1,
      memory: init.memory ?? createSharedMemory(),
      bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
      config: {
        width: 320,
        height: 180,
        frameRate: { num: 30, den: 1 },
        bitrateBps: 500_000,
        sound: { bitrateBps: 160_000, channels: 2 },
        preset: 'ultrafast',
      },
      ...init,
    },
    createLogger('silent', 'test'),
    { ...LISTENER, ...listener },
  );
}
