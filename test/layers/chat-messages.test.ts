import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { layOutMessage } from '../../src/layers/chat/message.js';
import { messageSpans } from '../../src/layers/chat/spans.js';
import { toSpanSpec } from '../../src/render/text/layer-spec.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import type { TextLine } from '../../src/render/text/text-spec.js';
import { toSafeText } from '../../src/layers/chat/safe-text.js';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';
import { HOSTILE_CHAT, hostileMessage } from '../support/hostile-messages.js';
import { RandomNumbers } from '../support/random-numbers.js';

registerShippedFonts();
const text = createTextEngine();
const MESSAGES = 400;

function shapes(lines: readonly Pick<TextLine, 'text' | 'x' | 'runs' | 'glyphs'>[]): unknown[] {
  return lines.map(({ text: letters, x, runs, glyphs }) => ({
    letters,
    x,
    glyphs: runs.flatMap((run) => [...glyphs.ids.slice(run.first, run.end)]),
  }));
}

test('of a long message, the lines that are shown are those that the whole of it would have', () => {
  const random = new RandomNumbers(42);
  let cut = 0;
  for (let i = 0; i < MESSAGES; i++) {
    const hostile = hostileMessage(random, i);
    if (hostile.text.length > SCENE_LIMITS.chatTextChars) continue;
    const width = random.between(40, 900);
    const layer = LayerSchema.parse({ ...HOSTILE_CHAT, width, maxLines: random.between(1, 8) });
    assert.ok(layer.type === 'chat');
    const message = {
      id: 'm',
      author: toSafeText(hostile.author),
      text: toSafeText(hostile.text),
      authorColor: null,
      emotes: [],
      badges: [],
      atMs: 0,
      removedAtMs: null,
    };
    const { spans } = messageSpans(layer, message, () => null);
    const whole = text.setText({
      spans: spans.map(toSpanSpec),
      width,
      height: null,
      wrap: 'word',
      align: 'left',
      verticalAlign: 'top',
      lineHeight: layer.lineHeight,
      maxLines: layer.maxLines,
      fit: 'none',
      minFontSize: 1,
      direction: 'ltr',
      digits: 'auto',
    });
    if (whole.isTruncated) cut += 1;
    const { letters } = layOutMessage(layer, message, { text, picture: () => null, scale: 1 });
    const content = letters?.content;
    const drawing = content !== undefined && 'drawing' in content ? content.drawing : null;
    const shown = drawing?.kind === 'text-block' ? drawing.texts.flatMap(({ lines }) => lines) : [];
    if (letters !== null)
      assert.deepEqual(shapes(shown), shapes(whole.lines), `${hostile.kind} ${i}`);
  }
  assert.ok(cut > MESSAGES / 10, `${cut} were cut`);
});
