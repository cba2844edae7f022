import { addNote, createSound, frequencyOf, type StereoSound } from './synthesiser.js';
import { toWav } from './wav.js';

/** Ids of the sounds of the demo, as assets. */
export const SOUND_ASSET_IDS = { music: 'demo-music', bid: 'demo-bid' } as const;

/** The music as a source. */
export const MUSIC_SOURCE = {
  id: 'music',
  name: 'Auction music',
  content: { kind: 'file', asset: SOUND_ASSET_IDS.music, loop: true },
  bus: 'music',
} as const;

/** The clip of a bid. */
export function bidClip(bidEth: number): object {
  return {
    id: `bid-${bidEth}`,
    name: `${bidEth} ETH`,
    content: { kind: 'file', asset: SOUND_ASSET_IDS.bid },
    bus: 'effects',
    // Whatever else sounds is more important.
    priority: 0,
  };
}

/** A sound of the demo, ready to be stored as the asset `id`. */
export type ReferenceSound = { readonly id: string; readonly name: string; readonly wav: Buffer };

const CHORD_SECONDS = 4;
/** The end of a chord under the beginning of the next one. */
const OVERLAP_SECONDS = 1.6;
/** C major seventh, A minor seventh, F major seventh, G sixth: notes by their MIDI numbers. */
const CHORDS: readonly (readonly number[])[] = [
  [48, 55, 59, 64],
  [45, 52, 55, 60],
  [41, 48, 52, 57],
  [43, 50, 59, 64],
];
/** Each note of a chord is two, a little apart, one on each side: as a share of the frequency. */
const DETUNE = 0.0016;

export const MUSIC_SECONDS = CHORD_SECONDS * CHORDS.length;

/** The melody: when, in seconds, and which note. */
const MELODY: readonly (readonly [number, number])[] = [
  [0.5, 76],
  [1.5, 79],
  [2.5, 83],
  [4.5, 84],
  [6, 79],
  [8.5, 81],
  [9.5, 76],
  [11, 72],
  [12.5, 74],
  [13.5, 79],
  [15, 71],
];

/** Calm chords under a sparse melody, which begin again without a seam. */
export function synthesiseMusic(): StereoSound {
  const sound = createSound(MUSIC_SECONDS);
  for (const [i, chord] of CHORDS.entries()) {
    for (const midi of chord) {
      for (const side of [-1, 1]) {
        addNote(sound, {
          startSeconds: i * CHORD_SECONDS,
          seconds: CHORD_SECONDS + OVERLAP_SECONDS,
          frequencyHz: frequencyOf(midi) * (1 + side * DETUNE),
          gain: 0.022,
          pan: side,
          octave: 0.22,
          attackSeconds: OVERLAP_SECONDS,
          decaySeconds: null,
          releaseSeconds: OVERLAP_SECONDS,
        });
      }
    }
  }
  for (const [i, [startSeconds, midi]] of MELODY.entries()) {
    addNote(sound, {
      startSeconds,
      seconds: 2.4,
      frequencyHz: frequencyOf(midi),
      gain: 0.05,
      pan: i % 2 === 0 ? -0.35 : 0.35,
      octave: 0.12,
      attackSeconds: 0.012,
      decaySeconds: 0.6,
      releaseSeconds: 0.8,
    });
  }
  return sound;
}

/** Two notes of a small bell, a fifth apart, with the partials of a bar. */
export function synthesiseBid(): StereoSound {
  const sound = createSound(0.7);
  const partials = [
    { ratio: 1, gain: 0.1, decaySeconds: 0.16 },
    { ratio: 2.756, gain: 0.03, decaySeconds: 0.07 },
    { ratio: 5.404, gain: 0.01, decaySeconds: 0.03 },
  ];
  for (const [startSeconds, midi] of [
    [0, 88],
    [0.09, 95],
  ] as const) {
    for (const { ratio, gain, decaySeconds } of partials) {
      addNote(sound, {
        startSeconds,
        seconds: 0.6,
        frequencyHz: frequencyOf(midi) * ratio,
        gain,
        pan: 0.1,
        octave: 0,
        attackSeconds: 0.002,
        decaySeconds,
        releaseSeconds: 0.2,
      });
    }
  }
  return sound;
}

/** Makes the sounds in code, the same on every machine: it takes the calling thread some 50 ms. */
export function referenceSounds(): readonly ReferenceSound[] {
  return [
    { id: SOUND_ASSET_IDS.music, name: 'Auction music', wav: toWav(synthesiseMusic()) },
    { id: SOUND_ASSET_IDS.bid, name: 'Bid', wav: toWav(synthesiseBid()) },
  ];
}
