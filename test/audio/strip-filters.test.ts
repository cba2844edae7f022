import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { channelOf, mixAll, sineAmplitude, soundOf, toDb } from './rig.js';

const RATE_HZ = 48_000;
const LEVEL_DB = -30;
/** Until every filter has settled, samples. */
const SETTLED = 24_000;

/** b0 b1 b2 a0 a1 a2 of a biquad as R. Bristow-Johnson's "Audio EQ Cookbook" has it. */
type Biquad = readonly [number, number, number, number, number, number];

function angleOf(frequencyHz: number): number {
  return (2 * Math.PI * frequencyHz) / RATE_HZ;
}

function highPass(frequencyHz: number): Biquad {
  const w = angleOf(frequencyHz);
  const alpha = Math.sin(w) / Math.SQRT2;
  const cos = Math.cos(w);
  return [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha];
}

function peak(frequencyHz: number, gainDb: number, q: number): Biquad {
  const w = angleOf(frequencyHz);
  const a = 10 ** (gainDb / 40);
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return [1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a];
}

/** With the slope S = 1. @param side - 1: low, -1: high */
function shelf(frequencyHz: number, gainDb: number, side: 1 | -1): Biquad {
  const w = angleOf(frequencyHz);
  const a = 10 ** (gainDb / 40);
  const root = 2 * Math.sqrt(a) * (Math.sin(w) / Math.SQRT2);
  const cos = side * Math.cos(w);
  return [
    a * (a + 1 - (a - 1) * cos + root),
    side * 2 * a * (a - 1 - (a + 1) * cos),
    a * (a + 1 - (a - 1) * cos - root),
    a + 1 + (a - 1) * cos + root,
    side * -2 * (a - 1 + (a + 1) * cos),
    a + 1 + (a - 1) * cos - root,
  ];
}

/** What a biquad makes of a frequency, in dB. */
function responseDb([b0, b1, b2, a0, a1, a2]: Biquad, frequencyHz: number): number {
  const w = angleOf(frequencyHz);
  const size = (c0: number, c1: number, c2: number): number =>
    Math.hypot(
      c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w),
      c1 * Math.sin(w) + c2 * Math.sin(2 * w),
    );
  return toDb(size(b0, b1, b2) / size(a0, a1, a2));
}

function toneOf(frequencyHz: number, strip: object): AirSound {
  return soundOf({
    sources: [
      { id: 'tone', content: { kind: 'tone', frequencyHz }, strip: { gainDb: LEVEL_DB, ...strip } },
    ],
  });
}

/** By how much a strip changes a tone of a whole number of periods in half a second, in dB. */
function measuredDb(frequencyHz: number, strip: object): number {
  const samples = mixAll([SETTLED * 2], () => toneOf(frequencyHz, strip));
  return toDb(sineAmplitude(channelOf(samples, 0).subarray(SETTLED), frequencyHz)) - LEVEL_DB;
}

/** Whole multiples of 2 Hz, from one end of hearing to the other. */
const FREQUENCIES = [20, 42, 80, 160, 316, 640, 1000, 1780, 3160, 5600, 10_000, 16_000, 20_000];

const CASES: readonly (readonly [name: string, strip: object, biquads: readonly Biquad[]])[] = [
  ['a high-pass at 20 Hz', { highPass: { frequencyHz: 20 } }, [highPass(20)]],
  ['a high-pass at 80 Hz', { highPass: {} }, [highPass(80)]],
  ['a high-pass at 2 kHz', { highPass: { frequencyHz: 2000 } }, [highPass(2000)]],
  ['a low shelf up', { equalizer: { low: { frequencyHz: 200, gainDb: 12 } } }, [shelf(200, 12, 1)]],
  [
    'a low shelf down',
    { equalizer: { low: { frequencyHz: 60, gainDb: -24 } } },
    [shelf(60, -24, 1)],
  ],
  ['a peak', { equalizer: { mid: { frequencyHz: 3000, gainDb: 9, q: 4 } } }, [peak(3000, 9, 4)]],
  [
    'a wide dip',
    { equalizer: { mid: { frequencyHz: 400, gainDb: -18, q: 0.3 } } },
    [peak(400, -18, 0.3)],
  ],
  [
    'a high shelf up',
    { equalizer: { high: { frequencyHz: 5000, gainDb: 10 } } },
    [shelf(5000, 10, -1)],
  ],
  [
    'a high shelf down',
    { equalizer: { high: { frequencyHz: 12_000, gainDb: -20 } } },
    [shelf(12_000, -20, -1)],
  ],
  [
    'all of them',
    {
      highPass: { frequencyHz: 100 },
      equalizer: {
        low: { frequencyHz: 300, gainDb: -6 },
        mid: { frequencyHz: 2000, gainDb: 5, q: 2 },
        high: { frequencyHz: 8000, gainDb: 4 },
      },
    },
    [highPass(100), shelf(300, -6, 1), peak(2000, 5, 2), shelf(8000, 4, -1)],
  ],
];

