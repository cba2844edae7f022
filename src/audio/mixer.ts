/**
 * The way of the sound, phase "mix", in the mixer thread: from the sound's document and the clock to the samples of a frame.
 * Owns the voices of the sources, and the state of strips and limiter. Reads no clock: what comes out follows from what goes in.
 */

import { SOUND_CHANNELS, type SampleSpan, type SoundState } from '../memory/sound-ring.js';
import { HEARD_FIELDS, type HeardWriter } from '../memory/heard-sound.js';
import type { Ducking } from '../scene/sound/ducking.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import { restingLevels, type StripKey } from '../scene/sound/levels.js';
import type { Sound, Strip } from '../scene/sound/schema.js';
import { type ContentPlayer, playerOf, type PushedSound } from './contents.js';
import type { Meter, MixerStats } from './contract.js';
import { Ducker } from './ducker.js';
import { type Floats, SoundKernels } from './kernels.js';
import { LevelMeter } from './level-meter.js';
import { Limiter, LIMITER_DELAY } from './limiter.js';
import { LoudnessMeter } from './loudness.js';
import { StripSpectra } from './strip-spectra.js';
import {
  createStripWorkshop,
  type SampleTime,
  StripChannel,
  type StripTarget,
} from './strip-channel.js';
import { TruePeaks } from './true-peak.js';

/** Most samples that are mixed at once. */
const CHUNK_SAMPLES = 1024;

/** How many samples of the frame after it go into what is made of a frame. */
export const MIX_AHEAD_SAMPLES = LIMITER_DELAY;

/** The part of the clock for which one document holds. */
export type SoundPart = {
  readonly span: SampleSpan;
  readonly sound: Sound;
  readonly timeOf: SampleTime;
};

type Voice = {
  readonly player: ContentPlayer;
  readonly channel: StripChannel;
  /** Null: the master. */
  bus: string | null;
  /** Where it goes when it has fallen silent on its bus. */
  wantedBus: string | null;
  target: StripTarget;
};

type BusVoice = { readonly channel: StripChannel; readonly samples: Floats };

/** Mixes all there is to hear, part by part, without a gap between parts. */
export class Mixer {
  /** By the id of their sources; those that are gone stay until they are silent. */
  readonly #voices = new Map<string, Voice>();
  #leaving: Voice[] = [];
  readonly #buses = new Map<string, BusVoice>();
  #duckers: readonly Ducker[] = [];
  readonly #kernels = new SoundKernels();
  readonly #workshop = createStripWorkshop(this.#kernels, CHUNK_SAMPLES);
  readonly #spectra = new StripSpectra();
  readonly #heard = new Float32Array(HEARD_FIELDS);
  readonly #master = new StripChannel(this.#workshop, 'master');
  readonly #limiter = new Limiter(this.#kernels, CHUNK_SAMPLES);
  readonly #output = new LevelMeter(this.#workshop.measuring);
  readonly #outputPeaks = new TruePeaks(this.#kernels, CHUNK_SAMPLES);
  readonly #loudness = new LoudnessMeter(this.#kernels);
  readonly #scratch = this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS);
  readonly #factors = this.#kernels.floats(CHUNK_SAMPLES);
  readonly #mix = this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS);
  /** Of buses that are gone. */
  readonly #freeBuses: Floats[] = [];
  /** Since the last reading. */
  #truePeak = 0;
  #sound: Sound | null = null;
  /** Samples that have come out since something was last heard. */
  #silentSamples = Infinity;
  readonly #pushed: PushedSound;

  constructor(pushed: PushedSound) {
    this.#pushed = pushed;
  }

