import type { MixerStats, PcmFormat, PushConnection, PushListener } from '../audio/contract.js';
import type { AirFrame, ProgramClock } from '../core/program-clock.js';
import type { FrameAnswer, InputReport, PageCall, PushedFormat } from '../ingest/contract.js';
import type { OutputStatus } from '../output/status.js';
import type { ListeningFormat, PreviewTier, SoundPacket } from '../preview/contract.js';
import type { ProgramStats } from '../program/contract.js';
import type { ProgramState } from '../stitcher/contract.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { SceneSnapshot } from '../scene/snapshot.js';
import type { Asset, ServiceState } from '../state/model.js';
import type { CostPrediction, CostRequest, Still, StillRequest } from '../still/contract.js';
import type { DryRunReport } from './dry-run.js';

/** What the control plane needs of the rest of the service. */

export interface AssetService {
  /** Stores bytes as a new asset. @throws AppError SM_ASSET_TOO_LARGE, _FORMAT, _BROKEN, _EXISTS, _LIMIT */
  upload(request: { id: string | null; name: string; bytes: Uint8Array }): Promise<Asset>;
  /**
   * Registers an address, or a path below CDN_BASE_URL; answers at once with a pending asset and fetches behind.
   * @throws AppError SM_ASSET_ADDRESS, _EXISTS, _LIMIT
   */
  register(request: { id: string | null; name: string; url: string }): Promise<Asset>;
  /** @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_IN_USE */
  remove(id: string): Promise<void>;
  /** Where the content is on disk. @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_NOT_READY */
  content(
    id: string,
  ): Promise<{ path: string; mediaType: string; bytes: number; contentHash: string }>;
}

export interface ProgramService {
  readonly state: ProgramState;
  /** Why the program failed, for people; null otherwise. */
  readonly reason: string | null;
  /** Why it is not live since it failed or was interrupted, for people, until it is live again; null: nothing went wrong. */
  readonly failure: string | null;
  /** Null until the stitcher has reported for the first time. */
  readonly stats: ProgramStats | null;
  readonly outputs: ReadonlyMap<string, OutputStatus>;
  /** What becomes of live inputs that are received, by their ids. */
  readonly inputs: ReadonlyMap<string, InputReport>;
  /** How loud sources, buses and the master are, by `StripKey`; null while nobody has measured. */
  readonly meters: MixerStats | null;
  /** The clock that frames are counted by; null while the program does not run. */
  readonly clock: ProgramClock | null;
  /**
   * The frame with which a revision of the state goes on air, asked for as soon as its command has been answered. Null
   * when the program does not run, or when it is not on air within `timeoutMs`.
   */
  whenOnAir(revision: number, timeoutMs: number): Promise<AirFrame | null>;
  /** Goes live. Resolves when the encoder delivers. @throws AppError SM_STREAM_BUSY, SM_STREAM_FAILED, SM_FFMPEG_* */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What the control plane needs of the sound. */
export interface SoundService {
  /** Takes sound that is pushed to a source; see `PushConnection`. */
  push(sourceId: string, format: PcmFormat, listener: PushListener): PushConnection;
}

/** What the control plane needs to have pictures shown that programs send. */
export interface FrameService {
  /** A program begins to send pictures to an input; `listener` is told what becomes of each. */
  open(
    inputId: string,
    format: PushedFormat,
    listener: (answer: Omit<FrameAnswer, 'senderId'>) => void,
  ): {
    /** Hands a picture over, which is answered in any case. `bytes` must not be used any more. */
    send(bytes: ArrayBuffer, timestampMs: number | null): void;
    close(): void;
  };
}

/** What the control plane needs to drive the pages of live inputs. */
export interface PageService {
  /** Resolves with whether there was a page that the call reached. */
  call(inputId: string, call: PageCall): Promise<boolean>;
}

/** How far something that is decoded has come. */
export type PlaybackProgress = {
  readonly state: 'waiting' | 'playing' | 'ended' | 'failed';
  /** Why it fails, for people; null when it does not. */
  readonly reason: string | null;
  /** Since the beginning of its file or entry, milliseconds. */
  readonly positionMs: number;
};

/** What the control plane needs of the playback of sources. */
export interface PlaybackService {
  /** Of a source or clip; null when nothing is decoded for it. */
  playbackOf(strip: StripKey): PlaybackProgress | null;
}

/** Tells what a change of the state would bring with it, without making it. */
export type DryRunReporter = (before: ServiceState, after: ServiceState) => Promise<DryRunReport>;

export interface PreviewService {
  /** A JPEG of what is on air. @throws AppError SM_PREVIEW_UNAVAILABLE */
  grab(widthPx: number, quality: number): Promise<Uint8Array>;
  /** The tiers that have viewers now. */
  setTiers(tiers: readonly PreviewTier[]): void;
  /** How many viewers there are: the program runs while it is live or watched. */
  setWatchers(count: number): void;
  onPicture(listener: (tier: PreviewTier, jpeg: Uint8Array) => void): () => void;
}

/** Whoever hears the program's sound. */
export interface SoundListener {
  /** Every 20 ms while the program runs. */
  readonly onPacket: (packet: SoundPacket) => void;
  /** Nothing will come in this format; `reason` is for people. */
  readonly onUnavailable: (reason: string) => void;
}

export interface ListeningService {
  /** Sends the program's sound, as it goes to the encoder, from now on. Stops when what it returns is called. */
  listen(format: ListeningFormat, listener: SoundListener): () => void;
}

/** Frames of scenes without a stream, through the same code as on air. */
export interface StillService {
  /** @throws AppError SM_RENDER_BUSY, SM_RENDER_TIMEOUT, SM_THREAD_EXITED, SM_SHUTTING_DOWN */
  render(request: StillRequest): Promise<Still>;
  /** What showing a scene costs, found without drawing it. @throws AppError as above */
  predict(request: CostRequest): Promise<CostPrediction>;
}

/** All that rendering a scene of a state needs, whether it is on air or not. */
export interface SnapshotService {
  /** @param takenAtMs wall-clock milliseconds at which its scene time is 0. */
  snapshotOf(state: ServiceState, sceneId: string, takenAtMs: number): SceneSnapshot;
}

export interface MetricsService {
  readonly contentType: string;
  render(): Promise<string>;
  observeRequest(operation: string, status: number, seconds: number): void;
  setPreviewViewers(count: number): void;
  addPreviewDrops(count: number): void;
  setSoundListeners(count: number): void;
  /** Sound that slow listeners did not get. */
  addListenerDrops(seconds: number): void;
  setSocketConnections(count: number): void;
}
