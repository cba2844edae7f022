import type { SceneName } from './reference-scene.js';
import type { Target, Unit } from './report.js';

/** What a part of the benchmark is given to work with. */
export type BenchContext = {
  /** Length of one timed run in seconds; every part has its own default. */
  readonly seconds: number | null;
  /** As short as it can be, to see that everything runs: the figures mean little then. */
  readonly quick: boolean;
  /** The scenes that parts about scenes take; null: each its own. */
  readonly scenes: readonly SceneName[] | null;
  /** Where the one file goes that a part makes for people; null: nowhere. */
  readonly outPath: string | null;
  /** Folder for the part's files; it is removed at the end. */
  readonly folder: string;
  /** Says what is being done, one line at a time. */
  progress(line: string): void;
  /** Puts one figure into the table; `target` is null for a figure that is only for information. */
  record(name: string, value: number, unit: Unit, target?: Target | null): void;
};

/** One part of the benchmark, chosen by its name on the command line. */
export type Part = {
  readonly name: string;
  readonly summary: string;
  run(context: BenchContext): Promise<void>;
  /** Only run when it is named. */
  readonly isExtra?: boolean;
};
