import { findFfmpeg } from '../../src/ffmpeg/binary.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { SCENE_NAMES, type SceneName } from '../reference-scene.js';
import type { Target } from '../report.js';
import { median } from '../statistics.js';
import type { Speed } from '../frame-window.js';
import { CONTENDER_NAMES, type ContenderName } from './contender.js';
import { createContenders } from './contenders.js';

/** Speeds of one round, by contender. */
type Round = ReadonlyMap<ContenderName, Speed>;

/** What ours with encoder is compared with, the name of the ratio, and its target on `auction`. */
const RATIOS: readonly (readonly [ContenderName, string, Target | null])[] = [
  ['ffmpeg_filtergraph', 'vs_ffmpeg_filtergraph', { atLeast: 5 }],
  ['ffmpeg_filtergraph_tuned', 'vs_ffmpeg_filtergraph_tuned', null],
  ['one_thread_canvas', 'vs_one_thread_canvas', { atLeast: 3 }],
  ['encoder_only', 'vs_encoder_only', { atLeast: 0.85 }],
  ['chromium_under_xvfb', 'vs_chromium_under_xvfb', null],
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
    const round = new Map<ContenderName, Speed>();
    for (const { name, measure } of contenders) {
      const speed = await measure(seconds);
      round.set(name, speed);
      const said = `${speed.fps.toFixed(1)} fps, ${speed.cpuMsPerFrame.toFixed(1)} ms of CPU each`;
      context.progress(`${scene}, round ${i} of ${rounds}: ${name} ${said}`);
    }
    played.push(round);
  }
  return played;
}

function recordScene(scene: SceneName, rounds: readonly Round[], context: BenchContext): void {
  const speedsOf = (name: ContenderName): Speed[] =>
    rounds.flatMap((round) => round.get(name) ?? []);
  const own = speedsOf('encode');
  const fpsTarget = scene === 'full-motion' ? FULL_MOTION_FPS : null;
  context.record(`${scene}.encode.fps`, median(own.map(({ fps }) => fps)), 'fps', fpsTarget);
  for (const [name, label, target] of RATIOS) {
    if (speedsOf(name).length === 0) continue;
    const ratios = speedsOf(name).map(({ fps }, i) => (own[i]?.fps ?? 0) / fps);
    const ownTarget = scene === 'auction' ? target : null;
    context.record(`${scene}.encode.${label}`, median(ratios), 'ratio', ownTarget);
  }
  for (const name of CONTENDER_NAMES) {
    const speeds = speedsOf(name);
    if (speeds.length === 0) continue;
    if (name !== 'encode') {
      context.record(`${scene}.${name}.fps`, median(speeds.map(({ fps }) => fps)), 'fps');
    }
    const cpuMs = median(speeds.map(({ cpuMsPerFrame }) => cpuMsPerFrame));
    context.record(`${scene}.${name}.cpu_ms_per_frame`, cpuMs, 'ms');
  }
}

/** How fast each scene is made, ours and otherwise: medians of rounds in one run, and of their ratios. */
export const throughputPart: Part = {
  name: 'throughput',
  summary: 'each scene as fast as it goes, and reference scenes against other ways to make them',
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    await writePictureFiles(context.folder);
    const all = context.quick ? (['auction', 'text-heavy'] as const) : SCENE_NAMES;
    const scenes = context.scenes ?? all;
    for (const scene of scenes) recordScene(scene, await playRounds(scene, context), context);
  },
};
