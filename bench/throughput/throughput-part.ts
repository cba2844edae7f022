import { findFfmpeg } from '../../src/output/ffmpeg-binary.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { SCENE_NAMES, type SceneName } from '../reference-scene.js';
import type { Target } from '../report.js';
import { median } from '../statistics.js';
import type { ContenderName } from './contender.js';
import { createContenders } from './contenders.js';

/** Frames per second of one round, by contender. */
type Round = ReadonlyMap<ContenderName, number>;

/** What ours with encoder is compared with, the name of the ratio, and its target on `auction`. */
const RATIOS: readonly (readonly [ContenderName, string, Target | null])[] = [
  ['ffmpeg_filtergraph', 'vs_ffmpeg_filtergraph', { atLeast: 5 }],
  ['ffmpeg_filtergraph_tuned', 'vs_ffmpeg_filtergraph_tuned', null],
  ['one_thread_canvas', 'vs_one_thread_canvas', { atLeast: 3 }],
  ['encoder_only', 'vs_encoder_only', { atLeast: 0.85 }],
];

const FULL_MOTION_FPS: Target = { atLeast: 120 };

/** All contenders take their turn in every round, so that what disturbs the machine disturbs all. */
async function playRounds(scene: SceneName, context: BenchContext): Promise<Round[]> {
  const seconds = context.seconds ?? (context.quick ? 0.2 : 3);
  const rounds = context.quick ? 1 : 5;
  const ffmpeg = await findFfmpeg(process.env['FFMPEG_PATH'] ?? null);
  const contenders = await createContenders(ffmpeg, scene, context.folder);
  const played: Round[] = [];
  for (let i = 1; i <= rounds; i++) {
    const round = new Map<ContenderName, number>();
    for (const { name, measureFps } of contenders) {
      const fps = await measureFps(seconds);
      round.set(name, fps);
      context.progress(`${scene}, round ${i} of ${rounds}: ${name} ${fps.toFixed(1)} fps`);
    }
    played.push(round);
  }
  return played;
}

function recordScene(scene: SceneName, rounds: readonly Round[], context: BenchContext): void {
  const valuesOf = (name: ContenderName): number[] =>
    rounds.flatMap((round) => round.get(name) ?? []);
  const fps = (label: string, name: ContenderName, target: Target | null = null): void => {
    context.record(`${scene}.${label}.fps`, median(valuesOf(name)), 'fps', target);
  };
  fps('encode', 'encode', scene === 'full-motion' ? FULL_MOTION_FPS : null);
  for (const [name, label, target] of RATIOS) {
    const ratios = rounds.map((round) => (round.get('encode') ?? 0) / (round.get(name) ?? 0));
    const own = scene === 'auction' ? target : null;
    context.record(`${scene}.encode.${label}`, median(ratios), 'ratio', own);
  }
  fps('render_only', 'render_only');
  fps('encoder_only', 'encoder_only');
  fps('ffmpeg_filtergraph', 'ffmpeg_filtergraph');
  fps('ffmpeg_filtergraph_tuned', 'ffmpeg_filtergraph_tuned');
  fps('one_thread_canvas', 'one_thread_canvas');
  fps('one_thread_canvas_render_only', 'one_thread_canvas_render_only');
}

/** How fast each reference scene is made, ours and otherwise: medians of rounds in one run, and of their ratios. */
export const throughputPart: Part = {
  name: 'throughput',
  summary: 'each reference scene as fast as it goes, against other ways to make it',
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    await writePictureFiles(context.folder);
    const scenes = context.quick ? (['auction'] as const) : SCENE_NAMES;
    for (const scene of scenes) recordScene(scene, await playRounds(scene, context), context);
  },
};