  /**
   * Mixes parts that follow on those before; puts as many samples (interleaved) into `target` as they have, which are those
   * from `MIX_AHEAD_SAMPLES` before them. Answers whether any of them are to be heard.
   */
  mix(parts: readonly SoundPart[], target: Float32Array): SoundState {
    let isHeard = false;
    let written = 0;
    for (const { span, sound, timeOf } of parts) {
      this.#follow(sound);
      for (let first = span.first; first < span.end; first += CHUNK_SAMPLES) {
        const count = Math.min(CHUNK_SAMPLES, span.end - first);
        const hasSound = this.#mixChunk(first, count, timeOf);
        this.#silentSamples = hasSound ? 0 : this.#silentSamples + count;
        this.#limiter.process(this.#mix, count);
        this.#output.add(this.#mix, count);
        this.#truePeak = Math.max(this.#truePeak, this.#outputPeaks.measure(this.#mix, count));
        this.#loudness.add(this.#mix, count);
        target.set(this.#mix.subarray(0, count * SOUND_CHANNELS), written);
        written += count * SOUND_CHANNELS;
        // What is heard comes out of the limiter a little later than it went in.
        if (this.#silentSamples < count + LIMITER_DELAY) isHeard = true;
      }
    }
    return isHeard ? 'mixed' : 'silent';
  }

  /** How loud everything was since the last reading. */
  readMeters(): MixerStats {
    const strips: Record<StripKey, Meter> = { master: this.#master.meter.read() };
    for (const [id, { channel }] of this.#voices) strips[`source:${id}`] = channel.meter.read();
    for (const [id, { channel }] of this.#buses) strips[`bus:${id}`] = channel.meter.read();
    const truePeak = this.#truePeak;
    this.#truePeak = 0;
    return {
      strips,
      output: this.#output.read(),
      truePeak,
      loudness: this.#loudness.loudness,
    };
  }

  /** Which spectra are written from now on: the first of them, as far as there is room. */
  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    this.#spectra.want(wanted);
    for (const [key, channel] of this.#channels()) this.#spectra.tap(key, channel);
  }

  /** Writes how loud everything is with a frame of `samples` samples, all of which have been mixed, and no more. */
  writeHeard(writer: HeardWriter, samples: number): void {
    this.#writeStrip(writer, this.#master);
    for (const { channel } of this.#voices.values()) this.#writeStrip(writer, channel);
    for (const { channel } of this.#buses.values()) this.#writeStrip(writer, channel);
    this.#spectra.write(writer, samples);
  }

  #writeStrip(writer: HeardWriter, { ballistics, heardKey }: StripChannel): void {
    ballistics.end(this.#heard);
    writer.addStrip(heardKey, this.#heard);
  }

  *#channels(): Generator<[StripKey, StripChannel]> {
    yield ['master', this.#master];
    for (const [id, { channel }] of this.#voices) yield [`source:${id}`, channel];
    for (const [id, { channel }] of this.#buses) yield [`bus:${id}`, channel];
  }

  #createChannel(key: StripKey): StripChannel {
    const channel = new StripChannel(this.#workshop, key);
    this.#spectra.tap(key, channel);
    return channel;
  }

  #follow(sound: Sound): void {
    if (sound === this.#sound) return;
    this.#sound = sound;
    const levels = restingLevels(sound);
    const targetOf = (key: StripKey, strip: Strip): StripTarget => {
      return { strip, level: levels.get(key) ?? 0, ramp: sound.ramps[key] };
    };
    this.#followSources(sound, targetOf);
    const ids = new Set(sound.buses.map(({ id }) => id));
    for (const [id, { samples }] of [...this.#buses]) {
      if (ids.has(id)) continue;
      this.#buses.delete(id);
      this.#freeBuses.push(samples);
    }
    for (const { id, strip } of sound.buses) {
      const bus = this.#buses.get(id) ?? {
        channel: this.#createChannel(`bus:${id}`),
        samples: this.#freeBuses.pop() ?? this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS),
      };
      this.#buses.set(id, bus);
      bus.channel.aim(targetOf(`bus:${id}`, strip));
    }
    this.#master.aim(targetOf('master', sound.master));
    this.#followDucking(sound);
  }

  /** Rules between the same buses go on from where they are; those that are gone let go slowly. */
  #followDucking({ ducking }: Sound): void {
    const keyOf = ({ id, when, bus }: Ducking): string => `${id} ${when} ${bus}`;
    const former = new Map(this.#duckers.map((ducker) => [keyOf(ducker.rule), ducker]));
    const wanted = ducking.map((rule) => {
      const ducker = former.get(keyOf(rule)) ?? new Ducker(rule, CHUNK_SAMPLES);
      former.delete(keyOf(rule));
      ducker.follow(rule);
      return ducker;
    });
    const leaving = [...former.values()].filter(({ isIdle }) => !isIdle);
    for (const ducker of leaving) ducker.leave();
    this.#duckers = [...wanted, ...leaving];
  }

  #followSources({ sources }: Sound, targetOf: (key: StripKey, strip: Strip) => StripTarget): void {
    const wanted = new Map(sources.map((source) => [source.id, source]));
    for (const [id, voice] of [...this.#voices]) {
      const source = wanted.get(id);
      if (source !== undefined && voice.player.follow(source.content)) continue;
      this.#voices.delete(id);
      voice.channel.leave();
      this.#leaving.push(voice);
    }
    for (const source of sources) {
      const { id, bus, strip } = source;
      const target = targetOf(`source:${id}`, strip);
      const voice = this.#voices.get(id) ?? {
        player: playerOf(source, this.#pushed),
        channel: this.#createChannel(`source:${id}`),
        bus,
        wantedBus: bus,
        target,
      };
      voice.wantedBus = bus;
      voice.target = target;
      this.#voices.set(id, voice);
      aimVoice(voice);
    }
  }

  /** Those that have fallen silent for it are on their new buses from now on. */
  #changeBuses(): void {
    for (const voice of this.#voices.values()) {
      if (voice.bus === voice.wantedBus || !voice.channel.isSilent) continue;
      voice.bus = voice.wantedBus;
      aimVoice(voice);
    }
  }

  /** Leaves `count` samples from `first` on in the mix. Answers whether anything sounds. */
  #mixChunk(first: number, count: number, timeOf: SampleTime): boolean {
    const length = count * SOUND_CHANNELS;
    this.#mix.fill(0, 0, length);
    for (const { samples } of this.#buses.values()) samples.fill(0, 0, length);
    let isHeard = false;
    for (const voice of this.#voices.values())
      isHeard = this.#add(voice, first, count, timeOf) || isHeard;
    for (const voice of this.#leaving) isHeard = this.#add(voice, first, count, timeOf) || isHeard;
    this.#leaving = this.#leaving.filter(({ channel }) => !channel.isSilent);
    this.#changeBuses();
    for (const { channel, samples } of this.#buses.values())
      channel.process(samples, first, count, timeOf);
    this.#duck(count);
    for (const { samples } of this.#buses.values()) this.#kernels.add(this.#mix, samples, count);
    return this.#master.process(this.#mix, first, count, timeOf) && isHeard;
  }

  /** All rules hear the buses as they are, before any of them is turned down. */
  #duck(count: number): void {
    const down = this.#duckers.filter((ducker) => {
      const heard = this.#buses.get(ducker.rule.when);
      return heard !== undefined && ducker.hear(heard.samples, count);
    });
    for (const { rule, factors } of down) {
      const bus = this.#buses.get(rule.bus);
      if (bus === undefined) continue;
      this.#factors.set(factors.subarray(0, count));
      this.#kernels.scale(bus.samples, this.#factors, count);
    }
  }

  /** Adds a source to its bus, or to the master. Answers whether it sounds. */
  #add({ player, channel, bus }: Voice, first: number, count: number, timeOf: SampleTime): boolean {
    const length = count * SOUND_CHANNELS;
    const isPlaying = player.render(first, count, this.#scratch);
    if (!isPlaying) this.#scratch.fill(0, 0, length);
    const isLevelUp = channel.process(this.#scratch, first, count, timeOf);
    if (!isPlaying || !isLevelUp) return false;
    const into = bus === null ? this.#mix : (this.#buses.get(bus)?.samples ?? this.#mix);
    this.#kernels.add(into, this.#scratch, count);
    return true;
  }
}

/** Where it is to be: silent as long as it is on a bus that it is to leave. */
function aimVoice({ channel, bus, wantedBus, target }: Voice): void {
  channel.aim(bus === wantedBus ? target : { ...target, level: 0, ramp: undefined });
}
