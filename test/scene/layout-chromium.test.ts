import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { layOutTree } from '../../src/scene/layout/tree.js';
import { openChromium, type TestBrowser } from '../support/chromium.js';
import {
  flattenBoxes,
  randomFlexTree,
  randomGridTree,
  toHtml,
  toLayoutNodes,
  type TestTree,
} from '../support/layout-trees.js';
import { RandomNumbers } from '../support/random-numbers.js';

const TOLERANCE_PX = 1;
const STYLE = '<!doctype html><style>body{margin:0}*{box-sizing:border-box}</style>';
/** Every element with a `data-box`, tree by tree: left, top, width and height. */
const READ_BOXES = `[...document.querySelectorAll('section')].map((section) =>
  [...section.querySelectorAll('[data-box]')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height];
  }))`;

let browser: TestBrowser;

before(async () => {
  browser = await openChromium();
});

after(async () => {
  await browser.close();
});

function isBoxes(value: unknown): value is number[][][] {
  return (
    Array.isArray(value) &&
    value.every(
      (tree) =>
        Array.isArray(tree) &&
        tree.every(
          (box) => Array.isArray(box) && box.every((number) => typeof number === 'number'),
        ),
    )
  );
}

/** Where the browser puts everything, all trees on one page. */
async function browserBoxes(trees: readonly TestTree[]): Promise<number[][][]> {
  const sections = trees.map(
    (tree) => `<section style="position:absolute;left:0;top:0">${toHtml(tree)}</section>`,
  );
  await browser.page.setContent(STYLE + sections.join(''));
  const boxes: unknown = await browser.page.evaluate(READ_BOXES);
  assert.ok(isBoxes(boxes));
  return boxes;
}

function ourBoxes({ layout, widthPx, heightPx, nodes }: TestTree): number[][] {
  const size = { width: widthPx, height: heightPx, isHeightDefinite: heightPx !== null };
  return flattenBoxes(layOutTree(layout, size, toLayoutNodes(nodes)));
}

function assertSame(trees: readonly TestTree[], expected: readonly number[][][]): void {
  for (const [i, tree] of trees.entries()) {
    const actual = ourBoxes(tree);
    assert.equal(actual.length, expected[i]?.length);
    for (const [k, box] of actual.entries()) {
      const wanted = expected[i]?.[k] ?? [];
      const offPx = Math.max(...box.map((value, c) => Math.abs(value - (wanted[c] ?? NaN))));
      assert.ok(
        offPx <= TOLERANCE_PX,
        `tree ${i}, box ${k}: ${box.join(', ')} instead of ${wanted.join(', ')}\n${JSON.stringify(tree)}`,
      );
    }
  }
}

test('flex groups, three deep, stand where a browser puts them', async () => {
  const random = new RandomNumbers(2);
  const trees = Array.from({ length: 300 }, () => randomFlexTree(random));
  assertSame(trees, await browserBoxes(trees));
});

test('flex groups of layers without groups stand where a browser puts them', async () => {
  const random = new RandomNumbers(20);
  const trees = Array.from({ length: 300 }, () => randomFlexTree(random, 0));
  assertSame(trees, await browserBoxes(trees));
});

test('grids stand where a browser puts them', async () => {
  const random = new RandomNumbers(30);
  const trees = Array.from({ length: 300 }, () => randomGridTree(random));
  assertSame(trees, await browserBoxes(trees));
});
