import type { AirEvents } from './api/air-events.js';
import type { VideoEvents } from './api/video-events.js';
import type { EventHub } from './api/event-hub.js';
import type { OutputEvents } from './api/output-events.js';
import type { AssetSources } from './assets/sources.js';
import { toScheduled, toSnapshot } from './assets/snapshots.js';
import type { PreviewCompositor } from './preview-compositor/preview-compositor.js';
import type { Logger } from './core/logger.js';
import { toPlannedSound } from './assets/sound-tracks.js';
import type { LiveInputs } from './program/live-inputs.js';
import type { ScheduledPlan } from './program/contract.js';
import type { ProgramHandle } from './program/program-handle.js';
import type { Consumer, Projected } from './projection.js';
import { layersShown } from './scene/shown-scenes.js';
import { spectraIn } from './scene/sound/shown-spectra.js';
import type { SpectrumWanted } from './scene/sound/heard.js';
import type { SceneSnapshot } from './scene/snapshot.js';
import { airStateOf, newProblems } from './state/air.js';
import type { ForeseenState } from './state/foreseen.js';

/** What is sent on to each part of the service that follows the state. */

/** Shows the program what is on air and what is scheduled, and keeps its encoder and outputs as they should be. */
export function programConsumer(
  program: Pick<ProgramHandle, 'show' | 'play' | 'measureSpectra' | 'configure' | 'setOutputs'>,
  assets: AssetSources,
  now: () => number,
): Consumer {
  return {
    follow: (next, before, applied) => {
      const { state, onAir, airSound, foreseen, config, targets } = next;
      // What is scheduled holds all that comes before it: any change may be one of it too.
      const isScheduleSame = foreseen.length === 0 && before?.state.batches === state.batches;
      if (!isScheduleSame || before.onAir !== onAir) {
        const isOnAirAlready = applied === null || applied.command.type === 'batch.commit';
        const acceptedAtNs = isOnAirAlready ? null : applied.acceptedAtNs;
        program.show(toSnapshot(state, onAir, assets, acceptedAtNs), toScheduled(foreseen, assets));
      }
      const isSoundSame = before?.airSound === airSound && before.state.assets === state.assets;
      if (!isScheduleSame || !isSoundSame) {
        const resumedAtMs = before === null ? now() : null;
        program.play(
          toPlannedSound(state, assets, resumedAtMs),
          toScheduledSound(foreseen, assets),
        );
      }
      if (!isScheduleSame || before.onAir !== onAir || before.inPreview !== next.inPreview)
        program.measureSpectra(spectraShown(next));
      // It is made with a configuration.
      if (before !== null && before.config !== config) program.configure(config);
      if (before?.targets !== targets) program.setOutputs(targets);
    },
  };
}

/** Has those live inputs decoded that are shown or heard, now or with what is scheduled. */
export function inputConsumer(inputs: Pick<LiveInputs, 'follow'>): Consumer {
  return {
    follow: (next, before) => {
      const { state, config, onAir, inPreview, foreseen } = next;
      const isSame =
        before !== null &&
        before.state.inputs === state.inputs &&
        before.config === config &&
        before.onAir === onAir &&
        before.inPreview === inPreview &&
        before.airSound === next.airSound &&
        foreseen.length === 0 &&
        before.foreseen.length === 0;
      if (isSame) return;
      const { width: widthPx, height: heightPx } = config;
      inputs.follow(state.inputs, inputsWanted(next), { widthPx, heightPx });
    },
  };
}

/** Ids of the live inputs that are shown or heard, or will be. */
function inputsWanted({ state, onAir, inPreview, foreseen }: Projected): Set<string> {
  const states = [state, ...foreseen.map((one) => one.state)];
  const shown = [onAir, inPreview, ...foreseen.map((one) => airStateOf(one.state))];
  const layers = shown.flatMap((one) => [...layersShown(one, one.nested)]);
  const contents = states.flatMap(({ sound }) => sound.sources.map(({ content }) => content));
  return new Set([
    ...layers.flatMap((layer) => (layer.type === 'input' ? [layer.input] : [])),
    ...contents.flatMap((content) => (content.kind === 'input' ? [content.input] : [])),
  ]);
}

/** The spectra that are seen, or may be with the next frame. */
function spectraShown({ onAir, inPreview, foreseen }: Projected): SpectrumWanted[] {
  const shown = [onAir, ...foreseen.map(({ state }) => airStateOf(state)), inPreview];
  return spectraIn(shown.flatMap((one) => [...layersShown(one, one.nested)]));
}

/** What is heard from the moments of scheduled batches on. */
function toScheduledSound(
  foreseen: readonly ForeseenState[],
  assets: AssetSources,
): ScheduledPlan[] {
  return foreseen.map(({ batch, state }) => {
    const { dueAtMs, dueFrame } = batch;
    return { dueAtMs, dueFrame, ...toPlannedSound(state, assets, null) };
  });
}

/** Shows the preview compositor what is in preview. */
export function previewCompositorConsumer(
  compositor: Pick<PreviewCompositor, 'show' | 'configure'>,
  assets: AssetSources,
): Consumer {
  return {
    follow: ({ state, inPreview, config }, before, applied) => {
      if (before?.inPreview !== inPreview)
        compositor.show(toSnapshot(state, inPreview, assets, applied?.acceptedAtNs ?? null));
      if (before?.config !== config) compositor.configure(config);
    },
  };
}

/** Announces what has been committed, and then with which frame it will be on air. */
export function eventConsumer(
  events: Pick<EventHub, 'publish'>,
  air: AirEvents,
  outputEvents: OutputEvents,
): Consumer {
  return {
    follow: ({ onAir, outputIds, problems }, before, applied) => {
      if (before?.outputIds !== outputIds) outputEvents.keep(outputIds);
      if (before === null || applied === null) return;
      for (const event of applied.events) events.publish(event);
      air.applied(applied, before.onAir !== onAir);
      for (const problem of newProblems(before, { problems }))
        events.publish({ topic: 'variables', type: 'variables.problem', data: { ...problem } });
    },
  };
}

/** Has what becomes of the videos on air told. */
export function videoConsumer(videos: VideoEvents): Consumer {
  return {
    follow: ({ state, onAir }, before) => {
      const isSame = before?.onAir === onAir && before.state.assets === state.assets;
      if (!isSame) videos.follow(state);
    },
  };
}

/**
 * Looks for characters that no font has in what is newly on air, once that is on its way: drawing them to compare takes
 * a while. What goes wrong there is logged, and nothing else: a warning about glyphs ends no service.
 */
export function glyphConsumer(
  watch: (snapshot: SceneSnapshot) => void,
  assets: AssetSources,
  logger: Logger,
): Consumer {
  return {
    follow: ({ state, onAir }, before, applied) => {
      if (applied === null || before?.onAir === onAir) return;
      setImmediate(() => {
        try {
          watch(toSnapshot(state, onAir, assets, null));
        } catch (error) {
          logger.warn({ err: error }, 'the characters on air could not be looked for in the fonts');
        }
      });
    },
  };
}
