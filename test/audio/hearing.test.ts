import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_INPUTS } from '../../src/audio/input-player.js';
import { ProgramHearing } from '../../src/compositor/program-hearing.js';
import { MixerLoop } from '../../src/audio/mixer-loop.js';
import type { SilenceReport } from '../../src/audio/contract.js';
import { FrameRequests } from '../../src/memory/frame-requests.js';
import { StitcherPort } from '../../src/memory/handover.js';
import { createHeardMemory, HeardWriter, MAX_HEARD_STRIPS } from '../../src/memory/heard-sound.js';
import { createSharedMemory } from '../../src/memory/map.js';
import {
  createSoundMemory,
  type SampleSpan,
  SoundRingReader,
  SoundRingWriter,
} from '../../src/memory/sound-ring.js';
import { firstSample } from '../../src/core/media-clock.js';
import type { ClockFrame } from '../../src/core/program-clock.js';
import { bandEdgesHz, type SpectrumWanted } from '../../src/scene/sound/heard.js';
import { SOUND_LIMITS } from '../../src/scene/sound/limits.js';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { RATE_60, soundOf, START_MS, toDb } from './rig.js';

const FRAME_MS = 1000 / 60;
const LOUD = {
  id: 'tone',
  bus: 'music',
  content: { kind: 'tone', frequencyHz: 1000 },
  strip: { gainDb: -6 },
};

function frameOf(frame: number): ClockFrame {
  return { clockStartedAtMs: START_MS, frame };
}

/** A mixer between a stitcher that is driven by hand and a compositor's ear. */
class Rig {
  readonly hearing: ProgramHearing;
  readonly reports: SilenceReport[] = [];
  readonly loop: MixerLoop;
  readonly reader: SoundRingReader;
  readonly port: StitcherPort;
  #wake: Promise<void>;

  constructor(sound: AirSound, spectra: readonly SpectrumWanted[] = []) {
    const memory = createSharedMemory();
    this.port = new StitcherPort(memory);
    this.port.setFirstFormat({ widthPx: 64, heightPx: 64, frameRate: RATE_60 });
    this.port.setClock(START_MS, 0);
    const [ring, heard] = [createSoundMemory(), createHeardMemory()];
    this.reader = new SoundRingReader(ring);
    this.loop = new MixerLoop({
      requests: new FrameRequests(memory),
      ring: new SoundRingWriter(ring),
      heard: new HeardWriter(heard),
      played: { sound, tracks: {} },
      pushed: { render: () => false },
      inputs: NO_INPUTS,
      report: () => undefined,
      onSilence: (report) => this.reports.push(report),
    });
    this.loop.measureSpectra(spectra);
    this.hearing = new ProgramHearing(heard);
    this.hearing.begin(this.port.epoch);
    this.#wake = this.loop.run();
  }

  /** Frame `n` is asked for, and the one before it goes; whoever waits for its sound has it then. */
  async mix(n: number): Promise<void> {
    this.port.ask(n, { programTimeMs: START_MS + n * FRAME_MS, wallOffsetMs: 0 });
    this.port.setDue(n);
    while (this.hearing.isComing(n)) await this.hearing.written(1000);
  }

  async close(): Promise<void> {
    this.loop.close();
    this.port.begin();
    await this.#wake;
  }
}

/** From frame `n` on the tone is heard. */
function beginningWith(n: number): [AirSound, AirSound, number] {
  const muted = soundOf({ sources: [{ ...LOUD, strip: { gainDb: -6, muted: true } }] });
  return [muted, soundOf({ sources: [LOUD] }), n];
}

test('what frame n shows comes from the samples of frame n: not one before, and not one after', async () => {
  const [muted, loud, first] = beginningWith(5);
  const rig = new Rig(muted);
  rig.loop.follow({ sound: muted, tracks: {} }, [
    { dueAtMs: 0, dueFrame: frameOf(first), sound: loud, tracks: {} },
  ]);
  const peaks: number[] = [];
  for (let n = 0; n < 8; n++) {
    await rig.mix(n);
    peaks.push(rig.hearing.at(n).strip('source:tone').peak[0]);
  }
  assert.deepEqual(
    peaks.map((peak) => peak > 0),
    [false, false, false, false, false, true, true, true],
  );
  assert.ok(Math.abs(toDb(peaks[6] ?? NaN) + 6) < 0.01, `${peaks[6]}`);
  const samples = new Float32Array(1600);
  const span = { first: firstSample(5, RATE_60), end: firstSample(6, RATE_60) };
  assert.equal(rig.reader.read(5, rig.port.epoch, span, samples), 'mixed');
  assert.equal(rig.hearing.unheardFrames, 0);
  await rig.close();
});

