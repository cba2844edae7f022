import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { levelAt } from '../../src/scene/sound/levels.js';
import { rampsAfter } from '../../src/state/sound-ramps.js';
import {
  channelOf,
  frameEnds,
  mixAll,
  RATE_60,
  sineAmplitude,
  soundOf,
  timeOf,
  toDb,
} from './rig.js';

const NTSC = { num: 30_000, den: 1001 };
/** 5 ms. */
const CUT_SAMPLES = 240;

const tone = (fields: object = {}): object => {
  return { id: 'tone', content: { kind: 'tone', frequencyHz: 1000 }, ...fields };
};

const quiet = soundOf({ sources: [tone({ strip: { gainDb: -6 } })] });

test('a tone at -6 dB has this level within 0.001 dB, at every frame rate', () => {
  for (const rate of [RATE_60, NTSC, { num: 24, den: 1 }]) {
    const samples = channelOf(
      mixAll(frameEnds(60, rate), () => quiet),
      0,
    );
    const level = sineAmplitude(samples.subarray(4800, 4800 + 19_200), 1000);
    assert.ok(Math.abs(toDb(level) + 6) < 0.001, `${toDb(level)} dB at ${rate.num}/${rate.den}`);
  }
});

test('what comes out does not depend on how the clock is cut into frames', () => {
  const fields = {
    sources: [
      tone({ strip: { gainDb: 6, pan: 0.3 }, bus: 'music' }),
      { id: 'hiss', content: { kind: 'noise', color: 'pink' }, bus: 'voice', offsetMs: 30 },
    ],
    buses: [{ id: 'music' }, { id: 'voice', strip: { highPass: {}, gate: {}, compressor: {} } }],
    master: { gainDb: 3, equalizer: { low: { gainDb: 3 }, mid: { gainDb: -6 } } },
  };
  const sound = soundOf(fields);
  // Something that is on its way when the clock is cut.
  const later = soundOf({
    ...fields,
    buses: [{ id: 'music' }, { id: 'voice', strip: { compressor: { thresholdDb: -40 } } }],
    master: { highPass: { frequencyHz: 300 }, equalizer: { mid: { gainDb: 6, q: 3 } } },
  });
  const soundAt = (first: number): AirSound => (first < 2500 ? sound : later);
  const whole = mixAll([2500, 6000], soundAt);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6000 }), { maxLength: 12 }), (cuts) => {
      const cut = mixAll(
        [...new Set([...cuts, 2500, 6000])].sort((a, b) => a - b),
        soundAt,
      );
      assert.deepEqual(cut, whole);
    }),
    { numRuns: 30 },
  );
});

test('a tone is in one piece: no sample is off the sine, over frames of unequal length', () => {
  const samples = channelOf(
    mixAll(frameEnds(90, NTSC), () => quiet),
    1,
  );
  const amplitude = 10 ** (-6 / 20);
  let worst = 0;
  for (let i = 480; i < samples.length; i++) {
    const exact = amplitude * Math.sin((2 * Math.PI * 1000 * i) / 48_000);
    worst = Math.max(worst, Math.abs((samples[i] ?? NaN) - exact));
  }
  assert.ok(worst < 1e-6, `${worst}`);
});

/** The levels of a tone of 12 kHz, whose every fourth sample is a peak: by the sample. */
function levelsOf(soundAt: (first: number) => AirSound, cuts: readonly number[]): number[] {
  const samples = channelOf(mixAll(cuts, soundAt), 0);
  return Array.from(samples, (value, i) => (i % 4 === 1 ? Math.abs(value) : NaN));
}

const high = soundOf({
  sources: [{ id: 'tone', content: { kind: 'tone', frequencyHz: 12_000 }, strip: { gainDb: -6 } }],
});

