/**
 * The way of one frame, phases "ask" and "deadline", in the stitcher thread: asks for frame n ahead of time, and at its
 * deadline takes what is there. Owns the program clock, its ledger and the program frames.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../core/logger.js';
import { MediaClock, readWallClock } from '../core/media-clock.js';
import type { ProgramClock } from '../core/program-clock.js';
import { frameTimeMs, type FrameRate } from '../core/rational.js';
import { StitcherPort } from '../memory/handover.js';
import type { FrameFormat } from '../memory/handover-layout.js';
import type { Kernels } from '../memory/kernels.js';
import { mapProgramMemory } from '../memory/map.js';
import { ProgramFrameWriter } from '../memory/program-frames.js';
import type { Latencies } from '../core/latencies.js';
import { Assembly } from './assembly.js';
import type { LedgerSnapshot } from './contract.js';
import type { ProgramFrame } from './frame-assembler.js';
import { Ledger, type FrameOutcome } from './ledger.js';
import { leadMsOf, PacedClock } from './paced-clock.js';

/** Frames drawn before the clock starts: they paint what the scene shows, and warm up the code. */
const PREROLL_FRAMES = 6;
/** Longer than the compositor waits for pictures before it draws the first of them without. */
const PREROLL_TIMEOUT_MS = 3000;
const PREROLL_POLL_MS = 1;

/** How often to check whether readers and the compositor are done with the memory, and after how long to log that they are not. */
const LAYOUT_POLL_MS = 5;
const LAYOUT_PATIENCE_MS = 3000;

/** After so long without a new picture, and with none to come, the slate is shown, milliseconds. */
const SLATE_AFTER_MS = 5000;

/** A program frame that is lent to somebody who sends it: it stays as it is until it is given back. */
export type FrameLease = {
  readonly picture: Buffer;
  release(): void;
};

/** Takes the program frame of every slot of the clock. */
export interface FrameSink {
  /** The clock starts with slot 0. Its number tells it from others. */
  begin(epoch: number): void;
  /** Asked before a frame is lent. */
  canAccept(): boolean;
  /** Gives the lease back when it has sent the picture. False when nothing was taken; then the lease is given back, too. */
  send(n: number, lease: FrameLease): boolean;
}

export type PlayoutOptions = {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly latencies: Latencies;
  readonly logger: Logger;
  /** The wall clock, milliseconds since 1970. It may be set at any time. */
  readonly wallNow: () => number;
  /** A clock has begun, has another anchor, or ended: null. */
  readonly onClock: (clock: ProgramClock | null) => void;
};

function isSameFormat(a: FrameFormat, b: FrameFormat): boolean {
  return (
    a.widthPx === b.widthPx &&
    a.heightPx === b.heightPx &&
    a.frameRate.num === b.frameRate.num &&
    a.frameRate.den === b.frameRate.den
  );
}

type Laid = {
  readonly format: FrameFormat;
  readonly assembly: Assembly;
  /** Views of the program frames by slot. */
  readonly pictures: readonly Buffer[];
};

/**
 * The program clock and what it does in each slot: asks the compositor for a frame ahead of time, and at the deadline
 * assembles what is there, counts the slot, and lends the program frame to the sink.
 */
export class Playout {
  readonly #options: PlayoutOptions;
  readonly #frames: ProgramFrameWriter;
  readonly #port: StitcherPort;
  readonly #ledger = new Ledger();
  readonly #totals = new Ledger();
  #laid: Laid | null = null;
  #clock: PacedClock | null = null;
  /** Counts starts and stops: what was begun for an earlier one gives up. */
  #run = 0;
  /** Slots one after the other that brought no new picture and should have. */
  #lateInARow = 0;
  #isClosed = false;

  constructor(options: PlayoutOptions) {
    this.#options = options;
    this.#frames = new ProgramFrameWriter(options.memory);
    this.#port = new StitcherPort(options.memory);
  }

  get isRunning(): boolean {
    return this.#clock !== null;
  }

  /** Of the running or the last session. */
  get ledger(): LedgerSnapshot {
    return this.#ledger.snapshot();
  }

  get totals(): LedgerSnapshot {
    return this.#totals.snapshot();
  }

