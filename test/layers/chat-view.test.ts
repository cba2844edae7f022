import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createLayerViews } from '../../src/layers/views.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { compileAtRest } from '../../src/scene/resolve.js';

import type { LayerInput } from '../../src/scene/schema/layer.js';
import { assetsOfScene } from '../../src/scene/references.js';
import { sceneFrom } from '../support/engine.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import type { LayerView, Piece } from '../../src/render/piece.js';

registerShippedFonts();
const text = createTextEngine();
type ChatInput = Extract<LayerInput, { type: 'chat' }>;

const EMOTE = { contentHash: 'hash', path: '/nowhere', width: 56, height: 28 };

/** Views of a chat of 400 by 200 at moments of the wall clock. */
function wholeViewsOf(
  fields: Partial<ChatInput>,
  engine = text,
): (programTimeMs: number) => LayerView {
  const chat: LayerInput = { id: 'c', type: 'chat', width: 400, height: 200, ...fields };
  const scene = sceneFrom({ id: 's', layers: [{ ...chat, fontSize: 20, lineHeight: 1.5 }] });
  const [compiled] = scene.layers.map((layer) => compileAtRest(layer));
  const view = createLayerViews();
  const appearance = {};
  assert.ok(compiled !== undefined);
  return (programTimeMs) =>
    view(
      compiled.layer,
      {
        sceneTimeMs: 0,
        wallOffsetMs: 0,
        heard: SILENCE,
        programTimeMs,
        scale: 1,
        text: engine,
        appearance,
        picture: (id) => (id === 'pog' ? EMOTE : null),
        isBetweenPixels: false,
        pictureOffset: () => 0,
        videoFrame: () => null,
        livePicture: () => null,
        takenAtMs: 0,
      },
      compiled,
    );
}

/** The pieces of such views. */
function viewsOf(
  fields: Partial<ChatInput>,
  engine = text,
): (programTimeMs: number) => readonly Piece[] {
  const views = wholeViewsOf(fields, engine);
  return (programTimeMs) => views(programTimeMs).pieces;
}

/** The texts that are to be set ahead at a moment, in the order in which they are asked for. */
function comingAt(views: (programTimeMs: number) => LayerView, programTimeMs: number): string[] {
  return [...(views(programTimeMs).coming?.() ?? [])].map(({ drawing }) => {
    assert.ok(drawing.kind === 'text-block');
    const lines = drawing.texts.flatMap((block) => block.lines.map((line) => line.text));
    return lines.join('').replace(/[\u2068\u2069]/g, '');
  });
}

/** From the top of a message's box to that of its letters: bitmaps are no larger than these. */
const ABOVE_LETTERS = 7;

/** Tops of the messages' boxes, newest first. */
function tops(pieces: readonly Piece[]): number[] {
  return pieces.filter(({ name }) => name.endsWith('text')).map(({ y }) => y - ABOVE_LETTERS);
}

const QUIET = { messageEnter: { type: 'none' }, messageExit: { type: 'none' } } as const;

function lines(count: number, fields: object = {}): NonNullable<ChatInput['messages']> {
  return Array.from({ length: count }, (_, i) => ({
    id: `m${i}`,
    author: 'a',
    text: 'hello',
    atMs: i * 1000,
    ...fields,
  }));
}

test('stacks messages from the edge on, each with its spacing, and leaves out what is not in sight', () => {
  const up = viewsOf({ ...QUIET, messages: lines(3) });
  assert.deepEqual(tops(up(10_000)), [170, 130, 90]);
  assert.deepEqual(tops(up(1500)), [170, 130]);
  const down = viewsOf({ ...QUIET, messages: lines(3), order: 'top-down' });
  assert.deepEqual(tops(down(10_000)), [0, 40, 80]);
  assert.equal(tops(viewsOf({ ...QUIET, messages: lines(200) })(1e6)).length, 5);
});

test('moves all messages by the height of the one that comes, and by nothing else', () => {
  const at = viewsOf({ messages: lines(2), messageEnter: { durationMs: 400, easing: 'linear' } });
  assert.deepEqual(tops(at(999)), [170]);
  assert.deepEqual(tops(at(1100)), [200, 160].slice(tops(at(1100)).length === 1 ? 1 : 0));
  assert.deepEqual(tops(at(1200)), [190, 150]);
  assert.deepEqual(tops(at(1400)), [170, 130]);
});

test('two that come in one frame keep their distance', () => {
  const messages = lines(3, { atMs: 5000 });
  const at = viewsOf({ messages, messageEnter: { durationMs: 400, easing: 'linear' } });
  for (const now of [5100, 5200, 5300, 5399]) {
    const seen = tops(at(now));
    for (const [i, top] of seen.entries()) if (i > 0) assert.equal((seen[i - 1] ?? 0) - top, 40);
  }
});