test('every fade follows its formula, and what is faded again goes on from where it is', () => {
  const [firstAt, secondAt] = [9600, 24_000];
  const half = 10 ** (-6 / 20);
  for (const easing of ['linear', 'ease-in-out', 'ease-out-cubic']) {
    const faded = (before: AirSound, isMuted: boolean, sample: number, durationMs: number) => {
      const after = { ...before, master: { ...before.master, muted: isMuted } };
      const way = { durationMs, easing, delayMs: 0 };
      return { ...after, ramps: rampsAfter(before, after, timeOf(sample), () => way) };
    };
    const muted = faded(high, true, firstAt, 500);
    const back = faded(muted, false, secondAt, 250);
    const levels = levelsOf(
      (first) => (first < firstAt ? high : first < secondAt ? muted : back),
      [firstAt, secondAt, 48_000],
    );
    const expected = (sample: number): number => {
      const time = timeOf(sample + 1);
      if (sample < firstAt) return half;
      if (sample < secondAt) return half * levelAt(0, muted.ramps['master'], time);
      return half * levelAt(1, back.ramps['master'], time);
    };
    levels.forEach((level, sample) => {
      if (Number.isNaN(level) || sample < 1000) return;
      const wanted = expected(sample);
      assert.ok(Math.abs(level - wanted) < 2e-3, `${easing} ${sample}: ${level}, not ${wanted}`);
    });
  }
});

test('what is cut falls as fast as from full scale to silence in 5 ms, from the first sample on', () => {
  const at = 8000;
  const amplitude = 10 ** (-6 / 20);
  const gone = { ...high, sources: [] };
  const levels = levelsOf((first) => (first < at ? high : gone), [at, 16_000]);
  levels.forEach((level, sample) => {
    if (Number.isNaN(level) || sample < 1000) return;
    const left = Math.max(0, Math.min(amplitude, amplitude - (sample + 1 - at) / CUT_SAMPLES));
    // The last step, of 32 samples, ends with it.
    const isLast = left < 32 / CUT_SAMPLES;
    assert.ok(level > left - 1e-5 && level < left + (isLast ? 0.04 : 1e-5), `${sample}: ${level}`);
    if (sample >= at + CUT_SAMPLES) assert.equal(level, 0);
  });
});

test('mute, solo, balance, polarity and buses do what they say', () => {
  const levelOf = (sound: AirSound): [number, number] => {
    const samples = mixAll([24_000], () => sound);
    return [0, 1].map((channel) =>
      sineAmplitude(channelOf(samples, channel === 0 ? 0 : 1).subarray(4800), 1000),
    ) as [number, number];
  };
  const low = { gainDb: -12 };
  const amplitude = 10 ** (-12 / 20);
  const near = (found: readonly number[], wanted: readonly number[]): void => {
    found.forEach((value, i) => {
      assert.ok(
        Math.abs(value - (wanted[i] ?? NaN)) < 1e-4,
        `${found.join(' ')}, not ${wanted.join(' ')}`,
      );
    });
  };
  near(levelOf(soundOf({ sources: [tone({ strip: { ...low, muted: true } })] })), [0, 0]);
  near(levelOf(soundOf({ sources: [tone({ strip: { gainDb: -120 } })] })), [0, 0]);
  near(levelOf(soundOf({ sources: [tone({ strip: { ...low, pan: -1 } })] })), [amplitude, 0]);
  near(levelOf(soundOf({ sources: [tone({ strip: { ...low, pan: 0.5 } })] })), [
    amplitude * Math.SQRT1_2,
    amplitude,
  ]);
  const both = [
    tone({ strip: low }),
    tone({ id: 'other', strip: { ...low, polarity: 'inverted' } }),
  ];
  near(levelOf(soundOf({ sources: both })), [0, 0]);
  near(levelOf(soundOf({ sources: [both[0], { ...both[1], solo: true }] })), [
    amplitude,
    amplitude,
  ]);
  const buses = [{ id: 'effects', strip: { gainDb: -6 } }];
  near(levelOf(soundOf({ buses, sources: [tone({ bus: 'effects', strip: { gainDb: -6 } })] })), [
    amplitude,
    amplitude,
  ]);
});

