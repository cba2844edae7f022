import { CHAT } from './chat/document.js';
import { CLOCK } from './clock/document.js';
import { COUNTDOWN } from './countdown/document.js';
import { GROUP } from './group/document.js';
import { IMAGE } from './image/document.js';
import { INPUT } from './input/document.js';
import { LOTTIE } from './lottie/document.js';
import { METER } from './meter/document.js';
import { PATTERN } from './pattern/document.js';
import { PROGRESS } from './progress/document.js';
import { QR } from './qr/document.js';
import { SCENE } from './scene/document.js';
import { SHAPE } from './shape/document.js';
import { SPECTRUM } from './spectrum/document.js';
import { STOPWATCH } from './stopwatch/document.js';
import { TABLE } from './table/document.js';
import { TEXT } from './text/document.js';
import { TICKER } from './ticker/document.js';
import { TIMER } from './timer/document.js';
import { VIDEO } from './video/document.js';
import { VOTE } from './vote/document.js';
import type { z } from 'zod';

/** The kinds of layer that hold no others: a new kind is a folder and a line here, and the compiler asks for its rules and its view. */
export const LEAVES = {
  image: IMAGE,
  lottie: LOTTIE,
  video: VIDEO,
  input: INPUT,
  text: TEXT,
  shape: SHAPE,
  pattern: PATTERN,
  qr: QR,
  progress: PROGRESS,
  table: TABLE,
  vote: VOTE,
  meter: METER,
  spectrum: SPECTRUM,
  ticker: TICKER,
  clock: CLOCK,
  countdown: COUNTDOWN,
  timer: TIMER,
  stopwatch: STOPWATCH,
  chat: CHAT,
  scene: SCENE,
};

/** Every kind of layer. */
export const DOCUMENTS = { ...LEAVES, group: GROUP };

/** A layer of each kind; what is in a group is added where the union of kinds is made. */
export type LayersByType = {
  readonly [T in keyof typeof DOCUMENTS]: z.infer<(typeof DOCUMENTS)[T]['schema']>;
};
