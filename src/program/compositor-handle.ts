import type { MemoryStep } from '../core/memory-pressure.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger } from '../core/logger.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { POLICIES } from '../core/policies.js';
import { changeOf } from '../core/value-changes.js';
import { Supervisor } from '../core/supervisor.js';
import type { PreviewCompositorInit } from '../preview-compositor/contract.js';
import type {
  CompositorInit,
  CompositorStats,
  DecodedVideo,
  FromCompositor,
  LayerFault,
  SceneSnapshot,
  ScheduledSnapshot,
  ToCompositor,
  WantedScenes,
} from '../compositor/contract.js';

import type { LivePictures } from '../memory/live-pictures.js';
import { readCulprit } from '../memory/culprit.js';
import { PoisonedLayers } from './poisoned-layers.js';

/** How long it may take to end the render threads, milliseconds. */
const CLOSE_PATIENCE_MS = 4000;

export type AirMessage = Extract<FromCompositor, { type: 'on-air' }>;

export type CompositorListener = {
  readonly onPictureFailed: (contentHash: string, reason: string) => void;
  readonly onAir: (message: AirMessage) => void;
  /** A batch that is not to be late came too late for its frame, and is left out. */
  readonly onBatchLate: (batchId: string) => void;
  readonly onLayerFailed: (fault: LayerFault) => void;
  readonly onLayerRecovered: (fault: LayerFault) => void;
  /** All videos that are to be decoded for it. */
  readonly onVideos: (videos: readonly DecodedVideo[]) => void;
};

/** The thread to start: that of the program, or that of the preview compositor, which takes the same messages. */
export type CompositorStart =
  | { readonly entry: 'compositor'; readonly init: CompositorInit }
  | { readonly entry: 'preview-compositor'; readonly init: PreviewCompositorInit };

/** What the compositor has been told last: a new one is told the same. */
type Wanted = {
  snapshot: SceneSnapshot | null;
  scheduled: readonly ScheduledSnapshot[];
  memoryStep: MemoryStep;
  inputs: Readonly<Record<string, LivePictures>>;
};