test('a source that goes to another bus does so without a jump', () => {
  const buses = [
    { id: 'loud', strip: {} },
    { id: 'soft', strip: { gainDb: -30, polarity: 'inverted' } },
  ];
  const on = (bus: string): AirSound =>
    soundOf({ buses, sources: [tone({ bus, strip: { gainDb: -6 } })] });
  const [loud, soft] = [on('loud'), on('soft')];
  const samples = channelOf(
    mixAll([9600, 24_000], (first) => (first < 9600 ? loud : soft)),
    0,
  );
  let jump = 0;
  for (let i = 1; i < samples.length; i++)
    jump = Math.max(jump, Math.abs((samples[i] ?? NaN) - (samples[i - 1] ?? NaN)));
  assert.ok(jump < (0.5 * 2 * Math.PI * 1000) / 48_000 + 1 / CUT_SAMPLES, `${jump}`);
  const level = sineAmplitude(samples.subarray(14_400), 1000);
  assert.ok(Math.abs(toDb(level) + 36) < 0.01, `${toDb(level)}`);
});

/** Of a thousand numbers in equal steps: doubles at random are next to 0 for the most part. */
function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 1000 }).map((step) => min + ((max - min) * step) / 1000);
}

/** What a strip may do to its sound; nothing of it turns anything up. */
const SHAPES = {
  highPass: fc.option(fc.record({ frequencyHz: between(20, 2000) })),
  gate: fc.option(
    fc.record({
      thresholdDb: between(-90, 0),
      attackMs: between(5, 50),
      holdMs: between(0, 20),
      releaseMs: between(60, 200),
      rangeDb: between(-60, 0),
    }),
  ),
  equalizer: fc.option(
    fc.record({
      low: fc.record({ frequencyHz: between(20, 20_000), gainDb: between(-24, 0) }),
      mid: fc.record({
        frequencyHz: between(20, 20_000),
        gainDb: between(-24, 0),
        q: between(0.1, 10),
      }),
      high: fc.record({ frequencyHz: between(20, 20_000), gainDb: between(-24, 0) }),
    }),
  ),
  compressor: fc.option(
    fc.record({
      thresholdDb: between(-20, 0),
      ratio: between(1, 50),
      attackMs: between(5, 50),
      releaseMs: between(5, 200),
      kneeDb: between(0, 30),
    }),
  ),
};

test('random changes at random moments never make a sample jump by more than what the cuts allow', () => {
  const strips = fc.record({
    gainDb: fc.double({ min: -120, max: 0, noNaN: true }),
    muted: fc.boolean(),
    pan: fc.double({ min: -1, max: 1, noNaN: true }),
    polarity: fc.constantFrom('normal', 'inverted'),
    ...SHAPES,
  });
  const sounds = fc.record({
    sources: fc.subarray([
      { id: 'a', content: { kind: 'tone', frequencyHz: 50 } },
      { id: 'b', content: { kind: 'tone', frequencyHz: 60 }, bus: 'music' },
      { id: 'b', content: { kind: 'tone', frequencyHz: 70 }, bus: 'voice' },
    ]),
    offsetMs: fc.oneof(fc.constant(0), between(-100, 200)),
    strip: strips,
    master: strips,
  });
  // Two tones below the limiter; the steepest parts of both, the cuts of three strips in a row, and half as much again for what
  // shapes their sound.
  const loudest = 0.4;
  const steepest = loudest * 2 * ((2 * Math.PI * 70) / 48_000 + 8 / CUT_SAMPLES);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 12_000 }), sounds), {
        minLength: 1,
        maxLength: 20,
      }),
      (changes) => {
        const ordered = [...new Map(changes)].sort(([a], [b]) => a - b);
        const documents = ordered.map(([, { sources, offsetMs, strip, master }]) =>
          soundOf({
            sources: [...new Map(sources.map((one) => [one.id, one])).values()].map((one) => {
              return { ...one, offsetMs, strip: { ...strip, gainDb: Math.min(strip.gainDb, -8) } };
            }),
            master,
          }),
        );
        const samples = channelOf(
          mixAll([...ordered.map(([at]) => at), 12_500], (first) => {
            const index = ordered.findLastIndex(([at]) => at <= first);
            return documents[index] ?? soundOf({});
          }),
          0,
        );
        let jump = 0;
        for (let i = 1; i < samples.length; i++)
          jump = Math.max(jump, Math.abs((samples[i] ?? NaN) - (samples[i - 1] ?? NaN)));
        assert.ok(jump <= steepest, `${jump} > ${steepest}`);
      },
    ),
    { numRuns: 200 },
  );
});
