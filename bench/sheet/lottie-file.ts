/** Id of the vector animation of the sheet. */
export const LOTTIE_ID = 'sheet-lottie';

export const LOTTIE_INFO = { width: 320, height: 180, frames: 60, frameRate: 30 } as const;

const still = (k: unknown): { a: 0; k: unknown } => ({ a: 0, k });

function moving(from: readonly number[], to: readonly number[]): unknown {
  return {
    a: 1,
    k: [
      { t: 0, s: from, e: to, i: { x: [1], y: [1] }, o: { x: [0], y: [0] } },
      { t: LOTTIE_INFO.frames, s: to },
    ],
  };
}

/** A star that turns: the i-th of several behind each other. */
function star(i: number, color: readonly number[]): unknown {
  const shape = {
    ty: 'gr',
    it: [
      {
        ty: 'sr',
        sy: 1,
        d: 1,
        pt: still(7),
        p: still([0, 0]),
        r: still(i * 9),
        ir: still(44 - 11 * i),
        is: still(40),
        or: still(84 - 20 * i),
        os: still(20),
      },
      { ty: 'fl', c: still([...color, 1]), o: still(100), r: 1 },
      {
        ty: 'tr',
        p: still([0, 0]),
        a: still([0, 0]),
        s: still([100, 100]),
        r: still(0),
        o: still(100),
      },
    ],
  };
  return {
    ddd: 0,
    ind: 4 - i,
    ty: 4,
    nm: `star ${i}`,
    sr: 1,
    ao: 0,
    bm: 0,
    ip: 0,
    op: LOTTIE_INFO.frames,
    st: 0,
    ks: {
      o: still(100),
      r: moving([0], [i % 2 === 0 ? 360 : -360]),
      p: still([160, 92, 0]),
      a: still([0, 0, 0]),
      s: still([100, 100, 100]),
    },
    shapes: [shape],
  };
}

/** A vector animation of two seconds. */
export function makeLottieFile(): string {
  const { width, height, frames, frameRate } = LOTTIE_INFO;
  const colors = [
    [1, 0.36, 0.33],
    [1, 0.74, 0.24],
    [1, 0.95, 0.8],
  ];
  return JSON.stringify({
    v: '5.7.0',
    fr: frameRate,
    ip: 0,
    op: frames,
    w: width,
    h: height,
    ddd: 0,
    assets: [],
    // The first layer of a file is on top.
    layers: colors.map((color, i) => star(i, color)).reverse(),
  });
}
