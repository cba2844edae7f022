/**
 * The way of a change, in the main thread: from the state, once a commit, to what each consumer of the media plane is
 * sent. Owns what it has sent last, to send only what differs.
 */

import type { Logger } from './core/logger.js';
import type { OutputTarget, ProgramConfig } from './stitcher/contract.js';
import {
  type AirState,
  airStateOf,
  isSameOnAir,
  previewStateOf,
  type SceneProblem,
} from './state/air.js';
import type { ForeseenState } from './state/foreseen.js';
import type { StripProblem } from './scene/sound/bound-sound.js';
import type { AirSound } from './scene/sound/schema.js';
import { airSoundAfter, airSoundOf, stripProblemsOf } from './state/air-sound.js';
import type { ServiceState, StreamConfig } from './state/model.js';
import type { Applied, StateStore } from './state/port.js';

/** What a state means to those who do not know the state. What did not change is the same object as before. */
export type Projected = {
  readonly state: ServiceState;
  readonly onAir: AirState;
  readonly inPreview: AirState;
  /** What is heard on air. */
  readonly airSound: AirSound;
  /** What could not be put into the scenes on air, and into strips. */
  readonly problems: readonly (SceneProblem | StripProblem)[];
  /** What scheduled batches will make of the state. */
  readonly foreseen: readonly ForeseenState[];
  readonly config: ProgramConfig;
  readonly targets: readonly OutputTarget[];
  readonly outputIds: ReadonlySet<string>;
};

/** Whoever is kept in line with the state. */
export interface Consumer {
  /**
   * Called at once when it is added, and after every commit; sends on what differs.
   * @param before - null: nothing has been sent yet
   * @param applied - the commit; null: it is added
   */
  follow(next: Projected, before: Projected | null, applied: Applied | null): void;
}

export type ProjectionOptions = {
  readonly store: Pick<StateStore, 'state' | 'onApplied'>;
  /** What scheduled batches will make of a state; asked once for each. */
  readonly foresee: (state: ServiceState) => readonly ForeseenState[];
  /** Where the built-in output is published, with a secret that the state does not know; null: it is off. */
  readonly publishUrl: string | null;
  readonly logger: Logger;
};

/**
 * What the state means to the program, the preview compositor, outputs and events: worked out once a commit, and sent on to
 * each of them as far as it differs. It follows the store from its making on, and whoever is added is brought up to the
 * newest state at once: no commit is missed in between. Lives in the main thread; ends with `close()`.
 */
export class Projection {
  readonly #options: ProjectionOptions;
  readonly #consumers: Consumer[] = [];
  readonly #stop: () => void;
  /** Null: nobody has been added yet. */
  #newest: Projected | null = null;

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#stop = options.store.onApplied((applied) => {
      this.#commit(applied);
    });
  }

  /** As of the last commit. */
  get newest(): Projected {
    return (this.#newest ??= this.#project(this.#options.store.state, null));
  }

  /** Brings a consumer up to the newest state, and keeps it there; in the order in which they were added. */
  add(consumer: Consumer): void {
    const { newest } = this;
    this.#consumers.push(consumer);
    consumer.follow(newest, null, null);
  }

  close(): void {
    this.#stop();
  }

  #commit(applied: Applied): void {
    const before = this.#newest;
    const next = this.#project(applied.after, before);
    this.#newest = next;
    for (const consumer of this.#consumers) {
      try {
        consumer.follow(next, before, applied);
      } catch (error) {
        this.#options.logger.error({ err: error }, 'a change could not be sent on to one part');
      }
    }
  }

  #project(state: ServiceState, before: Projected | null): Projected {
    const { foresee, publishUrl } = this.#options;
    const shown = airStateOf(state);
    const preview = previewStateOf(state);
    const isOfConfig = before?.state.config === state.config;
    const isOfOutputs = before?.state.outputs === state.outputs;
    return {
      state,
      onAir: before !== null && isSameOnAir(before.onAir, shown) ? before.onAir : shown,
      inPreview:
        before !== null && isSameOnAir(before.inPreview, preview) ? before.inPreview : preview,
      airSound: before === null ? airSoundOf(state) : airSoundAfter(before, state),
      problems: [...shown.problems, ...stripProblemsOf(state)],
      foreseen: foresee(state),
      config: isOfConfig ? before.config : toProgramConfig(state.config),
      targets: isOfOutputs ? before.targets : toTargets(state, publishUrl),
      outputIds: isOfOutputs ? before.outputIds : new Set(state.outputs.map(({ id }) => id)),
    };
  }
}

/** The size, rate and encoding of the program. */
export function toProgramConfig(config: StreamConfig): ProgramConfig {
  const { resolution, fps, bitrate, preset, audioBitrate, audioChannels } = config;
  const sound = { bitrateBps: audioBitrate, channels: audioChannels };
  return { ...resolution, frameRate: fps, bitrateBps: bitrate, sound, preset };
}

/** The outputs that should run. The built-in one publishes with a secret that the state does not know. */
export function toTargets(state: ServiceState, publishUrl: string | null): OutputTarget[] {
  return state.outputs.flatMap(({ id, url, enabled, builtIn }) => {
    if (!enabled) return [];
    if (!builtIn) return [{ id, url }];
    return publishUrl === null ? [] : [{ id, url: publishUrl }];
  });
}
