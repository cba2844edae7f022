import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FONTS_FOLDER } from '../../src/fonts/shipped-fonts.js';
import { GroupLayouts } from '../../src/compositor/lower/group-layout.js';
import type { LowerContext } from '../../src/compositor/lower/context.js';
import { createViews } from '../../src/compositor/lower/views.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { NO_CULPRIT } from '../../src/memory/culprit.js';
import { GroupLayerSchema, type LayerInput } from '../../src/scene/schema/layer.js';
import { loadFonts } from '../support/chromium-canvas.js';
import { openChromium } from '../support/chromium.js';
import { FrameRoom } from '../../src/compositor/faults/frame-room.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { NOTHING_KNOWN } from '../../src/compositor/lower/known-layers.js';

/** Texts in rows, columns and grids stand where Chromium puts them: real ones, in the shipped font. */
registerShippedFonts();
const text = createTextEngine();
const browser = await openChromium();
after(() => browser.close());
await loadFonts(browser.page, [['Shipped', join(FONTS_FOLDER, 'inter-latin-400-normal.ttf')]]);

const TOLERANCE_PX = 1;
const FONT_SIZE = 48;

type Group = Extract<LayerInput, { type: 'group' }>;
type Case = {
  readonly css: string;
  readonly layout: Group['layout'];
  readonly width: number;
  readonly texts: readonly string[];
};

const NAMES = ['Real Madrid Club de Fútbol', '12', "90+4'"];
const WORDS = ['A', 'very-long compound', 'supercalifragilistic', 'on 3:2'];
const CASES: readonly Case[] = [
  {
    css: 'display:flex;gap:20px',
    width: 600,
    texts: NAMES,
    layout: { type: 'flex', gap: 20 },
  },
  {
    css: 'display:flex;gap:4px',
    width: 300,
    texts: WORDS,
    layout: { type: 'flex', gap: 4 },
  },
  {
    css: 'display:flex;flex-wrap:wrap;gap:10px',
    width: 420,
    texts: [...NAMES, ...WORDS],
    layout: { type: 'flex', gap: 10, wrap: 'wrap' },
  },
  {
    css: 'display:flex;flex-direction:column',
    width: 260,
    texts: WORDS,
    layout: { type: 'flex', direction: 'column' },
  },
  {
    css: 'display:grid;grid-template-columns:1fr auto auto;gap:8px',
    width: 500,
    texts: [...NAMES, 'Atlético', '3', '45'],
    layout: { type: 'grid', columns: ['1fr', 'auto', 'auto'], gap: 8 },
  },
  {
    css: 'display:grid;grid-template-columns:1fr 1fr 1fr',
    width: 240,
    texts: NAMES,
    layout: { type: 'grid', columns: 3 },
  },
];

function ourBoxes({ layout, width, texts }: Case): number[][] {
  const layers = texts.map((words, i): LayerInput => {
    return { id: `t${i}`, type: 'text', text: words, fontSize: FONT_SIZE, lineHeight: 1.25 };
  });
  const group = GroupLayerSchema.parse({ id: 'g', type: 'group', width, layout, layers });
  const nothing = (): null => null;
  const context: LowerContext = {
    sceneTimeMs: 0,
    wallOffsetMs: 0,
    heard: SILENCE,
    programTimeMs: 0,
    text,
    sceneId: null,
    isBetweenPixels: false,
    picture: nothing,
    pictureOffset: nothing,
    videoFrame: () => null,
    livePicture: () => null,
    takenAtMs: 0,
    nested: nothing,
    culprit: NO_CULPRIT,
    known: NOTHING_KNOWN,
    room: new FrameRoom(false),
    refused: nothing,
  };
  const compiled = compileAtRest(group);
  const { boxes } = new GroupLayouts(createViews()).layOut(compiled, group, {
    size: null,
    scale: 1,
    context,
  });
  return (boxes ?? []).map((box) => [box.x, box.y, box.width, box.height]);
}

async function theirBoxes({ css, width, texts }: Case): Promise<number[][]> {
  const items = texts.map((words) => `<div>${words}</div>`).join('');
  const font = `overflow-wrap:break-word;font:${FONT_SIZE}px/1.25 Shipped;width:${width}px`;
  await browser.page.evaluate(
    `document.body.innerHTML = ${JSON.stringify(`<style>body{margin:0}</style><section style="${font};${css}">${items}</section>`)}`,
  );
  const found: unknown = await browser.page.evaluate(
    `[...document.querySelectorAll('section > div')].map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return [x, y, width, height];
    })`,
  );
  assert.ok(Array.isArray(found));
  return found.map((box: unknown): number[] => {
    assert.ok(Array.isArray(box));
    return box.map(Number);
  });
}

for (const one of CASES) {
  test(`texts stand as in Chromium in ${one.css} of ${one.width} px`, async () => {
    const [ours, theirs] = [ourBoxes(one), await theirBoxes(one)];
    assert.equal(ours.length, theirs.length);
    for (const [i, box] of ours.entries())
      for (const [k, value] of box.entries())
        assert.ok(
          Math.abs(value - (theirs[i]?.[k] ?? NaN)) <= TOLERANCE_PX,
          `${one.texts[i]}: ${box.join(' ')} instead of ${theirs[i]?.join(' ')}`,
        );
  });
}