/** A compositor thread as the main thread sees it: keeps it running, and tells it what is wanted. */
export class CompositorHandle {
  readonly #supervisor: Supervisor<SupervisedThread<ToCompositor>>;
  readonly #listener: CompositorListener;
  readonly #wanted: Wanted = {
    snapshot: null,
    scheduled: [],
    memoryStep: 'none',
    inputs: {},
  };
  #stats: CompositorStats | null = null;
  /** A scene is on its way to the thread, which has not yet taken it. */
  #isSceneSent = false;
  /** The scene that the running thread was sent last; null: none. */
  #sent: WantedScenes | null = null;
  /** Since when there is a newer one than that: when it was accepted, if it is known. */
  #newer: { readonly acceptedAtNs: bigint | null } | null = null;
  readonly #poisoned = new PoisonedLayers();
  #trial: NodeJS.Timeout | null = null;
  #resolveReady: () => void = () => undefined;
  readonly ready: Promise<void>;

  /** Starts the thread. The memory has been given its format before. */
  constructor({ entry, init }: CompositorStart, logger: Logger, listener: CompositorListener) {
    this.#listener = listener;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#supervisor = new Supervisor({
      policy: entry === 'compositor' ? POLICIES.compositor : POLICIES.previewCompositor,
      logger,
      start: () =>
        startSupervisedThread<CompositorInit | PreviewCompositorInit, ToCompositor, FromCompositor>(
          {
            entry,
            init,
            isHeld: true,
            onMessage: (message) => {
              this.#handle(message);
            },
            onError: (error) => {
              logger.error({ err: error }, `the ${init.name} thread has failed`);
            },
          },
        ),
      onReady: () => {
        this.#tellAll();
        this.#resolveReady();
      },
      onEnded: ({ reason }) => {
        this.#isSceneSent = false;
        // Another one has rings of its own.
        this.#listener.onVideos([]);
        this.#poisoned.died({
          culprit: readCulprit(init.memory),
          snapshot: this.#wanted.snapshot,
          reason,
          nowMs: performance.now(),
        });
      },
    });
    this.#supervisor.start();
  }

  /** Null until it has reported for the first time. */
  get stats(): CompositorStats | null {
    return this.#stats;
  }

  /** Why it does not work, for people; null while it does. */
  get trouble(): string | null {
    return this.#supervisor.trouble;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** Puts a scene on air, and others later: `scheduled` is all there is, in the order of its moments. */
  show(snapshot: SceneSnapshot, scheduled: readonly ScheduledSnapshot[] = []): void {
    if (this.#poisoned.changed(this.#wanted.snapshot, snapshot)) this.#sendSetAside();
    this.#wanted.snapshot = snapshot;
    this.#wanted.scheduled = scheduled;
    if (this.#isSceneSent) this.#newer ??= { acceptedAtNs: snapshot.acceptedAtNs };
    else this.#sendScene(snapshot.acceptedAtNs);
  }

  /** Says what is to be done about memory; the same step again has the caches given up once more. */
  setMemoryStep(step: MemoryStep): void {
    this.#wanted.memoryStep = step;
    this.#post({ type: 'memory', step });
  }

  /** All live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#wanted.inputs = inputs;
    this.#post({ type: 'inputs', inputs });
  }

  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  /** Ends the thread and its render threads; bounded. */
  async close(): Promise<void> {
    if (this.#trial !== null) clearTimeout(this.#trial);
    await this.#supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  }

  #tellAll(): void {
    const { snapshot, memoryStep, inputs } = this.#wanted;
    this.#sent = null;
    // Before the scene, of which less may be painted while memory is short.
    if (memoryStep !== 'none') this.#post({ type: 'memory', step: memoryStep });
    if (this.#poisoned.current(performance.now()).size > 0) this.#sendSetAside();
    this.#post({ type: 'inputs', inputs });
    this.#sendScene(snapshot?.acceptedAtNs ?? null);
  }

  /** Says which layers are not to be drawn, now and again when one of them is to be tried. */
  #sendSetAside(): void {
    const nowMs = performance.now();
    const layers = this.#poisoned.current(nowMs);
    this.#post({ type: 'set-aside', layers });
    if (this.#trial !== null) clearTimeout(this.#trial);
    const nextMs = this.#poisoned.nextTrialMs(nowMs);
    this.#trial =
      nextMs === null
        ? null
        : setTimeout(() => {
            this.#sendSetAside();
          }, nextMs - nowMs).unref();
  }

  /** Sends the newest scene; `acceptedAtNs` is when the first change was accepted that it brings. */
  #sendScene(acceptedAtNs: bigint | null): void {
    const { snapshot, scheduled } = this.#wanted;
    this.#newer = null;
    this.#isSceneSent = snapshot !== null && this.#supervisor.isReady;
    if (snapshot === null || !this.#isSceneSent) return;
    const wanted = { snapshot: { ...snapshot, acceptedAtNs }, scheduled };
    this.#post({ type: 'scene', change: changeOf(this.#sent, wanted) });
    this.#sent = wanted;
  }

  #post(message: ToCompositor): void {
    if (this.#supervisor.isReady) this.#supervisor.unit?.post(message);
  }

  #handle(message: FromCompositor): void {
    switch (message.type) {
      case 'scene-taken':
        this.#isSceneSent = false;
        if (this.#newer !== null) this.#sendScene(this.#newer.acceptedAtNs);
        return;
      case 'stats':
        this.#stats = message.stats;
        return;
      case 'picture-failed':
        this.#listener.onPictureFailed(message.contentHash, message.reason);
        return;
      case 'on-air':
        this.#listener.onAir(message);
        return;
      case 'batch-late':
        this.#listener.onBatchLate(message.batchId);
        return;
      case 'layer-failed':
        this.#listener.onLayerFailed(message.fault);
        return;
      case 'layer-recovered':
        this.#listener.onLayerRecovered(message.fault);
        return;
      case 'videos':
        this.#listener.onVideos(message.videos);
        return;
      case 'ready':
      case 'closed':
    }
  }
}
