import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Floats, SoundKernels } from '../../src/audio/kernels.js';
import { StripProcessor } from '../../src/audio/strip-processor.js';
import { type Strip, StripSchema } from '../../src/scene/sound/schema.js';
import { channelOf, mixAll, sineAmplitude, soundOf, toDb } from './rig.js';

const RATE_HZ = 48_000;
const BLOCK_SAMPLES = 800;
/** When attacks are over, samples. */
const SETTLED = 12_000;

const kernels = new SoundKernels();
const block = kernels.floats(2 * BLOCK_SAMPLES);
const factors = kernels.floats(BLOCK_SAMPLES + 3);

/** A signal of the same value for a time: amplitude of left and right, and samples. */
type Step = readonly [left: number, right: number, samples: number];

/** What comes out of a strip before its gain, interleaved. `stripAt` says which strip holds from a sample on. */
function shaped(steps: readonly Step[], stripAt: (first: number) => Strip): Float32Array {
  const processor = new StripProcessor(kernels, factors);
  const signal = steps.flatMap(([left, right, samples]) =>
    Array.from({ length: samples }, () => [left, right]).flat(),
  );
  const output = new Float32Array(signal.length);
  const samples: Floats = block;
  let strip: Strip | null = null;
  for (let first = 0; first < signal.length / 2; first += BLOCK_SAMPLES) {
    const isNew = strip === null;
    strip = stripAt(first);
    processor.aim(strip);
    if (isNew) processor.settle();
    const part = signal.slice(2 * first, 2 * (first + BLOCK_SAMPLES));
    samples.set(part);
    processor.process(samples, first, part.length / 2);
    output.set(samples.subarray(0, part.length), 2 * first);
  }
  return output;
}

function stripOf(fields: object): Strip {
  return StripSchema.parse(fields);
}

/** Of the left channel at a sample, against what went in, dB. */
function gainDbOf(output: Float32Array, input: number, sample: number): number {
  return toDb((output[2 * sample] ?? NaN) / input);
}

function near(found: number, wanted: number, within: number, what: string): void {
  assert.ok(Math.abs(found - wanted) <= within, `${what}: ${found}, not ${wanted}`);
}

const COMPRESSOR = {
  thresholdDb: -24,
  ratio: 4,
  attackMs: 20,
  releaseMs: 100,
  kneeDb: 12,
  makeupDb: 3,
};

/** The level that comes out for one that goes in, dB (Giannoulis, Massberg and Reiss 2012, equation 4). */
function curve(
  levelDb: number,
  { thresholdDb, ratio, kneeDb, makeupDb }: typeof COMPRESSOR,
): number {
  const over = levelDb - thresholdDb;
  if (2 * over < -kneeDb) return levelDb + makeupDb;
  if (2 * Math.abs(over) <= kneeDb)
    return levelDb + ((1 / ratio - 1) * (over + kneeDb / 2) ** 2) / (2 * kneeDb) + makeupDb;
  return thresholdDb + over / ratio + makeupDb;
}

test('a compressor has its curve within 0.01 dB, with and without a knee', () => {
  for (const settings of [
    COMPRESSOR,
    { ...COMPRESSOR, ratio: 1.5, kneeDb: 30 },
    { ...COMPRESSOR, ratio: 50, kneeDb: 0.5, makeupDb: 0 },
  ])
    for (let levelDb = -60; levelDb <= 0; levelDb += 3) {
      const input = 10 ** (levelDb / 20);
      const output = shaped([[input, -input, SETTLED]], () => stripOf({ compressor: settings }));
      const found = toDb(output[2 * SETTLED - 2] ?? NaN);
      near(found, curve(levelDb, settings), 0.01, `${levelDb} dB`);
      assert.equal(output[2 * SETTLED - 1], -(output[2 * SETTLED - 2] ?? NaN));
    }
});

test('a compressor without a knee has a corner', () => {
  const corner = { ...COMPRESSOR, kneeDb: 0, makeupDb: 0 };
  for (const levelDb of [-30, -24.1, -23, -10]) {
    const input = 10 ** (levelDb / 20);
    const output = shaped([[input, input, RATE_HZ]], () => stripOf({ compressor: corner }));
    const wanted = levelDb < -24 ? levelDb : -24 + (levelDb + 24) / 4;
    near(toDb(output[2 * RATE_HZ - 2] ?? NaN), wanted, 0.01, `${levelDb} dB`);
  }
});

