/**
 * The way of one frame, phase "schedule", in the compositor thread: reads the stitcher's requests and has each frame
 * planned with the scene that is due. Owns the render session, and what is scheduled.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { FrameTimes } from '../core/media-clock.js';
import { isDueWith, type DueMoment } from '../core/program-clock.js';
import { frameTimeMs } from '../core/rational.js';
import type { FrameRequest } from '../memory/frame-requests.js';
import type { CompositorPort } from '../memory/handover.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { VideoTrack } from '../scene/video-track.js';
import type { BitmapStore } from './bitmaps.js';
import type { AiredScene, LayerFault, ScheduledSnapshot } from './contract.js';
import { FrameMoments } from './frame-moments.js';
import { RenderSession, type RenderSessionOptions } from './render-session.js';
import { SceneOffers, type SceneOffer } from './scene-offers.js';
import { SoundWait } from './sound-wait.js';
import { SceneTimeline } from './timeline.js';

/**
 * How long a scene waits for its pictures and slow paints before it goes on air without them, milliseconds. Decoding a
 * 4K picture takes a tenth of this.
 */
const PREPARE_WAIT_MS = 2000;

/** The same before the clock begins. */
const FIRST_WAIT_MS = 1500;

/** A change is drawn into a planned frame only while there are job slots for the frames to come. */
const REPLAN_MIN_FREE_SLOTS = 2;

export type CompositorLoopOptions = Omit<RenderSessionOptions, 'format' | 'setAside'> & {
  readonly onAir: (aired: AiredScene) => void;
  /** A scheduled batch that is not to be late is, and is left out. */
  readonly onBatchLate: (batchId: string) => void;
};

/** One run of the stitcher's clock. */
type Run = {
  readonly epoch: number;
  /** The frame to plan next; null: the first that is asked for. */
  nextFrame: number | null;
  /** Whether the scene has been prepared, or waited for as long as it may be. */
  isPrepared: boolean;
};

