import type { DocumentPart, TemplateInput } from '../template.js';

type Side = 'home' | 'away';

/** Middle of what belongs to each side, and of its field of colour. */
const CENTRE_X: Readonly<Record<Side, number>> = { home: 400, away: 1520 };
const FIELD_X: Readonly<Record<Side, number>> = { home: 245, away: 1675 };

const CENTRED = { type: 'text', anchor: { x: 0.5, y: 0 }, align: 'center' };
/** A text that shrinks instead of wrapping. */
const ONE_LINE = { maxLines: 1, fit: 'shrink' };

/** The field of colour of a team, and the shade at its foot. */
function teamField(side: Side): DocumentPart[] {
  return [
    {
      id: `${side}-field`,
      type: 'shape',
      shape: 'rectangle',
      x: FIELD_X[side],
      y: 540,
      width: 1110,
      height: 1120,
      anchor: { x: 0.5, y: 0.5 },
      skewX: -9,
      fill: `\${${side}Color}`,
      bindings: { fill: `${side}.color` },
    },
    {
      id: `${side}-shade`,
      type: 'shape',
      shape: 'ellipse',
      x: CENTRE_X[side],
      y: 1080,
      anchor: { x: 0.5, y: 0.5 },
      width: 1300,
      height: 760,
      fill: '#000000',
      opacity: 0.3,
      filters: [{ type: 'blur', radius: 120 }],
    },
  ];
}

/** The logo of a team, or its short name on a disc. */
function teamBadge(side: Side): DocumentPart[] {
  const badge = { x: CENTRE_X[side], y: 150, anchor: { x: 0.5, y: 0 }, width: 180, height: 180 };
  return [
    {
      $if: `${side}Logo`,
      ...badge,
      id: `${side}-logo`,
      type: 'image',
      asset: `\${${side}Logo}`,
      bindings: { asset: `${side}.logo` },
    },
    {
      $unless: `${side}Logo`,
      ...badge,
      id: `${side}-disc`,
      type: 'shape',
      shape: 'ellipse',
      fill: '#ffffff1f',
      border: { width: 4, color: '#ffffff66' },
    },
    {
      $unless: `${side}Logo`,
      ...CENTRED,
      x: CENTRE_X[side],
      id: `${side}-short`,
      ...ONE_LINE,
      width: 150,
      text: `\${${side}Short}`,
      y: 204,
      fontSize: 60,
      fontWeight: 800,
      bindings: { text: `${side}.short` },
    },
  ];
}

function teamNameAndScore(side: Side): DocumentPart[] {
  const centre = { ...CENTRED, x: CENTRE_X[side] };
  return [
    {
      ...centre,
      id: `${side}-name`,
      ...ONE_LINE,
      width: 600,
      text: `\${${side}Name}`,
      y: 366,
      fontSize: 54,
      fontWeight: 700,
      bindings: { text: `${side}.name` },
    },
    {
      ...centre,
      id: `${side}-score`,
      text: `{{${side}.score | default:0}}`,
      y: 438,
      fontSize: 360,
      fontWeight: 900,
      letterSpacing: -14,
      lineHeight: 1.1,
      shadow: { y: 12, blur: 40, color: '#00000059' },
    },
  ];
}

/** A team: its colour, its badge, its name and its score. */
function team(side: Side): DocumentPart[] {
  return [...teamField(side), ...teamBadge(side), ...teamNameAndScore(side)];
}

