import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_INPUTS } from '../../src/audio/input-player.js';
import type { PlayedSound, TrackRef } from '../../src/audio/contract.js';
import { MIX_AHEAD_SAMPLES, Mixer } from '../../src/audio/mixer.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import { createTrackMemory, TrackRingWriter } from '../../src/memory/track-ring.js';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { largestStep, sineAmplitude, soundOf, timeOf, toDb } from './rig.js';

/** What becomes of a sound that is changed while it is played. */

/** A mixer, and the left channel of all that has come out of it. */
class Rig {
  #mixer = this.#create();
  #next = 0;
  readonly #out: number[] = [];

  /** Mixes on in blocks of a frame. */
  mix(sound: AirSound, samples: number, tracks: PlayedSound['tracks'] = {}): Float32Array {
    const played = { sound, tracks };
    for (let done = 0; done < samples; done += 800) {
      const count = Math.min(800, samples - done);
      const target = new Float32Array(count * SOUND_CHANNELS);
      const span = { first: this.#next, end: this.#next + count };
      this.#mixer.mix([{ span, played, timeOf }], target);
      this.#next = span.end;
      for (let i = 0; i < count; i++) this.#out.push(target[i * SOUND_CHANNELS] ?? NaN);
    }
    return Float32Array.from(this.#out.slice(-samples));
  }

  /** Another mixer in the place of the one that there is. */
  renew(): void {
    this.#mixer = this.#create();
  }

  #create(): Mixer {
    return new Mixer({ render: () => false }, NO_INPUTS, () => undefined);
  }
}

/** A track that is decoded: `valueAt` is what both channels have. */
function track(
  key: string,
  run: number,
  samples: number,
  valueAt: (sample: number) => number,
): TrackRef {
  const memory = createTrackMemory(1 << 18);
  const both = Float32Array.from({ length: samples * SOUND_CHANNELS }, (_, i) =>
    valueAt(Math.floor(i / SOUND_CHANNELS)),
  );
  new TrackRingWriter(memory).write(both);
  return { key, run, createdAtMs: 1, memory, fadesIn: false };
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

const RULE = { id: 'talk', when: 'voice', bus: 'music', attackMs: 50, holdMs: 50, releaseMs: 500 };

/** Music of 440 Hz at -20 dB, and a voice of 1 kHz that speaks or does not. */
function talkOf(gainDb: number | null, isSpeaking = true): AirSound {
  const tone = (id: string, frequencyHz: number, bus: string, muted: boolean): object => {
    return { id, bus, content: { kind: 'tone', frequencyHz }, strip: { gainDb: -20, muted } };
  };
  return soundOf({
    sources: [tone('m', 440, 'music', false), tone('v', 1000, 'voice', !isSpeaking)],
    ducking: gainDb === null ? [] : [{ ...RULE, gainDb }],
  });
}

function musicDb(samples: Float32Array): number {
  return toDb(sineAmplitude(samples.slice(-4800), 440));
}

test('a rule of ducking that is removed and made again ducks again', () => {
  const rig = new Rig();
  assert.ok(Math.abs(musicDb(rig.mix(talkOf(-40), 48_000)) + 60) < 0.2);
  assert.ok(Math.abs(musicDb(rig.mix(talkOf(null), 96_000)) + 20) < 0.2);
  assert.ok(Math.abs(musicDb(rig.mix(talkOf(-40), 48_000)) + 60) < 0.2);
});

for (const gainDb of [0, -1])
  test(`music comes back in the time of the rule when that is changed to ${gainDb} dB`, () => {
    const rig = new Rig();
    rig.mix(talkOf(-40), 48_000);
    const ducked = rig.mix(talkOf(gainDb), 36_000);
    assert.ok(Math.abs(musicDb(ducked) + 20 - gainDb) < 0.2, `${musicDb(ducked)} dB`);
    const silent = rig.mix(talkOf(gainDb, false), 48_000);
    assert.ok(Math.abs(musicDb(silent) + 20) < 0.2, `${musicDb(silent)} dB`);
  });

test('a file that no scene lets through is not heard when it begins', () => {
  const rig = new Rig();
  const sound = soundOf({ sources: [{ id: 'f', content: { kind: 'file', asset: 'a' } }] });
  const tracks = { 'source:f': [track('k', 0, 96_000, () => 0.5)] };
  rig.mix(soundOf({}), 4000);
  assert.equal(peakOf(rig.mix({ ...sound, sceneLevels: { f: 0 } }, 24_000, tracks)), 0);
});

function listOf(isPaused: boolean): AirSound {
  const entries = ['a', 'b'].map((asset) => ({ kind: 'file', asset }));
  const content = { kind: 'playlist', entries, crossfadeMs: 2000 };
  const pausedAtMs = isPaused ? 1 : null;
  const playback = { createdAtMs: 1, run: 0, turn: 0, startedAtMs: 1, positionMs: 0, pausedAtMs };
  return soundOf({ sources: [{ id: 'p', content }], playback: { p: playback } });
}

test('entries that are skipped while a playlist is paused are not heard when it goes on', () => {
  const rig = new Rig();
  const runs = [0, 1, 2, 3, 4].map((run) =>
    track(`k${run}`, run, 96_000, () => (run === 4 ? 0 : 0.2)),
  );
  const playing = (run: number): PlayedSound['tracks'] => {
    return { 'source:p': runs.slice(run, run + 2) };
  };
  assert.ok(peakOf(rig.mix(listOf(false), 24_000, playing(0))) > 0.19);
  rig.mix(listOf(true), 24_000, playing(0));
  for (let run = 1; run <= 4; run++) rig.mix(listOf(true), 2400, playing(run));
  assert.equal(peakOf(rig.mix(listOf(false), 48_000, playing(4))), 0);
});

test('a playlist that is removed and made again at once plays from its beginning', () => {
  const rig = new Rig();
  const before = track('old', 3, 60_000, () => 0.1);
  const again = { ...track('new', 0, 96_000, () => 0.2), createdAtMs: 2 };
  rig.mix(listOf(false), 24_000, { 'source:p': [before] });
  const heard = rig.mix(listOf(false), 48_000, { 'source:p': [again] });
  assert.ok(Math.abs((heard.at(-1) ?? NaN) - 0.2) < 1e-3);
});

test('a bus that is removed as its source moves on shapes that to the end', () => {
  const rig = new Rig();
  const quiet = { id: 'quiet', strip: { gainDb: -40 } };
  const music = { id: 'music', strip: { gainDb: -40 } };
  const sound = (bus: string, buses: readonly object[]): AirSound =>
    soundOf({
      sources: [{ id: 't', content: { kind: 'tone', frequencyHz: 100 }, bus }],
      buses,
    });
  const before = rig.mix(sound('quiet', [quiet, music]), 24_800);
  assert.ok(peakOf(before) < 0.011);
  const heard = rig.mix(sound('music', [music]), 24_000);
  assert.ok(peakOf(heard) < 0.011, `${peakOf(heard)}`);
  assert.ok(largestStep(heard) < 2.5e-4, `${largestStep(heard)}`);
});

test('a source that is heard earlier stays where it is with another mixer', () => {
  const rig = new Rig();
  // What is heard tells the place in the file.
  const tracks = { 'source:f': [track('k', 0, 200_000, (sample) => sample / 400_000)] };
  const source = { id: 'f', content: { kind: 'file', asset: 'a' }, offsetMs: -500 };
  const sound = soundOf({ sources: [source] });
  const placeOf = (samples: Float32Array): number => Math.round((samples.at(-1) ?? NaN) * 400_000);
  const before = placeOf(rig.mix(sound, 48_000, tracks));
  assert.ok(Math.abs(before - (48_000 + 24_000 - MIX_AHEAD_SAMPLES)) < 100, `${before}`);
  rig.renew();
  const after = placeOf(rig.mix(sound, 9600, tracks));
  // What was in the limiter of the other one is lost with it.
  assert.ok(Math.abs(after - before - 9600) <= MIX_AHEAD_SAMPLES + 10, `${after - before}`);
});
