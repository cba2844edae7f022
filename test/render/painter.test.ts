import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import {
  BITMAP_FAILED,
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  BITMAP_PAINTED,
  BITMAP_STATE,
} from '../../src/memory/records.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import {
  MAX_BITMAP_PX,
  PLAIN,
  toContent,
  toPictureContent,
  type Content,
  type Decoration,
  type Drawing,
} from '../../src/render/content.js';
import type { Outline } from '../../src/render/outline.js';
import { Painter } from '../../src/render/painter.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { partContent } from '../../src/render/text/line-part.js';
import { StrokeSchema, type Stroke } from '../../src/scene/schema/stroke.js';

registerShippedFonts();
const memory = createSharedMemory();
const kernels = instantiateKernels(memory);
const bytes = new Uint8Array(memory.buffer);
const words = new Int32Array(memory.buffer);
const OFFSET = Math.ceil(mapProgramMemory(128, 128).heapOffset / 64) * 64;
/** Nothing that items draw is painted here. */
const SCRATCH = 0;
const BOX = { width: 60, height: 40 };

function paint(painter: Painter, content: Content): Uint8Array {
  bytes.fill(1, OFFSET, OFFSET + content.widthPx * content.heightPx * 4);
  painter.paint({ offset: OFFSET, content }, SCRATCH);
  assert.equal(words[(OFFSET - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2], BITMAP_PAINTED);
  return bytes.slice(OFFSET, OFFSET + content.widthPx * content.heightPx * 4);
}

function isOpaque(): boolean {
  return words[(OFFSET - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) >> 2] === 1;
}

const text = createTextEngine();

function lineOf(words: string, letterSpacing: number, shadows: Decoration['shadows']): Content {
  const line = text.setLine({
    text: words,
    fontFamily: 'Inter',
    fontSize: 20,
    fontWeight: 400,
    fontStyle: 'normal',
    letterSpacing,
    direction: 'ltr',
    digits: 'auto',
  });
  const part = text.cut(line, 0, line.clusters.length);
  const area = { x: 0, y: -line.ascent, width: line.width, height: line.ascent + line.descent };
  const placed = partContent(part, { fill: '#ffffff', shadows, area }, 1.5);
  assert.ok(placed !== null);
  return placed.content;
}

const DECORATED: Decoration = {
  cornerRadius: 9,
  border: { width: 4, color: '#ff000080' },
  shadows: [{ x: 3, y: 3, blur: 4, color: '#00ff00' }],
};

function figureOf(outline: Outline, align: Stroke['align']): Drawing {
  const stroke = StrokeSchema.parse({ align, dash: [8, 3], width: 5 });
  return { kind: 'figure', outline, fill: '#30c060', fillRule: 'nonzero', stroke };
}

const CONTENTS: readonly Content[] = [
  toContent({ kind: 'rectangle', fill: '#3060c0' }, PLAIN, BOX, 1),
  toContent({ kind: 'ellipse', fill: '#3060c080' }, DECORATED, BOX, 1),
  toContent(figureOf({ type: 'line' }, 'center'), PLAIN, BOX, 1),
  toContent(figureOf({ type: 'ellipse' }, 'inside'), DECORATED, BOX, 1),
  toContent(figureOf({ type: 'rectangle' }, 'outside'), PLAIN, { ...BOX, overhang: 6 }, 1),
  lineOf('spaced', 5, []),
  lineOf('plain', 0, []),
  lineOf('thrown', 0, DECORATED.shadows),
  toContent({ kind: 'placeholder' }, { ...DECORATED, shadows: [] }, BOX, 1),
  toContent({ kind: 'nothing' }, { ...DECORATED, shadows: [] }, BOX, 1),
];

test('a content looks the same whatever was painted before it', () => {
  const expected = CONTENTS.map((content) => paint(new Painter(memory, kernels), content));
  const painter = new Painter(memory, kernels);
  for (const step of [1, 3, 5, 7])
    for (let i = 0; i < CONTENTS.length; i++) {
      const at = (i * step) % CONTENTS.length;
      const content = CONTENTS[at];
      assert.ok(content !== undefined);
      assert.deepEqual(paint(painter, content), expected[at], content.key);
    }
});

test('pixels are premultiplied', () => {
  for (const content of CONTENTS) {
    const found = paint(new Painter(memory, kernels), content);
    for (let at = 0; at < found.length; at += 4) {
      const alpha = found[at + 3] ?? 0;
      assert.ok(
        found.subarray(at, at + 3).every((value) => value <= alpha),
        content.key,
      );
    }
  }
});

test('whether a bitmap is opaque is told with it', () => {
  const painter = new Painter(memory, kernels);
  const rectangle = (fill: string, width: number): Content =>
    toContent({ kind: 'rectangle', fill }, PLAIN, { width, height: 20 }, 1);
  paint(painter, rectangle('#fff', 32));
  assert.ok(isOpaque());
  paint(painter, rectangle('#fff', 31.5));
  assert.ok(!isOpaque(), 'its last column is half covered');
  paint(painter, rectangle('#fffe', 32));
  assert.ok(!isOpaque());
});

test('a decoded picture that cannot be read is marked, and the reason is told', () => {
  const painter = new Painter(memory, kernels);
  const path = '/nowhere/to/be/found.png';
  const content = toPictureContent(
    { contentHash: 'hash', path, range: null, part: null, chromaKey: null },
    ...([10, 10] as const),
  );
  const picture = { offset: OFFSET, content, pixelsPath: path };
  assert.throws(() => {
    painter.takePicture(picture);
  }, /ENOENT/);
  assert.equal(words[(OFFSET - BITMAP_HEADER_BYTES + BITMAP_STATE) >> 2], BITMAP_FAILED);
});

test('a content has room for what is outside of its box, and is bounded', () => {
  const shadow = { x: -10, y: 4, blur: 8, color: '#000' };
  const content = toContent(
    { kind: 'rectangle', fill: '#fff' },
    { ...PLAIN, shadows: [shadow] },
    { ...BOX, overhang: 3 },
    2,
  );
  assert.equal(content.padPx, (3 + 10 + 12) * 2);
  assert.equal(content.widthPx, 120 + 2 * content.padPx);
  assert.equal(content.heightPx, 80 + 2 * content.padPx);
  const huge = toContent({ kind: 'nothing' }, PLAIN, { width: 1e6, height: 0 }, 1);
  assert.deepEqual([huge.widthPx, huge.heightPx], [MAX_BITMAP_PX - 2, 1]);
});

test('contents have the same key only when they look the same', () => {
  const keys = CONTENTS.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  const again = toContent({ kind: 'rectangle', fill: '#3060c0' }, PLAIN, BOX, 1);
  assert.equal(again.key, keys[0]);
  assert.notEqual(toContent({ kind: 'rectangle', fill: '#3060c0' }, PLAIN, BOX, 2).key, keys[0]);
});
