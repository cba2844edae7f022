import type { Context2D } from '../canvas.js';

/** Red, green and blue as shares of their range: 0.75 of 255 becomes what "75 %" is in BT.709 at limited range. */
type Levels = readonly [red: number, green: number, blue: number];

/** What a stretch of a row shows: one colour, or black to white from left to right. */
type Bar = { readonly width: number; readonly fill: Levels | 'ramp' };
type Row = { readonly height: number; readonly bars: readonly Bar[] };

function grey(level: number): Levels {
  return [level, level, level];
}

function bar(width: number, fill: Bar['fill']): Bar {
  return { width, fill };
}

/** White, yellow, cyan, green, magenta, red and blue: from light to dark. */
function falling(level: number): readonly Levels[] {
  return [
    [level, level, level],
    [level, level, 0],
    [0, level, level],
    [0, level, 0],
    [level, 0, level],
    [level, 0, 0],
    [0, 0, level],
  ];
}

/** The outermost bars, when the seven of the middle have a width of 1 and three quarters of the picture: an eighth. */
const SIDE = 7 / 6;
const [BLACK, WHITE] = [grey(0), grey(1)];

/**
 * The colour bars of SMPTE RP 219-1:2014 (the same as ARIB STD-B28). In luma and chroma of 8 bits, the upper row is
 * 104 grey, then 180/128/128, 168/44/136, 145/147/44, 134/63/52, 63/193/204, 51/109/212 and 28/212/120. Where the
 * practice allows a choice, there is 75 % white (*2) and black (*3). What is blacker than black (−2 %) is black:
 * the picture is made of RGB.
 */
export const SMPTE_BARS: readonly Row[] = [
  {
    height: 7 / 12,
    bars: [
      bar(SIDE, grey(0.4)),
      ...falling(0.75).map((levels) => bar(1, levels)),
      bar(SIDE, grey(0.4)),
    ],
  },
  {
    height: 1 / 12,
    bars: [bar(SIDE, [0, 1, 1]), bar(7, grey(0.75)), bar(SIDE, [0, 0, 1])],
  },
  {
    height: 1 / 12,
    bars: [
      bar(SIDE, [1, 1, 0]),
      bar(1, BLACK),
      bar(5, 'ramp'),
      bar(1, WHITE),
      bar(SIDE, [1, 0, 0]),
    ],
  },
  {
    height: 3 / 12,
    bars: [
      ...[bar(SIDE, grey(0.15)), bar(3 / 2, BLACK), bar(2, WHITE), bar(5 / 6, BLACK)],
      // −2 %, 0, +2 %, 0, +4 %: a monitor is set so that only the last is just seen.
      ...[0, 0, 0.02, 0, 0.04].map((level) => bar(1 / 3, grey(level))),
      ...[bar(1, BLACK), bar(SIDE, grey(0.15))],
    ],
  },
];

/** The EBU's 100/0/75/0 bars (ITU-R BT.471): white at 100 %, six colours at 75 %, black. */
export const EBU_BARS: readonly Row[] = [
  {
    height: 1,
    bars: [WHITE, ...falling(0.75).slice(1), BLACK].map((levels) => bar(1, levels)),
  },
];

const STEPS = 16;

/** Greys from dark to light, without steps and with sixteen, and the primaries. */
export const RAMPS: readonly Row[] = [
  { height: 1, bars: [bar(1, 'ramp')] },
  {
    height: 1,
    bars: Array.from({ length: STEPS }, (_, i) => bar(1, grey(i / (STEPS - 1)))),
  },
  ...[0, 1, 2].map((channel) => ({
    height: 1,
    bars: Array.from({ length: STEPS }, (_, i): Bar => {
      const level = i / (STEPS - 1);
      const own = (at: number): number => (at === channel ? level : 0);
      return bar(1, [own(0), own(1), own(2)]);
    }),
  })),
];

function cssColor(levels: Levels): string {
  return `rgb(${levels.map((level) => Math.round(level * 255)).join(' ')})`;
}

/** Where lengths that share an extent begin and end, on whole pixels. */
function edges(lengths: readonly number[], extentPx: number): (readonly [number, number])[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let before = 0;
  return lengths.map((length) => {
    const from = Math.round((before / total) * extentPx);
    before += length;
    return [from, Math.round((before / total) * extentPx)];
  });
}

/** Paints rows of bars over an area in pixels. */
export function drawBars(
  context: Context2D,
  rows: readonly Row[],
  widthPx: number,
  heightPx: number,
): void {
  const tops = edges(
    rows.map(({ height }) => height),
    heightPx,
  );
  rows.forEach(({ bars }, i) => {
    const [top, bottom] = tops[i] ?? [0, 0];
    const sides = edges(
      bars.map(({ width }) => width),
      widthPx,
    );
    bars.forEach(({ fill }, k) => {
      const [left, right] = sides[k] ?? [0, 0];
      if (fill === 'ramp') {
        const ramp = context.createLinearGradient(left, 0, right, 0);
        ramp.addColorStop(0, '#000000');
        ramp.addColorStop(1, '#ffffff');
        context.fillStyle = ramp;
      } else context.fillStyle = cssColor(fill);
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
}
