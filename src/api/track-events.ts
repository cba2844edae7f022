import { isDeepStrictEqual } from 'node:util';
import type { TrackEvent } from '../audio/contract.js';
import type { ServiceEvent } from '../core/event.js';
import type { Logger } from '../core/logger.js';
import type { TrackReport } from '../ingest/contract.js';
import type { PlannedTrack } from '../program/contract.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { PlaybackProgress, PlaybackService } from './ports.js';
import type { Command, CommandOf } from '../state/command.js';
import type { ServiceState } from '../state/model.js';
import { playingValues } from '../state/now-playing.js';
import type { Applied, StateStore } from '../state/port.js';

/** What is known of a track that is decoded. */
type TrackState = Omit<PlaybackProgress, 'positionMs'>;

export type TrackEventsOptions = {
  readonly store: Pick<StateStore, 'state' | 'dispatch'>;
  readonly publish: (event: ServiceEvent) => void;
  readonly trackOf: (key: string) => PlannedTrack | null;
  /** What a source or a clip plays now; null: nothing is decoded for it. */
  readonly currentTrack: (strip: StripKey) => PlannedTrack | null;
  /** Milliseconds of tracks that have been played, by their keys. */
  readonly positions: () => Readonly<Record<string, number>>;
  readonly logger: Logger;
  /** Program time. */
  readonly now: () => number;
};

/** A playlist of which no entry can be played is tried again after so long, milliseconds. */
const ALL_FAILED_MS = 5000;

/** What is remembered of clips that are not known yet: they may have been stopped meanwhile. */
const MOST_EARLY = 1000;

/** What is done when the timer says so, or sooner. */
type LateAdvance = { readonly timer: NodeJS.Timeout; readonly advance: () => void };

type ClipCommand = CommandOf<'sound.clip.begin'> | CommandOf<'sound.clip.end'>;

const WAITING: TrackState = { state: 'waiting', reason: null };

/** The source or the clip that a strip belongs to. */
function ownerOf(strip: StripKey): { readonly source: string } | { readonly clip: string } | null {
  const [kind = '', ...rest] = strip.split(':');
  const id = rest.join(':');
  if (kind === 'source') return { source: id };
  return kind === 'clip' ? { clip: id } : null;
}

/**
 * Announces what the mixer and the ingest thread say of tracks, and puts into the state what follows from it: the entry that a
 * playlist has come to, clips that have begun or are over. Lives in the main thread.
 */
export class TrackEvents implements PlaybackService {
  readonly #options: TrackEventsOptions;
  readonly #states = new Map<string, TrackState>();
  /** Entries of playlists that have failed for good since anything of them was heard, by the id of the source. */
  readonly #failed = new Map<string, Set<number>>();
  /** By the id of the source: entries that the mixer has gone on to, and that the state is told of later. */
  readonly #late = new Map<string, LateAdvance>();
  /** Of clips that are heard, and are not part of the state yet. */
  #early: readonly ClipCommand[] = [];

  constructor(options: TrackEventsOptions) {
    this.#options = options;
  }

