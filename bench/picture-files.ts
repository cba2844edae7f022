import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referencePictures } from '../src/demo/pictures.js';
import { createCanvas } from '../src/render/canvas.js';
import { photographId, photographJpeg, PHOTOGRAPHS } from './scenes/photographs.js';

/** FFmpeg has no rounded rectangles: the two shapes of `auction` are pictures there. */
export const PANEL_PICTURE = 'panel';
export const STRIP_PICTURE = 'strip';

async function rectanglePng(
  widthPx: number,
  heightPx: number,
  radiusPx: number,
  fill: string,
): Promise<Buffer> {
  const canvas = createCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d');
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(0, 0, widthPx, heightPx, radiusPx);
  context.fill();
  return canvas.encode('png');
}

/** Writes every picture of the scenes to `folder`, each as its asset id and `.png`, photographs `.jpg`. */
export async function writePictureFiles(folder: string): Promise<void> {
  const pictures = [
    ...(await referencePictures('auction')),
    ...(await referencePictures('full-motion')),
    { id: PANEL_PICTURE, png: await rectanglePng(460, 640, 24, '#00000080') },
    { id: STRIP_PICTURE, png: await rectanglePng(1920, 64, 0, '#00000099') },
  ];
  await Promise.all(pictures.map(({ id, png }) => writeFile(join(folder, `${id}.png`), png)));
  for (let i = 0; i < PHOTOGRAPHS; i++)
    await writeFile(join(folder, `${photographId(i)}.jpg`), await photographJpeg(i));
}
