import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpressionError } from '../../../src/scene/variables/expression.js';
import type { Variables } from '../../../src/scene/variables/json-value.js';
import {
  parseTextTemplate,
  renderText,
  type TextProblem,
} from '../../../src/scene/variables/text-template.js';

const VARIABLES: Variables = {
  bid: { amount: 12345.6, bidder: 'Åsa' },
  bids: 3,
  one: 1,
  names: ['Ada', 'Bob', 'Cy'],
  at: '2026-05-04T18:00:00Z',
  open: '{{bids}}',
};

function render(text: string, locale = 'en', problems: TextProblem[] = []): string {
  const template = parseTextTemplate(text);
  if (template === null) return text;
  return renderText(template, VARIABLES, locale, (problem) => problems.push(problem));
}

/** Narrow spaces of newer locale data count as spaces. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ');
}

test('formats numbers, money, dates and plurals as the language has them', () => {
  assert.equal(render(`Bid {{bid.amount | currency:'EUR'}}`), 'Bid €12,345.60');
  assert.equal(
    plain(render(`{{bid.amount | currency:'EUR', {maximumFractionDigits: 0}}}`, 'de')),
    '12.346 €',
  );
  assert.equal(render('{{bid.amount | number:{minimumFractionDigits: 2}}}'), '12,345.60');
  assert.equal(render('{{bid.amount | number:{locale: "de"}}}'), '12.345,6');
  assert.equal(render('{{bid.amount | compact}}, {{0.25 | percent}}'), '12K, 25%');
  assert.equal(render('{{at | date:{dateStyle: "long"}}}', 'fr'), '4 mai 2026');
  assert.equal(
    plain(
      render('{{at | date:{hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo"}}}', 'de'),
    ),
    '03:00',
  );
  assert.equal(render('{{-3 | relative:"day"}}, {{1 | relative:"day"}}'), '3 days ago, tomorrow');
  const forms = '{one: "# bid", other: "# bids", "=0": "no bids"}';
  assert.equal(
    render(`{{bids | plural:${forms}}}, {{one | plural:${forms}}}, {{0 | plural:${forms}}}`),
    '3 bids, 1 bid, no bids',
  );
  assert.equal(
    render('{{names | list}}; {{names | join:" / "}}'),
    'Ada, Bob, and Cy; Ada / Bob / Cy',
  );
});

test('changes texts: case, padding, length', () => {
  assert.equal(render('{{bid.bidder | upper}} {{bids | pad:2}}'), 'ÅSA 03');
  assert.equal(render('{{"a long word" | truncate:6}}'), 'a lon…');
  assert.equal(render('{{bids > 2 || false ? "many" : "few"}}'), 'many');
});

test('leaves what is missing empty or takes the default, and tells of it', () => {
  const problems: TextProblem[] = [];
  assert.equal(
    render('[{{nothing}}] [{{nothing | upper | default:"–"}}]', 'en', problems),
    '[] [–]',
  );
  assert.deepEqual(
    problems.map(({ kind, source }) => [kind, source]),
    [['unknown-variable', 'nothing']],
  );
  problems.length = 0;
  assert.equal(render('[{{bid.bidder | number}}]', 'en', problems), '[]');
  assert.deepEqual(
    problems.map(({ kind, message }) => [kind, message]),
    [['expression', '"Åsa" is not a number']],
  );
});

test('takes escaped braces, braces in quotes and values with braces as they are', () => {
  assert.equal(render('\\{{bids}} {{bids}}'), '{{bids}} 3');
  assert.equal(render('{{"}}"}} {{open}}'), '}} {{bids}}');
  assert.equal(render('{ {bids} }'), '{ {bids} }');
});

test('refuses what cannot be understood, and arguments that a filter does not take', () => {
  for (const text of [
    '{{bids',
    '{{}}',
    '{{bids | }}',
    '{{bids | shout}}',
    '{{bids | currency:"XX"}}',
    '{{bids | number:{digits: 2}}}',
    '{{bids | number:{minimumFractionDigits: bids}}}',
    '{{bids | plural:{one: "a"}}}',
    '{{at | date:{timeZone: "Mars/Olympus"}}}',
    '{{a b}}',
    '{{bids}}'.repeat(33),
  ])
    assert.throws(() => parseTextTemplate(text), ExpressionError, text);
});

test('does not read moments that mean something else on another machine', () => {
  const problems: TextProblem[] = [];
  assert.equal(render('{{"2026-05-04T18:00:00" | date}}', 'en', problems), '');
  assert.match(problems[0]?.message ?? '', /is not a point in time/);
});
