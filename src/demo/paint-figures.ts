import type { Context2D } from '../render/canvas.js';

type Style = Context2D['fillStyle'];

/** Fills one closed path, given as a function that draws it. */
function fill(context: Context2D, style: Style, path: () => void): void {
  context.fillStyle = style;
  context.beginPath();
  path();
  context.fill();
}

function ellipse(
  context: Context2D,
  style: Style,
  [x, y, radiusX, radiusY, turn = 0]: readonly [number, number, number, number, number?],
): void {
  fill(context, style, () => {
    context.ellipse(x, y, radiusX, radiusY, turn, 0, 2 * Math.PI);
  });
}

/** Eyes, brows, nose and mouth in a head whose middle is at x, y and whose half width is `size` pixels. */
function paintFace(context: Context2D, x: number, y: number, size: number): void {
  for (const side of [-1, 1]) {
    ellipse(context, '#ffffff', [
      x + side * size * 0.38,
      y - size * 0.05,
      size * 0.17,
      size * 0.11,
    ]);
    ellipse(context, '#2b2233', [x + side * size * 0.38, y - size * 0.05, size * 0.08, size * 0.1]);
    ellipse(context, '#e58f7b66', [
      x + side * size * 0.52,
      y + size * 0.36,
      size * 0.2,
      size * 0.13,
    ]);
  }
  context.lineCap = 'round';
  context.strokeStyle = '#7a4a32';
  context.lineWidth = size * 0.06;
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(x + side * size * 0.2, y - size * 0.26);
    context.quadraticCurveTo(
      x + side * size * 0.4,
      y - size * 0.38,
      x + side * size * 0.58,
      y - size * 0.24,
    );
    context.stroke();
  }
  context.strokeStyle = '#c98a6c';
  context.beginPath();
  context.moveTo(x, y);
  context.quadraticCurveTo(x + size * 0.16, y + size * 0.26, x - size * 0.02, y + size * 0.28);
  context.stroke();
  context.strokeStyle = '#a8443f';
  context.beginPath();
  context.moveTo(x - size * 0.26, y + size * 0.54);
  context.quadraticCurveTo(x, y + size * 0.7, x + size * 0.28, y + size * 0.5);
  context.stroke();
}

const HOST_SKIN = '#f2c39b';

/** The auctioneer, 600x800 with alpha: purple tailcoat, bow tie, gavel raised, a lectern in front. */
export function paintHost(context: Context2D): void {
  const coat = context.createLinearGradient(120, 330, 480, 760);
  coat.addColorStop(0, '#6d3fa8');
  coat.addColorStop(1, '#33195c');
  // The raised arm and its gavel stand behind the body.
  paintGavelArm(context, coat);
  paintCoat(context, coat);
  paintHostHead(context);
  paintLectern(context, coat);
}

function paintGavelArm(context: Context2D, coat: Style): void {
  context.lineCap = 'round';
  context.strokeStyle = coat;
  context.lineWidth = 84;
  context.beginPath();
  context.moveTo(415, 420);
  context.lineTo(512, 300);
  context.lineTo(500, 190);
  context.stroke();
  context.save();
  context.translate(498, 150);
  context.rotate(-0.5);
  fill(context, '#8a5a2e', () => {
    context.roundRect(-9, -90, 18, 140, 9);
  });
  fill(context, '#a9713c', () => {
    context.roundRect(-74, -122, 148, 68, 16);
  });
  fill(context, '#f0c75e', () => {
    context.roundRect(-58, -122, 14, 68, 3);
    context.roundRect(44, -122, 14, 68, 3);
  });
  context.restore();
  ellipse(context, '#ffffff', [500, 176, 46, 22]);
  ellipse(context, HOST_SKIN, [499, 142, 40, 38]);
}

/** Body, shirt, lapels, tie. */
function paintCoat(context: Context2D, coat: Style): void {
  fill(context, coat, () => {
    context.moveTo(110, 800);
    context.bezierCurveTo(90, 470, 150, 360, 300, 350);
    context.bezierCurveTo(450, 360, 510, 470, 490, 800);
  });
  fill(context, '#fdf6ea', () => {
    context.moveTo(238, 352);
    context.lineTo(300, 660);
    context.lineTo(362, 352);
  });
  for (const side of [-1, 1]) {
    fill(context, '#241041', () => {
      context.moveTo(300 + side * 52, 346);
      context.lineTo(300 + side * 128, 430);
      context.lineTo(300 + side * 4, 668);
    });
    fill(context, '#d8334a', () => {
      context.moveTo(300, 386);
      context.lineTo(300 + side * 62, 356);
      context.lineTo(300 + side * 62, 416);
    });
  }
  ellipse(context, '#b3203a', [300, 386, 15, 17]);
}

function paintHostHead(context: Context2D): void {
  fill(context, '#e0ab82', () => {
    context.roundRect(264, 286, 72, 80, 26);
  });
  ellipse(context, HOST_SKIN, [300, 210, 98, 122]);
  for (const side of [-1, 1]) ellipse(context, HOST_SKIN, [300 + side * 98, 218, 18, 28]);
  fill(context, '#3b2418', () => {
    context.moveTo(196, 214);
    context.bezierCurveTo(178, 40, 422, 40, 406, 214);
    context.bezierCurveTo(394, 150, 360, 132, 300, 138);
    context.bezierCurveTo(240, 132, 212, 150, 196, 214);
  });
  paintFace(context, 300, 214, 98);
  fill(context, '#3b2418', () => {
    context.moveTo(300, 252);
    context.bezierCurveTo(330, 238, 366, 252, 384, 238);
    context.bezierCurveTo(372, 276, 324, 274, 300, 262);
    context.bezierCurveTo(276, 274, 228, 276, 216, 238);
    context.bezierCurveTo(234, 252, 270, 238, 300, 252);
  });
}

