import type { StripKey } from './levels.js';

/** What layers hear: how loud strips are with a frame, worked out of the samples of this frame and those before it. */

/** How loud a strip is, behind its own level. Amplitudes of left and right; 1 is full scale. */
export type StripSound = {
  /** Largest sample; falls slowly. */
  readonly peak: readonly [left: number, right: number];
  /** The same, held for a while before it falls. */
  readonly held: readonly [left: number, right: number];
  /** Root mean square; rises at once, and falls slowly. */
  readonly rms: readonly [left: number, right: number];
  /** Of the louder channel, 0 (-60 dBFS or less) to 1 (full scale), linear in dB. */
  readonly level: number;
  /** Whether it is loud enough to be somebody who speaks, short breaks included. */
  readonly isSpeaking: boolean;
};

/** How a spectrum is measured. */
export type SpectrumWanted = {
  readonly strip: StripKey;
  readonly bands: number;
  /** In which a band falls by 20 dB, milliseconds; 0: at once. */
  readonly fallMs: number;
};

/** What is heard with one frame. A pure input of what it shows. */
export interface Heard {
  /** A strip that is not there is silent. */
  strip(key: StripKey): StripSound;
  /**
   * Amplitudes of the bands, from low to high: what a sine in the band would have. Null: not measured, silence. What is
   * answered may change with the next frame.
   */
  spectrum(wanted: SpectrumWanted): ArrayLike<number> | null;
}

/** How quiet it is where a level is 0, dBFS. */
export const LEVEL_FLOOR_DB = -60;

/** An amplitude as a share of the way from a floor to full scale, linear in dB. */
export function shareOf(amplitude: number, floorDb: number): number {
  if (!(amplitude > 0)) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(amplitude)) / floorDb));
}

/** Lowest and highest frequency of spectra. */
export const SPECTRUM_HZ = [40, 16_000] as const;

/** Where the bands of a spectrum begin, and the last one ends: `bands` + 1 frequencies at equal ratios. */
export function bandEdgesHz(bands: number): number[] {
  const [low, high] = SPECTRUM_HZ;
  return Array.from({ length: bands + 1 }, (_, i) => low * (high / low) ** (i / bands));
}

/** Names a spectrum among those that are measured. */
export function spectrumKey({ strip, bands, fallMs }: SpectrumWanted): string {
  return `${strip} ${bands} ${fallMs}`;
}

export const SILENT_STRIP: StripSound = {
  peak: [0, 0],
  held: [0, 0],
  rms: [0, 0],
  level: 0,
  isSpeaking: false,
};

/** Where nothing is heard. */
export const SILENCE: Heard = { strip: () => SILENT_STRIP, spectrum: () => null };

/** The level that stills, previews and everything that is drawn without the program's sound shows, dBFS. */
export const STATED_DB = -12;
const STATED_AMPLITUDE = 10 ** (STATED_DB / 20);
const STATED_HELD = 10 ** ((STATED_DB + 3) / 20);

const STATED_STRIP: StripSound = {
  peak: [STATED_AMPLITUDE, STATED_AMPLITUDE],
  held: [STATED_HELD, STATED_HELD],
  rms: [STATED_AMPLITUDE, STATED_AMPLITUDE],
  level: shareOf(STATED_AMPLITUDE, LEVEL_FLOOR_DB),
  isSpeaking: true,
};

/** A spectrum as music has it: loudest at the lower end, with a few humps. @param at - of the way from low to high, 0 to 1 */
function statedBandDb(at: number): number {
  const humps = 5 * Math.sin(at * 17) + 3 * Math.sin(at * 41 + 1);
  return STATED_DB - 4 - 26 * at * at + humps;
}

/** What is shown wherever the sound of the program is not: every strip at the stated level, and a spectrum of music. */
export const STATED: Heard = {
  strip: () => STATED_STRIP,
  spectrum: ({ bands }) =>
    Array.from({ length: bands }, (_, i) => 10 ** (statedBandDb((i + 0.5) / bands) / 20)),
};