for (const [name, strip, biquads] of CASES)
  test(`${name} has the response of the cookbook within 0.01 dB`, () => {
    for (const frequencyHz of FREQUENCIES) {
      const wanted = biquads.reduce((sum, one) => sum + responseDb(one, frequencyHz), 0);
      const found = measuredDb(frequencyHz, strip);
      assert.ok(Math.abs(found - wanted) < 0.01, `${frequencyHz} Hz: ${found} dB, not ${wanted}`);
    }
  });

test('filters whose settings move, or that come and go, do not make a jump', () => {
  const strips = [
    {},
    { equalizer: { low: { frequencyHz: 200, gainDb: 24 } } },
    { equalizer: { low: { frequencyHz: 200, gainDb: -24 } } },
    { equalizer: { low: { frequencyHz: 60, gainDb: -24 } }, highPass: { frequencyHz: 20 } },
    { highPass: { frequencyHz: 2000 } },
    { equalizer: { mid: { frequencyHz: 100, gainDb: 24, q: 4 }, high: { gainDb: -24 } } },
    { equalizer: { mid: { frequencyHz: 120, gainDb: -24, q: 1 }, high: { gainDb: 24 } } },
    {},
  ];
  const sounds = strips.map((strip) => toneOf(100, { ...strip, gainDb: -36 }));
  // Each of them at other phases of the tone.
  const samples = channelOf(
    mixAll(
      strips.map((_, i) => (i + 1) * 9690),
      (first) => sounds[first / 9690] ?? soundOf({}),
    ),
    0,
  );
  // The slope of the tone as loud as it gets, and a little more for 48 dB of gain in 20 ms.
  const most = 10 ** ((24 - 36) / 20) * angleOf(100) * 1.6;
  for (let i = 1; i < samples.length; i++) {
    const jump = Math.abs((samples[i] ?? NaN) - (samples[i - 1] ?? NaN));
    assert.ok(jump < most, `sample ${i}: ${jump}, not ${most}`);
  }
});

test('bands without gain leave every sample as it is', () => {
  const plain = mixAll([9600], () => toneOf(1000, {}));
  assert.deepEqual(
    mixAll([9600], () => toneOf(1000, { equalizer: {} })),
    plain,
  );
});

test('what a filter rings on with is heard after its source has fallen silent, and ends', () => {
  const ringing = { equalizer: { mid: { frequencyHz: 50, gainDb: 24, q: 3 } } };
  const [speaking, silent] = ['tone', 'silence'].map((kind) =>
    soundOf({
      sources: [
        { id: 's', content: { kind: 'silence' }, bus: 'voice' },
        ...(kind === 'tone'
          ? [
              {
                id: 't',
                content: { kind: 'tone', frequencyHz: 50 },
                strip: { gainDb: -50 },
                bus: 'voice',
              },
            ]
          : []),
      ],
      buses: [{ id: 'voice', strip: ringing }],
    }),
  );
  const samples = channelOf(
    mixAll([48_000, 480_000], (first) => (first < 48_000 ? speaking : silent) ?? soundOf({})),
    0,
  );
  const peakOf = (from: number): number =>
    samples.subarray(from, from + 4800).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assert.ok(peakOf(52_000) > 1e-3, `${peakOf(52_000)}`);
  assert.equal(peakOf(470_000), 0);
});
