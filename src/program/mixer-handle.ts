import { isDeepStrictEqual } from 'node:util';
import type {
  FromMixer,
  PlayedSound,
  MixerInit,
  MixerStats,
  PcmFormat,
  PushConnection,
  PushListener,
  PushMessage,
  ScheduledSound,
  SilenceReport,
  ToMixer,
  TrackEvent,
} from '../audio/contract.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import { OwedAnswers } from './owed-answers.js';

/** How long it may take to end, milliseconds. */
const CLOSE_PATIENCE_MS = 1000;

type Push = {
  readonly sourceId: string;
  readonly format: PcmFormat;
  readonly answers: OwedAnswers;
};

type Wanted = PlayedSound & { readonly scheduled: readonly ScheduledSound[] };

/** Told what the mixer reports. */
export type MixerListener = {
  /** Ten times a second. */
  readonly onStats: (stats: MixerStats) => void;
  /** What is sent has been silent for too long; and: is heard again. Each only after the other. */
  readonly onSilence: (report: SilenceReport) => void;
  readonly onTrack: (event: TrackEvent, frame: number) => void;
};

/** The mixer thread as the main thread sees it: keeps it running, and tells it what is to be heard. */
export class MixerHandle {
  readonly #supervisor: Supervisor<SupervisedThread<ToMixer>>;
  /** What it has been told last: a new one is told the same. */
  #wanted: Wanted | null = null;
  #stats: MixerStats | null = null;
  #spectra: readonly SpectrumWanted[] = [];
  #inputs: Readonly<Record<string, SharedArrayBuffer>> = {};
  #isSilent = false;
  readonly #listener: MixerListener;
  readonly #pushes = new Map<number, Push>();
  #nextPushId = 0;
  #resolveReady: () => void = () => undefined;
  readonly ready: Promise<void>;

  /** Starts the thread. */
  constructor(init: MixerInit, logger: Logger, listener: MixerListener) {
    this.#listener = listener;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#supervisor = new Supervisor({
      policy: POLICIES.mixer,
      logger,
      start: () =>
        startSupervisedThread<MixerInit, ToMixer, FromMixer>({
          entry: 'mixer',
          init,
          isHeld: true,
          onMessage: (message) => {
            this.#handle(message);
          },
          onError: (error) => {
            logger.error({ err: error }, 'the mixer thread has failed');
          },
        }),
      onReady: () => {
        this.#tellAll();
        this.#resolveReady();
      },
      onEnded: () => {
        this.#stats = null;
        for (const { answers } of this.#pushes.values()) answers.tellLost();
      },
    });
    this.#supervisor.start();
  }

  /** Null while it has not reported. */
  get stats(): MixerStats | null {
    return this.#stats;
  }

  /** Why it does not work, for people; null while it does. */
  get trouble(): string | null {
    return this.#supervisor.trouble;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** What is heard now, and what from later moments on: all there is, in the order of its moments. */
  play(played: PlayedSound, scheduled: readonly ScheduledSound[]): void {
    this.#wanted = { ...played, scheduled };
    this.#tell();
  }

  /** Which spectra are measured: those of the scenes on air, in preview and scheduled. */
  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    if (isDeepStrictEqual(wanted, this.#spectra)) return;
    this.#spectra = wanted;
    this.#post({ type: 'spectra', wanted });
  }

  /** The sound of all live inputs that there are, by their ids. */
  setInputs(inputs: Readonly<Record<string, SharedArrayBuffer>>): void {
    this.#inputs = inputs;
    this.#post({ type: 'inputs', inputs });
  }

  /** Whether it has been told that what is sent is silent, and not that it is heard again. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Nothing is sent any more: what is sent next is not known to be silent. */
  clockEnded(): void {
    this.#isSilent = false;
  }

  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  /** Ends the thread; bounded. */
  async close(): Promise<void> {
    await this.#supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  }

  /** Takes sound that is pushed to a source; `listener` is told what the sender is to know. */
  push(sourceId: string, format: PcmFormat, listener: PushListener): PushConnection {
    const pushId = this.#nextPushId++;
    const answers = new OwedAnswers(listener);
    this.#pushes.set(pushId, { sourceId, format, answers });
    this.#post({ type: 'push-open', pushId, sourceId, format });
    const ask = (message: PushMessage): void => {
      if (!this.#post(message)) answers.tellLost();
    };
    return {
      write: (bytes) => {
        answers.goesOn();
        ask({ type: 'push-data', pushId, bytes });
      },
      flush: () => {
        answers.end();
        ask({ type: 'push-flush', pushId });
      },
      mark: (id) => {
        answers.mark(id);
        ask({ type: 'push-mark', pushId, id });
      },
      end: () => {
        answers.end();
        ask({ type: 'push-end', pushId });
      },
      close: () => {
        this.#pushes.delete(pushId);
        this.#post({ type: 'push-close', pushId });
      },
    };
  }

  #handle(message: FromMixer): void {
    if (message.type === 'push')
      this.#pushes.get(message.pushId)?.answers.tell(message.event, message.frame);
    if (message.type === 'track') this.#listener.onTrack(message.event, message.frame);
    if (message.type === 'silence') this.#tellSilence(message.report);
    if (message.type !== 'stats') return;
    this.#stats = message.stats;
    this.#listener.onStats(message.stats);
  }

  /** A new thread does not know what has been told. */
  #tellSilence(report: SilenceReport): void {
    const isSilent = report.type === 'silent';
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#listener.onSilence(report);
  }

  /** A new thread is told what the one before knew; what that had buffered is gone with it. */
  #tell(): void {
    if (this.#wanted !== null) this.#post({ type: 'sound', ...this.#wanted });
  }

  #tellAll(): void {
    this.#post({ type: 'spectra', wanted: this.#spectra });
    this.#post({ type: 'inputs', inputs: this.#inputs });
    this.#tell();
    for (const [pushId, { sourceId, format }] of this.#pushes)
      this.#post({ type: 'push-open', pushId, sourceId, format });
  }

  /** Whether there is a mixer that gets it. */
  #post(message: ToMixer): boolean {
    const unit = this.#supervisor.isReady ? this.#supervisor.unit : null;
    unit?.post(message);
    return unit !== null;
  }
}
