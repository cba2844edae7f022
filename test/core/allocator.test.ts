import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALLOCATOR_VARIABLES, missingAllocatorVariables } from '../../src/core/allocator.js';

test('names what the environment does not tell the allocator, on systems that have that allocator', () => {
  const names = Object.keys(ALLOCATOR_VARIABLES);
  assert.deepEqual(missingAllocatorVariables({}, 'linux'), names);
  assert.deepEqual(missingAllocatorVariables({ MALLOC_ARENA_MAX: '4' }, 'linux'), names.slice(1));
  assert.deepEqual(missingAllocatorVariables(ALLOCATOR_VARIABLES, 'linux'), []);
  assert.deepEqual(missingAllocatorVariables({}, 'darwin'), []);
});
