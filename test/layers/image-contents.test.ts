import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureContentsOf } from '../../src/layers/image/picture-contents.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';

const SOURCE = { contentHash: 'picture', path: 'picture.png', width: 60, height: 40 };

test('a picture that grows is one bitmap from the first moment to the last, however it is cropped', () => {
  for (const [x, width] of [
    [0, 50],
    [7, 41],
    [1 / 3, 17.7],
  ] as const) {
    const document = {
      id: 'l',
      type: 'image',
      asset: 'picture',
      fit: 'fill',
      width: 1,
      crop: { x, y: 0, width, height: 1 },
      animations: [
        {
          property: 'width',
          keyframes: [
            { atMs: 0, value: 1 },
            { atMs: 346, value: 67 },
          ],
        },
      ],
    };
    const context = { picture: () => SOURCE, scale: 1, isBetweenPixels: false };
    const keys = new Set<string>();
    for (let atMs = 0; atMs <= 346; atMs++) {
      // Each as if it were the first: what is worked out once is kept.
      const compiled = compileAtRest(LayerSchema.parse(document));
      const now = compiled.at(atMs, atMs, SILENCE);
      assert.ok(now.type === 'image');
      for (const { key } of pictureContentsOf(now, context, compiled)) keys.add(key);
    }
    assert.equal(keys.size, 1, [...keys].join('\n'));
  }
});