/** Answers the stitcher's requests. Nothing here waits for the stitcher, and the stitcher waits for nothing of it. */
export class CompositorLoop {
  readonly #options: CompositorLoopOptions;
  readonly #port: CompositorPort;
  readonly #offers = new SceneOffers((offer) => {
    this.#take(offer);
  });
  #session: RenderSession;
  #generation: number;
  #run: Run;
  #isTight = false;
  #setAside: ReadonlyMap<number, string> = new Map();
  #isClosed = false;
  #newestSnapshot: SceneSnapshot | null = null;
  #scheduled: readonly ScheduledSnapshot[] = [];
  /** Batches that came too late, which whoever sent them may not know yet. */
  #refused = new Set<string>();
  readonly #soundWait: SoundWait;
  /** Since when a scene waits to go on air. */
  #waitsSinceMs: number | null = null;
  /** Of sessions before this one. */
  #formerLayerFailures = 0;

  constructor(options: CompositorLoopOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#soundWait = new SoundWait(options.hearing, () => {
      if (!this.#isClosed && !this.#isStale) this.#serve();
    });
    this.#generation = this.#port.generation;
    this.#session = this.#openSession();
    this.#port.adopt(this.#generation);
    // An epoch of its own: what has been asked of the one before is asked again.
    this.#run = { epoch: NaN, nextFrame: null, isPrepared: true };
  }

  get bitmapBytes(): { readonly used: number; readonly limit: number } {
    const { usedBytes, limitBytes } = this.#session.bitmaps;
    return { used: usedBytes, limit: limitBytes };
  }

  /** Layers that are off or lack a picture. */
  get layersOff(): readonly LayerFault[] {
    return this.#session.compositor.planner.guard.off;
  }

  /** How often layers were shut off, since the thread was started. */
  get layerFailures(): number {
    return this.#formerLayerFailures + this.#session.compositor.planner.guard.failures;
  }

  /** Whether frames are asked for. */
  get isAsked(): boolean {
    return this.#port.request.asked !== null;
  }

  /** The videos that are shown, that wait to be, or are scheduled to be soon. */
  get wantedVideos(): readonly VideoTrack[] {
    if (this.#isStale) return [];
    const { ahead, compositor } = this.#session;
    const wanted = [compositor.shown, this.#newestSnapshot].flatMap((one) => ahead.wantedWith(one));
    return wanted.flatMap(({ track }) => track ?? []);
  }

  /**
   * Gives up what is kept without being shown.
   * @param isTight - whether half as much may be painted, until the next call
   */
  shed(isTight: boolean): void {
    this.#isTight = isTight;
    this.#session.compositor.planner.forget();
    this.#session.bitmaps.shed(isTight);
  }

  /** Layers that are not drawn, by the hash of their names, with the reason: until the next call. */
  setAside(layers: ReadonlyMap<number, string>): void {
    this.#setAside = layers;
    if (!this.#session.isDisposed) this.#session.compositor.planner.setAside(layers);
  }

  /** Where bitmaps are, to have it give up memory; null while the shared memory is laid out anew. */
  get bitmaps(): BitmapStore | null {
    return this.#isStale ? null : this.#session.bitmaps;
  }

  /**
   * Puts a scene on air as soon as it can be drawn in time: its pictures are there, and when it is another scene, what
   * is slow to paint. A newer one takes the place of one that still waits. What is scheduled goes on air with its frame
   * in any case.
   *
   * @param onTaken - called when it has been taken, or a newer one in its place
   */
  show(
    snapshot: SceneSnapshot,
    scheduled: readonly ScheduledSnapshot[],
    onTaken: () => void = () => undefined,
  ): void {
    // What has been asked for until now comes before it.
    if (!this.#isStale) this.#serve();
    this.#offers.offer({ snapshot, scheduled, onTaken }, this.#pendingFrame);
  }

  /** Serves the stitcher until `close`. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      if (this.#isStale) await this.#layOut();
      this.#serve();
      await this.#port.requested();
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Whether the memory is to be laid out anew, or just is. */
  get #isStale(): boolean {
    return this.#session.isDisposed || this.#port.generation !== this.#generation;
  }

  /** Another size: everything that writes into the memory ends before the stitcher may use it anew. */
  async #layOut(): Promise<void> {
    const before = this.#session;
    await before.dispose();
    this.#formerLayerFailures += before.compositor.planner.guard.failures;
    this.#generation = this.#port.generation;
    this.#session = this.#openSession();
    this.#port.adopt(this.#generation);
    if (this.#newestSnapshot !== null) this.show(this.#newestSnapshot, this.#scheduled);
  }

  #openSession(): RenderSession {
    const session = new RenderSession({
      ...this.#options,
      format: this.#port.format,
      setAside: this.#setAside,
    });
    session.bitmaps.shed(this.#isTight);
    return session;
  }

  /** Plans what the stitcher asks for, and tells what it has taken. */
  #serve(): void {
    const { compositor, ahead } = this.#session;
    const request = this.#port.request;
    if (request.epoch !== this.#run.epoch) this.#begin(request.epoch);
    this.#tellAired();
    const { asked, due } = request;
    const run = this.#run;
    if (asked === null || (asked < 0 && !run.isPrepared)) return;
    const first = Math.max(run.nextFrame ?? asked, Math.min(due, asked));
    for (let n = first; n <= asked; n++) {
      this.#offers.beforePlan(n);
      if (this.#soundWait.holdsBack(n, compositor.timeline)) return;
      const { programTimeMs, wallOffsetMs } = this.#timesOf(n);
      const isPlanned = compositor.plan(n, programTimeMs, wallOffsetMs);
      // Before the clock runs no frame is left out; then the newest one wins.
      if (!isPlanned && n < 0) return;
      run.nextFrame = n + 1;
      ahead.prepareNext(compositor.timeline, this.#moments.momentAhead(n, asked));
    }
  }

  /** The stitcher counts frames anew. */
  #begin(epoch: number): void {
    const { compositor } = this.#session;
    compositor.begin(epoch);
    this.#soundWait.begin(epoch, this.#session.format.frameRate);
    const run: Run = { epoch, nextFrame: null, isPrepared: false };
    this.#run = run;
    this.#offers.clockStopped();
    this.#prepareFirst().then(
      () => {
        run.isPrepared = true;
        if (this.#run === run && !this.#isStale) this.#serve();
      },
      (error: unknown) => {
        run.isPrepared = true;
        this.#tellUnprepared(error);
      },
    );
  }

  /** Has all made ready that the first frame shows, so that it can be drawn in no time. Bounded. */
  async #prepareFirst(): Promise<void> {
    const session = this.#session;
    const snapshot = this.#newestSnapshot;
    if (snapshot === null) return;
    const prepare = async (): Promise<void> => {
      const held = await session.loadPictures(snapshot);
      await session.compositor.preparation.paintAhead(snapshot, this.#nextMomentMs);
      held?.release();
    };
    await Promise.race([prepare(), delay(FIRST_WAIT_MS)]);
  }

  #tellAired(): void {
    for (const aired of this.#session.compositor.collect()) {
      const mediaTimeMs = this.#frameTimeMs(aired.frame);
      this.#options.onAir({ ...aired, mediaTimeMs });
    }
  }

  #take({ snapshot, scheduled }: SceneOffer): void {
    this.#newestSnapshot = snapshot;
    this.#scheduled = this.#inTime(scheduled);
    const session = this.#session;
    const { compositor } = session;
    const showNow = (): void => {
      if (this.#newestSnapshot !== snapshot || this.#session !== session || session.isDisposed)
        return;
      this.#waitsSinceMs = null;
      compositor.follow(new SceneTimeline(snapshot, this.#scheduled));
      this.#replan();
    };
    const prepared = session.isDisposed ? null : this.#prepare(session, snapshot);
    if (prepared === null) {
      showNow();
      return;
    }
    const shown = this.#isClockRunning ? compositor.shown : compositor.timeline.base;
    compositor.follow(new SceneTimeline(shown, this.#scheduled));
    this.#replan();
    // One that comes instead of one that waits does not wait anew: many changes do not keep a scene off the air.
    this.#waitsSinceMs ??= performance.now();
    const waitMs = Math.max(0, this.#waitsSinceMs + PREPARE_WAIT_MS - performance.now());
    const late = setTimeout(showNow, waitMs);
    prepared.then(
      (held) => {
        clearTimeout(late);
        showNow();
        held?.release();
      },
      (error: unknown) => {
        clearTimeout(late);
        this.#tellUnprepared(error);
        showNow();
      },
    );
  }

  #tellUnprepared(error: unknown): void {
    this.#options.logger.error(
      { err: error },
      'a scene could not be prepared; it is shown as it is',
    );
  }

  /** Has pictures decoded, and for another scene that goes on air, painted what is slow. Null: all is there. */
  #prepare(
    session: RenderSession,
    snapshot: SceneSnapshot,
  ): Promise<{ release(): void } | null> | null {
    try {
      const loading = session.loadPictures(snapshot);
      if (loading === null) return this.#paintAhead(session, snapshot)?.then(() => null) ?? null;
      return loading.then(async (held) => {
        await this.#paintAhead(session, snapshot);
        return held;
      });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #paintAhead({ compositor }: RenderSession, snapshot: SceneSnapshot): Promise<void> | null {
    return this.#isClockRunning && compositor.planner.isOtherScene(snapshot)
      ? compositor.preparation.paintAhead(snapshot, this.#nextMomentMs)
      : null;
  }

  /** Leaves out what comes too late for its frame and is not to be late. */
  #inTime(scheduled: readonly ScheduledSnapshot[]): readonly ScheduledSnapshot[] {
    const known = new Set(this.#scheduled.map(({ batchId }) => batchId));
    const ids = new Set(scheduled.map(({ batchId }) => batchId));
    this.#refused = new Set([...this.#refused].filter((id) => ids.has(id)));
    for (const one of scheduled) {
      const { batchId, rejectLate } = one;
      if (!rejectLate || known.has(batchId) || this.#refused.has(batchId)) continue;
      if (!this.#isTooLate(one)) continue;
      this.#refused.add(batchId);
      this.#options.onBatchLate(batchId);
    }
    return scheduled.filter(({ batchId }) => !this.#refused.has(batchId));
  }

  /** Whether the frame that something is due with cannot show it any more. */
  #isTooLate(due: DueMoment): boolean {
    if (!this.#isClockRunning) return false;
    const firstOpen = this.#replannableFrame ?? this.#run.nextFrame;
    const asked = this.#request?.asked ?? null;
    return firstOpen !== null && isDueWith(due, this.#moments.momentBefore(firstOpen, asked));
  }

  /** Brings a change into a frame that is planned already, so that it need not wait for the next one. */
  #replan(): void {
    const pending = this.#offers.isPlanning ? null : this.#replannableFrame;
    if (pending === null) return;
    this.#offers.replanned(pending);
    const { programTimeMs, wallOffsetMs } = this.#timesOf(pending);
    this.#session.compositor.plan(pending, programTimeMs, wallOffsetMs);
  }

  get #replannableFrame(): number | null {
    if (this.#session.compositor.freeSlots < REPLAN_MIN_FREE_SLOTS) return null;
    return this.#pendingFrame;
  }

  /** What is asked for, if it is asked for in this run of the clock. */
  get #request(): FrameRequest | null {
    const request = this.#port.request;
    return request.epoch === this.#run.epoch ? request : null;
  }

  get #isClockRunning(): boolean {
    const asked = this.#request?.asked ?? null;
    return asked !== null && asked >= 0;
  }

  /** The newest frame that is planned and not due yet; null when there is none. */
  get #pendingFrame(): number | null {
    const request = this.#request;
    const { nextFrame } = this.#run;
    if (request === null || nextFrame === null || nextFrame <= 0) return null;
    return nextFrame > request.due ? nextFrame - 1 : null;
  }

  /** The program time that the next frame shows. */
  get #nextMomentMs(): number {
    const n = this.#pendingFrame ?? this.#run.nextFrame;
    return n === null || !this.#isClockRunning ? Date.now() : this.#timesOf(n).programTimeMs;
  }

  #timesOf(n: number): FrameTimes {
    return this.#moments.timesOf(n, this.#request?.asked ?? null);
  }

  get #moments(): FrameMoments {
    return new FrameMoments(this.#port, this.#session.format.frameRate);
  }

  #frameTimeMs(n: number): number {
    return frameTimeMs(n, this.#session.format.frameRate);
  }
}
