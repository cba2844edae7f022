import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '../../src/render/canvas.js';
import type { Pictures } from '../support/engine.js';
import { makeLottie } from '../support/moving-media.js';

/** Two small pictures on disk, and what must be called when they are not needed any more. */
export async function createPictures(): Promise<{
  pictures: Pictures;
  remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-pictures-'));
  const paint = async (name: string, alpha: number): Promise<Pictures[string]> => {
    const [width, height] = [60, 40];
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    for (let i = 0; i < 60; i++) {
      context.fillStyle = `hsl(${i * 47} 90% ${30 + ((i * 13) % 50)}% / ${alpha})`;
      context.fillRect((i % 10) * 6, Math.floor(i / 10) * 7, 6, 7);
    }
    const path = join(folder, `${name}.png`);
    await writeFile(path, await canvas.encode('png'));
    return { contentHash: name, path, width, height };
  };
  /** The two pictures in turn, each for a tenth of a second. */
  const film = async (...frames: readonly Pictures[string][]): Promise<Pictures[string]> => {
    const files = await Promise.all(frames.map((frame) => readFile(frame?.path ?? '')));
    const path = join(folder, 'film');
    await writeFile(path, Buffer.concat(files));
    const size = { width: 60, height: 40 };
    let start = 0;
    const parts = files.map(({ length: bytes }) => {
      start += bytes;
      return { start: start - bytes, bytes, durationMs: 100, ...size };
    });
    return { contentHash: 'film', path, ...size, film: { frames: parts, plays: 0 } };
  };
  const lottie = join(folder, 'lottie.json');
  await writeFile(lottie, makeLottie());
  const opaque = await paint('opaque', 1);
  const alpha = await paint('alpha', 0.5);
  return {
    pictures: {
      opaque,
      alpha,
      film: await film(opaque, alpha),
      lottie: {
        contentHash: 'lottie',
        path: lottie,
        width: 200,
        height: 100,
        lottie: { frames: 60, frameRate: 30 },
      },
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
