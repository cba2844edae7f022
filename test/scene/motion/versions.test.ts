import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScene } from '../../../src/scene/compile-scene.js';
import { endMsOf } from '../../../src/scene/motion/stage.js';
import {
  box,
  change,
  compiledAt,
  layerAt,
  sceneOf,
  staged,
  transitionOf,
  withFields,
} from './staged-scenes.js';
import { SILENCE } from '../../../src/scene/sound/heard.js';
import { StageSchema } from '../../../src/scene/motion/stage-schema.js';

const STILL = sceneOf(box('a', { x: 0, opacity: 1, fill: '#000000' }));
const MOVED = withFields(STILL, 'a', { x: 100 });

test('values move from where they are to where they are put, and then the layer is at rest', () => {
  const now = change(staged(STILL), MOVED, 500, transitionOf());
  assert.deepEqual(
    [0, 500, 750, 1250, 1499, 1500, 9999].map((atMs) => layerAt(now, 'a', atMs).x),
    [0, 0, 25, 75, 99.9, 100, 100],
  );
  assert.equal(compiledAt(now, 1500)[0]?.at(1500, 1500, SILENCE), MOVED.layers[0]);
  assert.deepEqual(now.scene, MOVED, 'the document has the new values only');
});

test('what is interrupted half-way goes on from there', () => {
  const first = change(staged(STILL), MOVED, 0, transitionOf());
  const back = change(first, STILL, 500, transitionOf({ durationMs: 500 }));
  assert.equal(layerAt(first, 'a', 500).x, 50);
  assert.equal(layerAt(back, 'a', 500).x, 50);
  // The first version keeps moving while the second takes over: half of 75.
  assert.equal(layerAt(back, 'a', 750).x, 37.5);
  assert.equal(layerAt(back, 'a', 1000).x, 0);
});

test('colours, points and fields in depth move as well; what has nothing in between changes at once', () => {
  const scene = sceneOf(
    box('a', {
      shadow: { blur: 0 },
      filters: [{ type: 'blur', radius: 0 }],
      anchor: { x: 0, y: 0 },
    }),
  );
  const after = withFields(scene, 'a', {
    fill: '#000000',
    shadow: { blur: 20 },
    filters: [{ type: 'blur', radius: 8 }],
    anchor: { x: 1, y: 0.5 },
    blend: 'screen',
    border: { width: 4 },
  });
  const now = change(staged(scene), after, 0, transitionOf());
  const half = layerAt(now, 'a', 500);
  assert.ok(half.type === 'shape');
  assert.equal(half.fill, '#808080ff');
  assert.deepEqual(half.shadow, { x: 0, y: 4, blur: 10, color: '#00000080' });
  assert.deepEqual(half.filters, [{ type: 'blur', radius: 4 }]);
  assert.deepEqual(half.anchor, { x: 0.5, y: 0.25 });
  assert.equal(half.blend, 'screen');
  assert.equal(half.border?.width, 4);
});

test('filters and gradients of another kind have nothing in between', () => {
  const stops = [
    { at: 0, color: '#000' },
    { at: 1, color: '#fff' },
  ];
  const text = (fields: object) => sceneOf({ id: 'a', type: 'text', text: 'Lot 42', ...fields });
  const scene = text({
    filters: [{ type: 'sepia', amount: 0 }],
    color: { type: 'linear', stops },
  });
  const after = text({
    filters: [{ type: 'grayscale', amount: 1 }],
    color: { type: 'radial', stops },
  });
  const now = change(staged(scene), after, 0, transitionOf());
  assert.deepEqual(layerAt(now, 'a', 1), after.layers[0]);
  assert.deepEqual(now.stage.layers, {});
});

test('stops of a gradient move', () => {
  const gradient = (color: string, at: number) =>
    sceneOf({
      id: 'a',
      type: 'text',
      text: 'Lot 42',
      color: {
        type: 'linear',
        angle: 90,
        stops: [
          { at: 0, color },
          { at, color: '#fff' },
        ],
      },
    });
  const now = change(staged(gradient('#000', 0.5)), gradient('#ff0000', 1), 0, transitionOf());
  const half = layerAt(now, 'a', 500);
  assert.ok(half.type === 'text' && typeof half.color === 'object');
  assert.deepEqual(half.color.stops, [
    { at: 0, color: '#800000ff' },
    { at: 0.75, color: '#fff' },
  ]);
});

test('a change without a transition is at once, and lets the rest of what moves go on', () => {
  const both = withFields(MOVED, 'a', { opacity: 0.5 });
  const moving = change(staged(STILL), both, 0, transitionOf());
  const put = change(moving, withFields(both, 'a', { x: 30 }), 500);
  const { x, opacity } = layerAt(put, 'a', 500);
  assert.equal(x, 30);
  assert.equal(opacity, 0.75);
  assert.equal(layerAt(put, 'a', 750).x, 30);
  assert.equal(layerAt(put, 'a', 750).opacity, 0.625);
});

