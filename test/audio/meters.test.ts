import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_INPUTS } from '../../src/audio/input-player.js';
import { toMeters } from '../../src/api/operations/audio-meters.js';
import { Mixer } from '../../src/audio/mixer.js';
import { soundOf, timeOf } from './rig.js';

test('the meters show by how much gates and compressors turn down, and what the loudness target adds', () => {
  const content = { kind: 'tone', frequencyHz: 1000 };
  const sound = soundOf({
    sources: [
      { id: 'plain', content, strip: { gainDb: -40 } },
      {
        id: 'loud',
        content,
        strip: { gainDb: -20, compressor: { thresholdDb: -12, ratio: 4, kneeDb: 0 } },
      },
      { id: 'nobody', content: { kind: 'silence' }, strip: { gate: { rangeDb: -30 } } },
    ],
    master: { loudness: { targetLufs: -14 } },
  });
  const mixer = new Mixer({ render: () => false }, NO_INPUTS, () => undefined);
  const played = { sound, tracks: {} };
  const target = new Float32Array(2 * 48_000);
  for (let second = 0; second < 6; second++) {
    const span = { first: second * 48_000, end: (second + 1) * 48_000 };
    mixer.readMeters();
    mixer.mix([{ span, played, timeOf }], target);
  }
  const { sources, master } = toMeters(mixer.readMeters());
  assert.equal(sources['plain']?.reductionDb, 0);
  // Three quarters of the 12 dB above the threshold.
  assert.ok(Math.abs((sources['loud']?.reductionDb ?? NaN) - 9) < 0.1);
  assert.equal(sources['nobody']?.reductionDb, 30);
  assert.equal(master?.reductionDb, 0);
  // 0.3 dB a second since there were three seconds of sound.
  const gainDb = master.loudnessGainDb;
  assert.ok(gainDb > 0.7 && gainDb < 0.95, `${gainDb}`);
});