/** Lectern and the other hand upon it. */
function paintLectern(context: Context2D, coat: Style): void {
  const wood = context.createLinearGradient(0, 620, 0, 800);
  wood.addColorStop(0, '#9c6434');
  wood.addColorStop(1, '#5b3517');
  context.strokeStyle = coat;
  context.lineWidth = 80;
  context.beginPath();
  context.moveTo(170, 430);
  context.lineTo(116, 560);
  context.lineTo(176, 606);
  context.stroke();
  fill(context, wood, () => {
    context.roundRect(40, 630, 520, 44, 12);
    context.rect(80, 674, 440, 126);
  });
  fill(context, '#f0c75e', () => {
    context.rect(80, 686, 440, 8);
  });
  ellipse(context, '#ffffff', [196, 618, 36, 26, 0.5]);
  ellipse(context, HOST_SKIN, [226, 622, 40, 24, 0.1]);
}

/** The lot, 640x640, opaque: a boy in a fur collar holds a green apple, in a golden frame. */
export function paintBoyWithApple(context: Context2D): void {
  const frame = context.createLinearGradient(0, 0, 640, 640);
  frame.addColorStop(0, '#f7dd8a');
  frame.addColorStop(0.5, '#a87420');
  frame.addColorStop(1, '#f2cf72');
  context.fillStyle = frame;
  context.fillRect(0, 0, 640, 640);
  context.fillStyle = '#5e3d0e';
  context.fillRect(36, 36, 568, 568);
  const ground = context.createRadialGradient(300, 240, 40, 320, 320, 420);
  ground.addColorStop(0, '#5f4a2f');
  ground.addColorStop(1, '#1a120c');
  context.fillStyle = ground;
  context.fillRect(46, 46, 548, 548);
  context.save();
  context.beginPath();
  context.rect(46, 46, 548, 548);
  context.clip();
  const robe = context.createLinearGradient(120, 380, 520, 600);
  robe.addColorStop(0, '#40306e');
  robe.addColorStop(1, '#1b1638');
  paintRobe(context, robe);
  paintBoyHead(context);
  paintHandWithApple(context, robe);
  context.restore();
  context.strokeStyle = '#00000055';
  context.lineWidth = 6;
  context.strokeRect(49, 49, 542, 542);
}

/** Robe, fur, ruff. */
function paintRobe(context: Context2D, robe: Style): void {
  fill(context, robe, () => {
    context.moveTo(90, 600);
    context.bezierCurveTo(100, 440, 200, 390, 310, 386);
    context.bezierCurveTo(430, 390, 530, 450, 540, 600);
  });
  for (let i = 0; i < 9; i++) {
    const angle = Math.PI * (0.06 + 0.11 * i);
    ellipse(context, i % 2 === 0 ? '#7b5636' : '#684527', [
      312 + Math.cos(angle) * 142,
      396 + Math.sin(angle) * 84,
      40,
      34,
    ]);
  }
  for (let i = 0; i < 11; i++) {
    const angle = Math.PI * (0.02 + 0.096 * i);
    ellipse(context, i % 2 === 0 ? '#f6f1e4' : '#dcd5c3', [
      312 + Math.cos(angle) * 88,
      368 + Math.sin(angle) * 38,
      22,
      18,
    ]);
  }
}

/** Head with fair hair and a dark cap. */
function paintBoyHead(context: Context2D): void {
  ellipse(context, '#c78d3c', [312, 262, 116, 118]);
  ellipse(context, '#f3d2ae', [312, 274, 84, 104]);
  fill(context, '#d9a24c', () => {
    context.moveTo(222, 262);
    context.bezierCurveTo(230, 160, 394, 160, 402, 262);
    context.bezierCurveTo(380, 216, 250, 212, 222, 262);
  });
  ellipse(context, '#2c1522', [312, 168, 122, 44, -0.06]);
  ellipse(context, '#3d1f30', [322, 150, 98, 42, -0.06]);
  ellipse(context, '#e4b84d', [236, 166, 13, 13]);
  paintFace(context, 312, 276, 82);
}

/** The hand and what it holds. */
function paintHandWithApple(context: Context2D, robe: Style): void {
  context.strokeStyle = robe;
  context.lineWidth = 92;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(520, 590);
  context.lineTo(462, 520);
  context.stroke();
  ellipse(context, '#f6f1e4', [446, 494, 42, 26, -0.7]);
  ellipse(context, '#f0c9a2', [424, 470, 44, 34, -0.5]);
  const apple = context.createRadialGradient(392, 400, 8, 412, 424, 74);
  apple.addColorStop(0, '#d8f08a');
  apple.addColorStop(0.5, '#86c232');
  apple.addColorStop(1, '#3f7417');
  ellipse(context, apple, [392, 424, 50, 54]);
  ellipse(context, apple, [428, 424, 50, 54]);
  context.strokeStyle = '#4a2d14';
  context.lineWidth = 7;
  context.beginPath();
  context.moveTo(410, 380);
  context.quadraticCurveTo(410, 358, 424, 346);
  context.stroke();
  ellipse(context, '#5aa02c', [446, 352, 26, 11, -0.4]);
  for (let i = 0; i < 4; i++) {
    ellipse(context, i % 2 === 0 ? '#f5d3b0' : '#eec39a', [
      374 + 28 * i,
      466 - 4 * i,
      18,
      12,
      -0.9,
    ]);
  }
}
