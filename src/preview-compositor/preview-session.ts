import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger, LogLevel } from '../core/logger.js';
import { BACKGROUND_NICENESS } from '../core/thread-priority.js';
import { createSharedMemory } from '../memory/map.js';
import { createPreview, type RunningPreview } from '../preview/service.js';
import type { DecodedVideo, SceneSnapshot } from '../compositor/contract.js';
import type { LivePictures } from '../memory/live-pictures.js';
import { StitcherPort } from '../memory/handover.js';
import type { FrameFormat } from '../memory/handover-layout.js';
import { CompositorHandle } from '../program/compositor-handle.js';
import { Shown } from './shown.js';

export type PreviewSessionOptions = {
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** Most that bitmaps of layers may take, bytes. */
  readonly bitmapLimitBytes: number;
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  /** All videos that are to be decoded for it. */
  readonly onVideos: (videos: readonly DecodedVideo[]) => void;
  /** Told how many watch, on every change. */
  readonly onWatchers: (count: number) => void;
};

/** The threads of the preview compositor and their memory, from the first who watches to a while after the last. */
export class PreviewSession {
  readonly preview: RunningPreview;
  readonly #compositor: CompositorHandle;
  readonly #shown: Shown;
  readonly #close: () => Promise<void>;

  private constructor(compositor: CompositorHandle, preview: RunningPreview, shown: Shown) {
    this.preview = preview;
    this.#compositor = compositor;
    this.#shown = shown;
    this.#close = async () => {
      await preview.close();
      await compositor.close();
    };
  }

  /**
   * Starts a compositor with one render thread, and a thread that makes JPEGs of its frames.
   * Resolves when the scene is to be seen. @throws AppError SM_THREAD_EXITED
   */
  static async open(
    options: PreviewSessionOptions,
    format: FrameFormat,
    snapshot: SceneSnapshot,
  ): Promise<PreviewSession> {
    const { logLevel, logger, bitmapLimitBytes, onPictureFailed, onVideos, onWatchers } = options;
    const memory = createSharedMemory();
    new StitcherPort(memory).setFirstFormat(format);
    const shown = new Shown();
    const compositor = new CompositorHandle(
      {
        entry: 'preview-compositor',
        init: {
          name: 'preview-compositor',
          niceness: BACKGROUND_NICENESS,
          logLevel,
          memory,
          // What is in preview has no sound.
          heard: null,
          bitmapLimitBytes,
          format,
          injectedFaults: [],
        },
      },
      logger,
      {
        onPictureFailed,
        onVideos,
        onAir: ({ revision }) => {
          shown.seen(revision);
        },
        // Nothing is scheduled here, and faults of layers are reported to whoever puts the scene on air.
        onBatchLate: () => undefined,
        onLayerFailed: () => undefined,
        onLayerRecovered: () => undefined,
      },
    );
    try {
      await compositor.ready;
      const preview = createPreview({
        memory,
        logLevel,
        logger,
        niceness: BACKGROUND_NICENESS,
        setWatchers: onWatchers,
      });
      await preview.ready;
      const session = new PreviewSession(compositor, preview, shown);
      session.show(snapshot);
      await session.settled();
      return session;
    } catch (error) {
      await compositor.close();
      throw error;
    }
  }

  /** Why its threads do not work, for people; null while they do. */
  get trouble(): string | null {
    return this.#compositor.trouble ?? this.preview.trouble;
  }

  /** Has a running thread fail: for tests. */
  inject(thread: 'compositor' | 'preview', fault: ThreadFault): void {
    (thread === 'compositor' ? this.#compositor : this.preview).inject(fault);
  }

  show(snapshot: SceneSnapshot): void {
    this.#shown.wanted(snapshot.revision);
    this.#compositor.show(snapshot);
  }

  /** The pictures of all live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#compositor.setInputs(inputs);
  }

  /** Resolves with whether what was shown last is to be seen, with its pictures; bounded in time. */
  settled(): Promise<boolean> {
    return this.#shown.settled();
  }

  /** Ends the threads. */
  close(): Promise<void> {
    this.#shown.close();
    return this.#close();
  }
}
