import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets } from '../../src/ffmpeg/hide-secrets.js';

const KEY = 'live_123_abcdef';

test('hides every secret of a line, and one of which only the beginning is left', () => {
  assert.equal(
    hideSecrets(`Server error: ${KEY} and ${KEY} are taken`, [KEY]),
    'Server error: *** and *** are taken',
  );
  for (let length = 4; length <= KEY.length; length++)
    assert.equal(hideSecrets(`Server error: ${KEY.slice(0, length)}`, [KEY]), 'Server error: ***');
});

test('hides a whole secret before its parts', () => {
  const secrets = [`${KEY}?sign=abcd1234`, 'sign=abcd1234', KEY, 'abcd1234'];
  assert.equal(hideSecrets(`no ${KEY}?sign=abcd1234!`, secrets), 'no ***!');
  assert.equal(hideSecrets('sign=abcd1234 is old', secrets), '*** is old');
});

test('leaves short texts in words alone', () => {
  assert.equal(hideSecrets('Broken pipe: key a is bad', ['a', 'key']), 'Broken pipe: key a is bad');
});