test('after a pause of the stitcher all that it has skipped is mixed, without a gap', async () => {
  const rig = new Rig(soundOf({ sources: [LOUD] }));
  for (let n = 0; n < 3; n++) await rig.mix(n);
  const last = 2 + 3 * 60;
  await rig.mix(last);
  const samples = new Float32Array(1600);
  const spanOf = (n: number): SampleSpan => {
    return { first: firstSample(n, RATE_60), end: firstSample(n + 1, RATE_60) };
  };
  while (rig.reader.read(last, rig.port.epoch, spanOf(last), samples) === null) await sleep(5);
  for (let n = 0; n <= last; n++) {
    const span = spanOf(n);
    assert.equal(rig.reader.read(n, rig.port.epoch, span, samples), 'mixed', `frame ${n}`);
    const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (n > 0) assert.ok(Math.abs(toDb(peak) + 6) < 0.1, `frame ${n}: ${peak}`);
  }
  await rig.close();
});

test('sources, buses and the master are heard behind their strips, and what is not there is silent', async () => {
  const sound = soundOf({
    sources: [LOUD],
    buses: [{ id: 'music', strip: { gainDb: -6 } }],
    master: { gainDb: -6 },
  });
  const rig = new Rig(sound);
  for (let n = 0; n < 4; n++) await rig.mix(n);
  const heard = rig.hearing.at(3);
  const levels = (['source:tone', 'bus:music', 'master'] as const).map((key) =>
    Math.round(toDb(heard.strip(key).peak[1])),
  );
  assert.deepEqual(levels, [-6, -12, -18]);
  assert.equal(heard.strip('source:nobody').level, 0);
  assert.equal(heard.strip('bus:nothing').isSpeaking, false);
  assert.equal(heard.strip('source:tone').isSpeaking, true);
  await rig.close();
});

test('a spectrum has a tone in its band at its level, and quiet elsewhere', async () => {
  const wanted: SpectrumWanted = { strip: 'source:tone', bands: 24, fallMs: 0 };
  const rig = new Rig(soundOf({ sources: [LOUD] }), [wanted]);
  for (let n = 0; n < 6; n++) await rig.mix(n);
  const bands = [...Array.from(rig.hearing.at(5).spectrum(wanted) ?? [])];
  const edges = bandEdgesHz(24);
  const loudest = bands.indexOf(Math.max(...bands));
  assert.ok((edges[loudest] ?? NaN) <= 1000 && (edges[loudest + 1] ?? NaN) >= 1000);
  assert.ok(Math.abs(toDb(bands[loudest] ?? NaN) + 6) < 1.5, `${toDb(bands[loudest] ?? NaN)} dB`);
  const far = bands.filter((_, i) => Math.abs(i - loudest) > 3);
  assert.ok(Math.max(...far) < 0.001, far.join(' '));
  assert.equal(rig.hearing.at(5).spectrum({ ...wanted, bands: 8 }), null);
  await rig.close();
});

test('where the mixer does not run nothing is waited for, and it is silent after three frames', async () => {
  const rig = new Rig(soundOf({ sources: [LOUD] }));
  for (let n = 0; n < 3; n++) await rig.mix(n);
  await rig.close();
  rig.hearing.begin(rig.port.epoch - 1);
  assert.equal(rig.hearing.at(2).strip('master').level > 0, true);
  assert.equal(rig.hearing.isComing(5), true);
  assert.equal(rig.hearing.isComing(6), false);
  assert.equal(rig.hearing.at(5).strip('master').level > 0, true);
  assert.equal(rig.hearing.at(6).strip('master').level, 0);
  assert.equal(rig.hearing.unheardFrames, 2);
});

test('silence is told with the frame in which it has lasted for as long as was set, and sound with its first frame', async () => {
  const sounding = (muted: boolean): AirSound =>
    soundOf({
      sources: [{ ...LOUD, strip: { muted } }],
      master: { silenceAlarmSeconds: 1 },
    });
  const rig = new Rig(sounding(false));
  rig.loop.follow({ sound: sounding(false), tracks: {} }, [
    { dueAtMs: 0, dueFrame: frameOf(10), sound: sounding(true), tracks: {} },
    { dueAtMs: 0, dueFrame: frameOf(90), sound: sounding(false), tracks: {} },
  ]);
  for (let n = 0; n < 100; n++) await rig.mix(n);
  // It fades within 5 ms of frame 10, and so it does when it comes back.
  assert.deepEqual(rig.reports, [
    { type: 'heard', frame: 0 },
    { type: 'silent', frame: 70, sinceFrame: 10, seconds: 1 },
    { type: 'heard', frame: 90 },
  ]);
  await rig.close();
});

test('a service without sources, or without the alarm, is never told to be silent', async () => {
  for (const sound of [
    soundOf({ master: { silenceAlarmSeconds: 1 } }),
    soundOf({
      sources: [{ ...LOUD, strip: { muted: true } }],
      master: { silenceAlarmSeconds: null },
    }),
  ]) {
    const rig = new Rig(sound);
    for (let n = 0; n < 130; n++) await rig.mix(n);
    assert.deepEqual(rig.reports, []);
    await rig.close();
  }
});

test('there is room for every strip that may sound at once', () => {
  const { sources, buses, soundingClips } = SOUND_LIMITS;
  // Of queued clips one sounds on each bus, and one on the master.
  assert.ok(MAX_HEARD_STRIPS >= 1 + sources + buses + soundingClips + buses + 1);
});
