import type {
  FromMixer,
  MixerInit,
  MixerStats,
  ScheduledSound,
  ToMixer,
} from '../audio/contract.js';
import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import type { Sound } from '../scene/sound/schema.js';

/** How long it may take to end, milliseconds. */
const CLOSE_PATIENCE_MS = 1000;

type Wanted = { readonly sound: Sound; readonly scheduled: readonly ScheduledSound[] };

/** The mixer thread as the main thread sees it: keeps it running, and tells it what is to be heard. */
export class MixerHandle {
  readonly #supervisor: Supervisor<SupervisedThread<ToMixer>>;
  /** What it has been told last: a new one is told the same. */
  #wanted: Wanted | null = null;
  #stats: MixerStats | null = null;
  #resolveReady: () => void = () => undefined;
  readonly ready: Promise<void>;

  /** Starts the thread. @param onStats - ten times a second */
  constructor(init: MixerInit, logger: Logger, onStats: (stats: MixerStats) => void) {
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
            if (message.type !== 'stats') return;
            this.#stats = message.stats;
            onStats(message.stats);
          },
          onError: (error) => {
            logger.error({ err: error }, 'the mixer thread has failed');
          },
        }),
      onReady: () => {
        this.#tell();
        this.#resolveReady();
      },
      onEnded: () => {
        this.#stats = null;
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
  play(sound: Sound, scheduled: readonly ScheduledSound[]): void {
    this.#wanted = { sound, scheduled };
    this.#tell();
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

  #tell(): void {
    if (this.#wanted === null || !this.#supervisor.isReady) return;
    this.#supervisor.unit?.post({ type: 'sound', ...this.#wanted });
  }
}
