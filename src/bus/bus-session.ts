import type { PreviewService } from '../api/ports.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { BACKGROUND_NICENESS } from '../core/thread-priority.js';
import { createSharedMemory } from '../memory/map.js';
import { createPreview } from '../preview/service.js';
import { ProgramHandle } from '../program/program-handle.js';
import type { ProgramConfig, SceneSnapshot } from '../program/protocol.js';
import { Shown } from './shown.js';

export type BusSessionOptions = {
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  readonly dataDir: string;
  /** Most that bitmaps of layers may take, bytes. */
  readonly bitmapLimitBytes: number;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  /** Told how many watch, on every change. */
  readonly onWatchers: (count: number) => void;
};

/** The threads of the preview bus and their memory, from the first who watches to a while after the last. */
export class BusSession {
  readonly preview: PreviewService;
  readonly #program: ProgramHandle;
  readonly #shown: Shown;
  readonly #close: () => Promise<void>;

  private constructor(
    program: ProgramHandle,
    preview: PreviewService & { close(): Promise<void> },
    shown: Shown,
  ) {
    this.preview = preview;
    this.#program = program;
    this.#shown = shown;
    this.#close = async () => {
      await preview.close();
      await program.close();
    };
  }

  /**
   * Starts a stitcher with one render thread, which is never live, and a thread that makes JPEGs of its frames.
   * Resolves when the scene is to be seen. @throws AppError SM_THREAD_EXITED
   */
  static async open(
    options: BusSessionOptions,
    config: ProgramConfig,
    snapshot: SceneSnapshot,
  ): Promise<BusSession> {
    const { logLevel, logger, dataDir, bitmapLimitBytes, onPictureFailed, onWatchers } = options;
    const memory = createSharedMemory();
    const shown = new Shown();
    const program = new ProgramHandle(
      {
        logLevel,
        dataDir,
        memory,
        config,
        ffmpegPath: null,
        renderThreads: 1,
        // It has no outputs.
        tls: { verify: true, caFile: null },
        name: 'preview-bus',
        niceness: BACKGROUND_NICENESS,
        bitmapLimitBytes,
      },
      logger,
      {
        onState: () => undefined,
        onOutput: () => undefined,
        onPictureFailed,
        // Whoever puts the scene on air is told.
        onLayerFailed: () => undefined,
        onLayerRecovered: () => undefined,
        onAir: (revision) => {
          shown.seen(revision);
        },
        // Nothing is scheduled here.
        onBatchLate: () => undefined,
      },
    );
    try {
      await program.ready;
      const preview = await createPreview({
        memory,
        logLevel,
        logger,
        niceness: BACKGROUND_NICENESS,
        setWatchers: onWatchers,
      });
      const session = new BusSession(program, preview, shown);
      session.show(snapshot);
      // The program of the bus runs as long as the session lasts.
      program.setWatchers(1);
      await session.settled();
      return session;
    } catch (error) {
      await program.close();
      throw error;
    }
  }

  show(snapshot: SceneSnapshot): void {
    this.#shown.wanted(snapshot.revision);
    this.#program.show(snapshot);
  }

  configure(config: ProgramConfig): void {
    this.#program.configure(config);
  }

  /** Resolves when what was shown last is to be seen, with its pictures; bounded in time. */
  settled(): Promise<void> {
    return this.#shown.settled();
  }

  /** Ends the threads. */
  close(): Promise<void> {
    this.#shown.close();
    return this.#close();
  }
}