test('a compressor turns a tone down as the curve says within 0.1 dB', () => {
  const compressor = { ...COMPRESSOR, releaseMs: 500 };
  for (const levelDb of [-30, -24, -18, -6]) {
    const sound = soundOf({
      buses: [{ id: 'voice', strip: { compressor } }],
      sources: [
        {
          id: 'tone',
          bus: 'voice',
          content: { kind: 'tone', frequencyHz: 1000 },
          strip: { gainDb: levelDb },
        },
      ],
    });
    const samples = channelOf(
      mixAll([96_000], () => sound),
      0,
    );
    const found = toDb(sineAmplitude(samples.subarray(48_000), 1000));
    near(found, curve(levelDb, compressor), 0.1, `${levelDb} dB`);
  }
});

test('the attack and the release of a compressor take the times that they are given', () => {
  const loud = 1;
  const quiet = 10 ** (-40 / 20);
  const output = shaped(
    [
      [quiet, quiet, 800],
      [loud, quiet, RATE_HZ],
      [quiet, quiet, RATE_HZ],
    ],
    () => stripOf({ compressor: { ...COMPRESSOR, makeupDb: 0 } }),
  );
  const reduction = 18;
  for (const ms of [1, 5, 20, 60]) {
    const sample = 800 + (ms * RATE_HZ) / 1000 - 1;
    const wanted = -reduction * (1 - Math.exp(-ms / 20));
    near(gainDbOf(output, loud, sample), wanted, 0.02, `${ms} ms after the beginning`);
  }
  for (const ms of [10, 50, 100, 300]) {
    const sample = 800 + RATE_HZ + (ms * RATE_HZ) / 1000 - 1;
    // The release is smoothed by the attack: the response of two first-order filters in a row.
    const [attack, release] = [Math.exp(-ms / 20), Math.exp(-ms / 100)];
    const wanted = (-reduction * (100 * release - 20 * attack)) / 80;
    near(gainDbOf(output, quiet, sample), wanted, 0.02, `${ms} ms after the end`);
  }
});

const GATE = { thresholdDb: -30, attackMs: 5, holdMs: 50, releaseMs: 100, rangeDb: -40 };

test('a gate opens in a straight line of amplitude, holds, and closes in a straight line of dB', () => {
  const [loud, quiet] = [0.1, 0.01];
  const [opens, falls] = [800, 10_400];
  const output = shaped(
    [
      [quiet, quiet, opens],
      [quiet, loud, falls - opens],
      [quiet, quiet, 20_000],
    ],
    () => stripOf({ gate: GATE }),
  );
  const expectedDb = (sample: number): number => {
    if (sample < opens) return -40;
    if (sample < falls) return toDb(Math.min(1, 0.01 + (sample - opens + 1) / 240));
    const closing = sample - falls - 0.05 * RATE_HZ + 1;
    return Math.max(-40, Math.min(0, (-40 * closing) / 4800));
  };
  for (let sample = 0; sample < 30_000; sample++)
    near(gainDbOf(output, quiet, sample), expectedDb(sample), 0.01, `sample ${sample}`);
});

test('switching dynamics on and off, and moving their settings, goes without a jump', () => {
  const strips = [
    {},
    { gate: { ...GATE, thresholdDb: 0, releaseMs: 50 } },
    { gate: { ...GATE, thresholdDb: 0, rangeDb: -3 } },
    { compressor: COMPRESSOR },
    { compressor: { ...COMPRESSOR, thresholdDb: -60, ratio: 50, makeupDb: 24, attackMs: 0.1 } },
    { compressor: { ...COMPRESSOR, thresholdDb: 0, ratio: 1 } },
    {},
  ].map(stripOf);
  const output = shaped([[0.5, 0.5, 8000 * strips.length]], (first) => {
    return strips[Math.floor(first / 8000)] ?? stripOf({});
  });
  for (let i = 2; i < output.length; i += 2) {
    const [before, value] = [output[i - 2] ?? NaN, output[i] ?? NaN];
    // No faster than a gate rises, or 100 dB of gain in 200 ms.
    const most = Math.max(0.5 / 240, Math.max(before, value) / 100) + 1e-6;
    assert.ok(Math.abs(value - before) <= most, `${i / 2}: ${before} to ${value}`);
  }
  near(output.at(-1) ?? NaN, 0.5, 1e-6, 'at the end');
});

test('a strip whose filters were handed what is no number goes on with the next block', () => {
  const strip = stripOf({
    highPass: {},
    gate: GATE,
    equalizer: { low: { gainDb: 6 }, mid: { gainDb: -6 }, high: { gainDb: 3 } },
    compressor: COMPRESSOR,
  });
  for (const broken of [NaN, Infinity, -Infinity, 3e38]) {
    const output = shaped(
      [
        [0.1, 0.1, 800],
        [broken, 0.1, 800],
        [0.1, 0.1, 1600],
      ],
      () => strip,
    );
    const after = output.subarray(2 * 1600);
    assert.ok(
      after.every((value) => Math.abs(value) < 1),
      `${broken}`,
    );
    assert.ok(after.every(Number.isFinite), `${broken}`);
  }
});
