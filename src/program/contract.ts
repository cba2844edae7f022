import type { TrackEvent, TrackRef } from '../audio/contract.js';
import type { DueMoment } from '../core/program-clock.js';
import type { TrackReport, TrackSpec } from '../ingest/contract.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { AirSound } from '../scene/sound/schema.js';
import type { CompositorStats } from '../compositor/contract.js';
import type { LatencySnapshots } from '../core/latencies.js';
import type { StitcherStats } from '../stitcher/contract.js';

/** What is known of the program: of the stitcher and the compositor together. */
export type ProgramStats = Omit<StitcherStats, 'latencies'> &
  Omit<CompositorStats, 'latencies'> & { readonly latencies: LatencySnapshots };

/** A track with whose it is. */
export type PlannedTrack = TrackSpec &
  Pick<TrackRef, 'run' | 'createdAtMs' | 'fadesIn'> & {
    /** Of the source or clip. */
    readonly strip: StripKey;
    /** What it is of a playlist, as it is announced; null: it is of none. */
    readonly playing: NowPlaying | null;
  };

/** What a playlist plays, as it is announced and as texts show it. */
export type NowPlaying = {
  /** Number of the entry, from 0. */
  readonly entry: number;
  /** Of its tags, or the name of its file. */
  readonly title: string;
  /** Empty when it is not known. */
  readonly artist: string;
  readonly album: string;
};

/** What is to be heard, with all that is to be decoded for it; of a strip in the order in which it is played. */
export type PlannedSound = { readonly sound: AirSound; readonly tracks: readonly PlannedTrack[] };

/** The same from a moment on. */
export type ScheduledPlan = DueMoment & PlannedSound;

/** What becomes of something that is decoded: told by the mixer with its frame, or by whoever decodes. */
export type TrackListeners = {
  readonly onTrack: (event: TrackEvent, frame: number) => void;
  /** A script of the page of a live input has said something. */
  readonly onPageMessage: (inputId: string, message: unknown) => void;
  readonly onTrackReport: (report: TrackReport) => void;
};
