import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSample } from '../../src/core/media-clock.js';
import type { SceneTransition } from '../../src/scene/schema/scene-transition.js';
import { levelAt } from '../../src/scene/sound/levels.js';
import { airSoundOf } from '../../src/state/air-sound.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, NOW, sceneOf } from '../state/samples.js';
import { channelOf, mixAll, timeOf } from './rig.js';

const NTSC = { num: 30_000, den: 1001 };
const HALF = 10 ** (-6 / 20);
/** The frame with which the other scene is taken, and its first sample. */
const FRAME = 10;
const FIRST = firstSample(FRAME, NTSC);
const END = 48_000;

function after(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((each, command) => reduce(each, command).state, state);
}

/** A tone whose every fourth sample is a peak. */
const TONE: Command = {
  type: 'sound.create',
  list: 'sources',
  item: {
    id: 'tone',
    content: { kind: 'tone', frequencyHz: 12_000 },
    scope: 'scenes',
    strip: { gainDb: -6 },
  },
  ...NOW,
};

function activate(sceneId: string, transition: SceneTransition): Command {
  return { type: 'scene.activate', sceneId, atMs: timeOf(FIRST), transition };
}

const SILENT = after(
  emptyState(),
  TONE,
  { type: 'scene.create', scene: sceneOf({ id: 'silent' }) },
  { type: 'scene.create', scene: sceneOf({ id: 'sounding', audio: [{ source: 'tone' }] }) },
  { type: 'scene.activate', sceneId: 'silent', atMs: timeOf(0), transition: { type: 'cut' } },
);

/** The levels of the tone where it has its peaks, by the sample, as a state takes the place of the silent one. */
function peaksOf(taken: ServiceState): Map<number, number> {
  const [before, then] = [airSoundOf(SILENT), airSoundOf(taken)];
  const samples = channelOf(
    mixAll([FIRST, END], (first) => (first < FIRST ? before : then)),
    0,
  );
  const peaks = [...samples.entries()].filter(([sample]) => sample % 4 === 1);
  return new Map(peaks.map(([sample, value]) => [sample, Math.abs(value)]));
}

test('what a scene brings with a cut is heard from the first sample of its frame on, within 5 ms', () => {
  for (const [sample, level] of peaksOf(after(SILENT, activate('sounding', { type: 'cut' })))) {
    if (sample < FIRST) assert.equal(level, 0, `${sample}`);
    else if (sample < FIRST + 100) assert.ok(level > 0, `${sample}`);
    else if (sample > FIRST + 240) assert.ok(Math.abs(level - HALF) < 1e-4, `${sample}: ${level}`);
  }
});

test('what it brings with a transition follows the formula, while the strip fades as well', () => {
  const fade = { type: 'fade', durationMs: 500, easing: 'ease-in-out' } as const;
  const taken = after(SILENT, activate('sounding', fade), {
    type: 'sound.patch',
    list: 'sources',
    id: 'tone',
    patch: { strip: { gainDb: -120 } },
    atMs: timeOf(FIRST),
    transition: { durationMs: 900, easing: 'linear', delayMs: 0 },
  });
  const { ramps } = taken.sound;
  assert.deepEqual(Object.keys(ramps).sort(), ['scene:tone', 'source:tone']);
  for (const [sample, level] of peaksOf(taken)) {
    if (sample < FIRST) continue;
    const timeMs = timeOf(sample + 1);
    const wanted =
      levelAt(0, ramps['source:tone'], timeMs) * levelAt(1, ramps['scene:tone'], timeMs);
    assert.ok(Math.abs(level - wanted) < 2e-3, `${sample}: ${level}, not ${wanted}`);
  }
});
