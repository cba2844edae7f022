import { spawnSync } from 'node:child_process';
import { NO_INPUTS } from '../../src/audio/input-player.js';
import { MIX_AHEAD_SAMPLES, Mixer, type SoundPart } from '../../src/audio/mixer.js';
import { SAMPLE_RATE_HZ } from '../../src/core/media-clock.js';
import { SOUND_CHANNELS } from '../../src/memory/sound-ring.js';
import { type AirSound, SoundSchema } from '../../src/scene/sound/schema.js';
import type { Part } from '../part.js';
import { median } from '../statistics.js';

const SOURCES = [1, 16, 64, 100] as const;
/** Of a frame at 60 frames a second. */
const FRAME_SAMPLES = SAMPLE_RATE_HZ / 60;
const BUSES = ['music', 'voice', 'effects', 'inputs'] as const;

/** All that a strip may do to its sound. */
const SHAPED = {
  highPass: {},
  gate: {},
  equalizer: { low: { gainDb: 3 }, mid: { gainDb: -4 }, high: { gainDb: 2 } },
  compressor: {},
};

/** Of sources that are shaped, all of them. */
const SHAPED_SOURCES = 64;

/** Noise, which costs hardly anything to make, on all buses, with the music turned down for the voice. */
function soundOf(sources: number, source: object, strip: object): AirSound {
  const sound = SoundSchema.parse({
    sources: Array.from({ length: sources }, (_, i) => {
      return {
        ...source,
        id: `s${i}`,
        bus: BUSES[i % BUSES.length],
        content: { kind: 'noise', color: 'white' },
        strip: { ...strip, gainDb: -20 - 10 * Math.log10(sources), pan: ((i % 5) - 2) / 4 },
      };
    }),
    ducking: [{ id: 'talk', when: 'voice', bus: 'music' }],
  });
  return { ...sound, sceneLevels: {} };
}

/** Frames of which the allocations are counted at once: short enough that most such counts have no collection in them. */
const COUNTED_FRAMES = 50;

/** Processor milliseconds a frame, and bytes that are allocated for it: the median of counts without a collection. */
function measure(sound: AirSound, frames: number): { readonly ms: number; readonly bytes: number } {
  const mixer = new Mixer({ render: () => false }, NO_INPUTS, () => undefined);
  const target = new Float32Array((FRAME_SAMPLES + MIX_AHEAD_SAMPLES) * SOUND_CHANNELS);
  let first = 0;
  const played = { sound, tracks: {} };
  const part = (): SoundPart => {
    const span = { first, end: first + FRAME_SAMPLES };
    first = span.end;
    return { span, played, timeOf: (sample) => (sample * 1000) / SAMPLE_RATE_HZ };
  };
  for (let i = 0; i < 300; i++) mixer.mix([part()], target);
  const counts: number[] = [];
  const before = process.cpuUsage();
  for (let done = 0; done < frames; done += COUNTED_FRAMES) {
    const heapBefore = process.memoryUsage().heapUsed;
    for (let i = 0; i < COUNTED_FRAMES; i++) mixer.mix([part()], target);
    counts.push((process.memoryUsage().heapUsed - heapBefore) / COUNTED_FRAMES);
  }
  const { user, system } = process.cpuUsage(before);
  const bytes = median(counts.filter((count) => count >= 0));
  return { ms: (user + system) / 1000 / frames, bytes };
}

/** Processor milliseconds that FFmpeg's amix takes for as much sound as a frame has, of as many inputs of noise. */
function measureAmix(sources: number, seconds: number): number | null {
  const inputs = Array.from({ length: sources }, () => [
    ...['-f', 'lavfi', '-i', `anoisesrc=color=white:amplitude=0.01:sample_rate=${SAMPLE_RATE_HZ}`],
  ]).flat();
  const strips = Array.from(
    { length: sources },
    (_, i) => `[${i}:a]aformat=channel_layouts=stereo,volume=-20dB[a${i}]`,
  );
  const names = Array.from({ length: sources }, (_, i) => `[a${i}]`).join('');
  const graph = `${strips.join(';')};${names}amix=inputs=${sources}:normalize=0,alimiter=limit=0.89,ebur128=peak=true`;
  const { stderr, status } = spawnSync(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostats', '-benchmark', '-threads', '1', ...inputs],
      ...['-filter_complex', graph, '-t', String(seconds), '-f', 'null', '-'],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const times = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr);
  if (status !== 0 || times === null) return null;
  return ((Number(times[1]) + Number(times[2])) * 1000) / (seconds * 60);
}

/** What a frame of sound costs, beside FFmpeg's amix doing about the same. */
export const audioPart: Part = {
  name: 'audio',
  summary: 'what a frame of sound costs, by the number of sources, beside amix of FFmpeg',
  run: (context) => {
    const { seconds, quick } = context;
    const frames = (quick ? 5 : Math.max(20, seconds ?? 0)) * 60;
    for (const sources of SOURCES) {
      const { ms, bytes } = measure(soundOf(sources, {}, {}), frames);
      context.record(`${sources}_sources_ms`, ms, 'ms', sources === 64 ? { atMost: 1 } : null);
      context.record(
        `${sources}_sources_allocated`,
        bytes,
        'count',
        sources === 64 ? { atMost: 2048 } : null,
      );
      const amix = measureAmix(sources, frames / 60);
      if (amix === null) continue;
      context.record(`${sources}_amix_ms`, amix, 'ms');
      context.record(`${sources}_vs_amix`, amix / ms, 'ratio');
    }
    const shaped = measure(soundOf(SHAPED_SOURCES, { offsetMs: 100 }, SHAPED), frames);
    context.record(`${SHAPED_SOURCES}_shaped_sources_ms`, shaped.ms, 'ms');
    context.record(`${SHAPED_SOURCES}_shaped_sources_allocated`, shaped.bytes, 'count');
    return Promise.resolve();
  },
};
