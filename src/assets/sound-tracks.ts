import type { TrackInput } from '../ingest/contract.js';
import type { PlannedSound, PlannedTrack } from '../program/contract.js';
import type { ClipContent, ContentOf, PlaylistEntry } from '../scene/sound/content.js';
import { type Playback, positionAt } from '../scene/sound/playback.js';
import { entryAt } from '../scene/sound/playlist-order.js';
import type { RunningClip, Sound, SoundSource } from '../scene/sound/schema.js';
import type { Asset, ServiceState } from '../state/model.js';
import { airSoundOf } from '../state/air-sound.js';
import { titled } from '../state/now-playing.js';
import { seedOf } from '../state/sound-playback.js';
import type { AssetSources } from './sources.js';

/** What of a state is heard, with all that is to be decoded for it. */

/** How much is decoded ahead, milliseconds: FFmpeg takes 0.3 s to begin, on a busy machine several times as long. */
const AHEAD_MS = 2000;
/** Queued clips of a bus that are decoded ahead. */
const QUEUED_AHEAD = 3;

/** What can be cut out of a file. */
type Cut = ClipContent | PlaylistEntry;

type Place = Pick<PlannedTrack, 'strip' | 'run' | 'createdAtMs' | 'playing' | 'isPatient'> & {
  readonly positionMs: number;
  readonly aheadMs: number;
};

/** Plans what is decoded. Owns nothing. */
class Planner {
  readonly #state: ServiceState;
  readonly #assets: Pick<AssetSources, 'soundFileOf'>;
  /** Program time from which playback goes on in the middle; null: it begins as it is written. */
  readonly #resumedAtMs: number | null;

  constructor(
    state: ServiceState,
    assets: Pick<AssetSources, 'soundFileOf'>,
    resumedAtMs: number | null,
  ) {
    this.#state = state;
    this.#assets = assets;
    this.#resumedAtMs = resumedAtMs;
  }

  /** What is decoded for a source, what is played first, first. */
  ofSource(source: SoundSource): PlannedTrack[] {
    const { id, content } = source;
    const playback = this.#state.sound.playback[id];
    if (playback === undefined) return [];
    const place: Place = {
      strip: `source:${id}`,
      run: playback.run,
      playing: null,
      // Something else comes after an entry of a playlist.
      isPatient: content.kind !== 'playlist',
      createdAtMs: playback.createdAtMs,
      positionMs:
        this.#resumedAtMs === null ? playback.positionMs : positionAt(playback, this.#resumedAtMs),
      aheadMs: AHEAD_MS,
    };
    switch (content.kind) {
      case 'file':
      case 'url':
        return this.#cut(content, content.loop, place);
      case 'stream':
        return [streamOf(content, place)];
      case 'playlist':
        return this.#playlist(source, content, playback, place);
      default:
        return [];
    }
  }

  ofClip({ id, content, createdAtMs }: RunningClip): PlannedTrack[] {
    const strip = `clip:${id}` as const;
    const place: Place = {
      strip,
      run: 0,
      playing: null,
      isPatient: false,
      createdAtMs,
      positionMs: 0,
      aheadMs: AHEAD_MS,
    };
    return this.#cut(content, content.loop, place);
  }

