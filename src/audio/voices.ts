/**
 * The voices of the mixer: what makes the samples of each source and clip, with its strip. Owned by the mixer. What is no longer
 * wanted, or is replaced, goes on until it is silent.
 */

import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { StripKey } from '../scene/sound/levels.js';
import type { RunningClip, Strip } from '../scene/sound/schema.js';
import { soundingClips } from './clip-queue.js';
import type { ContentPlayer, Playing, PushedSound } from './contents.js';
import type { PlayedSound, StripMeter, TrackEvent } from './contract.js';
import { FilePlayer } from './file-player.js';
import type { InputSounds } from './input-player.js';
import type { Floats, SoundKernels } from './kernels.js';
import type { NoiseGenerator } from './noise.js';
import { OffsetPlayer } from './offset-player.js';
import { playerOf } from './players.js';
import type { TrackEventListener } from './playlist-player.js';
import type { SampleTime, StripChannel, StripTarget } from './strip-channel.js';

/** Told what is played. @param sample - of the media clock */
export type MixerReport = (event: TrackEvent, sample: number) => void;

/** Where a strip is to be, by its key. */
export type TargetOf = (key: StripKey, strip: Strip) => StripTarget;

/** What is mixed at once. */
export type VoiceSpan = {
  /** Sample of the media clock. */
  readonly first: number;
  readonly count: number;
  readonly timeOf: SampleTime;
  /** Where the samples of a bus are mixed; null: the master. */
  readonly busOf: (bus: string | null) => Floats;
};

type Voice = {
  readonly player: OffsetPlayer;
  readonly channel: StripChannel;
  /** Null: the master. */
  bus: string | null;
  /** Where it goes when it has fallen silent on its bus. */
  wantedBus: string | null;
  target: StripTarget;
};

/** What a voice is to be. */
type Wanted = Pick<Voice, 'bus' | 'target'> & {
  readonly key: StripKey;
  readonly offsetMs: number;
  readonly isGoingOn: (player: ContentPlayer) => boolean;
  readonly create: () => ContentPlayer;
};

export type VoicesOptions = {
  readonly kernels: SoundKernels;
  readonly createChannel: (key: StripKey) => StripChannel;
  /** Most samples that are rendered at once. */
  readonly maxSamples: number;
  readonly pushed: PushedSound;
  readonly inputs: InputSounds;
  readonly noise: NoiseGenerator;
  readonly report: MixerReport;
};

/** Where it is to be: silent as long as it is on a bus that it is to leave. */
function aimVoice({ channel, bus, wantedBus, target }: Voice): void {
  channel.aim(bus === wantedBus ? target : { ...target, level: 0, ramp: undefined });
}

function playingOf(
  { sound, tracks }: PlayedSound,
  key: StripKey,
  sourceId: string | null,
): Playing {
  const playback = sourceId === null ? undefined : sound.playback[sourceId];
  return {
    tracks: tracks[key] ?? [],
    isPaused: playback !== undefined && playback.pausedAtMs !== null,
  };
}

export class Voices {
  readonly #options: VoicesOptions;
  readonly #voices = new Map<StripKey, Voice>();
  #leaving: Voice[] = [];
  readonly #scratch: Floats;
  readonly #listener: TrackEventListener;
  /** Players of the clips that have been begun, by their ids. */
  readonly #clips = new Map<string, FilePlayer>();
  /** Clips that have been told to be over. */
  readonly #overClips = new Set<string>();

