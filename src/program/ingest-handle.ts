import type { ThreadFault } from '../core/heartbeat.js';
import type { Logger } from '../core/logger.js';
import { POLICIES } from '../core/policies.js';
import { startSupervisedThread, type SupervisedThread } from '../core/supervised-thread.js';
import { Supervisor } from '../core/supervisor.js';
import { FrameSenders } from './frame-senders.js';
import { PageCalls } from './page-calls.js';
import type {
  FromIngest,
  IngestInit,
  InputReport,
  InputSpec,
  ToIngest,
  Track,
  TrackReport,
  WantedVideo,
} from '../ingest/contract.js';

/** How long it may take to end, milliseconds. */
const CLOSE_PATIENCE_MS = 1000;

/** The ingest thread as the main thread sees it: started with the first track, kept running, and told what to decode. */
export class IngestHandle {
  /** The programs that send pictures to it. */
  readonly frames = new FrameSenders({
    follow: () => {
      this.#start();
      this.#tellFrameSenders();
    },
    put: (frame) => {
      const unit = this.#supervisor.isReady ? this.#supervisor.unit : null;
      unit?.post({ type: 'frame', frame }, [frame.bytes]);
      return unit !== null;
    },
  });
  /** What is done with the pages of inputs. */
  readonly pages = new PageCalls((callId, inputId, call) => {
    const unit = this.#supervisor.isReady ? this.#supervisor.unit : null;
    unit?.post({ type: 'page', callId, inputId, call });
    return unit !== null;
  });
  readonly #supervisor: Supervisor<SupervisedThread<ToIngest>>;
  #tracks: readonly Track[] = [];
  /** By who shows them. */
  readonly #videos = new Map<string, readonly WantedVideo[]>();
  #inputs: readonly InputSpec[] = [];
  #ownPorts: readonly number[] = [];
  #hasStarted = false;

  constructor(
    init: IngestInit,
    logger: Logger,
    {
      onReport,
      onInput,
      onPageMessage,
    }: {
      readonly onReport: (report: TrackReport) => void;
      readonly onInput: (report: InputReport) => void;
      readonly onPageMessage: (inputId: string, message: unknown) => void;
    },
  ) {
    this.#supervisor = new Supervisor({
      policy: POLICIES.ingest,
      logger,
      start: () =>
        startSupervisedThread<IngestInit, ToIngest, FromIngest>({
          entry: 'ingest',
          init,
          isHeld: true,
          onMessage: (message) => {
            if (message.type === 'track') onReport(message);
            if (message.type === 'input') onInput(message.report);
            if (message.type === 'frame') this.frames.onAnswer(message.answer);
            if (message.type === 'page') this.pages.onAnswer(message.callId, message.isDone);
            if (message.type === 'page-message') onPageMessage(message.inputId, message.message);
          },
          onError: (error) => {
            logger.error({ err: error }, 'the ingest thread has failed');
          },
        }),
      onReady: () => {
        this.#tellOwnPorts();
        this.#tell();
        this.#tellVideos();
        this.#tellFrameSenders();
        this.#tellInputs();
        this.frames.onReady();
      },
      onEnded: () => {
        this.frames.onLost();
        this.pages.onLost();
      },
    });
  }

  /** Why it does not work, for people; null while it does, or is not needed. */
  get trouble(): string | null {
    return this.#hasStarted ? this.#supervisor.trouble : null;
  }

  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** All tracks that are to be decoded. */
  decode(tracks: readonly Track[]): void {
    this.#tracks = tracks;
    if (tracks.length > 0) this.#start();
    this.#tell();
  }

  /** All videos that are to be decoded for somebody who shows them. */
  decodeVideos(shownBy: string, videos: readonly WantedVideo[]): void {
    this.#videos.set(shownBy, videos);
    if (videos.length > 0) this.#start();
    this.#tellVideos();
  }

  /** All live inputs that are to be decoded. */
  decodeInputs(inputs: readonly InputSpec[]): void {
    this.#inputs = inputs;
    if (inputs.length > 0) this.#start();
    this.#tellInputs();
  }

  /** Ports of the service itself, which no page may reach on this machine. */
  hideOwnPorts(ports: readonly number[]): void {
    this.#ownPorts = ports;
    this.#tellOwnPorts();
  }

  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void {
    this.#supervisor.unit?.inject(fault);
  }

  /** Ends the thread with its processes; bounded. */
  async close(): Promise<void> {
    await this.#supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  }

  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#supervisor.start();
  }

  #tellInputs(): void {
    if (this.#supervisor.isReady)
      this.#supervisor.unit?.post({ type: 'inputs', inputs: this.#inputs });
  }

  #tellOwnPorts(): void {
    if (this.#supervisor.isReady)
      this.#supervisor.unit?.post({ type: 'own-ports', ports: this.#ownPorts });
  }

  #tellFrameSenders(): void {
    if (this.#supervisor.isReady)
      this.#supervisor.unit?.post({ type: 'frame-senders', senders: this.frames.all });
  }

  #tellVideos(): void {
    const videos = [...this.#videos.values()].flat();
    if (this.#supervisor.isReady) this.#supervisor.unit?.post({ type: 'videos', videos });
  }

  #tell(): void {
    if (this.#supervisor.isReady)
      this.#supervisor.unit?.post({ type: 'tracks', tracks: this.#tracks });
  }
}
