import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { channelOf, mixAll, soundOf } from './rig.js';

const MUSIC_HZ = 12_000;
/** The voice speaks from here on, and is silent from there on, samples. */
const SPEAKS = 9600;
const SILENT = 24_000;
const END = 96_000;

const RULE = {
  id: 'talk',
  when: 'voice',
  aboveDb: -40,
  bus: 'music',
  gainDb: -14,
  attackMs: 100,
  holdMs: 200,
  releaseMs: 500,
};

/** Music whose every fourth sample is a peak, and a voice that is on the left of nothing: it is muted at the master's place. */
function soundAt(isSpeaking: boolean, rules: readonly object[]): AirSound {
  return soundOf({
    sources: [
      {
        id: 'm',
        bus: 'music',
        content: { kind: 'tone', frequencyHz: MUSIC_HZ },
        strip: { gainDb: -6, pan: -1 },
      },
      {
        id: 'v',
        bus: 'voice',
        content: { kind: 'tone', frequencyHz: 1000 },
        strip: { gainDb: -20, pan: 1, muted: !isSpeaking },
      },
    ],
    ducking: rules,
  });
}

/** The gain of the music in dB, by the sample; NaN where it has no peak. */
function gainsOf(rulesAt: (first: number) => readonly object[]): number[] {
  const samples = mixAll([SPEAKS, SILENT, 48_000, END], (first) =>
    soundAt(first >= SPEAKS && first < SILENT, rulesAt(first)),
  );
  return Array.from(channelOf(samples, 0), (value, i) =>
    i % 4 === 1 ? 20 * Math.log10(Math.abs(value)) + 6 : NaN,
  );
}

test('music goes down while somebody speaks, and comes back, in straight lines of dB', () => {
  const gains = gainsOf(() => [RULE]);
  // The voice needs some samples to be above the threshold, and falls below it within its cut.
  const begins = SPEAKS + 30;
  const ends = SILENT + 20 + 0.2 * 48_000;
  const expected = (sample: number): number => {
    if (sample < begins) return 0;
    if (sample < ends) return Math.max(-14, (-14 * (sample - begins)) / 4800);
    return Math.min(0, -14 + (14 * (sample - ends)) / 24_000);
  };
  gains.forEach((gain, sample) => {
    if (Number.isNaN(gain) || sample < 1000) return;
    const wanted = expected(sample);
    assert.ok(Math.abs(gain - wanted) < 0.2, `sample ${sample}: ${gain} dB, not ${wanted}`);
  });
});

test('a rule that is removed lets go slowly, and one for another bus leaves this one alone', () => {
  const gains = gainsOf((first) => (first < 48_000 ? [{ ...RULE, holdMs: 30_000 }] : []));
  const at = (sample: number): number => gains[sample + 1] ?? NaN;
  assert.ok(Math.abs(at(47_600) + 14) < 0.05);
  assert.ok(Math.abs(at(60_000) + 7) < 0.2, `${at(60_000)}`);
  assert.ok(Math.abs(at(80_000)) < 0.05);
  const untouched = gainsOf(() => [{ ...RULE, bus: 'effects' }]);
  assert.ok(untouched.every((gain, i) => Number.isNaN(gain) || i < 1000 || Math.abs(gain) < 0.01));
});
