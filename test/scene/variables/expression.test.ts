import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpressionError, parseExpression } from '../../../src/scene/variables/expression.js';
import type { JsonValue, Variables } from '../../../src/scene/variables/json-value.js';

const VARIABLES: Variables = {
  bid: { amount: 12, bidder: 'Ada', step: 0.5 },
  bids: [
    { by: 'Ada', amount: 12 },
    { by: 'Bob', amount: 11 },
  ],
  scores: [3, 1, 2],
  at: 1,
  live: true,
};

function evaluate(source: string, variables = VARIABLES): JsonValue {
  return parseExpression(source).evaluate(variables);
}

test('reckons with numbers of variables as with those that are written', () => {
  assert.equal(evaluate('bid.amount + 1'), 13);
  assert.equal(evaluate('bid.amount / 5'), 2.4);
  assert.equal(evaluate('10 % bid.amount'), 10);
  assert.equal(evaluate('clamp(bid.amount, 0, 10) / 10 * 400'), 400);
  assert.equal(evaluate('20 + 2 * clamp(bid.amount / 24, 0, 1)'), 21);
  assert.equal(evaluate('1 + 2 * 1.5 - 1'), 3);
  assert.equal(evaluate('max(0, bid.amount - 20)'), 0);
  assert.equal(evaluate('round(bid.step) + floor(1.7) + ceil(0.2) + abs(-2)'), 5);
});

test('decides, chooses and looks into lists', () => {
  assert.equal(evaluate('live && bid.amount >= 12'), true);
  assert.equal(evaluate('bid.amount > 100 ? "high" : "low"'), 'low');
  assert.equal(evaluate('bids[at].by'), 'Bob');
  assert.equal(evaluate('bids.filter(b, b.amount > 11).map(b, b.by).join(", ")'), 'Ada');
  assert.equal(evaluate('scores.exists(s, s == 3) && !(4 in scores) && size(scores) == 3'), true);
  assert.deepEqual(evaluate('scores.map(s, {"score": s})'), [
    { score: 3 },
    { score: 1 },
    { score: 2 },
  ]);
  assert.equal(evaluate('has(bid.amount) && !has(bid.nothing)'), true);
});

test('tells which variables it reads, as deep as can be told beforehand', () => {
  const pathsOf = (source: string): string[] => [...parseExpression(source).paths].sort();
  assert.deepEqual(pathsOf('bid.amount > 5 && bid["bidder"] == "Ada"'), [
    'bid.amount',
    'bid.bidder',
  ]);
  assert.deepEqual(pathsOf('bids[at].by'), ['at', 'bids']);
  assert.deepEqual(pathsOf('bids[0].by'), ['bids.0.by']);
  assert.deepEqual(pathsOf('bids.map(b, b.amount * factor)'), ['bids', 'factor']);
  assert.deepEqual(pathsOf('has(bid.amount) ? 1 : 2'), ['bid.amount']);
});

test('knows nothing of the machine: no prototypes, no time, no chance, no patterns', () => {
  for (const source of ['constructor', 'toString', 'bid.constructor', 'bid.__proto__', 'nothing'])
    assert.throws(() => evaluate(source), ExpressionError, source);
  for (const source of [
    'timestamp("2026-01-01T00:00:00Z")',
    'now()',
    'random()',
    'bid.bidder.matches("(a+)+$")',
    'cel.bind(a, bids, a + a)',
    'bid.bidder.split("")',
    'b"bytes".json()',
  ])
    assert.throws(() => parseExpression(source), ExpressionError, source);
});

test('says where an expression is wrong', () => {
  assert.throws(() => parseExpression('bid.amount >'), /at character 13/);
  assert.throws(() => parseExpression('upper(bid.bidder)'), /there is no function upper/);
  assert.throws(() => parseExpression('a'.repeat(501)), /500 characters/);
  assert.throws(() => evaluate('bid.bidder + 1'), ExpressionError);
});

test('refuses what could take long, whatever the variables hold', () => {
  const doubled = `[x]${'.map(a, a + a)'.repeat(12)}`;
  const nested = 'a.exists(x, b.exists(y, c.exists(z, x == z)))';
  const long = `(${Array(20).fill('l').join('+')}).map(x, ${Array(20).fill('l').join('+')})`;
  for (const source of [doubled, nested, long])
    assert.throws(() => parseExpression(source), /could take too long/, source);
  assert.equal(
    parseExpression('a.exists(x, b.exists(y, y == 3))').evaluate({ a: [1, 2], b: [3] }),
    true,
  );
});
