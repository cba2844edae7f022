import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Gradient } from '../../src/scene/schema/style.js';
import { rectangle, sheet, still } from './sheet.js';

function stopsOf(colors: readonly string[]): Gradient['stops'] {
  return colors.map((color, i) => ({ at: i / (colors.length - 1), color }));
}

/** A gradient at an angle. */
function linear(angle: number, ...colors: string[]) {
  return { type: 'linear', angle, stops: stopsOf(colors) } as const;
}

function radial(...colors: string[]) {
  return { type: 'radial', stops: stopsOf(colors) } as const;
}

function conic(angle: number, ...colors: string[]) {
  return { type: 'conic', angle, stops: stopsOf(colors) } as const;
}

type Fields = Partial<Extract<LayerInput, { type: 'shape' }>>;

/** Figures in cells of a sheet, 5 in a row. */
function cells(...figures: Fields[]): LayerInput[] {
  return figures.map((fields, i) =>
    rectangle(12 + (i % 5) * 62, 14 + Math.floor(i / 5) * 58, 48, 42, fields),
  );
}

const HEART = 'M12 21s-9-5.6-9-12a5 5 0 0 1 9-3 5 5 0 0 1 9 3c0 6.4-9 12-9 12z';
const BOLT = 'M13 1L3 14h7l-1 9 10-13h-7z';

sheet('figure-kinds', [
  ...cells(
    { shape: 'polygon', fill: '#e07030' },
    { shape: 'polygon', pointCount: 6, fill: '#30a0e0', cornerRadius: 6 },
    { shape: 'polygon', pointCount: 3, fill: '#60c040', border: { width: 3 } },
    {
      shape: 'polygon',
      fill: '#c060e0',
      points: [
        { x: 0, y: 0.2 },
        { x: 0.6, y: 0.2 },
        { x: 0.6, y: 0 },
        { x: 1, y: 0.5 },
        { x: 0.6, y: 1 },
        { x: 0.6, y: 0.8 },
        { x: 0, y: 0.8 },
      ],
    },
    { shape: 'polygon', pointCount: 8, fill: '#d02040', stroke: { width: 3, align: 'inside' } },
    { shape: 'star', fill: '#ffd040' },
    { shape: 'star', pointCount: 12, innerRadius: 0.75, fill: '#e04060', cornerRadius: 3 },
    { shape: 'star', pointCount: 4, innerRadius: 0.2, fill: '#ffffff', shadow: {} },
    { shape: 'star', pointCount: 5, innerRadius: 0.5, fill: '#ffd040', cornerRadius: 8 },
    { shape: 'star', fill: 'transparent', stroke: { color: '#ffd040', width: 3, join: 'round' } },
    { shape: 'path', path: HEART, viewBox: { width: 24, height: 24 }, fill: '#ff4070' },
    {
      shape: 'path',
      path: BOLT,
      viewBox: { width: 24, height: 24 },
      fill: '#ffd040',
      stroke: { color: '#804000', width: 2, join: 'round', align: 'outside' },
    },
    { shape: 'path', path: 'M0 0H40V40H0ZM10 10H30V30H10Z', fill: '#60c040', fillRule: 'evenodd' },
    {
      shape: 'path',
      path: 'M2 22 L16 36 L44 6',
      fill: 'transparent',
      stroke: { color: '#40e080', width: 8, cap: 'round', join: 'round' },
    },
    {
      shape: 'path',
      path: 'M0 20 Q12 -10 24 20 T48 20',
      fill: 'transparent',
      stroke: { width: 2, color: '#40c0ff' },
    },
  ),
]);

const STROKE = { color: '#ffd040', width: 8 } as const;
const TRANSLUCENT = { color: '#ffd04080', width: 8 } as const;

sheet('strokes', [
  ...cells(
    { fill: '#3060c0', stroke: { ...STROKE, align: 'inside' } },
    { fill: '#3060c0', stroke: STROKE },
    { fill: '#3060c0', stroke: { ...STROKE, width: 5, align: 'outside', join: 'bevel' } },
    { fill: '#3060c0', cornerRadius: 12, stroke: { ...TRANSLUCENT, align: 'inside' } },
    { shape: 'ellipse', fill: '#3060c080', stroke: { ...TRANSLUCENT, width: 5, align: 'outside' } },
    { fill: 'transparent', stroke: { width: 2, dash: [6, 4] } },
    { fill: '#203040', cornerRadius: 21, stroke: { width: 3, dash: [1, 7], cap: 'round' } },
    { shape: 'ellipse', fill: '#00000000', stroke: { ...STROKE, dash: [20, 5, 5, 5] } },
    { shape: 'line', stroke: { width: 4, dash: [10, 6], cap: 'round', color: '#40e080' } },
    { shape: 'line', height: 0, y: 95, stroke: { width: 6, dash: [0, 11], cap: 'round' } },
    { fill: 'transparent', stroke: { width: 4, dash: [12, 8], dashOffset: 10 } },
    {
      fill: 'transparent',
      stroke: { width: 4, dash: [12, 8] },
      animations: still('stroke.dashOffset', 15),
    },
    {
      shape: 'ellipse',
      fill: 'transparent',
      stroke: { width: 8, color: conic(0, '#ff4070', '#ffd040', '#ff4070') },
    },
    { fill: '#3060c0', stroke: { width: 4, color: '#ffffff' }, shadow: { x: 4, y: 4, blur: 4 } },
    {
      shape: 'line',
      lineWidth: 8,
      fill: linear(90, '#ff4070', '#4070ff'),
    },
  ),
]);

const SUNSET = ['#2a1a5e', '#f45d9c', '#ffd36e'];

sheet('gradients', [
  ...cells(
    { fill: linear(90, ...SUNSET) },
    { fill: linear(45, ...SUNSET) },
    { fill: linear(180, ...SUNSET), cornerRadius: 12 },
    { fill: linear(90, '#ff0000', 'transparent') },
    { fill: linear(90, '#ffffff', '#ff8000'), border: { width: 3 } },
    { fill: radial(...SUNSET) },
    { shape: 'ellipse', fill: radial('#ffffff', '#4070ff', '#000020') },
    {
      fill: {
        type: 'radial',
        center: { x: 0.2, y: 0.2 },
        radius: 1,
        stops: [
          { at: 0, color: '#ffffff' },
          { at: 1, color: '#c02060' },
        ],
      },
    },
    { fill: radial('#40e0ff', 'rgb(64 224 255 / 0%)') },
    { shape: 'star', fill: linear(90, '#fff6c0', '#ffb000') },
    { fill: conic(0, '#f00', '#ff0', '#0f0', '#0ff', '#00f', '#f0f', '#f00') },
    { shape: 'ellipse', fill: conic(90, '#ffffff', '#203040') },
    {
      fill: {
        type: 'linear',
        angle: 90,
        stops: [
          { at: 0, color: '#e07030' },
          { at: 0.5, color: '#e07030' },
          { at: 0.5, color: '#30a0e0' },
          { at: 1, color: '#30a0e0' },
        ],
      },
    },
    {
      fill: linear(0, ...SUNSET),
      animations: still('fill.angle', 315),
    },
    {
      shape: 'path',
      path: HEART,
      viewBox: { width: 24, height: 24 },
      fill: linear(90, '#ff9ab0', '#e0103c'),
      stroke: { color: linear(90, '#ffffff', '#ffffff00'), width: 2, align: 'outside' },
    },
  ),
]);
