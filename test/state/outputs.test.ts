import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { maskStreamAddress } from '../../src/core/stream-address.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, outputOf } from './samples.js';

function apply(state: ServiceState, command: Command): ServiceState {
  return reduce(state, command).state;
}

function eventData(state: ServiceState, command: Command): string {
  return JSON.stringify(reduce(state, command).events);
}

/** Whether an error is about the address alone. */
function isOfAddress(error: unknown): boolean {
  assert.ok(error instanceof AppError);
  assert.equal(error.code, 'SM_REQUEST_INVALID', error.message);
  assert.deepEqual(
    error.fields.map(({ path }) => path),
    ['/url'],
  );
  return true;
}

test('keeps the stream key out of the events of an output', () => {
  const created = eventData(emptyState(), { type: 'output.create', output: outputOf({}) });
  assert.doesNotMatch(created, /secret-key/);
  const state = apply(emptyState(), { type: 'output.create', output: outputOf({}) });
  assert.equal(state.outputs[0]?.url, 'rtmp://live.example.org/app/secret-key');
  const url = 'rtmps://live.example.org/app/other-key?auth=1';
  const command: Command = { type: 'output.patch', outputId: 'main', patch: { url } };
  assert.doesNotMatch(eventData(state, command), /other-key|auth/);
});

test('keeps the stored key when the address comes back as it was shown', () => {
  const url = 'rtmp://live.example.org/app//secret-key?auth=1';
  const stored = apply(emptyState(), { type: 'output.create', output: outputOf({ url }) });
  const shown = maskStreamAddress(url);
  const patch = { url: shown, name: 'renamed' };
  const state = apply(stored, { type: 'output.patch', outputId: 'main', patch });
  assert.deepEqual(state.outputs[0], { ...stored.outputs[0], name: 'renamed' });
  assert.equal(state.outputs.at(0)?.url, url);
  const elsewhere = { url: shown.replace('example', 'other') };
  assert.throws(
    () => reduce(stored, { type: 'output.patch', outputId: 'main', patch: elsewhere }),
    isOfAddress,
    'a hidden key of another address is none',
  );
});

test('keeps an address in one spelling', () => {
  const url = 'RTMP://live.example.org/App/Key';
  const state = apply(emptyState(), { type: 'output.create', output: outputOf({ url }) });
  assert.equal(state.outputs[0]?.url, 'rtmp://live.example.org/App/Key');
});

test('refuses addresses that are no RTMP destination', () => {
  const addresses = [
    'http://live.example.org/app/key',
    'rtmp://live.example.org',
    'rtmp://live.example.org/',
    'rtmp:///app/key',
    'live.example.org/app/key',
    'rtmp://live.example.org/app',
    'rtmp://live.example.org/app/',
    'rtmp://live.example.org:0/app/key',
    'rtmp://user:password@live.example.org/app/key',
    'rtmp://live.example.org/app/***',
    '',
  ];
  for (const url of addresses) {
    assert.throws(
      () => reduce(emptyState(), { type: 'output.create', output: outputOf({ url }) }),
      isOfAddress,
      url,
    );
  }
});
