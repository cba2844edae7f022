import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { Piece } from '../../src/render/piece.js';
import { createTickerMeasure } from '../../src/layers/ticker/item.js';
import { createLayerViews } from '../../src/layers/views.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import type { LayerOf, LayerInput } from '../../src/scene/schema/layer.js';
import { TickerLayerSchema } from '../../src/layers/ticker/schema.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';

registerShippedFonts();
const text = createTextEngine();
const measureTicker = createTickerMeasure((layer: LayerOf<'ticker'>, pictures: Pictures) => ({
  layer,
  pictures,
}));
type Pictures = SceneSnapshot['pictures'];
const TAKEN_AT_MS = 1_700_000_000_000;
const PICTURE = { contentHash: 'hash', path: '/nowhere', width: 40, height: 20 };

type TickerInput = Extract<LayerInput, { type: 'ticker' }>;

function tickerOf(fields: Partial<TickerInput>): LayerOf<'ticker'> {
  return TickerLayerSchema.parse({
    id: 't',
    type: 'ticker',
    width: 600,
    height: 40,
    fontSize: 20,
    gap: 30,
    speed: 100,
    items: [{ id: 'a', text: 'alpha' }],
    ...fields,
  });
}

const views = createLayerViews();
const appearances = new WeakMap<object, object>();

/** What is in sight so long after the scene has gone on air. */
function piecesOf(layer: LayerOf<'ticker'>, afterMs: number): readonly Piece[] {
  const appearance = appearances.get(layer) ?? {};
  appearances.set(layer, appearance);
  return views(
    layer,
    {
      sceneTimeMs: afterMs,
      wallOffsetMs: 0,
      heard: SILENCE,
      programTimeMs: TAKEN_AT_MS + afterMs,
      scale: 1,
      text,
      appearance,
      picture: (id) => (id === 'pic' ? PICTURE : null),
      isBetweenPixels: false,
      pictureOffset: () => 0,
      videoFrame: () => null,
      livePicture: () => null,
      takenAtMs: 0,
    },
    compileAtRest(layer),
  ).pieces;
}

/** Where the letters of an item begin in the box: a line of 20 px in its middle, whose ascenders are 15 px high. */
const INK_TOP_PX = 12;

/** The place of the first item's letters, left and top. */
function placeOf(layer: LayerOf<'ticker'>, afterMs: number): [x: number, y: number] | null {
  const piece = piecesOf(layer, afterMs).find(({ name }) => name.startsWith('a@'));
  return piece === undefined ? null : [Math.round(piece.x), Math.round(piece.y)];
}

test('items run from the edge in each direction', () => {
  const width = measureTicker(tickerOf({}), {}).items['["alpha",null]'] ?? 0;
  const at = (fields: Partial<TickerInput>): [number, number] | null =>
    placeOf(tickerOf({ loop: false, ...fields }), 1000);
  assert.deepEqual(at({}), [500, INK_TOP_PX]);
  assert.deepEqual(at({ speed: -100 }), [Math.round(100 - width), INK_TOP_PX]);
  assert.deepEqual(at({ direction: 'right' }), [Math.round(100 - width), INK_TOP_PX]);
  const tall = { width: 200, height: 300 };
  const up = at({ ...tall, direction: 'up' });
  const down = at({ ...tall, direction: 'down' });
  assert.ok(up !== null && Math.abs(up[1] - 200) <= 5, String(up));
  assert.ok(down !== null && Math.abs(down[1] - (100 - 26)) <= 5, String(down));
});

test('an item that does not loop is gone once it has run through', () => {
  const once = tickerOf({ loop: false });
  assert.deepEqual(placeOf(once, 6000), [0, INK_TOP_PX]);
  assert.equal(placeOf(once, 7000), null);
  assert.notEqual(placeOf(tickerOf({}), 7000), null);
});

test('paints an item once, and the same text in all tickers', () => {
  const ticker = tickerOf({ items: [{ text: 'alpha' }, { text: 'alpha' }] });
  const contents = [1000, 1100, 5000].flatMap((at) =>
    piecesOf(ticker, at).map((one) => one.content),
  );
  assert.equal(new Set(contents).size, 1);
});

test('gives every piece a name of its own, however fast it runs', () => {
  const dense = tickerOf({
    items: [{ text: '' }, { text: 'i' }, { text: '' }],
    gap: 0,
    speed: 10_000,
    separator: '.',
    width: 8000,
  });
  const names = piecesOf(dense, 5000).map(({ name }) => name);
  assert.ok(names.length > 20);
  assert.equal(new Set(names).size, names.length);
});
