import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LayerSchema } from '../../src/scene/schema/layer.js';
import { complaintsAbout } from './complaints.js';

const BOX = { type: 'shape', width: 40, height: 40 };

test('a stroke needs nothing to be one', () => {
  const layer = LayerSchema.parse({ ...BOX, id: 'a', shape: 'star', stroke: {} });
  assert.ok(layer.type === 'shape');
  assert.deepEqual(layer.stroke, {
    color: '#ffffff',
    width: 4,
    dash: [],
    dashOffset: 0,
    cap: 'butt',
    join: 'miter',
    align: 'center',
  });
});

test('a path has path data, which is read before it is taken', () => {
  const path = (data: unknown) => complaintsAbout({ ...BOX, shape: 'path', path: data });
  assert.deepEqual(path('M0 0 L10 10'), {});
  assert.match(path(null)['path'] ?? '', /is required/);
  assert.match(path('M0 0 oops')['path'] ?? '', /SVG path data: there is no command o/);
  assert.match(path(`M0 0${' L1 1'.repeat(4000)}`)['path'] ?? '', /16384/);
});

test('dashes are at least a pixel long together', () => {
  const dash = (...lengths: number[]) =>
    complaintsAbout({ ...BOX, shape: 'ellipse', stroke: { dash: lengths } });
  assert.deepEqual(dash(), {});
  assert.deepEqual(dash(0, 4), {});
  assert.match(dash(0, 0)['stroke.dash'] ?? '', /one pixel/);
  assert.match(dash(0.2, 0.3)['stroke.dash'] ?? '', /one pixel/);
  assert.ok('stroke.dash.0' in dash(-1, 4));
});

test('polygons have at least three corners', () => {
  const corner = { x: 0, y: 1 };
  const points = (count: number) =>
    complaintsAbout({
      ...BOX,
      shape: 'polygon',
      points: Array.from({ length: count }, () => corner),
    });
  assert.deepEqual(points(3), {});
  assert.deepEqual(points(100), {});
  assert.ok('points' in points(2));
  assert.ok('points' in points(101));
});

test('gradients may stand wherever a colour fills, and their numbers and colours move', () => {
  const stops = [
    { at: 0, color: 'red' },
    { at: 1, color: 'blue' },
  ];
  const moving = (property: string, ...values: unknown[]) =>
    complaintsAbout({
      ...BOX,
      shape: 'star',
      fill: { type: 'linear', stops },
      stroke: { dash: [4, 4] },
      animations: [{ property, keyframes: values.map((value, i) => ({ atMs: i, value })) }],
    });
  for (const property of ['fill.angle', 'fill.stops.1.at', 'stroke.dashOffset', 'stroke.dash.0'])
    assert.deepEqual(moving(property, 0, 1), {}, property);
  for (const property of ['fill.stops.0.color', 'stroke.color'])
    assert.deepEqual(moving(property, 'red', 'lime'), {}, property);
  assert.notDeepEqual(moving('fill', 'red', 'lime'), {}, 'a gradient is no colour');
});