  #playlist(
    { id }: SoundSource,
    content: ContentOf<'playlist'>,
    playback: Playback,
    place: Place,
  ): PlannedTrack[] {
    const seed = seedOf(id, playback);
    const planned = [0, 1].map((later) => {
      const number = entryAt(content, seed, playback.turn + later);
      const entry = number === null ? undefined : content.entries[number];
      if (number === null || entry === undefined) return [];
      return this.#cut(entry, false, {
        ...place,
        playing: titled(number, entry, this.#state.assets),
        run: playback.run + later,
        positionMs: later === 0 ? place.positionMs : 0,
        aheadMs: AHEAD_MS + content.crossfadeMs,
      });
    });
    // While what is to play is fetched, nothing plays in its place.
    return planned[0]?.length === 0 ? [] : planned.flat();
  }

  #cut(cut: Cut, loop: boolean, place: Place): PlannedTrack[] {
    const { strip, run, playing, isPatient, createdAtMs, positionMs, aheadMs } = place;
    const input = this.#inputOf(cut, playing !== null);
    if (input === null) return [];
    const { inMs, outMs } = cut;
    return [
      {
        key: [strip, createdAtMs, run, inMs, outMs ?? '', loop, JSON.stringify(input)].join(' '),
        strip,
        run,
        createdAtMs,
        playing,
        input,
        inMs,
        outMs,
        loop,
        positionMs,
        isLive: false,
        isPatient,
        aheadMs: Math.min(aheadMs, lengthMsOf(input, loop) ?? aheadMs),
        fadesIn: positionMs > 0 || (loop && inMs > 0),
      },
    ];
  }

  /**
   * Null while the asset has no content, or when it is no sound.
   * @param isEntry - of a playlist, which passes over what cannot be heard, and waits for what is fetched
   */
  #inputOf(cut: Cut, isEntry: boolean): TrackInput | null {
    if (cut.kind === 'url') return { kind: 'url', url: cut.url };
    const asset = this.#state.assets.find(({ id }) => id === cut.asset);
    const file = asset === undefined ? null : this.#assets.soundFileOf(asset);
    if (file !== null) return { kind: 'path', ...file };
    return isEntry && asset?.state !== 'pending' ? missing(cut.asset, asset) : null;
  }
}

function missing(id: string, asset: Asset | undefined): TrackInput {
  const trouble =
    asset === undefined
      ? 'does not exist: upload it, or take the entry out.'
      : `cannot be heard: ${asset.error ?? 'it contains no sound.'}`;
  return { kind: 'missing', reason: `The asset ${id} ${trouble}` };
}

/** How much there is to be decoded of a file, milliseconds; null: it is not known, or goes on for ever. */
function lengthMsOf(input: TrackInput, loop: boolean): number | null {
  return loop || input.kind !== 'path' || input.samples === null ? null : input.samples / 48 + 1;
}

function streamOf({ url }: ContentOf<'stream'>, place: Place): PlannedTrack {
  const { strip, run, createdAtMs, aheadMs } = place;
  return {
    key: [strip, createdAtMs, run, 'live', url].join(' '),
    strip,
    run,
    createdAtMs,
    playing: null,
    input: { kind: 'url', url },
    inMs: 0,
    outMs: null,
    loop: false,
    isLive: true,
    isPatient: true,
    positionMs: 0,
    aheadMs,
    fadesIn: true,
  };
}

/** Clips that are decoded: those that sound, and the next ones of each queue. */
function decodedClips({ clips }: Sound): readonly RunningClip[] {
  const buses = new Set(clips.map(({ bus }) => bus));
  const next = [...buses].flatMap((bus) =>
    clips
      .filter((clip) => clip.bus === bus && clip.policy === 'queue' && clip.frame === null)
      .sort((a, b) => b.priority - a.priority)
      .slice(0, QUEUED_AHEAD),
  );
  return clips.filter(
    (clip) => clip.policy !== 'queue' || clip.frame !== null || next.includes(clip),
  );
}

/** @param resumedAtMs - the service begins: what has played on meanwhile goes on where it would be now. Null: it has begun */
export function toPlannedSound(
  state: ServiceState,
  assets: Pick<AssetSources, 'soundFileOf'>,
  resumedAtMs: number | null,
): PlannedSound {
  const sound = airSoundOf(state);
  const planner = new Planner(state, assets, resumedAtMs);
  return {
    sound,
    tracks: [
      ...sound.sources.flatMap((source) => planner.ofSource(source)),
      ...decodedClips(sound).flatMap((clip) => planner.ofClip(clip)),
    ],
  };
}
