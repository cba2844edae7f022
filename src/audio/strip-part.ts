import type { Floats } from './kernels.js';

/** One part of what a strip does to its sound. */
export interface StripPart {
  /** Whether it leaves sound as it is. */
  readonly isIdle: boolean;
  /** Whether settings are on their way: `step` is called at each whole multiple of `GLIDE_STEP_SAMPLES`, and not passed over. */
  readonly isGliding: boolean;
  /** Whether something is still heard of it when nothing comes in any more. */
  readonly isRinging: boolean;
  /** It is where its settings lead at once: nothing was heard of it before. */
  settle(): void;
  /** Takes settings one step further. */
  step(): void;
  /** Puts `count` stereo samples from the place `at` on through it, in place. */
  run(samples: Floats, at: number, count: number): void;
  /** Makes nothing of what is next to nothing, which processors work on very slowly. */
  rest(): void;
}
