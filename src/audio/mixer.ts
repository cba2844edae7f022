/**
 * The way of the sound, phase "mix", in the mixer thread: from the sound's document and the clock to the samples of a frame.
 * Owns the voices of the sources, and the state of strips and limiter. Reads no clock: what comes out follows from what goes in.
 */

import { SOUND_CHANNELS, type SampleSpan, type SoundState } from '../memory/sound-ring.js';
import { HEARD_FIELDS, type HeardWriter } from '../memory/heard-sound.js';
import type { InputSounds } from './input-player.js';
import type { Ducking } from '../scene/sound/ducking.js';
import type { SpectrumWanted } from '../scene/sound/heard.js';
import { restingLevels, type StripKey } from '../scene/sound/levels.js';
import type { AirSound, Strip } from '../scene/sound/schema.js';
import type { PushedSound } from './contents.js';
import type { PlayedSound, MixerStats, StripMeter } from './contract.js';
import { Ducker } from './ducker.js';
import { type Floats, SoundKernels } from './kernels.js';
import { LevelMeter } from './level-meter.js';
import { Limiter, LIMITER_DELAY } from './limiter.js';
import { LoudnessMeter } from './loudness.js';
import { LoudnessSteering } from './loudness-steering.js';
import { NoiseGenerator } from './noise.js';
import { StripSpectra } from './strip-spectra.js';
import {
  ALL_THROUGH,
  createStripWorkshop,
  type SampleTime,
  StripChannel,
  type StripTarget,
} from './strip-channel.js';
import { TruePeaks } from './true-peak.js';
import { type MixerReport, type TargetOf, Voices } from './voices.js';

/** Most samples that are mixed at once. */
const CHUNK_SAMPLES = 1024;

/** How many samples of the frame after it go into what is made of a frame. */
export const MIX_AHEAD_SAMPLES = LIMITER_DELAY;

/** The part of the clock for which one document holds. */
export type SoundPart = {
  readonly span: SampleSpan;
  readonly played: PlayedSound;
  readonly timeOf: SampleTime;
};

type BusVoice = { readonly channel: StripChannel; readonly samples: Floats };

