import { availableParallelism } from 'node:os';
import { createSharedMemory } from '../../src/memory/map.js';
import type { EncoderSettings } from '../../src/output/encoder-settings.js';
import type { Ffmpeg } from '../../src/ffmpeg/binary.js';
import { measureFfmpeg } from '../ffmpeg.js';
import { picturesHeavyScene } from '../scenes/pictures-heavy.js';
import { canGrabBrowser, measureBrowserGrab } from './browser-grab.js';
import {
  benchScene,
  REFERENCE_NAMES,
  type ReferenceName,
  type SceneName,
} from '../reference-scene.js';
import { outputArguments, SILENCE_INPUT, type Contender } from './contender.js';
import { measureEncoder, withEncoder } from './encoder-only.js';
import { filterGraph, type FilterGraph } from './filter-graph.js';
import { measureCanvas } from './one-thread-canvas.js';
import { measureProgram, renderFrames } from './our-program.js';

/** Different frames that the encoder gets when nothing has to be drawn: a second, held in memory. */
const HELD_FRAMES = 60;

/** Nothing is paced here, so everybody's x264 may use the whole machine. */
const SETTINGS: EncoderSettings = {
  codec: 'libx264',
  preset: 'ultrafast',
  threads: availableParallelism(),
};

function graphArguments(ffmpeg: Ffmpeg, { inputs, graph }: FilterGraph): string[] {
  const silence = `${inputs.filter((arg) => arg === '-i').length}:a`;
  // prettier-ignore
  return [...inputs, ...SILENCE_INPUT, '-filter_complex', graph, '-map', '[out]', '-map', silence,
    ...outputArguments(ffmpeg, SETTINGS)];
}

function canvasOutputArguments(ffmpeg: Ffmpeg): string[] {
  // prettier-ignore
  return [...SILENCE_INPUT, '-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-map', '0:v', '-map', '1:a',
    ...outputArguments(ffmpeg, SETTINGS)];
}

/**
 * Every way to make a scene, ours first. What only ours can make is made by ours alone.
 * @param folder where `writePictureFiles` has put the pictures
 */
export async function createContenders(
  ffmpeg: Ffmpeg,
  name: SceneName,
  folder: string,
): Promise<Contender[]> {
  const scene = benchScene(name, folder);
  const memory = createSharedMemory();
  // The very pictures that our own stream has: others may be easier to encode.
  const frames = await renderFrames(memory, scene, HELD_FRAMES);
  const reference = REFERENCE_NAMES.find((one) => one === name);
  return [
    {
      name: 'encode',
      measure: (seconds) =>
        withEncoder(ffmpeg, SETTINGS, (encoder) => measureProgram(memory, scene, encoder, seconds)),
    },
    {
      name: 'encoder_only',
      measure: (seconds) =>
        withEncoder(ffmpeg, SETTINGS, (encoder) => measureEncoder(encoder, frames, seconds)),
    },
    { name: 'render_only', measure: (seconds) => measureProgram(memory, scene, null, seconds) },
    ...(reference === undefined ? [] : await othersFor(ffmpeg, reference, folder)),
    ...(name === 'pictures-heavy' && canGrabBrowser() ? [browserGrab(ffmpeg, folder)] : []),
  ];
}

/** A wall of pictures as a page, which is what it is made of most often. */
function browserGrab(ffmpeg: Ffmpeg, folder: string): Contender {
  return {
    name: 'chromium_under_xvfb',
    measure: (seconds) =>
      measureBrowserGrab({
        scene: picturesHeavyScene(),
        folder,
        seconds,
        outputArgs: canvasOutputArguments(ffmpeg),
      }),
  };
}

/** How others make a scene. */
async function othersFor(
  ffmpeg: Ffmpeg,
  scene: ReferenceName,
  folder: string,
): Promise<Contender[]> {
  const looped = graphArguments(ffmpeg, await filterGraph(scene, folder, 'looped'));
  const tuned = graphArguments(ffmpeg, await filterGraph(scene, folder, 'tuned'));
  const outputArgs = canvasOutputArguments(ffmpeg);
  return [
    { name: 'ffmpeg_filtergraph', measure: (seconds) => measureFfmpeg(looped, seconds) },
    { name: 'ffmpeg_filtergraph_tuned', measure: (seconds) => measureFfmpeg(tuned, seconds) },
    {
      name: 'one_thread_canvas',
      measure: (seconds) => measureCanvas({ scene, folder, seconds, outputArgs }),
    },
    {
      name: 'one_thread_canvas_render_only',
      measure: (seconds) => measureCanvas({ scene, folder, seconds, outputArgs: null }),
    },
  ];
}
