import { readFile, writeFile } from 'node:fs/promises';
import { createPictureDecoder } from '../decode/pictures.js';
import { createPixelWriter } from '../decode/write-pixels.js';
import type { DecodeHandlers, DecodeJobName } from '../decode/protocol.js';
import { apngMotion } from './apng.js';
import { checkFilm, createFilmMaker } from './film.js';
import { checkFont, FONT_LIMITS } from './font.js';
import { mendFilm } from './mend-film.js';
import { probeSound } from './probe-sound.js';
import { probeVideo } from './probe-video.js';
import { readBounded } from './read-bounded.js';
import type { VectorJobs } from './vector-jobs.js';

/** What a decoder process does with files that somebody gave us. Nothing of this runs in the service's own process. */

const decoder = createPictureDecoder();
const writeFilm = createFilmMaker(decoder);

/**
 * Loaded with the first drawing or animation: HarfBuzz, resvg and what reads style sheets take 0.4 s of the processor and
 * 80 MB, and most processes decode nothing but pictures.
 */
const vectorJobs = async (): Promise<VectorJobs> => {
  const { createVectorJobs } = await import('./vector-jobs.js');
  return createVectorJobs(decoder);
};

export const ASSET_JOBS: DecodeHandlers = {
  writePixels: createPixelWriter(decoder),
  async probePicture({ path, mediaType }) {
    const bytes = await readFile(path);
    const info = await decoder.probe(mendFilm(bytes, mediaType), mediaType);
    const motion = mediaType === 'image/png' ? apngMotion(bytes) : info.motion;
    if (motion !== null) checkFilm(info, motion.durationsMs.length);
    return { ...info, motion };
  },
  async checkPicture({ path }) {
    await decoder.check(path);
    return null;
  },
  async writePlainPicture({ path, intoPath }) {
    await decoder.writePlain(path, intoPath);
    return null;
  },
  async writeFilm({ path, intoPath, mediaType, size, motion }) {
    const { pictures, plays } = await writeFilm({ path, intoPath, mediaType, size, motion });
    const durationMs = pictures.reduce((sum, frame) => sum + frame.durationMs, 0);
    return { frames: pictures.length, durationMs, plays };
  },
  async writeSvg(input) {
    return (await vectorJobs()).writeSvg(input);
  },
  async setSvgText(input) {
    return (await vectorJobs()).setSvgText(input);
  },
  async writeLottie(input) {
    return (await vectorJobs()).writeLottie(input);
  },
  async probeSound(input) {
    return probeSound(input);
  },
  async probeVideo(input) {
    return probeVideo(input);
  },
  async checkFont({ path, mediaType, plainPath }) {
    const bytes = await readBounded(path, FONT_LIMITS.bytes);
    const { info, plain } = await checkFont(bytes, mediaType);
    if (plain !== null) await writeFile(plainPath, plain, { flag: 'wx' });
    return { info, hasPlain: plain !== null };
  },
};

const VECTOR_JOBS: ReadonlySet<DecodeJobName> = new Set(['writeSvg', 'setSvgText', 'writeLottie']);

/** Loads what a job needs, so that loading does not count as its time. */
export async function loadAssetJob(name: DecodeJobName): Promise<void> {
  if (VECTOR_JOBS.has(name)) await vectorJobs();
  else if (name !== 'checkFont' && name !== 'probeSound' && name !== 'probeVideo')
    await decoder.load();
}
