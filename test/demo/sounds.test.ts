import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MUSIC_SECONDS,
  referenceSounds,
  synthesiseBid,
  synthesiseMusic,
} from '../../src/demo/sounds.js';
import { addNote, createSound, type StereoSound } from '../../src/demo/synthesiser.js';

function channelsOf({ left, right }: StereoSound): Float32Array[] {
  return [left, right];
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

function rmsDb(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return 10 * Math.log10(sum / samples.length);
}

/** The largest step from one sample to the next; of a loop the one from its end to its beginning counts too. */
function largestStep(samples: Float32Array): number {
  return samples.reduce(
    (most, sample, i) => Math.max(most, Math.abs(sample - (samples.at(i - 1) ?? NaN))),
    0,
  );
}

test('the music begins again without a step, and nothing in it is a click', () => {
  for (const samples of channelsOf(synthesiseMusic())) {
    assert.equal(samples.length, MUSIC_SECONDS * 48_000);
    const seam = Math.abs((samples[0] ?? NaN) - (samples.at(-1) ?? NaN));
    const within = largestStep(samples.subarray(1));
    assert.ok(seam <= within, `${seam} at the seam, ${within} elsewhere`);
    // A sine of 0.25 at 1 kHz takes steps of 0.03.
    assert.ok(largestStep(samples) < 0.03);
  }
});

test('the music is quiet and even, and stays below -12 dBFS', () => {
  for (const samples of channelsOf(synthesiseMusic())) {
    const peak = 20 * Math.log10(peakOf(samples));
    assert.ok(peak < -12 && peak > -24, `${peak} dBFS`);
    for (let second = 0; second < MUSIC_SECONDS; second++) {
      const level = rmsDb(samples.subarray(second * 48_000, (second + 1) * 48_000));
      assert.ok(level > -36 && level < -22, `${level} dB in second ${second}`);
    }
  }
});

test('a bid is short, does not clip, and begins and ends in silence', () => {
  for (const samples of channelsOf(synthesiseBid())) {
    assert.ok(samples.length >= 0.4 * 48_000 && samples.length <= 0.8 * 48_000);
    assert.ok(peakOf(samples) < 0.25);
    assert.ok(Math.abs(samples[0] ?? NaN) < 1e-4);
    assert.ok(peakOf(samples.subarray(-48)) < 1e-3);
  }
});

test('a note that does not fit goes on at the beginning', () => {
  const sound = createSound(1);
  const note = {
    startSeconds: 0.9,
    seconds: 0.2,
    frequencyHz: 1000,
    gain: 0.5,
    pan: 0,
    octave: 0,
    attackSeconds: 0.01,
    decaySeconds: null,
    releaseSeconds: 0.01,
  };
  addNote(sound, note);
  const longer = createSound(2);
  addNote(longer, note);
  assert.deepEqual(sound.left.subarray(0, 4800), longer.left.subarray(48_000, 52_800));
  assert.equal(peakOf(sound.left.subarray(4800, 43_200)), 0);
  assert.ok(Math.abs(peakOf(sound.left) - 0.5 * Math.SQRT1_2) < 0.01);
});

test('the sounds are the same every time, as WAV files of 16 bits', () => {
  const [first, second] = [referenceSounds(), referenceSounds()];
  first.forEach(({ id, wav }, i) => {
    assert.ok(second[i]?.wav.equals(wav), id);
    assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
    assert.equal(wav.readUInt32LE(4), wav.length - 8);
    assert.equal(wav.readUInt32LE(24), 48_000);
    assert.equal(wav.readUInt32LE(40), wav.length - 44);
  });
  assert.deepEqual(
    first.map(({ id }) => id),
    ['demo-music', 'demo-bid'],
  );
});
