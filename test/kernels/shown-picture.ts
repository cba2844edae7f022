import { project, tilt, toHomography, invert } from '../../src/compositor/lower/homography.js';
import type { BitmapItem } from '../../src/compositor/items/item.js';
import { placeContent } from '../../src/compositor/lower/place-bitmap.js';
import { projectContent } from '../../src/compositor/lower/place-projected.js';
import { toBitmapItem } from '../../src/compositor/realise/realise.js';
import type { ToPicture } from '../support/ideal-picture.js';
import type { GreyPicture } from '../support/sampled-pictures.js';
import type { TileBench } from './tile-bench.js';

/** How a picture is seen: its centre stands at (x, y) of the screen. */
export type View = {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** Degrees: turned in the plane, and out of it as CSS does; `distance` is how far away the eye is, in pixels. */
  readonly rotation: number;
  readonly rotationX: number;
  readonly rotationY: number;
  readonly distance: number;
};

type Size = { readonly width: number; readonly height: number };

function transformOf(view: View, { width, height }: Size) {
  const angle = (view.rotation * Math.PI) / 180;
  const [a, b] = [Math.cos(angle) * view.scale, Math.sin(angle) * view.scale];
  const flat = {
    a,
    b,
    c: -b,
    d: a,
    e: -(a * width - b * height) / 2,
    f: -(b * width + a * height) / 2,
  };
  const isUpright = view.rotation === 0;
  return { ...flat, b: isUpright ? 0 : flat.b, c: isUpright ? 0 : flat.c };
}

function isTilted({ rotationX, rotationY }: View): boolean {
  return rotationX !== 0 || rotationY !== 0;
}

function projectionOf(view: View, size: Size) {
  const tilted = tilt(view.rotationX, view.rotationY, view.distance);
  const flat = toHomography(transformOf(view, size));
  const moved = toHomography({ a: 1, b: 0, c: 0, d: 1, e: view.x, f: view.y });
  return project(moved, isTilted(view) ? project(tilted, flat) : flat);
}

/** The same view for a browser. */
export function toCss(view: View, { width, height }: Size): string {
  const tilted = isTilted(view)
    ? `perspective(${view.distance}px) rotateX(${view.rotationX}deg) rotateY(${view.rotationY}deg)`
    : '';
  return `translate(${view.x - width / 2}px, ${view.y - height / 2}px) ${tilted} rotate(${view.rotation}deg) scale(${view.scale})`;
}

export function toPictureOf(view: View, size: Size): ToPicture {
  const { a, b, c, d, e, f, g, h, i } = invert(projectionOf(view, size));
  return (x, y) => {
    const w = g * x + h * y + i;
    return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
  };
}

/** What the kernels make of it, on black: a screen of `size`, its width a multiple of 16. */
export function showPicture(
  bench: TileBench,
  picture: GreyPicture,
  view: View,
  size: Size,
): { readonly samples: number[]; readonly item: BitmapItem } {
  bench.clear();
  const rgba = new Uint8Array(picture.samples.length * 4);
  picture.samples.forEach((value, i) => {
    rgba.set([value, value, value, 255], i * 4);
  });
  const bitmap = bench.bitmap({ width: picture.width, height: picture.height, rgba });
  const screen = { x0: 0, y0: 0, x1: size.width, y1: size.height };
  const onto = { clip: screen, opacity: 1, blend: 0 };
  const { a, b, c, d, e, f } = transformOf(view, picture);
  const flat = { a, b, c, d, e: e + view.x, f: f + view.y };
  const placed = isTilted(view)
    ? projectContent('picture', bitmap.content, projectionOf(view, picture), onto)
    : placeContent('picture', bitmap.content, flat, onto);
  if (placed === null) throw new Error('Nothing of the picture can be seen.');
  const item = toBitmapItem(placed, bitmap, { levels: (of) => bench.levels(of) });
  const shown = bench.renderRgba([item], [0, 0, 0], screen);
  return {
    samples: Array.from({ length: size.width * size.height }, (_, i) => shown[i * 4] ?? 0),
    item,
  };
}
