import { RAMP_LINEAR, RAMP_RADIAL } from '../../memory/records.js';
import { toOpaqueWord, toPremultipliedWord } from '../../scene/color.js';
import { transitionShareAt } from '../../scene/motion/running-transition.js';
import { shotsAt, type Overlay, type Ramp, type Shot } from '../../scene/motion/scene-shots.js';
import type { Rect } from '../../memory/region.js';
import type { Screen } from './screen.js';
import type { DrawList, DrawStep, Effect } from './draw-list.js';
import { boxBounds, intersect, isEmptyRect, multiply, type Matrix } from './matrix.js';
import { nameAt, type Place } from './place.js';
import { NORMAL, solid } from '../items/stack.js';
import { buffered } from './buffers.js';

/** Lowers parts of the frame. */
export type ShotDrawer = {
  readonly layers: (screen: Screen, place: Place) => DrawStep[];
  /** A picture that is stretched over the frame, at a moment of its own time. */
  readonly picture: (name: string, assetId: string, timeMs: number, view: View) => DrawStep[];
};

/** One of two scenes that give way to each other. */
type SeenShot = { readonly shot: Shot; readonly view: View; readonly part: DrawList };

/** How a frame is seen within the frame. */
export type View = { readonly matrix: Matrix; readonly clip: Rect };

type Moment = {
  readonly programTimeMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly drawer: ShotDrawer;
};

const BLACK = toOpaqueWord('#000000');
const STRAIGHT: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** What a screen shows at a moment. */
export function drawScreen(screen: Screen, moment: Moment): DrawList {
  const { widthPx: x1, heightPx: y1 } = moment;
  return drawView(screen, { matrix: STRAIGHT, clip: { x0: 0, y0: 0, x1, y1 } }, moment);
}

function drawView(screen: Screen, view: View, moment: Moment): DrawList {
  const { transition } = screen;
  const share =
    transition === null ? 1 : transitionShareAt(transition.running, moment.programTimeMs);
  if (transition === null || share >= 1) return drawScene(screen, view, moment);
  const { widthPx, heightPx } = moment;
  const { shots, overlay } = shotsAt(transition.running.kind, share, widthPx / heightPx);
  const drawn = shots.map((shot) => {
    const inner = viewOf(shot, view, moment);
    const part =
      shot.which === 'from'
        ? drawView(transition.from, inner, moment)
        : drawScene(screen, inner, moment);
    return { shot, view: inner, part };
  });
  const name = nameAt(screen.place, '');
  const over = overlay === null ? [] : drawOverlay(`${name}overlay`, overlay, view, moment);
  const [bottom, ...above] = drawn;
  // A scene that fills the frame needs no area of its own below it.
  const isWhole = bottom !== undefined && isPlain(bottom.shot) && bottom.view === view;
  const background = isWhole ? bottom.part.background : BLACK;
  const first = isWhole ? bottom.part.steps : [];
  const rest = (isWhole ? above : drawn).flatMap(({ shot, view: inner, part }) =>
    drawShot(`${name}${shot.which}`, { shot, view: inner, part }, moment),
  );
  return { background, steps: [...first, ...rest, ...over] };
}

function isPlain({ opacity, ramp, luma }: Shot): boolean {
  return opacity === 1 && ramp === null && luma === null;
}

function viewOf({ offsetX, offsetY, scale }: Shot, view: View, moment: Moment): View {
  if (offsetX === 0 && offsetY === 0 && scale === 1) return view;
  const { widthPx, heightPx } = moment;
  const matrix = multiply(view.matrix, {
    a: scale,
    b: 0,
    c: 0,
    d: scale,
    e: offsetX * widthPx,
    f: offsetY * heightPx,
  });
  return { matrix, clip: intersect(view.clip, boxBounds(matrix, widthPx, heightPx)) };
}

function drawScene(screen: Screen, view: View, moment: Moment): DrawList {
  const { compiled, place } = screen;
  const background = toOpaqueWord(compiled?.backgroundAt(moment.programTimeMs) ?? '#000000');
  if (compiled === null || isEmptyRect(view.clip)) return { background, steps: [] };
  return { background, steps: moment.drawer.layers(screen, placeIn(view, place)) };
}

/** A scene's place on a frame that is itself moved and scaled. */
export function placeIn({ matrix, clip }: View, place: Place): Place {
  if (matrix === STRAIGHT) return place;
  const { x0, y0, x1, y1 } = place.clip;
  const corner = multiply(matrix, { a: 1, b: 0, c: 0, d: 1, e: x0, f: y0 });
  return {
    ...place,
    matrix: multiply(matrix, place.matrix),
    clip: intersect(clip, boxBounds(corner, x1 - x0, y1 - y0)),
    isAtRest: false,
  };
}

/** One of the scenes as it is seen: faded, wiped, or moved about. */
function drawShot(name: string, { shot, view, part }: SeenShot, moment: Moment): DrawStep[] {
  if (isEmptyRect(view.clip) || shot.opacity <= 0) return [];
  const { background, steps } = part;
  const all = [solid(`${name}.`, view.clip, background), ...steps];
  if (isPlain(shot)) return all;
  const { ramp, luma } = shot;
  const effects: Effect[] = ramp === null ? [] : [rampEffect(`${name}%`, ramp, view, moment)];
  if (luma !== null) {
    const inner = moment.drawer.picture(`${name}~`, luma.asset, 0, view);
    const levels = { mode: 'luma', gain: luma.gain, bias: luma.bias } as const;
    effects.push({ kind: 'mask', name, inner, levels });
  }
  return buffered(name, all, effects, { opacity: shot.opacity, blend: NORMAL });
}

/** A ramp in shares of the frame as one in pixels. */
function rampEffect(name: string, ramp: Ramp, view: View, moment: Moment): Effect {
  const { a, d, e, f } = view.matrix;
  const [widthPx, heightPx] = [a * moment.widthPx, d * moment.heightPx];
  const { gain, bias } = ramp;
  if (ramp.type === 'linear') {
    const [nx, ny] = [ramp.nx / widthPx, ramp.ny / heightPx];
    const shifted = bias - gain * (nx * e + ny * f);
    return { kind: 'ramp', name, variant: RAMP_LINEAR, params: [gain, shifted, nx, ny] };
  }
  const centre = [ramp.cx * widthPx + e, ramp.cy * heightPx + f];
  const radii = [ramp.rx * widthPx, ramp.ry * heightPx];
  const params = [gain, bias, ...centre, ...radii];
  return { kind: 'ramp', name, variant: RAMP_RADIAL, params };
}

function drawOverlay(name: string, overlay: Overlay, view: View, { drawer }: Moment): DrawStep[] {
  if (overlay.type === 'picture') return drawer.picture(name, overlay.asset, overlay.timeMs, view);
  return [solid(name, view.clip, toPremultipliedWord(overlay.color), overlay.opacity)];
}