test('of many that come together only those are set that fill the box', () => {
  const messages = Array.from({ length: 60 }, (_, i) => ({
    id: `m${i}`,
    author: 'a',
    text: `hello ${i}`,
    atMs: 5000,
  }));
  const set = new Set<string>();
  const counting = {
    ...text,
    setText: (spec: Parameters<typeof text.setText>[0]) => {
      set.add(spec.spans.map((span) => span.text).join(''));
      return text.setText(spec);
    },
  };
  const enter = { durationMs: 400, easing: 'linear' } as const;
  const at = viewsOf({ messages, messageEnter: enter }, counting);
  // Half-way in: six messages fill the box, and half of them is still behind the edge.
  assert.deepEqual(tops(at(5200)), [170, 130, 90]);
  assert.deepEqual(tops(at(5400)), [170, 130, 90, 50, 10]);
  assert.ok(set.size <= 7, `${set.size} were set`);
});

test('knows which messages come next, sets no others for that, and shows the same whether they were set or not', () => {
  const soon = Array.from({ length: 60 }, (_, i) => ({
    id: `m${i}`,
    author: 'a',
    text: `hello ${i}`,
    atMs: 5000,
  }));
  const later = { id: 'later', author: 'a', text: 'later', atMs: 5400 };
  const gone = { id: 'gone', author: 'a', text: 'gone', atMs: 5000, removedAtMs: 5000 };
  const messages = [...lines(2), ...soon, gone, later];
  const ahead = wholeViewsOf({ messages });
  assert.deepEqual(comingAt(ahead, 4799), []);
  const texts = comingAt(ahead, 4801);
  assert.deepEqual(
    texts,
    ['59', '58', '57', '56', '55', '54'].map((n) => `a: hello ${n}`),
  );
  assert.deepEqual(comingAt(ahead, 5000), []);
  const fresh = viewsOf({ messages });
  assert.equal(JSON.stringify(ahead(5100).pieces), JSON.stringify(fresh(5100)));
});

test('is the same whatever was asked before, also with times that are out of order', () => {
  const messages = [
    ...lines(2),
    { id: 'x', author: 'b', text: 'out of order', atMs: 500, removedAtMs: 1700 },
    { id: 'x', author: 'b', text: 'again', atMs: 1800 },
  ];
  const moments = [0, 400, 700, 1100, 1500, 1750, 1900, 2500];
  const forwards = viewsOf({ messages });
  const seen = moments.map((now) => JSON.stringify(forwards(now)));
  const backwards = viewsOf({ messages });
  const again = moments.toReversed().map((now) => JSON.stringify(backwards(now)));
  assert.deepEqual(again.toReversed(), seen);
});

test('gives every piece a name of its own', () => {
  const messages = [...lines(2), ...lines(2), { id: 'm0', text: 'x', removedAtMs: 9000 }];
  const names = viewsOf({ ...QUIET, messages })(5000).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('sets emotes into the line, and shows the word of one that is missing', () => {
  const emotes = [
    { token: 'Pog', asset: 'pog' },
    { token: 'Gone', asset: 'gone' },
  ];
  const [words, emote, ...rest] = viewsOf({
    ...QUIET,
    messages: [{ id: 'm', author: 'a', text: 'oh Pog Gone Pogs', emotes }],
  })(1000);
  assert.deepEqual(rest, []);
  assert.deepEqual([emote?.width, emote?.height, emote?.content.widthPx], [50, 25, 50]);
  assert.ok(words !== undefined && 'drawing' in words.content);
  const { drawing } = words.content;
  assert.ok(drawing.kind === 'text-block');
  const [line] = drawing.texts.flatMap((block) => block.lines);
  assert.ok(line !== undefined);
  const shown = line.runs
    .map((run) => ({
      run,
      text: line.text.slice(run.from, run.to).replace(/[\u2066-\u2069]/g, ''),
    }))
    .filter((one) => one.run.font !== null && one.text !== '');
  assert.deepEqual(
    shown.map((one) => one.text),
    ['a', ': ', 'oh ', ' Gone Pogs'],
  );
  const [, , before, after] = shown.map((one) => one.run);
  const gap = (after?.x ?? 0) - (before?.x ?? 0) - (before?.width ?? 0);
  assert.ok(Math.abs(gap - 50) < 0.01, String(gap));
});

test('has its emotes and badges found', () => {
  const messages = [
    { id: 'm', text: 'Pog', emotes: [{ token: 'Pog', asset: 'pog' }], badges: ['star', 'mod'] },
  ];
  const scene = sceneFrom({
    id: 's',
    layers: [{ id: 'c', type: 'chat', width: 1, height: 1, messages }],
  });
  assert.deepEqual([...assetsOfScene(scene)].sort(), ['mod', 'pog', 'star']);
});

test('paints a message once, however it moves', () => {
  const at = viewsOf({ messages: lines(5) });
  const keys = new Set(
    [4000, 4100, 4200, 4300, 9000].flatMap((now) => at(now).map((one) => one.content)),
  );
  assert.equal(keys.size, 1, 'all say the same');
});