  constructor(options: VoicesOptions) {
    this.#options = options;
    this.#scratch = options.kernels.floats(options.maxSamples * SOUND_CHANNELS);
    this.#listener = (type, { key }, sample) => {
      options.report({ type, key }, sample);
    };
  }

  /** Goes over to what is to be heard from the next sample on. */
  follow(played: PlayedSound, targetOf: TargetOf): void {
    const wanted = [
      ...this.#wantedSources(played, targetOf),
      ...this.#wantedClips(played, targetOf),
    ];
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, voice] of [...this.#voices]) if (!keys.has(key)) this.#leave(key, voice);
    for (const one of wanted) this.#followOne(one);
    const ids = new Set(played.sound.clips.map(({ id }) => id));
    for (const id of this.#clips.keys()) if (!ids.has(id)) this.#clips.delete(id);
    for (const id of this.#overClips) if (!ids.has(id)) this.#overClips.delete(id);
  }

  /** Adds each voice to its bus. Answers whether anything sounds. */
  add(span: VoiceSpan): boolean {
    let isHeard = false;
    for (const voice of this.#voices.values()) isHeard = this.#addOne(voice, span) || isHeard;
    for (const voice of this.#leaving) isHeard = this.#addOne(voice, span) || isHeard;
    if (this.#leaving.length > 0) this.#closeSilent();
    this.#changeBuses();
    return isHeard;
  }

  #closeSilent(): void {
    this.#leaving = this.#leaving.filter(({ channel }) => {
      if (channel.isSilent) channel.close();
      return !channel.isSilent;
    });
  }

  /** Whether anything is still heard on a bus. */
  isOnBus(id: string): boolean {
    return [...this.#voices.values(), ...this.#leaving].some(({ bus }) => bus === id);
  }

  /** Tells of clips that are over. Answers whether there were any, so that others may begin. */
  endClips(clips: readonly RunningClip[], sample: number): boolean {
    let hasEnded = false;
    for (const { id, isStopping } of clips) {
      const player = this.#clips.get(id);
      const voice = this.#voices.get(`clip:${id}`);
      const isSilenced = isStopping && (voice === undefined || voice.channel.isSilent);
      if (this.#overClips.has(id) || !(isSilenced || player?.isOver === true)) continue;
      this.#overClips.add(id);
      this.#options.report({ type: 'clip-over', clipId: id }, sample);
      hasEnded = true;
    }
    return hasEnded;
  }

  /** Calls back with the channel of each voice that is wanted. */
  forChannels(visit: (key: StripKey, channel: StripChannel) => void): void {
    for (const [key, { channel }] of this.#voices) visit(key, channel);
  }

  /** By the key of the strip, since the last reading. */
  readMeters(): readonly (readonly [StripKey, StripMeter])[] {
    return [...this.#voices].map(([key, { channel }]) => [key, channel.readMeter()]);
  }

  /** Milliseconds that have been played, by the key of the track. */
  get positions(): Readonly<Record<string, number>> {
    const tracks = [...this.#voices.values()].flatMap(({ player }) => player.content.tracks);
    return Object.fromEntries(
      tracks.map(({ key, samples }) => [key, (samples * 1000) / SAMPLE_RATE_HZ]),
    );
  }

  #wantedSources(played: PlayedSound, targetOf: TargetOf): Wanted[] {
    const { pushed, inputs, noise } = this.#options;
    return played.sound.sources.map(({ id, content, bus, offsetMs, strip }) => {
      const key: StripKey = `source:${id}`;
      const playing = playingOf(played, key, id);
      return {
        key,
        bus,
        target: targetOf(key, strip),
        offsetMs,
        isGoingOn: (player) => player.follow(content, playing),
        create: () => {
          const player = playerOf(id, content, { pushed, inputs, noise, listener: this.#listener });
          player.follow(content, playing);
          return player;
        },
      };
    });
  }

  #wantedClips(played: PlayedSound, targetOf: TargetOf): Wanted[] {
    const sounding = soundingClips(played.sound.clips, {
      hasBegun: (id) => this.#clips.get(id)?.hasBegun ?? false,
      isOver: (id) => this.#overClips.has(id),
    });
    return sounding.map((clip) => {
      const key: StripKey = `clip:${clip.id}`;
      const playing = playingOf(played, key, null);
      return {
        key,
        bus: clip.bus,
        target: targetOf(key, clip.strip),
        offsetMs: 0,
        isGoingOn: (player) => player.follow(clip.content, playing),
        create: () => this.#createClip(clip, playing),
      };
    });
  }

  #createClip({ id, content, markers }: RunningClip, playing: Playing): FilePlayer {
    const { report } = this.#options;
    const player = new FilePlayer(this.#listener, markers, (marker, sample) => {
      report({ type: 'marker', clipId: id, marker }, sample);
    });
    player.follow(content, playing);
    this.#clips.set(id, player);
    return player;
  }

  #leave(key: StripKey, voice: Voice): void {
    this.#voices.delete(key);
    voice.channel.leave();
    this.#leaving.push(voice);
  }

  #followOne({ key, bus, target, offsetMs, isGoingOn, create }: Wanted): void {
    const known = this.#voices.get(key);
    if (known !== undefined && !isGoingOn(known.player.content)) this.#leave(key, known);
    const voice = this.#voices.get(key) ?? this.#start({ key, bus, target }, create());
    voice.player.setOffset(offsetMs);
    voice.wantedBus = bus;
    voice.target = target;
    this.#voices.set(key, voice);
    aimVoice(voice);
  }

  #start(
    { key, bus, target }: Pick<Wanted, 'key' | 'bus' | 'target'>,
    content: ContentPlayer,
  ): Voice {
    const channel = this.#options.createChannel(key);
    if (content.beginsPlainly) channel.begin(target);
    const player = new OffsetPlayer(content);
    return { player, channel, bus, wantedBus: bus, target };
  }

  /** Those that have fallen silent for it are on their new buses from now on. */
  #changeBuses(): void {
    for (const voice of this.#voices.values()) {
      if (voice.bus === voice.wantedBus || !voice.channel.isSilent) continue;
      voice.bus = voice.wantedBus;
      aimVoice(voice);
    }
  }

  /** Adds a voice to its bus. Answers whether it sounds. */
  #addOne({ player, channel, bus }: Voice, { first, count, timeOf, busOf }: VoiceSpan): boolean {
    const length = count * SOUND_CHANNELS;
    const isPlaying = player.render(first, count, this.#scratch);
    if (!isPlaying) this.#scratch.fill(0, 0, length);
    channel.shape(this.#scratch, first, count);
    const isLevelUp = channel.process(this.#scratch, first, count, timeOf);
    if (!isLevelUp || !(isPlaying || channel.isRinging)) return false;
    this.#options.kernels.add(busOf(bus), this.#scratch, count);
    return true;
  }
}
