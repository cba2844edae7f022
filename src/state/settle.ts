import { isDeepStrictEqual } from 'node:util';
import { SoundSchema } from '../scene/sound/schema.js';
import { type Output, type ServiceState, STATE_VERSION, type StreamConfig } from './model.js';
import { BUILT_IN_OUTPUT_ID, STREAM_URL_OUTPUT_ID } from './output-commands.js';

/** What the environment says about the state. */
export type StateSettings = {
  /** For the first start. */
  readonly stream: StreamConfig;
  /** The part of `stream` that is set explicitly: wins over what is stored, at every start. */
  readonly explicitStream: Partial<StreamConfig>;
  /** Address of the output `stream-url`; null: there is none. */
  readonly streamUrl: string | null;
  /** Port of the built-in RTMP server on loopback; 0: there is none. */
  readonly rtmpPort: number;
  /** What its players must know; null: nothing. */
  readonly rtmpPlayKey: string | null;
};

/**
 * The state to start with: the stored one, or an empty one, brought in line with the environment. It is one revision
 * on when that has changed anything.
 */
export function settleState(stored: ServiceState | null, settings: StateSettings): ServiceState {
  if (stored === null) {
    return {
      version: STATE_VERSION,
      revision: 0,
      config: settings.stream,
      scenes: [],
      program: { sceneId: null, takenAtMs: 0, transition: null },
      stages: {},
      transitions: { default: { type: 'cut' }, pairs: [] },
      preview: null,
      stream: { wanted: 'offline', startedAtMs: null },
      outputs: settledOutputs([], settings),
      inputs: [],
      assets: [],
      batches: [],
      variables: {},
      templates: [],
      sound: SoundSchema.parse({}),
    };
  }
  const isThere = (sceneId: string | undefined | null): boolean =>
    stored.scenes.some((scene) => scene.id === sceneId);
  const settled: ServiceState = {
    ...stored,
    config: { ...stored.config, ...settings.explicitStream },
    program: isThere(stored.program.sceneId)
      ? stored.program
      : { ...stored.program, sceneId: null, transition: null },
    preview: isThere(stored.preview?.sceneId) ? stored.preview : null,
    outputs: settledOutputs(stored.outputs, settings),
    // What was to be heard once was for its moment.
    sound: stored.sound.clips.length === 0 ? stored.sound : { ...stored.sound, clips: [] },
  };
  const isSame =
    isDeepStrictEqual(settled.config, stored.config) &&
    isDeepStrictEqual(settled.program, stored.program) &&
    isDeepStrictEqual(settled.preview, stored.preview) &&
    isDeepStrictEqual(settled.outputs, stored.outputs) &&
    settled.sound === stored.sound;
  return isSame ? stored : { ...settled, revision: stored.revision + 1 };
}

/** The outputs that the environment makes come first; those it no longer makes are gone. */
function settledOutputs(stored: readonly Output[], settings: StateSettings): Output[] {
  const made: Output[] = [];
  const { rtmpPlayKey } = settings;
  const query = rtmpPlayKey === null ? '' : `?key=${rtmpPlayKey}`;
  if (settings.rtmpPort !== 0) {
    made.push({
      id: BUILT_IN_OUTPUT_ID,
      name: 'Built-in RTMP server',
      kind: 'rtmp',
      url: `rtmp://127.0.0.1:${settings.rtmpPort}/live/program${query}`,
      enabled: true,
      builtIn: true,
    });
  }
  if (settings.streamUrl !== null) {
    const before = stored.find((output) => output.id === STREAM_URL_OUTPUT_ID);
    made.push({
      id: STREAM_URL_OUTPUT_ID,
      name: before?.name ?? 'STREAM_URL',
      kind: 'rtmp',
      url: settings.streamUrl,
      enabled: before?.enabled ?? true,
      builtIn: false,
    });
  }
  const isOwn = (output: Output): boolean =>
    !output.builtIn && output.id !== BUILT_IN_OUTPUT_ID && output.id !== STREAM_URL_OUTPUT_ID;
  return [...made, ...stored.filter(isOwn)];
}
