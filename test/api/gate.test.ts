import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import type { Authenticator, Identity } from '../../src/api/auth.js';
import { Gate } from '../../src/api/gate.js';
import { DEFAULT_API_LIMITS } from '../../src/api/limits.js';
import { createRateLimits } from '../../src/api/rate-limit.js';

const PER_SECOND = 10;

/** Tokens that begin with `good` are good, but each has to be verified every time, as after its memory has run out. */
function createForgetfulAuthenticator(): { authenticator: Authenticator; verified: string[] } {
  const verified: string[] = [];
  return {
    verified,
    authenticator: {
      open: false,
      known: () => null,
      check: (token) => {
        if (token === null) throw new AppError('SM_AUTH_REQUIRED', 'Send a token.');
        verified.push(token);
        if (token.startsWith('good')) return { subject: token, expiresAtMs: null };
        throw new AppError('SM_AUTH_INVALID', 'The token is not valid.');
      },
    },
  };
}

/** Lets somebody in and counts that, as for every request. */
async function admit(gate: Gate, address: string, token: string | null): Promise<Identity> {
  const identity = await gate.identify(address, token);
  await gate.count(identity, address);
  return identity;
}

function codeOf(thrown: unknown): string {
  return thrown instanceof AppError ? thrown.code : String(thrown);
}

test('lets a sender in whose token was good before, whatever comes from its address, and verifies few others', async () => {
  const { authenticator, verified } = createForgetfulAuthenticator();
  const rates = createRateLimits({ ...DEFAULT_API_LIMITS, requestsPerSecond: PER_SECOND });
  const gate = new Gate(authenticator, rates);
  await admit(gate, '192.0.2.1', 'good-1');
  const refusals = await Promise.all(
    Array.from({ length: 5 * PER_SECOND }, (_, i) =>
      admit(gate, '192.0.2.1', i % 2 === 0 ? `wrong-${i}` : null).then(() => 'in', codeOf),
    ),
  );
  assert.ok(!refusals.includes('in'));
  assert.ok(refusals.includes('SM_RATE_LIMITED'));
  assert.equal((await admit(gate, '192.0.2.1', 'good-1')).subject, 'good-1');
  // Signatures cost time: no more are looked at in a second than one may send.
  assert.ok(verified.filter((token) => token.startsWith('wrong')).length <= PER_SECOND);
  // One who is new is let in from elsewhere.
  assert.equal((await admit(gate, '192.0.2.2', 'good-2')).subject, 'good-2');
});

test('counts senders at one address apart from each other', async () => {
  const { authenticator } = createForgetfulAuthenticator();
  const rates = createRateLimits({ ...DEFAULT_API_LIMITS, requestsPerSecond: PER_SECOND });
  const gate = new Gate(authenticator, rates);
  await admit(gate, '192.0.2.1', 'good-2');
  const answers = await Promise.all(
    Array.from({ length: 2 * PER_SECOND }, () =>
      admit(gate, '192.0.2.1', 'good-1').then(() => 'in', codeOf),
    ),
  );
  assert.ok(answers.includes('in') && answers.includes('SM_RATE_LIMITED'));
  assert.equal((await admit(gate, '192.0.2.1', 'good-2')).subject, 'good-2');
});
