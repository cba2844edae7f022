import type { Context2D } from '../render/canvas.js';

/** A colour of a hue (degrees) with saturation, lightness (percent) and opacity (0..1). */
function hsla(hue: number, saturation: number, lightness: number, alpha: number): string {
  return `hsla(${hue.toFixed(1)}, ${saturation}%, ${lightness}%, ${alpha.toFixed(3)})`;
}

/** The wall of the auction room: a gradient from plum to night blue, and 300 translucent discs like lights out of focus. */
export function paintAuctionRoom(
  context: Context2D,
  widthPx: number,
  heightPx: number,
  random: () => number,
): void {
  const wall = context.createLinearGradient(0, 0, widthPx, heightPx);
  wall.addColorStop(0, '#3a1436');
  wall.addColorStop(0.5, '#23143f');
  wall.addColorStop(1, '#0b1a3a');
  context.fillStyle = wall;
  context.fillRect(0, 0, widthPx, heightPx);
  for (let i = 0; i < 300; i++) {
    const isWarm = random() < 0.6;
    const hue = isWarm ? 28 + 24 * random() : 280 + 60 * random();
    context.fillStyle = hsla(hue, 85, 62, 0.03 + 0.07 * random());
    context.beginPath();
    const radius = 8 + 92 * random() ** 2;
    context.arc(random() * widthPx, random() * heightPx, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * A landscape wider than the picture: evening sky, sun, stars, clouds, five ranges of wooded
 * hills and a lake of broken light. Hardly a spot is flat, so that every pixel changes when it moves.
 */
export function paintPanorama(
  context: Context2D,
  widthPx: number,
  heightPx: number,
  random: () => number,
): void {
  const sky = context.createLinearGradient(0, 0, 0, heightPx);
  sky.addColorStop(0, '#1b1448');
  sky.addColorStop(0.35, '#8a3a76');
  sky.addColorStop(0.6, '#ff9a5c');
  sky.addColorStop(1, '#ffe0a0');
  context.fillStyle = sky;
  context.fillRect(0, 0, widthPx, heightPx);
  for (let i = 0; i < 160; i++) {
    context.fillStyle = hsla(50, 90, 90, 0.2 + 0.7 * random());
    context.beginPath();
    context.arc(random() * widthPx, random() * heightPx * 0.35, 1 + 2 * random(), 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = '#fff3c4';
  context.beginPath();
  context.arc(widthPx * 0.62, heightPx * 0.52, 120, 0, 2 * Math.PI);
  context.fill();
  for (let i = 0; i < 90; i++) {
    context.fillStyle = hsla(330 + 60 * random(), 80, 80, 0.04 + 0.08 * random());
    context.beginPath();
    const y = heightPx * (0.15 + 0.4 * random());
    const radius = 60 + 240 * random();
    context.ellipse(random() * widthPx, y, radius, radius * 0.12, 0, 0, 2 * Math.PI);
    context.fill();
  }
  for (let range = 0; range < 5; range++) {
    const topPx = heightPx * (0.5 + 0.075 * range);
    const hue = 285 - 22 * range;
    const slope = context.createLinearGradient(0, topPx - 80, 0, topPx + 240);
    slope.addColorStop(0, hsla(hue, 42, 46 - 6 * range, 1));
    slope.addColorStop(1, hsla(hue, 42, 26 - 4 * range, 1));
    context.fillStyle = slope;
    context.beginPath();
    context.moveTo(0, heightPx);
    const phase = random() * 6;
    const ridgeAt = (x: number): number =>
      topPx +
      Math.sin(x / (330 - 30 * range) + phase) * 70 +
      Math.sin(x / (75 + 9 * range) + 2 * phase) * 22;
    for (let x = 0; x <= widthPx; x += 16) context.lineTo(x, ridgeAt(x));
    context.lineTo(widthPx, heightPx);
    context.fill();
    for (let i = 0; i < 700; i++) {
      const x = random() * widthPx;
      const y = ridgeAt(x) + 230 * random();
      const tall = (10 + 8 * range) * (0.7 + 0.6 * random());
      context.fillStyle = hsla(hue - 20 * random(), 45, 18 + 22 * random() - 2 * range, 0.55);
      context.beginPath();
      context.moveTo(x, y - tall);
      context.lineTo(x + tall * 0.28, y);
      context.lineTo(x - tall * 0.28, y);
      context.fill();
    }
  }
  for (let i = 0; i < 260; i++) {
    const y = heightPx * (0.9 + 0.1 * random());
    context.fillStyle = hsla(30 + 20 * random(), 90, 70, 0.08 + 0.25 * random());
    context.fillRect(random() * widthPx, y, 30 + 170 * random(), 2 + 3 * random());
  }
}
