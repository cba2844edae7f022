import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import QRCode from 'qrcode';
import { createSharedMemory } from '../../src/memory/map.js';
import { encodeQr } from '../../src/scene/qr-code.js';
import { renderStill, sceneFrom } from '../support/engine.js';
import { complaintsAbout } from '../scene/complaints.js';
import { nextId, sheet } from '../render/sheet.js';
import { QR_CAPACITY_BYTES, qrBytes } from '../../src/layers/qr/capacity.js';

const ADDRESS = 'https://example.com/lots/42';

sheet('qr-codes', [
  { id: nextId(), type: 'qr', text: ADDRESS, x: 10, y: 10, width: 100, height: 100 },
  {
    id: nextId(),
    type: 'qr',
    text: ADDRESS,
    level: 'H',
    x: 120,
    y: 10,
    width: 90,
    height: 90,
    cornerRadius: 12,
    dark: '#102a60',
    light: '#f4f0e0',
  },
  {
    id: nextId(),
    type: 'qr',
    text: ADDRESS,
    x: 220,
    y: 10,
    width: 90,
    height: 90,
    margin: 0,
    dark: '#ffffff',
    light: 'transparent',
  },
  {
    id: nextId(),
    type: 'qr',
    text: 'wide',
    x: 120,
    y: 110,
    width: 120,
    height: 60,
    border: { width: 2, color: '#ffd040' },
    shadow: {},
  },
  {
    id: nextId(),
    type: 'qr',
    text: 'turned',
    x: 280,
    y: 140,
    width: 50,
    height: 50,
    margin: 1,
    anchor: { x: 0.5, y: 0.5 },
    rotation: 20,
  },
]);

const memory = createSharedMemory();

test('every module is there, on whole pixels, at the place that the standard gives it', async () => {
  const side = 301;
  const layer = { id: 'a', type: 'qr', text: ADDRESS, width: side, height: side } as const;
  const size = { width: side + 3, height: side + 3 };
  const scene = sceneFrom({ id: 's', ...size, background: '#808080', layers: [layer] });
  const { rgba } = await renderStill(scene, { ...size, timeMs: 0, memory });
  const { modules } = QRCode.create(ADDRESS, { errorCorrectionLevel: 'M' });
  const count = modules.size + 8;
  const modulePx = Math.floor(side / count);
  const start = Math.floor((side - count * modulePx) / 2);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const column = Math.floor((x - start) / modulePx) - 4;
      const row = Math.floor((y - start) / modulePx) - 4;
      const isInside = Math.min(column, row) >= 0 && Math.max(column, row) < modules.size;
      const isDark = isInside && modules.get(row, column) === 1;
      const luma = rgba[(y * size.width + x) * 4 + 1] ?? -1;
      assert.ok(isDark ? luma <= 4 : luma >= 251, `pixel ${x}, ${y} is ${luma}`);
    }
});

for (const level of ['L', 'M', 'Q', 'H'] as const) {
  const most = QR_CAPACITY_BYTES[level];

  test(`a code of level ${level} takes ${most} bytes and says so of more`, () => {
    const complaint = (text: string) => complaintsAbout({ type: 'qr', text, level })['text'];
    assert.equal(complaint('a'.repeat(most)), undefined);
    assert.ok(encodeQr('a'.repeat(most), level).size === 177);
    assert.match(complaint(`${'a'.repeat(most - 1)}ä`) ?? '', new RegExp(`${most}|2953`));
    assert.throws(() => encodeQr('a'.repeat(most + 1), level), /too big/);
  });
}

test('a code that a variable has made unreadable is shown as its policy says', async () => {
  const size = { width: 100, height: 100 };
  const lumas = async (onError: 'hide' | 'placeholder', scale = 1): Promise<number[]> => {
    const text = 'x'.repeat(2000);
    const scene = sceneFrom({
      id: 's',
      ...size,
      background: '#808080',
      layers: [{ id: 'a', type: 'qr', text, level: 'L', ...size, onError, scale }],
    });
    const { rgba } = await renderStill(scene, { ...size, timeMs: 0, memory });
    return [...rgba.filter((_, i) => i % 4 === 1)];
  };
  assert.deepEqual([...new Set(await lumas('hide'))], [128]);
  const marked = new Set(await lumas('placeholder'));
  assert.ok(marked.size > 1 && !marked.has(0), [...marked].join(' '));
  // Four times as large each module has two pixels.
  const large = new Set(await lumas('hide', 4));
  assert.ok(large.has(0) && large.has(255));
});

test('any text that is not too long in bytes has a code, whatever signs it mixes', () => {
  const texts = fc.string({ minLength: 1, maxLength: 400, unit: 'binary' }).map((text) => {
    const copies = text.repeat(Math.ceil(QR_CAPACITY_BYTES.H / qrBytes(text)));
    return Array.from(copies).reduce(
      (long, sign) => (qrBytes(long + sign) <= QR_CAPACITY_BYTES.H ? long + sign : long),
      '',
    );
  });
  fc.assert(
    fc.property(texts, (text) => encodeQr(text, 'H').size >= 21),
    { numRuns: 15 },
  );
});
