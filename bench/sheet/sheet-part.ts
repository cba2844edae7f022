import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/core/logger.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import type { BenchContext, Part } from '../part.js';
import { writePictureFiles } from '../picture-files.js';
import { toSnapshot } from '../reference-scene.js';
import { LOTTIE_ID, LOTTIE_INFO, makeLottieFile } from './lottie-file.js';
import { sheetScene } from './sheet-scene.js';
import { SHEET_MOMENT_MS, SHEET_TIME_MS } from './tile.js';
import { renderTransitions } from './transition-stills.js';

/** Of the JPEG. */
const QUALITY = 84;

/** One picture with every kind of layer, style and transition on it, drawn as the program draws frames. */
export const sheetPart: Part = {
  name: 'sheet',
  summary: 'a picture of all kinds of layers, styles and transitions, written to --out FILE',
  isExtra: true,
  async run({ folder, outPath, progress }: BenchContext): Promise<void> {
    if (outPath === null) throw new Error('Say with --out FILE where the picture is to go.');
    registerShippedFonts();
    await writePictureFiles(folder);
    const lottiePath = join(folder, 'sheet-lottie.json');
    await writeFile(lottiePath, makeLottieFile());
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
        [LOTTIE_ID]: {
          ...{ contentHash: LOTTIE_ID, path: lottiePath, width: lottieWidth, height: lottieHeight },
          lottie: { frames, frameRate },
        },
      },
    };
    const logger = createLogger('error', 'bench');
    const stills = createStills({ logLevel: 'error', logger, limits: STILL_LIMITS });
    try {
      const { bytes, frameHash } = await stills.render({
        ...{ snapshot, timeMs: SHEET_TIME_MS, wallTimeMs: SHEET_MOMENT_MS, width, height },
        ...{ format: outPath.endsWith('.png') ? 'png' : 'jpeg', quality: QUALITY },
        scaledWidth: null,
      });
      await writeFile(outPath, bytes);
      progress(`${outPath}: ${width}x${height}, ${bytes.length} bytes, frame ${frameHash}`);
    } finally {
      await stills.close();
    }
  },
};
