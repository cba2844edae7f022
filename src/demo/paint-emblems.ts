import type { Context2D } from '../render/canvas.js';

/** A closed star about 0,0: `points` tips on `outerPx`, the notches between on `innerPx`. */
function traceStar(context: Context2D, points: number, outerPx: number, innerPx: number): void {
  context.beginPath();
  for (let i = 0; i < 2 * points; i++) {
    const radius = i % 2 === 0 ? outerPx : innerPx;
    const angle = (i * Math.PI) / points - Math.PI / 2;
    context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  context.closePath();
}

/** The badge of the lot, 200x200 with alpha: a golden seal of sixteen tips with a star in it. */
export function paintStarBadge(context: Context2D): void {
  context.save();
  context.translate(100, 100);
  const gold = context.createRadialGradient(-26, -34, 8, 0, 0, 100);
  gold.addColorStop(0, '#fff4c2');
  gold.addColorStop(0.45, '#f3c33c');
  gold.addColorStop(1, '#a86a10');
  traceStar(context, 16, 98, 80);
  context.fillStyle = gold;
  context.fill();
  context.strokeStyle = '#8a5408';
  context.lineWidth = 5;
  context.beginPath();
  context.arc(0, 0, 68, 0, 2 * Math.PI);
  context.stroke();
  traceStar(context, 5, 56, 24);
  context.fillStyle = '#b3203a';
  context.fill();
  context.strokeStyle = '#ffe9a0';
  context.stroke();
  context.restore();
}

/** One of the sprites, 200x200 with alpha: flower, gem or coin in turn, each in its own colour. */
export function paintSprite(context: Context2D, index: number): void {
  const hue = (index * 137.5) % 360;
  const color = (lightness: number, alpha = 1): string =>
    `hsla(${hue.toFixed(1)}, 78%, ${lightness}%, ${alpha})`;
  context.save();
  context.translate(100, 100);
  const shade = context.createLinearGradient(-70, -90, 70, 90);
  shade.addColorStop(0, color(78));
  shade.addColorStop(1, color(38));
  context.fillStyle = shade;
  context.strokeStyle = color(24);
  context.lineWidth = 5;
  if (index % 3 === 0) {
    for (let petal = 0; petal < 6; petal++) {
      context.rotate(Math.PI / 3);
      context.beginPath();
      context.ellipse(0, -56, 30, 40, 0, 0, 2 * Math.PI);
      context.fill();
    }
    context.fillStyle = '#ffe7a3';
    context.beginPath();
    context.arc(0, 0, 30, 0, 2 * Math.PI);
    context.fill();
  } else if (index % 3 === 1) {
    traceStar(context, 3, 96, 62);
    context.fill();
    context.stroke();
    traceStar(context, 3, 50, 32);
    context.fillStyle = color(88, 0.7);
    context.fill();
  } else {
    context.beginPath();
    context.arc(0, 0, 92, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    traceStar(context, 5, 64, 28);
    context.fillStyle = color(90, 0.85);
    context.fill();
  }
  context.restore();
}
