import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redactSecrets } from '../../src/core/logger.js';
import {
  formatStreamAddress,
  maskStreamAddress,
  parseStreamAddress,
  secretsOf,
} from '../../src/core/stream-address.js';

const SECRET = 'Zq7xK2vW';
/** Pieces of which people, and attackers, build addresses. */
const PIECES = [
  '/',
  '//',
  '?',
  '#',
  '&',
  '=',
  ':',
  '@',
  '%',
  '%2F',
  '..',
  ' ',
  "'",
  '"',
  '\\',
  'ü',
  '🔑',
  'a',
  'live',
];
const TAIL = fc
  .array(fc.constantFrom(...PIECES, SECRET), { maxLength: 12 })
  .map((parts) => parts.join(''));
const SCHEME = fc.constantFrom('rtmp', 'rtmps', 'RTMP', 'srt', 'rtmpt');

test('whatever is behind the first part of a path is hidden, however it is put together', () => {
  fc.assert(
    fc.property(SCHEME, TAIL, (scheme, tail) => {
      const shown = maskStreamAddress(`${scheme}://host:1935/app/x${SECRET}${tail}`);
      assert.ok(!shown.includes(SECRET), shown);
      assert.equal(maskStreamAddress(shown), shown);
    }),
  );
});

test('an address that is taken is kept and sent as it was written, and what is secret in it is known', () => {
  fc.assert(
    fc.property(TAIL, (tail) => {
      const text = `rtmp://host/app/${tail}${SECRET}`;
      const result = parseStreamAddress(text);
      if (!result.ok) {
        assert.ok(!result.problem.includes(SECRET), result.problem);
        return;
      }
      assert.equal(formatStreamAddress(result.address), text);
      const said = secretsOf(result.address).reduce(
        (line, secret) => line.replaceAll(secret, '***'),
        `no ${result.address.key} here`,
      );
      assert.ok(!said.includes(SECRET), said);
    }),
  );
});

test('a line of the log shows no address, whatever quotes are in it', () => {
  fc.assert(
    fc.property(TAIL, (tail) => {
      const url = `rtmp://host/app/x${tail.replace(/\s/g, '')}${SECRET}`;
      for (const line of [
        JSON.stringify({ url }),
        JSON.stringify({ msg: JSON.stringify({ url }) }),
      ]) {
        const redacted = redactSecrets(line);
        assert.ok(!redacted.includes(SECRET), redacted);
        assert.doesNotThrow(() => void JSON.parse(redacted), redacted);
      }
    }),
  );
});
