import { CHAT_RULES } from './chat/rules.js';
import { CLOCK_RULES } from './clock/rules.js';
import { COUNTDOWN_RULES } from './countdown/rules.js';
import { GROUP_RULES } from './group/rules.js';
import { IMAGE_RULES } from './image/rules.js';
import { INPUT_RULES } from './input/rules.js';
import { LOTTIE_RULES } from './lottie/rules.js';
import { METER_RULES } from './meter/rules.js';
import { PATTERN_RULES } from './pattern/rules.js';
import { PROGRESS_RULES } from './progress/rules.js';
import { QR_RULES } from './qr/rules.js';
import { SCENE_RULES } from './scene/rules.js';
import { SHAPE_RULES } from './shape/rules.js';
import { SPECTRUM_RULES } from './spectrum/rules.js';
import { STOPWATCH_RULES } from './stopwatch/rules.js';
import { TABLE_RULES } from './table/rules.js';
import { TEXT_RULES } from './text/rules.js';
import { TICKER_RULES } from './ticker/rules.js';
import { TIMER_RULES } from './timer/rules.js';
import { VIDEO_RULES } from './video/rules.js';
import { VOTE_RULES } from './vote/rules.js';
import type { LayersByType } from './documents.js';
import type { LayerRules } from './kind-rules.js';

/** What each kind of layer says about its layers. All threads have it; schemas are the main thread's alone. */
const RULES: { readonly [T in keyof LayersByType]: LayerRules<LayersByType[T]> } = {
  chat: CHAT_RULES,
  clock: CLOCK_RULES,
  countdown: COUNTDOWN_RULES,
  group: GROUP_RULES,
  image: IMAGE_RULES,
  input: INPUT_RULES,
  lottie: LOTTIE_RULES,
  pattern: PATTERN_RULES,
  progress: PROGRESS_RULES,
  qr: QR_RULES,
  scene: SCENE_RULES,
  shape: SHAPE_RULES,
  stopwatch: STOPWATCH_RULES,
  table: TABLE_RULES,
  text: TEXT_RULES,
  ticker: TICKER_RULES,
  timer: TIMER_RULES,
  video: VIDEO_RULES,
  vote: VOTE_RULES,
  meter: METER_RULES,
  spectrum: SPECTRUM_RULES,
};

/** What the kind of a layer says about it. */
export function rulesOf<T extends keyof LayersByType>(layer: {
  readonly type: T;
}): LayerRules<LayersByType[T]> {
  return RULES[layer.type];
}
