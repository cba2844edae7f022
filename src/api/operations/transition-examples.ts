import type { SceneTransition, SceneTransitionInput } from '../../scene/schema/scene-transition.js';

type Kind = SceneTransition['type'];

/** One of every kind of transition between scenes, as a user may send it. */
export const TRANSITION_EXAMPLES: {
  readonly [T in Kind]: Extract<SceneTransitionInput, { type: T }>;
} = {
  cut: { type: 'cut' },
  fade: { type: 'fade', durationMs: 800 },
  'fade-color': { type: 'fade-color', color: '#ffffff' },
  slide: { type: 'slide', direction: 'left', easing: 'ease-out-cubic' },
  push: { type: 'push', direction: 'up' },
  wipe: { type: 'wipe', direction: 'right', softness: 0.2 },
  iris: { type: 'iris', center: { x: 0.5, y: 0.4 } },
  zoom: { type: 'zoom', direction: 'in' },
  luma: { type: 'luma', asset: 'clouds', softness: 0.3, durationMs: 1200 },
  stinger: { type: 'stinger', asset: 'logo-sting', durationMs: 1500, cutAtMs: 700 },
};
