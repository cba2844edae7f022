import type { TrackEvent } from '../audio/contract.js';
import type { ServiceEvent } from '../core/event.js';
import type { Logger } from '../core/logger.js';
import type { TrackReport } from '../ingest/contract.js';
import type { PlannedTrack } from '../program/contract.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { PlaybackProgress, PlaybackService } from './ports.js';
import { nowPlaying } from '../state/now-playing.js';
import type { Command } from '../state/command.js';
import type { StateStore } from '../state/port.js';

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
  /** Entries that failed in a row, by the id of the source. */
  readonly #failures = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();

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
      case 'clip-over':
        this.#dispatch({ type: 'sound.clip.end', clipId: event.clipId, frame, reason: null });
        return;
      case 'marker': {
        const { clipId, marker } = event;
        this.#publish('audio-clip.marker', { id: clipId, marker, frame });
        return;
      }
      default:
        this.#onOwned(event, frame);
    }
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
    if ('clip' in owner && !retries) {
      this.#dispatch({ type: 'sound.clip.end', clipId: owner.clip, frame: null, reason });
    } else if ('source' in owner) {
      this.#failures.set(owner.source, (this.#failures.get(owner.source) ?? 0) + 1);
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #onOwned(event: Extract<TrackEvent, { readonly key: string }>, frame: number): void {
    const track = this.#options.trackOf(event.key);
    const owner = track === null ? null : ownerOf(track.strip);
    if (track === null || owner === null) return;
    if (event.type === 'underrun') {
      this.#publish('audio-track.underrun', { ...owner, frame });
      return;
    }
    if (event.type === 'started') this.#set(event.key, { state: 'playing', reason: null });
    else if (this.#stateOf(event.key).state !== 'failed')
      this.#set(event.key, { state: 'ended', reason: null });
    if ('source' in owner) this.#onSource(event.type, { id: owner.source, run: track.run, frame });
    else if (event.type === 'started')
      this.#dispatch({ type: 'sound.clip.begin', clipId: owner.clip, frame });
  }

  #onSource(
    type: 'started' | 'ended',
    { id, run, frame }: { readonly id: string; readonly run: number; readonly frame: number },
  ): void {
    if (type === 'started') {
      this.#failures.delete(id);
      this.#advance(id, run, () => {
        this.#publishStarted(id, frame);
      });
      return;
    }
    this.#publish('audio-track.ended', { source: id, frame });
    const entries = this.#entriesOf(id);
    if (entries === 0) return;
    const isAllFailing = (this.#failures.get(id) ?? 0) >= entries;
    if (isAllFailing)
      this.#later(() => {
        this.#advance(id, run + 1);
      });
    else this.#advance(id, run + 1);
  }

  #entriesOf(sourceId: string): number {
    const source = this.#options.store.state.sound.sources.find(({ id }) => id === sourceId);
    return source?.content.kind === 'playlist' ? source.content.entries.length : 0;
  }

  #advance(sourceId: string, run: number, then: () => void = () => undefined): void {
    if (this.#entriesOf(sourceId) === 0) {
      then();
      return;
    }
    const { now } = this.#options;
    this.#dispatch({ type: 'sound.advance', sourceId, run, atMs: now() }, then);
  }

  #publishStarted(sourceId: string, frame: number): void {
    const { state } = this.#options.store;
    const source = state.sound.sources.find(({ id }) => id === sourceId);
    const playing = source === undefined ? null : nowPlaying(state, source);
    this.#publish('audio-track.started', { source: sourceId, frame, playing });
  }

  #later(action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ALL_FAILED_MS);
    this.#timers.add(timer);
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

  #dispatch(command: Command, then: () => void = () => undefined): void {
    this.#options.store.dispatch(command).then(then, (error: unknown) => {
      this.#options.logger.error({ err: error }, 'what has become of a track could not be stored');
    });
  }
}
