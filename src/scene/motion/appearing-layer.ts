import { toEasing } from '../easing.js';
import type { Enter, Exit } from '../schema/appearance.js';
import type { Layer } from '../schema/layer.js';
import { bounded, boundsOf } from '../number-bounds.js';
import { toFields } from './animated-layer.js';
import { largerOf, type MovingLayer } from './moving-layer.js';
import { appearanceMs } from './appearance-length.js';
import { DIRECTION_VECTORS } from './direction-vectors.js';

/** How far a layer is off its own looks: all 0 or 1 when it is there. */
type Absence = {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly opacity: number;
};

type Preset = Exclude<Enter | Exit, { type: 'keyframes' }>;

/** @param presence - 0: gone, 1: there; a curve may go beyond @param sign - -1 when it comes, 1 when it goes */
function absenceOf(way: Preset, presence: number, sign: -1 | 1): Absence {
  const opacity = Math.min(1, Math.max(0, presence));
  switch (way.type) {
    case 'fade':
      return { x: 0, y: 0, scale: 1, opacity };
    case 'slide': {
      const [x, y] = DIRECTION_VECTORS[way.direction];
      const off = sign * way.distance * (1 - presence);
      return { x: x * off, y: y * off, scale: 1, opacity: way.fade ? opacity : 1 };
    }
    case 'scale':
    case 'pop': {
      const scale = way.scale + (1 - way.scale) * presence;
      return { x: 0, y: 0, scale, opacity: way.type === 'scale' && way.fade ? opacity : 1 };
    }
  }
}

function movedBy(way: Preset): string[] {
  switch (way.type) {
    case 'fade':
      return ['opacity'];
    case 'slide':
      return [
        DIRECTION_VECTORS[way.direction][0] === 0 ? 'y' : 'x',
        ...(way.fade ? ['opacity'] : []),
      ];
    case 'scale':
      return ['scale', ...(way.fade ? ['opacity'] : [])];
    case 'pop':
      return ['scale'];
  }
}

function withPreset(
  inner: MovingLayer,
  way: Preset,
  startMs: number,
  isExit: boolean,
): MovingLayer {
  const easing = toEasing(way.easing);
  const bounds = {
    x: boundsOf(inner.layer, 'x'),
    y: boundsOf(inner.layer, 'y'),
    scale: boundsOf(inner.layer, 'scale'),
  };
  const progressAt = (programTimeMs: number): number => {
    const elapsedMs = programTimeMs - startMs - way.delayMs;
    if (elapsedMs < 0) return 0;
    return elapsedMs >= way.durationMs ? 1 : easing(elapsedMs / way.durationMs);
  };
  return {
    layer: inner.layer,
    moving: new Set([...inner.moving, ...movedBy(way)]),
    at: (sceneTimeMs, programTimeMs): Layer => {
      const layer = inner.at(sceneTimeMs, programTimeMs);
      const progress = progressAt(programTimeMs);
      const off = absenceOf(way, isExit ? 1 - progress : progress, isExit ? 1 : -1);
      return {
        ...layer,
        x: bounded(bounds.x, layer.x + off.x),
        y: bounded(bounds.y, layer.y + off.y),
        scale: bounded(bounds.scale, layer.scale * off.scale),
        opacity: layer.opacity * off.opacity,
      };
    },
    largest: (property) => {
      const own = inner.largest(property);
      const isGrown = property === 'scale' && (way.type === 'scale' || way.type === 'pop');
      return isGrown && own !== null ? own * Math.max(1, way.scale) : own;
    },
  };
}

/**
 * A layer that comes or goes: its own looks with what the way does to them on top.
 * @param startMs - program time at which it began
 */
export function toAppearing(
  inner: MovingLayer,
  way: Enter | Exit,
  startMs: number,
  isExit: boolean,
): MovingLayer {
  if (way.type !== 'keyframes') return withPreset(inner, way, startMs, isExit);
  const fields = toFields(inner.layer, way.animations);
  return {
    layer: inner.layer,
    moving: new Set([...inner.moving, ...fields.moving]),
    at: (sceneTimeMs, programTimeMs) =>
      fields.at(inner.at(sceneTimeMs, programTimeMs), programTimeMs - startMs),
    largest: (property) => largerOf(fields.largest(property), inner.largest(property)),
  };
}

/** Whether an entry or an exit that began at a moment is still seen at another; both in program time. */
export function isUnderWay(way: Enter | Exit, startMs: number, programTimeMs: number): boolean {
  return programTimeMs < startMs + appearanceMs(way);
}
