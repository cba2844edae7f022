import { z } from 'zod';
import { brokenLottie, tooLargeLottie } from './errors.js';

/**
 * Bounds of a vector animation. `shapes` counts what is drawn for one frame when every composition is put in where
 * it is used and every repeater has made its copies: hostile files nest both.
 */
export const LOTTIE_LIMITS = {
  bytes: 8_000_000,
  extentPx: 8192,
  frames: 36_000,
  frameRate: 240,
  shapes: 20_000,
  depth: 64,
  /** Of all texts in it. */
  characters: 20_000,
  /** Of the whole picture that blurs, shadows and other effects of one frame go over. */
  effectPixels: 64_000_000,
  /** On one level of the file: a megabyte of outlines has some hundred thousand numbers. */
  values: 600_000,
} as const;

/** Longest side in which an animation is drawn on trial, pixels. */
export const LOTTIE_TRIAL_PX = 1280;

/** What is known of an animation after it has been looked at. */
export type CheckedLottie = {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationMs: number;
};

const Num = z.number();
const AnimatedSchema = z.union([
  Num,
  z.looseObject({ k: z.union([Num, z.array(z.union([Num, z.looseObject({})]))]) }),
]);

/** Only what is looked at: the rest is the renderer's, which leaves out what it does not know. */
const ItemSchema = z.looseObject({
  ty: z.string().optional(),
  get it() {
    return z.array(ItemSchema).optional();
  },
  c: z.unknown().optional(),
  pt: z.unknown().optional(),
});
const LayerSchema = z.looseObject({
  refId: z.string().optional(),
  shapes: z.array(ItemSchema).optional(),
  ef: z.array(z.unknown()).optional().catch(undefined),
});
const LottieSchema = z.looseObject({
  v: z.string().max(100).optional(),
  fr: Num.min(1).max(LOTTIE_LIMITS.frameRate),
  ip: Num,
  op: Num,
  w: Num.min(1).max(LOTTIE_LIMITS.extentPx),
  h: Num.min(1).max(LOTTIE_LIMITS.extentPx),
  layers: z.array(LayerSchema).min(1),
  assets: z
    .array(z.looseObject({ id: z.string(), layers: z.array(LayerSchema).optional() }))
    .optional(),
});

type Item = z.infer<typeof ItemSchema>;
type LottieLayer = z.infer<typeof LayerSchema>;
type LottieAsset = NonNullable<z.infer<typeof LottieSchema>['assets']>[number];

/** The largest value that an animated number takes. */
function largestOf(value: unknown): number {
  const read = AnimatedSchema.safeParse(value);
  if (!read.success) return 1;
  if (typeof read.data === 'number') return read.data;
  const { k } = read.data;
  if (typeof k === 'number') return k;
  const numbers = JSON.stringify(k).match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi) ?? [];
  return numbers.reduce((largest, text) => Math.max(largest, Number(text)), 1);
}

/** How many shapes a list draws: a repeater makes copies of all that stands before it. */
function shapesIn(items: readonly Item[]): number {
  let count = 0;
  for (const item of items) {
    if (item.ty === 'rp') count *= Math.max(1, largestOf(item.c));
    else count += 1 + shapesIn(item.it ?? []);
    // A star or polygon has as many corners as it says.
    if (item.ty === 'sr') count += Math.max(0, largestOf(item.pt));
  }
  return count;
}

/**
 * Counts something in layers, those of compositions as often as they are used.
 * @throws AppError SM_ASSET_BROKEN when a composition contains itself, SM_ASSET_TOO_LARGE
 */
function countIn(
  layers: readonly LottieLayer[],
  assets: ReadonlyMap<string, LottieAsset>,
  ofLayer: (layer: LottieLayer) => number,
): number {
  const known = new Map<string, number>();
  const count = (some: readonly LottieLayer[], trail: readonly string[]): number => {
    let sum = 0;
    for (const layer of some) {
      const { refId } = layer;
      sum += ofLayer(layer);
      const inner = refId === undefined ? undefined : assets.get(refId);
      if (refId === undefined || inner?.layers === undefined) continue;
      if (trail.includes(refId)) throw brokenLottie('a composition contains itself');
      if (trail.length >= LOTTIE_LIMITS.depth) throw tooLargeLottie('compositions nested too deep');
      const size = known.get(refId) ?? count(inner.layers, [...trail, refId]);
      known.set(refId, size);
      sum += size;
    }
    return sum;
  };
  return count(layers, []);
}

/** How often a layer goes over its picture for effects. */
function effectsOf({ ef = [] }: LottieLayer): number {
  return ef.length;
}

/** Whether a value is nested deeper than so many levels. A loop, since what is looked at may be deeper than the stack. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let i = 0; i <= depth; i++) {
    const below: unknown[] = [];
    if (level.length > LOTTIE_LIMITS.values) throw tooLargeLottie('too many parts');
    for (const one of level)
      if (typeof one === 'object' && one !== null)
        for (const inner of Object.values(one) as unknown[]) below.push(inner);
    if (below.length === 0) return false;
    level = below;
  }
  return level.some((one) => typeof one === 'object' && one !== null);
}

/** JSON as it stands in a file. @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE */
export function parseLottie(bytes: Uint8Array): unknown {
  if (bytes.length > LOTTIE_LIMITS.bytes)
    throw tooLargeLottie(`${bytes.length} bytes; the limit is ${LOTTIE_LIMITS.bytes}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw brokenLottie('it is not valid JSON');
  }
}

/**
 * Looks at a vector animation, whether it is one and can be drawn in time.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
 */
export function checkLottie(parsed: unknown): CheckedLottie {
  if (isDeeperThan(parsed, LOTTIE_LIMITS.depth)) throw tooLargeLottie('parts nested too deep');
  const read = LottieSchema.safeParse(parsed);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw brokenLottie(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { fr, ip, op, w, h, layers, assets = [] } = read.data;
  const frames = op - ip;
  if (!(frames > 0)) throw brokenLottie('it ends before it begins');
  if (frames > LOTTIE_LIMITS.frames) throw tooLargeLottie(`${frames} frames`);
  const byId = new Map(assets.map((asset): [string, LottieAsset] => [asset.id, asset]));
  const shapes = countIn(layers, byId, (layer) => 1 + shapesIn(layer.shapes ?? []));
  if (!(shapes <= LOTTIE_LIMITS.shapes)) {
    throw tooLargeLottie(
      `${shapes} shapes including repeated copies; the limit is ${LOTTIE_LIMITS.shapes}`,
    );
  }
  const effects = countIn(layers, byId, effectsOf);
  const perEffect = Math.min(w * h, LOTTIE_TRIAL_PX ** 2);
  if (effects * perEffect > LOTTIE_LIMITS.effectPixels) {
    throw tooLargeLottie(
      `${effects} effects on its layers, which process ${Math.round((effects * perEffect) / 1e6)} million pixels per frame; the limit is ${LOTTIE_LIMITS.effectPixels / 1e6} million`,
    );
  }
  return { width: Math.ceil(w), height: Math.ceil(h), frames, durationMs: (1000 * frames) / fr };
}
