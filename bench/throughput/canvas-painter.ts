import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AUCTION_ASSET_IDS,
  CHAT_LINES,
  FIRST_BID_ETH,
  TICKER_GAP_PX,
  TICKER_SPEED,
  TICKER_TEXT,
  TITLE_TEXT,
} from '../../src/demo/auction.js';
import {
  BACKGROUND_MOTION,
  FULL_MOTION_ASSET_IDS,
  SPRITE_MOTIONS,
} from '../../src/demo/full-motion.js';
import { decodeImage, type Context2D, type Image } from '../../src/render/canvas.js';
import type { ReferenceName } from '../reference-scene.js';

/** The reference scenes as a home-made canvas script would draw them: the whole picture, every frame, by hand. */
export type Painter = (context: Context2D, seconds: number) => void;

function sine(amplitude: number, periodMs: number, seconds: number): number {
  return amplitude * Math.sin((2 * Math.PI * seconds * 1000) / periodMs);
}

function drawTurned(
  context: Context2D,
  image: Image,
  { x, y, radians }: { x: number; y: number; radians: number },
): void {
  context.save();
  context.translate(x, y);
  context.rotate(radians);
  context.drawImage(image, -image.width / 2, -image.height / 2);
  context.restore();
}

function drawText(
  context: Context2D,
  text: string,
  { x, y, font, color }: { x: number; y: number; font: string; color: string },
): void {
  context.font = font;
  context.fillStyle = color;
  context.fillText(text, x, y);
}

function drawTicker(context: Context2D, seconds: number): void {
  context.font = '36px Inter';
  context.fillStyle = 'white';
  const step = context.measureText(TICKER_TEXT).width + TICKER_GAP_PX;
  const offset = (seconds * TICKER_SPEED) % step;
  for (let x = -offset; x < 1920; x += step) context.fillText(TICKER_TEXT, x, 1012);
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

async function auctionPainter(folder: string, isMoving: boolean): Promise<Painter> {
  const load = async (id: string): Promise<Image> =>
    decodeImage(await readFile(join(folder, `${id}.png`)));
  const background = await load(AUCTION_ASSET_IDS.background);
  const host = await load(AUCTION_ASSET_IDS.host);
  const artwork = await load(AUCTION_ASSET_IDS.artwork);
  const badge = await load(AUCTION_ASSET_IDS.badge);
  return (context, seconds) => {
    const time = isMoving ? seconds : 0;
    context.textBaseline = 'top';
    context.drawImage(background, 0, 0);
    context.drawImage(host, 60, 240 + 20 * Math.sin(3 * time));
    context.drawImage(artwork, 720, 160);
    drawTurned(context, badge, { x: 1340, y: 180, radians: time });
    context.fillStyle = '#00000080';
    context.beginPath();
    context.roundRect(1420, 160, 460, 640, 24);
    context.fill();
    drawText(context, TITLE_TEXT, { x: 720, y: 60, font: '700 56px Inter', color: 'white' });
    if (isMoving) {
      const bid = `Current bid ${Math.floor(FIRST_BID_ETH + time)} ETH`;
      drawText(context, bid, { x: 720, y: 840, font: '700 64px Inter', color: '#ffd84a' });
      const clock = [time / 3600, (time / 60) % 60, time % 60].map(twoDigits).join(':');
      const timer = `${clock}.${twoDigits((time * 100) % 100)}`;
      drawText(context, timer, { x: 1500, y: 60, font: '40px Inter', color: 'white' });
    }
    CHAT_LINES.forEach((line, i) => {
      drawText(context, line, { x: 1440, y: 180 + 40 * i, font: '26px Inter', color: 'white' });
    });
    context.fillStyle = '#00000099';
    context.fillRect(0, 1000, 1920, 64);
    if (isMoving) drawTicker(context, time);
  };
}

async function fullMotionPainter(folder: string): Promise<Painter> {
  const load = async (id: string): Promise<Image> =>
    decodeImage(await readFile(join(folder, `${id}.png`)));
  const background = await load(FULL_MOTION_ASSET_IDS.background);
  const sprites = await Promise.all(FULL_MOTION_ASSET_IDS.sprites.map(load));
  const { zoomFrom, zoomTo, zoomMs, amplitudeX, amplitudeY, periodXMs, periodYMs } =
    BACKGROUND_MOTION;
  return (context, seconds) => {
    const zoom = 1 - Math.abs((((seconds * 1000) / zoomMs) % 2) - 1);
    const scale = zoomFrom + (zoomTo - zoomFrom) * zoom;
    context.textBaseline = 'top';
    context.save();
    context.translate(
      960 + sine(amplitudeX, periodXMs, seconds),
      540 + sine(amplitudeY, periodYMs, seconds),
    );
    context.scale(scale, scale);
    context.drawImage(background, -1152, -648);
    context.restore();
    SPRITE_MOTIONS.forEach((motion, i) => {
      const sprite = sprites[i];
      if (sprite === undefined) return;
      drawTurned(context, sprite, {
        x: motion.centreX + sine(motion.amplitudeX, motion.periodXMs, seconds),
        y: motion.centreY + sine(motion.amplitudeY, motion.periodYMs, seconds),
        radians: (Math.sign(motion.degrees) * 2 * Math.PI * seconds * 1000) / motion.turnMs,
      });
    });
    drawTicker(context, seconds);
  };
}

/** @param folder where `writePictureFiles` has put the pictures */
export function createPainter(scene: ReferenceName, folder: string): Promise<Painter> {
  return scene === 'full-motion'
    ? fullMotionPainter(folder)
    : auctionPainter(folder, scene === 'auction');
}
