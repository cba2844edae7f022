import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, type Context2D } from '../../src/render/canvas.js';
import type { PictureSource } from '../../src/scene/snapshot.js';

/** Pictures for layers, drawn in code. */
export type TestPictures = {
  /** Colours from left to right, light from top to bottom. */
  readonly spectrum: PictureSource;
  /** A picture with a frame, a diagonal and a letter-like corner, so that turns and mirrors show. */
  readonly card: PictureSource;
  /** A disc that fades out. */
  readonly glow: PictureSource;
};

function paintSpectrum(context: Context2D, width: number, height: number): void {
  const hues = context.createLinearGradient(0, 0, width, 0);
  for (let i = 0; i <= 6; i++) hues.addColorStop(i / 6, `hsl(${i * 60} 100% 50%)`);
  context.fillStyle = hues;
  context.fillRect(0, 0, width, height);
  const light = context.createLinearGradient(0, 0, 0, height);
  light.addColorStop(0, 'rgb(255 255 255 / 1)');
  light.addColorStop(0.5, 'rgb(128 128 128 / 0)');
  light.addColorStop(1, 'rgb(0 0 0 / 1)');
  context.fillStyle = light;
  context.fillRect(0, 0, width, height);
}

function paintCard(context: Context2D, width: number, height: number): void {
  context.fillStyle = '#e8e4d8';
  context.fillRect(0, 0, width, height);
  context.strokeStyle = '#204060';
  context.lineWidth = 4;
  context.strokeRect(2, 2, width - 4, height - 4);
  context.beginPath();
  context.moveTo(0, height);
  context.lineTo(width, 0);
  context.stroke();
  context.fillStyle = '#c03020';
  context.fillRect(8, 8, width / 4, height / 4);
  context.fillRect(8, 8, width / 10, height / 2);
}

function paintGlow(context: Context2D, width: number, height: number): void {
  const glow = context.createRadialGradient(
    width / 2,
    height / 2,
    0,
    width / 2,
    height / 2,
    width / 2,
  );
  glow.addColorStop(0, 'rgb(255 220 60 / 1)');
  glow.addColorStop(0.5, 'rgb(255 80 160 / 0.8)');
  glow.addColorStop(1, 'rgb(80 80 255 / 0)');
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
}

/** Writes the pictures to a folder of their own; `remove` takes it away again. */
export async function createTestPictures(): Promise<{
  readonly pictures: TestPictures;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-snapshots-'));
  const make = async (
    name: string,
    width: number,
    height: number,
    paint: (context: Context2D, width: number, height: number) => void,
  ): Promise<PictureSource> => {
    const canvas = createCanvas(width, height);
    paint(canvas.getContext('2d'), width, height);
    const path = join(folder, `${name}.png`);
    await writeFile(path, await canvas.encode('png'));
    return { contentHash: name, path, width, height };
  };
  return {
    pictures: {
      spectrum: await make('spectrum', 160, 90, paintSpectrum),
      card: await make('card', 80, 60, paintCard),
      glow: await make('glow', 60, 60, paintGlow),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
