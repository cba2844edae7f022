import type { DocumentPart, TemplateInput } from '../template.js';

const MUTED = '#b9b4cc';
const PANEL = {
  type: 'shape',
  shape: 'rectangle',
  fill: '#15122399',
  cornerRadius: 24,
  border: { width: 1.5, color: '#ffffff1a' },
};
const LABEL = { type: 'text', fontSize: 20, fontWeight: 700, letterSpacing: 3, color: MUTED };

type Light = {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  /** How far it moves to the right and back. */
  readonly shift: number;
};

/** Coloured light in the background that moves very slowly. */
function light({ id, x, y, fill, shift }: Light): DocumentPart {
  return {
    id,
    type: 'shape',
    shape: 'ellipse',
    x,
    y,
    width: 900,
    height: 900,
    fill,
    opacity: 0.5,
    anchor: { x: 0.5, y: 0.5 },
    filters: [{ type: 'blur', radius: 150 }],
    animations: [
      {
        property: 'x',
        repeat: 'forever',
        alternate: true,
        keyframes: [
          { atMs: 0, value: x, easing: 'ease-in-out-sine' },
          { atMs: 24_000, value: x + shift },
        ],
      },
    ],
  };
}

/** The camera: a picture, or a placeholder. */
const CAMERA = {
  id: 'camera',
  type: 'group',
  x: 72,
  y: 150,
  shadow: { y: 24, blur: 70, color: '#00000080' },
  layers: [
    { ...PANEL, id: 'camera-frame', width: 1216, height: 684, fill: '#1b1730' },
    {
      $unless: 'picture',
      id: 'camera-halo',
      type: 'shape',
      shape: 'ellipse',
      x: 608,
      y: 322,
      width: 340,
      height: 340,
      anchor: { x: 0.5, y: 0.5 },
      fill: '${accent}',
      opacity: 0.28,
      filters: [{ type: 'blur', radius: 60 }],
    },
    {
      $unless: 'picture',
      id: 'camera-disc',
      type: 'shape',
      shape: 'ellipse',
      x: 608,
      y: 322,
      width: 240,
      height: 240,
      anchor: { x: 0.5, y: 0.5 },
      fill: '#241f3d',
      border: { width: 5, color: '${accent}' },
    },
    {
      $unless: 'picture',
      id: 'camera-sign',
      type: 'text',
      text: '${initials}',
      x: 608,
      y: 322,
      fontSize: 100,
      fontWeight: 800,
      anchor: { x: 0.5, y: 0.5 },
    },
    {
      $unless: 'picture',
      id: 'camera-text',
      type: 'text',
      text: 'Back in a moment',
      x: 608,
      y: 512,
      fontSize: 32,
      fontWeight: 500,
      color: MUTED,
      anchor: { x: 0.5, y: 0.5 },
    },
    {
      $if: 'picture',
      id: 'camera-picture',
      type: 'image',
      asset: '${picture}',
      width: 1216,
      height: 684,
      cornerRadius: 24,
      bindings: { asset: 'camera.picture' },
    },
  ],
};

const HEADER = [
  {
    id: 'title',
    width: 1200,
    maxLines: 1,
    fit: 'shrink',
    type: 'text',
    text: '${title}',
    x: 72,
    y: 52,
    fontSize: 50,
    fontWeight: 800,
    letterSpacing: -0.5,
    bindings: { text: 'stream.title' },
  },
  {
    id: 'viewers',
    type: 'text',
    text: '{{stream.viewers | compact}} watching',
    x: 1848,
    y: 62,
    anchor: { x: 1, y: 0 },
    fontSize: 30,
    fontWeight: 600,
    color: MUTED,
    visible: false,
    bindings: { visible: 'stream.viewers > 0' },
  },
];

/** A panel beside the camera with its content in a column. */
function panel(id: string, layers: DocumentPart[], grow: number): DocumentPart {
  return {
    id,
    type: 'group',
    background: '#15122399',
    cornerRadius: 24,
    layers,
    border: { width: 1.5, color: '#ffffff1a' },
    layout: { type: 'flex', direction: 'column', padding: 34, gap: 10, justify: 'center' },
    slot: { grow },
  };
}

const VALUE = { type: 'text', maxLines: 1, fontSize: 34, fontWeight: 700 };

