import { createRandom } from '../../src/demo/random.js';
import { createCanvas, type Context2D } from '../../src/render/canvas.js';

/** Size of every test picture, pixels. */
export const PICTURE_PX = { width: 640, height: 480 } as const;

/** A picture that shows one weakness of resampling, painted in code from a fixed seed. */
export type TestPicture = { readonly name: string; readonly paint: (context: Context2D) => void };

const { width: W, height: H } = PICTURE_PX;

/** Sets every pixel; `pixel` answers red, green, blue and alpha, 0 to 255. */
function everyPixel(
  pixel: (x: number, y: number) => readonly [number, number, number, number],
): TestPicture['paint'] {
  return (context) => {
    const image = context.createImageData(W, H);
    for (let y = 0; y < H; y++)
      for (let x = 0; x < W; x++) image.data.set(pixel(x, y), (y * W + x) * 4);
    context.putImageData(image, 0, 0);
  };
}

/** Grey, opaque. */
function grey(value: number): readonly [number, number, number, number] {
  return [value, value, value, 255];
}

function lines(context: Context2D, step: number, widthPx: number, slope: number): void {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, W, H);
  context.strokeStyle = '#101010';
  context.lineWidth = widthPx;
  for (let x = -H; x < W + H; x += step) {
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x + slope * H, H);
    context.stroke();
  }
}

function paragraph(context: Context2D): void {
  context.fillStyle = '#fbfaf4';
  context.fillRect(0, 0, W, H);
  context.fillStyle = '#1a1a22';
  context.font = '15px Inter';
  for (let i = 0; i < 22; i++)
    context.fillText(
      `${i + 1}. Lot ${100 + 7 * i}: oil on canvas, signed lower right, estimate ${i * 350}–${i * 420} €`,
      14,
      24 + i * 21,
    );
}

/** Light and shade as in a photograph: many soft discs of all sizes, then grain. */
function photograph(context: Context2D): void {
  const random = createRandom(7);
  context.fillStyle = '#5a6a58';
  context.fillRect(0, 0, W, H);
  for (let i = 0; i < 1200; i++) {
    const [x, y, r] = [random() * W, random() * H, 2 + 60 * random() ** 4];
    const soft = context.createRadialGradient(x, y, 0, x, y, r);
    const hue = Math.floor(random() * 360);
    soft.addColorStop(0, `hsl(${hue} 45% ${Math.floor(20 + random() * 60)}% / 0.8)`);
    soft.addColorStop(0.7, `hsl(${hue} 45% 40% / 0.5)`);
    soft.addColorStop(1, `hsl(${hue} 45% 40% / 0)`);
    context.fillStyle = soft;
    context.fillRect(x - r, y - r, 2 * r, 2 * r);
  }
  const image = context.getImageData(0, 0, W, H);
  for (let i = 0; i < image.data.length; i += 4) {
    const grain = (random() - 0.5) * 24;
    for (let c = 0; c < 3; c++)
      image.data[i + c] = Math.min(255, Math.max(0, (image.data[i + c] ?? 0) + grain));
  }
  context.putImageData(image, 0, 0);
}

function logo(context: Context2D): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 4;
  for (let i = 0; i < 12; i++) {
    context.strokeRect(20 + i * 16, 20 + i * 16, 200 - i * 8, 440 - i * 32);
    context.beginPath();
    context.arc(440, 240, 12 + i * 15, 0, 2 * Math.PI);
    context.stroke();
  }
}

function discs(context: Context2D): void {
  const random = createRandom(3);
  for (let i = 0; i < 90; i++) {
    context.fillStyle = `hsl(${Math.floor(random() * 360)} 80% 55% / ${0.3 + 0.7 * random()})`;
    context.beginPath();
    context.arc(random() * W, random() * H, 4 + random() * 50, 0, 2 * Math.PI);
    context.fill();
  }
}

function bars(context: Context2D): void {
  const colors = ['#ffffff', '#ffff00', '#00ffff', '#00ff00', '#ff00ff', '#ff0000', '#0000ff'];
  for (let x = 0, i = 0; x < W; i++) {
    context.fillStyle = colors[i % colors.length] ?? '#000000';
    const widthPx = 1 + ((i * 5) % 23);
    context.fillRect(x, 0, widthPx, H);
    x += widthPx;
  }
}

function stars(context: Context2D): void {
  const random = createRandom(11);
  everyPixel(() => grey(random() > 0.985 ? 255 : 12))(context);
}

export const TEST_PICTURES: readonly TestPicture[] = [
  {
    name: 'zone plate',
    paint: everyPixel((x, y) =>
      grey(Math.round(127.5 + 127.5 * Math.cos(((x - W / 2) ** 2 + (y - H / 2) ** 2) / 260))),
    ),
  },
  { name: 'paragraph', paint: paragraph },
  { name: 'logo of lines', paint: logo },
  { name: 'photograph', paint: photograph },
  { name: 'checker 1 px', paint: everyPixel((x, y) => grey((x + y) % 2 === 0 ? 255 : 0)) },
  {
    name: 'checker 9 px',
    paint: everyPixel((x, y) => grey((Math.floor(x / 9) + Math.floor(y / 9)) % 2 === 0 ? 230 : 20)),
  },
  {
    name: 'gradient',
    paint: everyPixel((x, y) => [(x * 255) / W, (y * 255) / H, ((x + y) * 255) / (W + H), 255]),
  },
  {
    name: 'diagonals',
    paint: (context) => {
      lines(context, 11, 1, 0.37);
    },
  },
  {
    name: 'upright lines',
    paint: (context) => {
      lines(context, 5, 1, 0);
    },
  },
  { name: 'translucent discs', paint: discs },
  { name: 'colour bars', paint: bars },
  { name: 'single pixels', paint: stars },
];

/** The picture as RGBA, not premultiplied. */
export function paintPixels({ paint }: TestPicture): Uint8ClampedArray {
  const context = createCanvas(W, H).getContext('2d');
  paint(context);
  return context.getImageData(0, 0, W, H).data;
}
