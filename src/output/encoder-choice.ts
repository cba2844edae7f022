import type { FrameRate } from '../core/rational.js';
import { X264_PRESETS, type X264Preset } from './encoder-settings.js';

/** Share of all processor time of the machine that `auto` gives to x264. */
export const AUTO_CPU_SHARE = 0.2;

/** Processor milliseconds per frame, by preset, as far as they were measured. */
export type PresetCosts = Partial<Readonly<Record<X264Preset, number>>>;

/** Processor milliseconds that encoding a frame may cost. */
export function frameBudgetMs(frameRate: FrameRate, cores: number): number {
  return ((1000 * frameRate.den) / frameRate.num) * cores * AUTO_CPU_SHARE;
}

/**
 * The slowest preset (the best picture) that fits into `budgetMs` per frame and whose faster ones all fit too;
 * the fastest one when none does.
 */
export function choosePreset(costs: PresetCosts, budgetMs: number): X264Preset {
  let best: X264Preset = 'ultrafast';
  for (const preset of X264_PRESETS) {
    const cost = costs[preset];
    if (cost === undefined || cost > budgetMs) break;
    best = preset;
  }
  return best;
}