/** Beside the camera: what it is about, how far the goal is, and who came last. */
const SIDE = {
  id: 'side',
  type: 'group',
  x: 1328,
  y: 150,
  width: 520,
  height: 684,
  layout: { type: 'flex', direction: 'column', gap: 24 },
  layers: [
    panel(
      'topic',
      [
        { ...LABEL, id: 'topic-label', text: 'TALKING ABOUT' },
        {
          ...VALUE,
          id: 'topic-text',
          text: '${topic}',
          fontSize: 40,
          maxLines: 3,
          lineHeight: 1.25,
          bindings: { text: 'stream.topic' },
        },
      ],
      1,
    ),
    panel(
      'goal',
      [
        { ...LABEL, id: 'goal-label', text: '${goal}', bindings: { text: 'goal.name' } },
        {
          ...VALUE,
          id: 'goal-text',
          fontSize: 44,
          fontWeight: 800,
          text: '{{goal.value | number | default:"0"}} / {{goal.target | number | default:"100"}}',
        },
        {
          id: 'goal-progress',
          type: 'group',
          width: 452,
          height: 20,
          layers: [
            {
              id: 'goal-track',
              type: 'shape',
              shape: 'rectangle',
              width: 452,
              height: 20,
              cornerRadius: 10,
              fill: '#ffffff1f',
            },
            {
              id: 'goal-bar',
              type: 'shape',
              shape: 'rectangle',
              width: 20,
              height: 20,
              cornerRadius: 10,
              fill: '${accent}',
              bindings: { width: '20 + 432 * clamp(goal.value / goal.target, 0, 1)' },
            },
          ],
        },
      ],
      0,
    ),
    panel(
      'latest',
      [
        { ...LABEL, id: 'follower-label', text: 'LATEST FOLLOWER' },
        { ...VALUE, id: 'follower', text: '{{latest.follower | default:"It could be you"}}' },
        { ...LABEL, id: 'tip-label', text: 'LATEST TIP', slot: { margin: { top: 18 } } },
        {
          ...VALUE,
          id: 'tip',
          text: '{{latest.tip | default:"Thank you!"}}',
          color: '${accent}',
        },
      ],
      0,
    ),
  ],
};

const FOOT = [
  {
    ...PANEL,
    id: 'foot',
    x: 72,
    y: 886,
    width: 1776,
    height: 122,
  },
  {
    id: 'host-mark',
    type: 'shape',
    shape: 'rectangle',
    x: 108,
    y: 916,
    width: 8,
    height: 62,
    fill: '${accent}',
    cornerRadius: 4,
  },
  {
    id: 'host',
    width: 430,
    maxLines: 1,
    type: 'text',
    text: '${host}',
    x: 140,
    y: 908,
    fontSize: 38,
    fontWeight: 800,
    bindings: { text: 'host.name' },
  },
  {
    id: 'handle',
    type: 'text',
    text: '${handle}',
    x: 140,
    y: 954,
    fontSize: 26,
    color: MUTED,
    bindings: { text: 'host.handle' },
  },
  {
    id: 'news',
    type: 'ticker',
    text: '${news}',
    x: 620,
    y: 886,
    width: 1192,
    height: 122,
    fontSize: 32,
    fontWeight: 500,
    color: '#e6e2f4',
    gap: 140,
    speed: 90,
    bindings: { text: 'stream.news' },
  },
];

/** Somebody talks: a camera, the topic, a goal, and who came last. */
export const JUST_CHATTING_TEMPLATE: TemplateInput = {
  id: 'builtin-just-chatting',
  name: 'Just chatting',
  description:
    'Somebody talks. Variables: stream {title, topic, viewers, news}, host {name, handle}, goal {name, value, target}, latest {follower, tip}, camera {picture}.',
  parameters: [
    { name: 'title', type: 'string', default: 'Just chatting' },
    { name: 'topic', type: 'string', default: 'Ask me anything, I have all evening' },
    { name: 'host', type: 'string', default: 'Robin Vale' },
    { name: 'handle', type: 'string', default: '@robinvale' },
    { name: 'initials', type: 'string', default: 'RV', description: 'Shown where no picture is.' },
    { name: 'picture', type: 'asset', description: 'In place of the camera.' },
    { name: 'goal', type: 'string', default: 'FOLLOWER GOAL' },
    {
      name: 'news',
      type: 'string',
      default: 'Ask anything in the chat   ·   Every Tuesday and Friday at 20:00   ·   Be kind',
    },
    { name: 'accent', type: 'color', default: '#a78bfa' },
    { name: 'second', type: 'color', default: '#f472b6', description: 'Of the light behind it.' },
  ],
  scene: {
    background: '#0e0b1a',
    layers: [
      light({ id: 'light-left', x: 260, y: 980, fill: '${accent}', shift: 260 }),
      light({ id: 'light-right', x: 1720, y: 120, fill: '${second}', shift: -260 }),
      ...HEADER,
      CAMERA,
      SIDE,
      ...FOOT,
    ],
  },
};