  /**
   * Changes size and rate; the clock must not run. Waits until readers and the compositor are done with what the memory
   * holds, however long that takes: a compositor that does not answer is replaced, and the new one does.
   */
  async configure(format: FrameFormat): Promise<void> {
    this.stop();
    if (this.#laid !== null && isSameFormat(this.#laid.format, format)) return;
    this.#laid = null;
    const { memory, kernels, logger } = this.#options;
    const map = mapProgramMemory(format.widthPx, format.heightPx);
    if (!isSameFormat(this.#port.format, format)) this.#port.setFormat(format);
    const sinceMs = performance.now();
    let isReported = false;
    while (!this.#isClosed) {
      const isPatient = performance.now() - sinceMs < LAYOUT_PATIENCE_MS;
      // A slot whose reader does not let go of it is not written any more; a compositor that does not would spoil pictures.
      if (this.#port.isAdopted && this.#frames.layOut(map, !isPatient)) break;
      if (!isPatient && !isReported) {
        isReported = true;
        logger.warn('the size of the program waits for the compositor, which does not answer');
      }
      await delay(LAYOUT_POLL_MS);
    }
    this.#laid = {
      format,
      assembly: new Assembly({ memory, map, kernels, frames: this.#frames, port: this.#port }),
      pictures: map.frameOffsets.map((offset) =>
        Buffer.from(memory.buffer, offset, map.frameBytes),
      ),
    };
  }

  /**
   * Has a few frames drawn without the clock, so that the first slots of the clock are not late: everything is painted
   * then, and the program frame is there. Bounded in time; ends when the clock starts or is stopped meanwhile.
   */
  async preroll(): Promise<void> {
    const { assembly, format } = this.#laidOut();
    const run = ++this.#run;
    const startMs = this.#options.wallNow();
    const endMs = performance.now() + PREROLL_TIMEOUT_MS;
    this.#port.begin();
    for (let n = -PREROLL_FRAMES; n < 0; n++) {
      const programTimeMs = startMs + frameTimeMs(n, format.frameRate);
      this.#port.ask(n, { programTimeMs, wallOffsetMs: 0 });
      while (!assembly.isComplete(n)) {
        await delay(PREROLL_POLL_MS);
        if (run !== this.#run || performance.now() > endMs) return;
      }
      assembly.take(n);
    }
  }

  /** Starts the clock at slot 0; a clock that runs ends. The ledger begins anew. */
  start(sink: FrameSink | null): void {
    const { format } = this.#laidOut();
    this.#halt();
    this.#ledger.reset();
    this.#lateInARow = 0;
    const { frameRate } = format;
    const mediaClock = this.#createMediaClock(frameRate);
    const { startedAtMs, firstDueNs } = mediaClock.clock;
    this.#port.setClock(startedAtMs, Number(firstDueNs) / 1e6);
    sink?.begin(this.#port.epoch);
    this.#clock = new PacedClock({
      frameRate,
      startMs: mediaClock.startMonotonicMs,
      onPlan: (n) => {
        this.#plan(n, mediaClock);
      },
      onDue: (n, lateMs) => {
        this.#options.latencies.observe('clockJitter', lateMs / 1000);
        const outcome = this.#air(n, sink);
        this.#ledger.count(outcome);
        this.#totals.count(outcome);
      },
    });
    this.#options.onClock(mediaClock.clock);
  }

  /** One whose frame 0 is planned now. */
  #createMediaClock(frameRate: FrameRate): MediaClock {
    const startMonotonicMs = performance.now();
    const startedAtMs = this.#options.wallNow();
    const leadMs = leadMsOf(frameRate);
    const firstDueNs = process.hrtime.bigint() + BigInt(Math.round(leadMs * 1e6));
    return new MediaClock({ frameRate, startedAtMs, startMonotonicMs, firstDueNs, leadMs });
  }

  /** Asks for a frame with its times, which once a second are compared with the wall clock before. */
  #plan(n: number, mediaClock: MediaClock): void {
    if (mediaClock.isMeasuredWith(n)) {
      const reading = readWallClock(this.#options.wallNow, () => performance.now());
      if (reading !== null && mediaClock.measure(n, reading))
        this.#options.onClock(mediaClock.clock);
    }
    this.#port.ask(n, mediaClock.timesOf(n));
  }

  /** Stops the clock for good, and waits for nobody any more. */
  close(): void {
    this.#isClosed = true;
    this.stop();
  }

  /** Stops the clock; what was planned is given up, and readers find no program frame any more. */
  stop(): void {
    this.#halt();
    this.#frames.withdraw();
  }

  #halt(): void {
    this.#run += 1;
    if (this.#clock !== null) {
      this.#clock.stop();
      this.#clock = null;
      this.#port.setClock(NaN, NaN);
      this.#options.onClock(null);
    }
    this.#port.begin();
  }

  #laidOut(): Laid {
    if (this.#laid === null) throw new Error('The playout has not been configured.');
    return this.#laid;
  }

  #air(n: number, sink: FrameSink | null): FrameOutcome {
    const { assembly, format } = this.#laidOut();
    this.#port.setDue(n + 1);
    const startedAtMs = performance.now();
    const outcome = assembly.take(n);
    if (outcome === 'rendered')
      this.#options.latencies.observe('assemble', (performance.now() - startedAtMs) / 1000);
    this.#lateInARow = outcome === 'late' ? this.#lateInARow + 1 : 0;
    const isStale = frameTimeMs(this.#lateInARow, format.frameRate) >= SLATE_AFTER_MS;
    const frame = isStale || assembly.newest === null ? assembly.slate(n) : assembly.newest;
    if (sink === null) return outcome;
    return this.#send(n, sink, frame) ? outcome : 'skipped';
  }

  #send(n: number, sink: FrameSink, frame: ProgramFrame | null): boolean {
    const { assembly, pictures } = this.#laidOut();
    const picture = frame === null ? undefined : pictures[frame.slot];
    if (frame === null || picture === undefined || !sink.canAccept()) return false;
    assembly.hold(frame);
    return sink.send(n, {
      picture,
      release: () => {
        assembly.release(frame);
      },
    });
  }
}