/** Mixes all there is to hear, part by part, without a gap between parts. */
export class Mixer {
  readonly #buses = new Map<string, BusVoice>();
  /** Others are gone as soon as nothing is heard on them any more. */
  #wantedBuses: ReadonlySet<string> = new Set();
  #duckers: readonly Ducker[] = [];
  readonly #kernels = new SoundKernels();
  readonly #workshop = createStripWorkshop(this.#kernels, CHUNK_SAMPLES);
  readonly #noise = new NoiseGenerator(this.#kernels, CHUNK_SAMPLES);
  readonly #spectra = new StripSpectra();
  readonly #heard = new Float32Array(HEARD_FIELDS);
  readonly #master = new StripChannel(this.#workshop, 'master');
  readonly #steering = new LoudnessSteering(this.#kernels, CHUNK_SAMPLES);
  readonly #limiter = new Limiter(this.#kernels, CHUNK_SAMPLES);
  readonly #output = new LevelMeter(this.#workshop.measuring);
  readonly #outputPeaks = new TruePeaks(this.#kernels, CHUNK_SAMPLES);
  readonly #loudness = new LoudnessMeter(this.#kernels);
  readonly #factors = this.#kernels.floats(CHUNK_SAMPLES);
  readonly #silence = this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS);
  readonly #mix = this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS);
  /** Of buses that are gone. */
  readonly #freeBuses: Floats[] = [];
  /** Since the last reading. */
  #truePeak = 0;
  #played: PlayedSound | null = null;
  /** Samples that have come out since something was last heard. */
  #silentSamples = Infinity;
  readonly #voices: Voices;
  #targetOf: TargetOf = (_key, strip) => ({
    strip,
    level: 0,
    ramp: undefined,
    scenes: ALL_THROUGH,
  });
  readonly #busOf = (bus: string | null): Floats =>
    bus === null ? this.#mix : (this.#buses.get(bus)?.samples ?? this.#mix);

  constructor(pushed: PushedSound, inputs: InputSounds, report: MixerReport) {
    this.#voices = new Voices({
      kernels: this.#kernels,
      createChannel: (key) => this.#createChannel(key),
      maxSamples: CHUNK_SAMPLES,
      pushed,
      inputs,
      noise: this.#noise,
      report,
    });
  }

  /**
   * Mixes parts that follow on those before; puts as many samples (interleaved) into `target` as they have, which are those
   * from `MIX_AHEAD_SAMPLES` before them. Answers whether any of them are to be heard.
   */
  mix(parts: readonly SoundPart[], target: Float32Array): SoundState {
    let isHeard = false;
    let written = 0;
    for (const { span, played, timeOf } of parts) {
      this.#follow(played);
      for (let first = span.first; first < span.end; first += CHUNK_SAMPLES) {
        const count = Math.min(CHUNK_SAMPLES, span.end - first);
        const hasSound = this.#mixChunk(first, count, timeOf);
        this.#silentSamples = hasSound ? 0 : this.#silentSamples + count;
        this.#limiter.process(this.#mix, count);
        this.#output.add(this.#mix, count);
        this.#truePeak = Math.max(this.#truePeak, this.#outputPeaks.measure(this.#mix, count));
        this.#loudness.add(this.#mix, count);
        // Sample by sample, as everywhere in this thread: a view for each block would be left to the collector.
        const length = count * SOUND_CHANNELS;
        for (let i = 0; i < length; i++) target[written + i] = this.#mix[i] ?? 0;
        written += length;
        // What is heard comes out of the limiter a little later than it went in.
        if (this.#silentSamples < count + LIMITER_DELAY) isHeard = true;
      }
    }
    return isHeard ? 'mixed' : 'silent';
  }

  /** How loud everything was since the last reading. */
  readMeters(): MixerStats {
    const strips: Record<StripKey, StripMeter> = { master: this.#master.readMeter() };
    for (const [key, meter] of this.#voices.readMeters()) strips[key] = meter;
    for (const [id, { channel }] of this.#buses)
      if (this.#wantedBuses.has(id)) strips[`bus:${id}`] = channel.readMeter();
    const truePeak = this.#truePeak;
    this.#truePeak = 0;
    return {
      strips,
      loudnessGainDb: this.#steering.gainDb,
      output: this.#output.read(),
      positions: this.#voices.positions,
      truePeak,
      loudness: this.#loudness.loudness,
    };
  }

  /** Which spectra are written from now on: the first of them, as far as there is room. */
  measureSpectra(wanted: readonly SpectrumWanted[]): void {
    this.#spectra.want(wanted);
    this.#forChannels((key, channel) => {
      this.#spectra.tap(key, channel);
    });
  }

  /** Writes how loud everything is with a frame of `samples` samples, all of which have been mixed, and no more. */
  writeHeard(writer: HeardWriter, samples: number): void {
    this.#forChannels((_key, { ballistics, heardKey }) => {
      ballistics.end(this.#heard);
      writer.addStrip(heardKey, this.#heard);
    });
    this.#spectra.write(writer, samples);
  }

  /** What more others look at comes first: there is room for so many. */
  #forChannels(visit: (key: StripKey, channel: StripChannel) => void): void {
    visit('master', this.#master);
    for (const [id, { channel }] of this.#buses) visit(`bus:${id}`, channel);
    this.#voices.forChannels(visit);
  }

  #createChannel(key: StripKey): StripChannel {
    const channel = new StripChannel(this.#workshop, key);
    this.#spectra.tap(key, channel);
    return channel;
  }

  #follow(played: PlayedSound): void {
    if (played === this.#played) return;
    this.#played = played;
    const { sound } = played;
    const levels = restingLevels(sound);
    const targetOf = (key: StripKey, strip: Strip): StripTarget => {
      const target = { strip, level: levels.get(key) ?? 0, ramp: sound.ramps[key] };
      if (!key.startsWith('source:')) return { ...target, scenes: ALL_THROUGH };
      const sceneKey = `scene:${key.slice('source:'.length)}` as const;
      const scenes = { level: levels.get(sceneKey) ?? 1, ramp: sound.ramps[sceneKey] };
      return { ...target, scenes };
    };
    this.#targetOf = targetOf;
    this.#voices.follow(played, targetOf);
    this.#wantedBuses = new Set(sound.buses.map(({ id }) => id));
    this.#endBuses();
    for (const { id, strip } of sound.buses) {
      const bus = this.#buses.get(id) ?? {
        channel: this.#createChannel(`bus:${id}`),
        samples: this.#freeBuses.pop() ?? this.#kernels.floats(CHUNK_SAMPLES * SOUND_CHANNELS),
      };
      this.#buses.set(id, bus);
      bus.channel.aim(targetOf(`bus:${id}`, strip));
    }
    this.#master.aim(targetOf('master', sound.master));
    this.#steering.aim(sound.master.loudness);
    this.#followDucking(sound);
  }

  /** Buses that are gone stay until the last voice on them has fallen silent there. */
  #endBuses(): void {
    for (const [id, { channel, samples }] of [...this.#buses]) {
      if (this.#wantedBuses.has(id) || this.#voices.isOnBus(id)) continue;
      channel.close();
      this.#buses.delete(id);
      this.#freeBuses.push(samples);
    }
  }

  /** Rules between the same buses go on from where they are; those that are gone let go slowly. */
  #followDucking({ ducking }: AirSound): void {
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

  /** Leaves `count` samples from `first` on in the mix. Answers whether anything sounds. */
  #mixChunk(first: number, count: number, timeOf: SampleTime): boolean {
    const length = count * SOUND_CHANNELS;
    this.#mix.fill(0, 0, length);
    for (const { samples } of this.#buses.values()) samples.fill(0, 0, length);
    const isHeard = this.#voices.add({ first, count, timeOf, busOf: this.#busOf });
    this.#endClips(first + count);
    for (const { channel, samples } of this.#buses.values()) {
      channel.shape(samples, first, count);
      channel.process(samples, first, count, timeOf);
    }
    this.#duck(count);
    for (const { samples } of this.#buses.values()) this.#kernels.add(this.#mix, samples, count);
    if (this.#buses.size > this.#wantedBuses.size) this.#endBuses();
    this.#master.shape(this.#mix, first, count);
    this.#steering.process(this.#mix, first, count);
    return this.#master.process(this.#mix, first, count, timeOf) && isHeard;
  }

  /** Those that have waited for the ones that are over begin. */
  #endClips(sample: number): void {
    if (this.#played === null || this.#played.sound.clips.length === 0) return;
    if (this.#voices.endClips(this.#played.sound.clips, sample))
      this.#voices.follow(this.#played, this.#targetOf);
  }

  /** All rules hear the buses as they are, before any of them is turned down. */
  #duck(count: number): void {
    for (const ducker of this.#duckers) {
      // A bus that is gone is silent: what it has turned down comes back slowly.
      ducker.hear(this.#buses.get(ducker.rule.when)?.samples ?? this.#silence, count);
    }
    for (const { rule, factors, isDown } of this.#duckers) {
      const bus = this.#buses.get(rule.bus);
      if (bus === undefined || !isDown) continue;
      for (let i = 0; i < count; i++) this.#factors[i] = factors[i] ?? 1;
      this.#kernels.scale(bus.samples, this.#factors, count);
    }
  }
}