  playbackOf(strip: StripKey): PlaybackProgress | null {
    const track = this.#options.currentTrack(strip);
    if (track === null) return null;
    const played = this.#options.positions()[track.key] ?? 0;
    return { ...this.#stateOf(track.key), positionMs: track.positionMs + played };
  }

  /** The mixer tells of something that is heard with a frame. */
  onTrack(event: TrackEvent, frame: number): void {
    switch (event.type) {
      case 'clip-over': {
        const { clipId } = event;
        this.#tellClip({ type: 'sound.clip.end', clipId, frame, reason: null });
        return;
      }
      case 'marker': {
        const { clipId, marker } = event;
        this.#publish('audio-clip.marker', { id: clipId, marker, frame });
        return;
      }
      default:
        this.#onOwned(event, frame);
    }
  }

  /** To be called with every change: scheduled clips are heard before they are part of the state. */
  applied({ before, after }: Pick<Applied, 'before' | 'after'>): void {
    if (before.sound.sources !== after.sound.sources) this.#followLists(before, after);
    if (before.assets !== after.assets) this.#followTitles(before, after);
    if (this.#early.length === 0) return;
    const ids = new Set(after.sound.clips.map(({ id }) => id));
    const due = this.#early.filter(({ clipId }) => ids.has(clipId));
    this.#early = this.#early.filter(({ clipId }) => !ids.has(clipId));
    for (const command of due) this.#dispatch(command);
  }

  /** The ingest thread tells how decoding goes. */
  onReport({ key, state, reason, retries }: TrackReport): void {
    const track = this.#options.trackOf(key);
    const owner = track === null ? null : ownerOf(track.strip);
    if (track === null || owner === null) return;
    if (state === 'decoding') {
      if (this.#states.get(key)?.state === 'failed') this.#set(key, WAITING);
      return;
    }
    this.#set(key, { state: 'failed', reason });
    this.#options.logger.warn({ ...owner, reason, retries }, 'sound could not be decoded');
    this.#publish('audio-track.failed', { ...owner, reason, retries });
    // What is tried again may be heard yet.
    if (retries) return;
    if ('clip' in owner) {
      this.#tellClip({ type: 'sound.clip.end', clipId: owner.clip, frame: null, reason });
    } else if (track.playing !== null) {
      const failed = this.#failed.get(owner.source) ?? new Set();
      this.#failed.set(owner.source, failed.add(track.playing.entry));
    }
  }

  close(): void {
    for (const { timer } of this.#late.values()) clearTimeout(timer);
  }

  #onOwned(event: Extract<TrackEvent, { readonly key: string }>, frame: number): void {
    const track = this.#options.trackOf(event.key);
    const owner = track === null ? null : ownerOf(track.strip);
    if (track === null || owner === null) return;
    switch (event.type) {
      case 'underrun':
        this.#publish('audio-track.underrun', { ...owner, frame });
        return;
      case 'advanced':
        if ('source' in owner) this.#advance(owner.source, track.run);
        return;
      case 'started':
        this.#set(event.key, { state: 'playing', reason: null });
        if ('clip' in owner) {
          this.#tellClip({ type: 'sound.clip.begin', clipId: owner.clip, frame });
          return;
        }
        this.#failed.delete(owner.source);
        this.#advanceNow(owner.source);
        this.#publish('audio-track.started', { ...owner, frame, playing: track.playing });
        return;
      case 'ended':
        if (this.#stateOf(event.key).state !== 'failed')
          this.#set(event.key, { state: 'ended', reason: null });
        if ('source' in owner) this.#publish('audio-track.ended', { ...owner, frame });
    }
  }

  /** Puts into the state what the mixer has gone on to; later when nothing of the playlist can be played. */
  #advance(sourceId: string, run: number): void {
    const { now, store } = this.#options;
    const source = store.state.sound.sources.find(({ id }) => id === sourceId);
    if (source?.content.kind !== 'playlist') return;
    const advance = (): void => {
      this.#dispatch({ type: 'sound.advance', sourceId, run, atMs: now() });
    };
    this.#cancel(sourceId);
    const failed = this.#failed.get(sourceId);
    const isAllFailing = source.content.entries.every((_, entry) => failed?.has(entry) === true);
    if (!isAllFailing) {
      advance();
      return;
    }
    const timer = setTimeout(() => {
      this.#advanceNow(sourceId);
    }, ALL_FAILED_MS);
    this.#late.set(sourceId, { timer, advance });
  }

  /** Does what waits for a source. */
  #advanceNow(sourceId: string): void {
    const late = this.#late.get(sourceId);
    this.#cancel(sourceId);
    late?.advance();
  }

  #cancel(sourceId: string): void {
    clearTimeout(this.#late.get(sourceId)?.timer);
    this.#late.delete(sourceId);
  }

  /** What has failed of a list says nothing of another one, which is played at once. */
  #followLists(before: ServiceState, after: ServiceState): void {
    for (const sourceId of new Set([...this.#failed.keys(), ...this.#late.keys()])) {
      const [was, is] = [before, after].map(({ sound }) =>
        sound.sources.find(({ id }) => id === sourceId),
      );
      if (isDeepStrictEqual(was?.content, is?.content)) continue;
      this.#failed.delete(sourceId);
      if (is === undefined) this.#cancel(sourceId);
      else this.#advanceNow(sourceId);
    }
  }

  /** What is known of an asset now may be the title of what plays. */
  #followTitles(before: ServiceState, after: ServiceState): void {
    const values = playingValues(before, { ...before, assets: after.assets });
    if (Object.keys(values).length === 0) return;
    this.#dispatch({ type: 'variables.set', values, atMs: this.#options.now(), transition: null });
  }

  /** A clip that is not part of the state yet is scheduled, and will be in a moment. */
  #tellClip(command: ClipCommand): void {
    const { clips } = this.#options.store.state.sound;
    if (clips.some(({ id }) => id === command.clipId)) this.#dispatch(command);
    else this.#early = [...this.#early, command].slice(-MOST_EARLY);
  }

  /** Forgets what is not wanted any more. */
  #set(key: string, state: TrackState): void {
    this.#states.set(key, state);
    for (const known of this.#states.keys())
      if (this.#options.trackOf(known) === null) this.#states.delete(known);
  }

  #stateOf(key: string): TrackState {
    return this.#states.get(key) ?? WAITING;
  }

  #publish(type: string, data: Readonly<Record<string, unknown>>): void {
    this.#options.publish({ topic: 'audio', type, data });
  }

  #dispatch(command: Command): void {
    this.#options.store.dispatch(command).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'what has become of a track could not be stored');
    });
  }
}
