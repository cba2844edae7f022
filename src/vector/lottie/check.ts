import { z } from 'zod';
import { AppError } from '../../core/errors.js';

/**
 * Bounds of a vector animation. `shapes` counts what is drawn for one frame when every composition is put in where
 * it is used and every repeater has made its copies: hostile files nest both.
 */
export const LOTTIE_LIMITS = {
  bytes: 4_000_000,
  extentPx: 8192,
  frames: 36_000,
  frameRate: 240,
  shapes: 20_000,
  depth: 64,
} as const;

/** What is known of an animation after it has been looked at. */
export type CheckedLottie = {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationMs: number;
  /** Pictures that stand in it, to be checked like others. */
  readonly pictures: readonly Buffer[];
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
});
const LayerSchema = z.looseObject({
  refId: z.string().optional(),
  shapes: z.array(ItemSchema).optional(),
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
    .array(
      z.looseObject({
        id: z.string(),
        p: z.string().optional(),
        u: z.string().optional(),
        layers: z.array(LayerSchema).optional(),
      }),
    )
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
  return Math.max(1, ...numbers.map(Number));
}

/** How many shapes a list draws: a repeater makes copies of all that stands before it. */
function shapesIn(items: readonly Item[]): number {
  let count = 0;
  for (const item of items) {
    if (item.ty === 'rp') count *= Math.max(1, largestOf(item.c));
    else count += 1 + shapesIn(item.it ?? []);
  }
  return count;
}

function shapesOf(
  layers: readonly LottieLayer[],
  assets: ReadonlyMap<string, LottieAsset>,
  trail: readonly string[],
  known: Map<string, number>,
): number {
  let count = 0;
  for (const { refId, shapes } of layers) {
    count += 1 + shapesIn(shapes ?? []);
    const inner = refId === undefined ? undefined : assets.get(refId);
    if (refId === undefined || inner?.layers === undefined) continue;
    if (trail.includes(refId)) throw broken('a composition of it contains itself');
    if (trail.length >= LOTTIE_LIMITS.depth) throw tooLarge('compositions nested too deep');
    const size = known.get(refId) ?? shapesOf(inner.layers, assets, [...trail, refId], known);
    known.set(refId, size);
    count += size;
  }
  return count;
}

const EMBEDDED = /^data:image\/(?:png|jpe?g|webp);base64,([A-Za-z0-9+/=]+)$/;

function picturesIn(assets: readonly LottieAsset[]): Buffer[] {
  return assets.flatMap(({ id, p, u }) => {
    if (p === undefined) return [];
    const embedded = (u ?? '') === '' ? EMBEDDED.exec(p) : null;
    if (embedded !== null) return [Buffer.from(embedded[1] ?? '', 'base64')];
    throw broken(
      `its part ${id.slice(0, 40)} is in a file of its own. Export it with its pictures in it`,
    );
  });
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}

/**
 * Looks at a vector animation, whether it is one, refers to nothing outside, and can be drawn in time.
 * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
 */
export function checkLottie(bytes: Uint8Array): CheckedLottie {
  if (bytes.length > LOTTIE_LIMITS.bytes)
    throw tooLarge(`${bytes.length} bytes; at most ${LOTTIE_LIMITS.bytes} are taken`);
  const parsed = parse(bytes);
  if (isDeeperThan(parsed, LOTTIE_LIMITS.depth)) throw tooLarge('parts nested too deep');
  const read = LottieSchema.safeParse(parsed);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw broken(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { fr, ip, op, w, h, layers, assets = [] } = read.data;
  const frames = op - ip;
  if (!(frames > 0)) throw broken('it ends before it begins');
  if (frames > LOTTIE_LIMITS.frames) throw tooLarge(`${frames} frames`);
  const byId = new Map(assets.map((asset): [string, LottieAsset] => [asset.id, asset]));
  const shapes = shapesOf(layers, byId, [], new Map());
  if (!(shapes <= LOTTIE_LIMITS.shapes)) {
    throw tooLarge(
      `${shapes} shapes with the copies that it makes; at most ${LOTTIE_LIMITS.shapes} are taken`,
    );
  }
  return {
    ...{ width: Math.ceil(w), height: Math.ceil(h) },
    ...{ frames, durationMs: (1000 * frames) / fr },
    pictures: picturesIn(assets),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw broken('it is not valid JSON');
  }
}

function broken(reason: string): AppError {
  return new AppError('SM_ASSET_BROKEN', `The Lottie animation is not taken: ${reason}.`);
}

function tooLarge(what: string): AppError {
  return new AppError('SM_ASSET_TOO_LARGE', `The Lottie animation has ${what}. Make it simpler.`);
}
