import { createCanvas, registerShippedFonts, type Context2D } from '../../src/render/canvas.js';
import { RandomNumbers } from './random-numbers.js';

/** A grey picture of 0 to 255. */
export type GreyPicture = {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
};

const [WIDTH, HEIGHT] = [640, 480];

function painted(paint: (context: Context2D) => void): GreyPicture {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.fillStyle = '#000000';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = context.strokeStyle = '#ffffff';
  paint(context);
  const pixels = canvas.data();
  const samples = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => pixels[i * 4] ?? 0);
  return { width: WIDTH, height: HEIGHT, samples };
}

function computed(at: (x: number, y: number) => number): GreyPicture {
  const samples = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      samples[y * WIDTH + x] = Math.max(0, Math.min(255, Math.round(at(x, y))));
  return { width: WIDTH, height: HEIGHT, samples };
}

/** Waves of all lengths and directions, the shorter the weaker, as in photographs. */
function photograph(): GreyPicture {
  const random = new RandomNumbers(3);
  const waves = Array.from({ length: 60 }, (_, i) => {
    const frequency = 2 * Math.PI * 0.004 * 1.09 ** i;
    const angle = 2 * Math.PI * random.next();
    return {
      x: frequency * Math.cos(angle),
      y: frequency * Math.sin(angle),
      phase: 2 * Math.PI * random.next(),
      height: 16 / 1.04 ** i,
    };
  });
  return computed((x, y) =>
    waves.reduce(
      (sum, wave) => sum + wave.height * Math.sin(wave.x * x + wave.y * y + wave.phase),
      128,
    ),
  );
}

function noise(): GreyPicture {
  const random = new RandomNumbers(9);
  return computed(() => 255 * random.next());
}

function dots(context: Context2D): void {
  const random = new RandomNumbers(5);
  for (let i = 0; i < 900; i++) {
    const size = 1 + 3 * random.next();
    context.fillRect(WIDTH * random.next(), HEIGHT * random.next(), size, size);
  }
}

function text(context: Context2D): void {
  registerShippedFonts();
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#000000';
  for (let [y, size] = [26, 14]; y < HEIGHT; y += size + 12, size += 2) {
    context.font = `${size}px Inter`;
    context.fillText('Lot 43 is sold for 1250 ETH to Ada Lovelace, the first of her kind', 6, y);
  }
}

/** A mark of lines that are 4 pixels wide. */
function logo(context: Context2D): void {
  context.lineWidth = 4;
  for (let i = 1; i < 9; i++) {
    context.beginPath();
    context.arc(WIDTH / 2, HEIGHT / 2, 26 * i, 0, 2 * Math.PI);
    context.stroke();
    context.strokeRect(16 * i, 12 * i, WIDTH - 32 * i, HEIGHT - 24 * i);
  }
}

/** Thin lines at an angle. */
function diagonals(x: number, y: number): number {
  return (0.8 * x + 0.6 * y) % 40 < 2 ? 255 : 20;
}

/** Pictures that show what sampling does wrong, each in its own way. */
export const SAMPLED_PICTURES: Readonly<Record<string, () => GreyPicture>> = {
  'a zone plate': () =>
    computed((x, y) => {
      const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
      return 127.5 + 127.5 * Math.cos(((dx * dx + dy * dy) * Math.PI) / WIDTH);
    }),
  text: () => painted(text),
  'a line logo': () => painted(logo),
  'a photograph': photograph,
  noise,
  'a checkerboard': () => computed((x, y) => (((x >> 2) + (y >> 2)) % 2) * 255),
  'thin diagonals': () => computed(diagonals),
  'slanted bars': () => computed((x, y) => ((x + 0.37 * y) % 24 < 4 ? 255 : 0)),
  blocks: () => computed((x, y) => (x % 97 < 48 !== y % 83 < 40 ? 255 : 0)),
  'a gradient': () => computed((x, y) => (200 * x) / WIDTH + (55 * y) / HEIGHT),
  dots: () => painted(dots),
  'soft discs': () =>
    computed((x, y) => {
      const [dx, dy] = [(x % 80) - 40, (y % 80) - 40];
      return 255 * Math.max(0, 1 - Math.hypot(dx, dy) / 38);
    }),
};
