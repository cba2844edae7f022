import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { authorColor, fnv1a } from '../../src/layers/chat/author-color.js';
import { isolated, toSafeText } from '../../src/layers/chat/safe-text.js';

test('keeps what people write', () => {
  for (const text of [
    'Good evening!',
    'Tiếng Việt',
    'שָׁלוֹם',
    'مساء الخير',
    'नमस्ते दुनिया',
    'สวัสดีครับ',
    '👩‍👩‍👧‍👦 ❤️‍🔥 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ 🇵🇹',
    '今日の作品',
  ])
    assert.equal(toSafeText(text), text);
});

test('takes out what steers a text', () => {
  assert.equal(toSafeText('a\u0000b\u0007c\u001bd'), 'abcd');
  assert.equal(toSafeText(' one\r\n\r\ntwo\t\tthree\u2028four '), 'one two three four');
  assert.equal(toSafeText('\u202eevil\u202c \u2067x\u2069\u200f'), 'evil x');
  assert.equal(toSafeText('a\ufffcb\ufeffc\ud800'), 'abc\ufffd');
  assert.equal(toSafeText(`a${'\u200b'.repeat(500)}b`).length, 5);
});

test('keeps letters as low as letters are', () => {
  const zalgo = `Z${'\u0337\u0321\u0302'.repeat(50)}`;
  assert.ok(Array.from(toSafeText(zalgo)).length <= 6);
});

test('never lets a text close what is around it, and is stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const safe = toSafeText(text);
      assert.equal(toSafeText(safe), safe);
      assert.doesNotMatch(safe, /[\u0000-\u001f\u202a-\u202e\u2066-\u2069\ufffc]/);
      assert.equal(Buffer.from(safe, 'utf8').toString('utf8'), safe);
      assert.equal(isolated(safe).slice(1, -1), safe);
    }),
  );
});

test('gives an author always the same colour', () => {
  // Test vectors of draft-eastlake-fnv, appendix C.
  assert.equal(fnv1a(''), 0x811c9dc5);
  assert.equal(fnv1a('a'), 0xe40c292c);
  assert.equal(fnv1a('foobar'), 0xbf9cf968);
  assert.equal(authorColor('Mira'), authorColor('MIRA'));
  assert.match(authorColor('Mira'), /^#[0-9a-f]{8}$/);
  const colors = new Set(Array.from({ length: 200 }, (_, i) => authorColor(`user${i}`)));
  assert.ok(colors.size > 100);
});
