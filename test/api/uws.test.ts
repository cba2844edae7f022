import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { loadUws } from '../../src/api/uws.js';
import { AppError } from '../../src/core/errors.js';

const systemRequire = createRequire(import.meta.url);
const OLDER = /^@trufflesuite/;

function refuse(name: string): never {
  throw new Error(`${name}: GLIBC_2.38 not found`);
}

test('loads a native server on this system', () => {
  const { uws } = loadUws();
  assert.match(Function.prototype.toString.call(uws.App), /native code/);
});

test('takes the older build when the current one does not load', () => {
  const asked: string[] = [];
  const { build } = loadUws((name) => {
    asked.push(name);
    return OLDER.test(name) ? systemRequire(name) : refuse(name);
  });
  assert.equal(build, 'older');
  assert.equal(asked[0], 'uWebSockets.js');
});

test('takes the current build where it loads', () => {
  const native = loadUws().uws;
  const { build } = loadUws((name) => (OLDER.test(name) ? refuse(name) : native));
  assert.equal(build, 'current');
});

test('refuses a server in plain JavaScript, and names both ways out', () => {
  const script = {
    App: () => ({}),
    us_listen_socket_close: () => undefined,
    us_socket_local_port: () => 0,
    DISABLED: 0,
  };
  assert.throws(
    () => loadUws((name) => (OLDER.test(name) ? script : refuse(name))),
    (error) =>
      error instanceof AppError &&
      error.code === 'SM_SERVER_BINARY' &&
      /Debian 13/.test(error.message) &&
      /npm i uNetworking\/uWebSockets\.js#v20\.x/.test(error.message) &&
      /GLIBC_2\.38/.test(error.message),
  );
});