test('a delay keeps values where they are for so long', () => {
  const now = change(staged(STILL), MOVED, 0, transitionOf({ delayMs: 300 }));
  assert.deepEqual(
    [0, 300, 800, 1300].map((atMs) => layerAt(now, 'a', atMs).x),
    [0, 0, 50, 100],
  );
});

test('an animation runs on below a transition, on both sides', () => {
  const keyframes = [
    { atMs: 0, value: 0 },
    { atMs: 1000, value: 80 },
  ];
  const scene = withFields(STILL, 'a', {
    animations: [{ property: 'y', repeat: 'forever', keyframes }],
  });
  const after = withFields(scene, 'a', { x: 100, animations: [] });
  const now = change(staged(scene), after, 0, transitionOf());
  assert.equal(layerAt(now, 'a', 500).y, 20, 'half of 40, on the way to 0');
  assert.equal(layerAt(now, 'a', 500).x, 50);
  assert.equal(layerAt(now, 'a', 1000).y, 0);
});

test('springs overshoot, and stay within what a field may be', () => {
  const after = withFields(withFields(STILL, 'a', { opacity: 0 }), 'a', { x: 100 });
  const easing = 'spring(1, 200, 5)';
  const now = change(staged(STILL), after, 0, transitionOf({ easing }));
  const seen = Array.from({ length: 100 }, (_, i) => layerAt(now, 'a', i * 10));
  assert.ok(Math.max(...seen.map(({ x }) => x)) > 130);
  assert.ok(seen.every(({ opacity }) => opacity >= 0 && opacity <= 1));
});

test('a phase says what moves in it, and how large it gets', () => {
  const after = withFields(STILL, 'a', { x: 100, scale: 0.5, shadow: { blur: 3 } });
  const now = change(staged(withFields(STILL, 'a', { shadow: {} })), after, 0, transitionOf());
  const [moving, rest] = [compiledAt(now, 10)[0], compiledAt(now, 1000)[0]];
  assert.deepEqual([...(moving?.moving ?? [])].sort(), ['scale', 'shadow.blur', 'x']);
  assert.ok(moving !== undefined && moving.moves('shadow'));
  assert.ok(!moving.moves('y', 'opacity', 'shad'));
  assert.equal(moving.largest('scale', 7), 1);
  assert.ok(rest !== undefined);
  assert.equal(rest.moving.size, 0);
  assert.equal(rest.largest('scale', 0.5), 0.5);
  assert.equal(rest.largest('width', 7), 10);
});

test('the background of a scene moves, too', () => {
  const scene = { ...STILL, background: '#000000' };
  const white = change(staged(scene), { ...scene, background: '#ffffff' }, 0, transitionOf());
  const back = change(white, scene, 500, transitionOf());
  const at = ({ scene: now, stage }: typeof white, atMs: number): string =>
    compileScene({ scene: now, stage, takenAtMs: 0 }).backgroundAt(atMs);
  assert.deepEqual([at(white, 0), at(white, 500)], ['#000000ff', '#808080ff']);
  assert.deepEqual([at(back, 500), at(back, 1500)], ['#808080ff', '#000000ff']);
});

test('what is over is taken out with the next change, and what is kept can be stored', () => {
  const first = change(staged(STILL), MOVED, 0, transitionOf());
  const second = change(first, withFields(MOVED, 'a', { x: 50 }), 600, transitionOf());
  const third = change(second, withFields(MOVED, 'a', { x: 70 }), 1100, transitionOf());
  assert.equal(third.stage.layers['a']?.from?.from, null, 'the first ended at 1000');
  assert.equal(endMsOf(third.stage.layers['a']), 2100);
  assert.deepEqual(StageSchema.parse(JSON.parse(JSON.stringify(third.stage))), third.stage);
  const last = change(third, withFields(MOVED, 'a', { name: 'renamed' }), 5000);
  assert.deepEqual(last.stage.layers, {});
});

test('a layer that goes into a group, or was not seen, just is where it is put', () => {
  const group = (layers: unknown[]): Record<string, unknown> => ({
    id: 'g',
    type: 'group',
    layers,
  });
  const outside = sceneOf(box('a', { x: 5 }), { ...group([]), type: 'group', id: 'g', layers: [] });
  const inside = sceneOf({ id: 'g', type: 'group', layers: [box('a', { x: 50 })] });
  assert.deepEqual(change(staged(outside), inside, 0, transitionOf()).stage.layers, {});
  const hidden = sceneOf(box('a', { visible: false }));
  const shown = sceneOf(box('a', { x: 50 }));
  assert.deepEqual(change(staged(hidden), shown, 0, transitionOf()).stage.layers, {});
});

test('layers in groups move, and their group stays the same object as long as they do', () => {
  const of = (x: number) => sceneOf({ id: 'g', type: 'group', layers: [box('a', { x })] });
  const now = change(staged(of(0)), of(100), 0, transitionOf());
  const compiled = compiledAt(now, 100)[0];
  assert.equal(compiled?.children[0]?.at(500, 500, SILENCE).x, 50);
  assert.deepEqual(Object.keys(now.stage.layers), ['a']);
});
