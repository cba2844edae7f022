import { createRandom } from '../../src/demo/random.js';
import { createCanvas } from '../../src/render/canvas.js';

export const PHOTOGRAPHS = 30;
/** Of each photograph, in pixels. */
export const PHOTOGRAPH_SIZE = { width: 1200, height: 800 };

export function photographId(i: number): string {
  return `photograph-${i + 1}`;
}

const SHAPES = 400;

/** Something like a photograph: large areas of light, shapes of all sizes, and grain. The same for the same number. */
export async function photographJpeg(i: number): Promise<Buffer> {
  const { width, height } = PHOTOGRAPH_SIZE;
  const random = createRandom(1000 + 77 * i);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, width * random(), height);
  sky.addColorStop(0, `hsl(${360 * random()} 50% 60%)`);
  sky.addColorStop(1, `hsl(${360 * random()} 40% 25%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (let shape = 0; shape < SHAPES; shape++) {
    const radius = 220 / (1 + shape / 8) + 2;
    context.fillStyle = `hsl(${360 * random()} 45% ${20 + 60 * random()}% / 0.7)`;
    context.beginPath();
    context.ellipse(
      width * random(),
      height * random(),
      radius,
      radius * (0.2 + random()),
      Math.PI * random(),
      0,
      2 * Math.PI,
    );
    context.fill();
  }
  const pixels = canvas.data();
  for (let at = 0; at < pixels.length; at += 4) {
    const grain = 24 * (random() - 0.5);
    for (const channel of [at, at + 1, at + 2])
      pixels[channel] = Math.max(0, Math.min(255, (pixels[channel] ?? 0) + grain));
  }
  return canvas.encode('jpeg', 90);
}
