import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/** Two channels of samples, full scale 1. */
export type StereoSound = { readonly left: Float32Array; readonly right: Float32Array };

/** One note of a soft sine with a little of its octave. */
export type Note = {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly frequencyHz: number;
  /** Peak of its fundamental, of full scale. */
  readonly gain: number;
  /** From -1 (left) to 1 (right), at equal power. */
  readonly pan: number;
  /** Of the octave above, as a share of the fundamental. */
  readonly octave: number;
  readonly attackSeconds: number;
  /** After that it falls to 1/e in so many seconds; null: it stays. */
  readonly decaySeconds: number | null;
  /** At its end it falls silent over so many seconds. */
  readonly releaseSeconds: number;
};

/** Frequency of a note by its MIDI number: 69 is A4, 440 Hz. */
export function frequencyOf(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}

export function createSound(seconds: number): StereoSound {
  const samples = Math.round(seconds * SAMPLE_RATE_HZ);
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

/** From 0 to 1 without a corner at either end. */
function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

/**
 * Adds a note. What does not fit before the end of the sound goes on at its beginning, so that a loop has no seam. Sines are
 * turned by a rotation for each sample, which takes a tenth of the time of `Math.sin`.
 */
export function addNote({ left, right }: StereoSound, note: Note): void {
  const angle = ((note.pan + 1) * Math.PI) / 4;
  if (note.pan < 1) addToChannel(left, note, note.gain * Math.cos(angle));
  if (note.pan > -1) addToChannel(right, note, note.gain * Math.sin(angle));
}

function addToChannel(channel: Float32Array, note: Note, gain: number): void {
  const count = Math.round(note.seconds * SAMPLE_RATE_HZ);
  const attack = note.attackSeconds * SAMPLE_RATE_HZ;
  const release = note.releaseSeconds * SAMPLE_RATE_HZ;
  const step = (2 * Math.PI * note.frequencyHz) / SAMPLE_RATE_HZ;
  const turnCos = Math.cos(step);
  const turnSin = Math.sin(step);
  const fall = note.decaySeconds === null ? 1 : Math.exp(-1 / (note.decaySeconds * SAMPLE_RATE_HZ));
  const octave = 2 * note.octave;
  let cos = 1;
  let sin = 0;
  let level = gain;
  let place = Math.round(note.startSeconds * SAMPLE_RATE_HZ) % channel.length;
  for (let i = 0; i < count; i++) {
    let value = level * sin * (1 + octave * cos);
    if (i < attack) value *= ease(i / attack);
    if (count - i < release) value *= ease((count - i) / release);
    channel[place] = (channel[place] ?? 0) + value;
    place = place + 1 === channel.length ? 0 : place + 1;
    level *= fall;
    const next = cos * turnCos - sin * turnSin;
    sin = sin * turnCos + cos * turnSin;
    cos = next;
  }
}
