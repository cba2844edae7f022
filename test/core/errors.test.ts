import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, ERROR_CODES, toAppError } from '../../src/core/errors.js';

test('every code has a status of an error and a title of its own', () => {
  const titles = new Set<string>();
  for (const code of ERROR_CODES) {
    assert.match(code, /^SM(_[A-Z]+)+$/);
    const error = new AppError(code, 'what happened');
    assert.ok(error.status >= 400 && error.status < 600, `${code} is ${error.status}`);
    assert.ok(error.title.length > 5 && !error.title.endsWith('.'), code);
    assert.ok(!titles.has(error.title), `two codes are called "${error.title}"`);
    titles.add(error.title);
  }
  assert.ok(ERROR_CODES.length > 30);
});

test('an error of the table stays as it is, everything else is a mistake of ours', () => {
  const known = new AppError('SM_SCENE_UNKNOWN', 'There is no scene x.');
  assert.equal(toAppError(known), known);
  const cause = new TypeError('oops');
  const wrapped = toAppError(cause);
  assert.equal(wrapped.code, 'SM_INTERNAL');
  assert.equal(wrapped.status, 500);
  assert.equal(wrapped.cause, cause);
  assert.equal(wrapped.message, 'oops');
  assert.equal(toAppError('text').message, 'text');
  assert.equal(toAppError(undefined).code, 'SM_INTERNAL');
});

test('fields come with the error', () => {
  const fields = [{ path: '/layers/0/opacity', message: 'must be at most 1' }];
  assert.deepEqual(new AppError('SM_REQUEST_INVALID', 'no', fields).fields, fields);
  assert.deepEqual(new AppError('SM_REQUEST_INVALID', 'no').fields, []);
});
