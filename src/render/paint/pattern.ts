import { toHexColor } from '../../scene/color.js';
import { createCanvas, type Context2D } from '../canvas.js';
import type { Content } from '../content.js';
import type { PatternDrawing } from '../pattern.js';
import { drawBars, EBU_BARS, RAMPS, SMPTE_BARS } from './bars.js';
import { boxPixels, inPixels } from './pixels.js';
import { drawNoise, drawZonePlate } from './pixel-pattern.js';

/** A pattern with its lengths in pixels. */
type Sizes = {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
  readonly line: number;
};

/** Cells are not made smaller, so that a pattern is painted in some milliseconds however small it is shown. */
const MIN_CELL_PX = 2;

/** Pairs of a dark and a light ray. */
const RAYS = 36;

/** Places from the middle outwards, a cell apart. */
function fromMiddle(extent: number, cell: number): number[] {
  const count = Math.floor(extent / 2 / cell);
  return Array.from({ length: 2 * count + 1 }, (_, i) => extent / 2 + (i - count) * cell);
}

function drawGrid(context: Context2D, { width, height, cell, line }: Sizes): void {
  for (const x of fromMiddle(width, cell))
    context.fillRect(Math.round(x - line / 2), 0, line, height);
  for (const y of fromMiddle(height, cell))
    context.fillRect(0, Math.round(y - line / 2), width, line);
}

/** One row of cells is drawn, and then stretched over every second row; the others show it a cell further. */
function drawCheckerboard(context: Context2D, { width, height, cell }: Sizes): void {
  const strips = [0, 1].map((first) => {
    const strip = createCanvas(width, 1);
    const row = strip.getContext('2d');
    row.fillStyle = context.fillStyle;
    for (let column = first; column * cell < width; column += 2) {
      const left = Math.round(column * cell);
      row.fillRect(left, 0, Math.round((column + 1) * cell) - left, 1);
    }
    return strip;
  });
  context.imageSmoothingEnabled = false;
  for (let row = 0; row * cell < height; row++) {
    const [top, bottom] = [Math.round(row * cell), Math.round((row + 1) * cell)];
    const strip = strips[row % 2];
    if (strip !== undefined) context.drawImage(strip, 0, top, width, bottom - top);
  }
}

function drawCircles(context: Context2D, sizes: Sizes): void {
  const { width, height, cell, line } = sizes;
  const [x, y] = [width / 2, height / 2];
  context.lineWidth = line;
  for (let radius = cell; radius < Math.hypot(x, y); radius += cell) {
    context.beginPath();
    context.ellipse(x, y, radius, radius, 0, 0, 2 * Math.PI);
    context.stroke();
  }
  drawGrid(context, { ...sizes, cell: Math.max(width, height) });
}

/** Rays from the middle: where they melt into grey, the picture is not sharp any more. */
function drawRays(context: Context2D, { width, height }: Sizes): void {
  const [x, y, radius] = [width / 2, height / 2, Math.min(width, height) / 2];
  context.beginPath();
  for (let i = 0; i < RAYS; i++) {
    const from = (i / RAYS) * 2 * Math.PI;
    context.moveTo(x, y);
    context.arc(x, y, radius, from, from + Math.PI / RAYS);
    context.closePath();
  }
  context.fill();
}

/** Paints a test picture over the box of a content, pixel by pixel. */
export function drawPattern(context: Context2D, content: Content, drawing: PatternDrawing): void {
  const { pattern, cellSize, lineWidth, color, background, seed } = drawing;
  const { width, height } = boxPixels(content);
  const sizes = {
    width,
    height,
    cell: Math.max(MIN_CELL_PX, cellSize * content.scale),
    line: lineWidth <= 0 ? 0 : Math.max(1, Math.round(lineWidth * content.scale)),
  };
  const draw = (own: (context: Context2D, sizes: Sizes) => void): void => {
    context.fillStyle = toHexColor(background);
    context.fillRect(0, 0, width, height);
    context.fillStyle = toHexColor(color);
    context.strokeStyle = toHexColor(color);
    own(context, sizes);
  };
  inPixels(context, content, () => {
    switch (pattern) {
      case 'smpte-bars':
        drawBars(context, SMPTE_BARS, width, height);
        return;
      case 'ebu-bars':
        drawBars(context, EBU_BARS, width, height);
        return;
      case 'ramp':
        drawBars(context, RAMPS, width, height);
        return;
      case 'grid':
        draw(drawGrid);
        return;
      case 'checkerboard':
        draw(drawCheckerboard);
        return;
      case 'circles':
        draw(drawCircles);
        return;
      case 'focus':
        draw(drawRays);
        return;
      case 'zone-plate':
        drawZonePlate(context, width, height);
        return;
      case 'noise':
        drawNoise(context, width, height, seed);
    }
  });
}
