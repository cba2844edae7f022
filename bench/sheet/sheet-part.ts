import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/core/logger.js';
import { paintHost } from '../../src/demo/paint-figures.js';
import { createCanvas, registerShippedFonts } from '../../src/render/canvas.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { toSnapshot } from '../reference-scene.js';
import { LOTTIE_ID, LOTTIE_INFO, makeLottieFile } from './lottie-file.js';
import { GREEN_SCREEN_COLOR, GREEN_SCREEN_ID } from './style-tiles.js';
import { sheetScene } from './sheet-scene.js';
import { SHEET_MOMENT_MS, SHEET_TIME_MS } from './tile.js';
import { renderTransitions } from './transition-stills.js';
import { makeVideoFile, VIDEO_ID, VIDEO_INFO, VIDEO_SIZE } from './video-file.js';

/** Of the picture, which stands in the documentation: there it is smaller than it is drawn, and 400 kB are enough. */
const PICTURE_WIDTH_PX = 1536;
const QUALITY = 80;

const HOST_PX = { width: 600, height: 800 } as const;

/** The host before a green screen. */
async function greenScreenPng(): Promise<Buffer> {
  const canvas = createCanvas(HOST_PX.width, HOST_PX.height);
  const context = canvas.getContext('2d');
  context.fillStyle = GREEN_SCREEN_COLOR;
  context.fillRect(0, 0, HOST_PX.width, HOST_PX.height);
  paintHost(context);
  return canvas.encode('png');
}

/** One picture with every kind of layer, style and transition on it, drawn as the program draws frames. */
export const sheetPart: Part = {
  name: 'sheet',
  summary: 'a picture of all kinds of layers, styles and transitions, written to --out FILE',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const { folder, outPath } = context;
    if (outPath === null) throw new Error('Say with --out FILE where the picture is to go.');
    registerShippedFonts();
    await writePictureFiles(folder);
    const lottiePath = join(folder, 'sheet-lottie.json');
    await writeFile(lottiePath, makeLottieFile());
    const videoPath = join(folder, 'sheet-video.mp4');
    await makeVideoFile(videoPath);
    await writeFile(join(folder, `${GREEN_SCREEN_ID}.png`), await greenScreenPng());
    const transitions = await renderTransitions(folder);
    const { frames, frameRate, width: lottieWidth, height: lottieHeight } = LOTTIE_INFO;
    const scene = sheetScene();
    const { width, height } = scene;
    const plain = toSnapshot(scene, folder);
    const snapshot = {
      ...plain,
      pictures: {
        ...plain.pictures,
        ...transitions,
        [GREEN_SCREEN_ID]: {
          contentHash: GREEN_SCREEN_ID,
          path: join(folder, `${GREEN_SCREEN_ID}.png`),
          ...HOST_PX,
        },
        [VIDEO_ID]: { contentHash: VIDEO_ID, path: videoPath, ...VIDEO_SIZE, video: VIDEO_INFO },
        [LOTTIE_ID]: {
          contentHash: LOTTIE_ID,
          path: lottiePath,
          width: lottieWidth,
          height: lottieHeight,
          lottie: { frames, frameRate },
        },
      },
    };
    const logger = createLogger('error', 'bench');
    const stills = createStills({
      ffmpegPath: null,
      logLevel: 'error',
      logger,
      limits: STILL_LIMITS,
    });
    try {
      const { bytes, frameHash } = await stills.render({
        snapshot,
        timeMs: SHEET_TIME_MS,
        wallTimeMs: SHEET_MOMENT_MS,
        width,
        height,
        format: outPath.endsWith('.png') ? 'png' : 'jpeg',
        quality: QUALITY,
        scaledWidth: PICTURE_WIDTH_PX,
      });
      await writeFile(outPath, bytes);
      context.progress(`${outPath}: ${width}x${height}, ${bytes.length} bytes, frame ${frameHash}`);
    } finally {
      await stills.close();
    }
  },
};