const MIDDLE = [
  {
    id: 'middle',
    type: 'shape',
    shape: 'rectangle',
    x: 960,
    y: 540,
    width: 320,
    height: 300,
    anchor: { x: 0.5, y: 0.5 },
    fill: '#0b0d13',
    cornerRadius: 28,
    border: { width: 2, color: '#ffffff1f' },
    shadow: { y: 20, blur: 60, color: '#00000090' },
  },
  {
    ...CENTRED,
    id: 'period',
    ...ONE_LINE,
    width: 290,
    text: '{{game.period | default:"1st half"}}',
    x: 960,
    y: 428,
    fontSize: 30,
    fontWeight: 600,
    color: '#9aa0ae',
  },
  {
    id: 'clock',
    type: 'timer',
    format: 'mm:ss',
    x: 960,
    y: 481,
    anchor: { x: 0.5, y: 0 },
    fontSize: 84,
    fontWeight: 800,
    bindings: { visible: '!has(game.clock)' },
  },
  {
    ...CENTRED,
    id: 'clock-text',
    ...ONE_LINE,
    width: 290,
    text: '{{game.clock | default:""}}',
    digits: 'tabular',
    x: 960,
    y: 481,
    fontSize: 84,
    fontWeight: 800,
    visible: false,
    bindings: { visible: 'has(game.clock)' },
  },
  {
    id: 'live-dot',
    type: 'shape',
    shape: 'ellipse',
    x: 916,
    y: 617,
    width: 14,
    height: 14,
    fill: '#ff3b4e',
    animations: [
      {
        property: 'opacity',
        repeat: 'forever',
        alternate: true,
        keyframes: [
          { atMs: 0, value: 1, easing: 'ease-in-out-sine' },
          { atMs: 900, value: 0.25 },
        ],
      },
    ],
  },
  {
    id: 'live',
    type: 'text',
    text: 'LIVE',
    x: 942,
    y: 608,
    fontSize: 26,
    fontWeight: 800,
    letterSpacing: 3,
  },
];

const FRAME = [
  {
    id: 'head',
    type: 'shape',
    shape: 'rectangle',
    x: 960,
    y: 40,
    anchor: { x: 0.5, y: 0 },
    width: 560,
    height: 76,
    cornerRadius: 38,
    fill: '#0b0d13',
    border: { width: 2, color: '#ffffff1f' },
  },
  {
    ...CENTRED,
    id: 'competition',
    ...ONE_LINE,
    width: 500,
    text: '${competition}',
    x: 960,
    y: 59,
    fontSize: 30,
    fontWeight: 700,
    letterSpacing: 6,
    bindings: { text: 'game.competition' },
  },
  {
    id: 'foot',
    type: 'shape',
    shape: 'rectangle',
    y: 976,
    width: 1920,
    height: 104,
    fill: '#0b0d13e6',
  },
  {
    ...CENTRED,
    id: 'note',
    ...ONE_LINE,
    width: 1700,
    text: '${note}',
    x: 960,
    y: 1006,
    fontSize: 36,
    fontWeight: 500,
    color: '#d6d9e2',
    bindings: { text: 'game.note' },
  },
];

/** Two teams, their score, and the time that is played. */
export const SCOREBOARD_TEMPLATE: TemplateInput = {
  id: 'builtin-scoreboard',
  name: 'Scoreboard',
  description:
    'Two teams and their score. Variables: home and away {name, short, score, color, logo}, game {competition, period, clock, note}. Without game.clock, it shows how long the scene is on air.',
  parameters: [
    { name: 'competition', type: 'string', default: 'CUP FINAL' },
    { name: 'homeName', type: 'string', default: 'Northport' },
    { name: 'homeShort', type: 'string', default: 'NOR', description: 'Shown where no logo is.' },
    { name: 'homeColor', type: 'color', default: '#1f4fd8' },
    { name: 'homeLogo', type: 'asset' },
    { name: 'awayName', type: 'string', default: 'Riverside' },
    { name: 'awayShort', type: 'string', default: 'RIV' },
    { name: 'awayColor', type: 'color', default: '#c4264a' },
    { name: 'awayLogo', type: 'asset' },
    { name: 'note', type: 'string', default: 'Kick-off was at 18:00 · Main Arena' },
  ],
  scene: { background: '#0b0d13', layers: [...team('home'), ...team('away'), ...FRAME, ...MIDDLE] },
};
