import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushedFrame } from '../../src/ingest/contract.js';
import { FrameSenders, MAX_UNANSWERED } from '../../src/program/frame-senders.js';

type Answer = { readonly number: number; readonly result: string; readonly reason: string | null };

function open(isThere: () => boolean = () => true): {
  readonly senders: FrameSenders;
  readonly put: PushedFrame[];
  readonly told: string[][];
} {
  const put: PushedFrame[] = [];
  const told: string[][] = [];
  const senders = new FrameSenders({
    follow: () => void told.push(senders.all.map(({ inputId }) => inputId)),
    put: (frame) => {
      if (isThere()) put.push(frame);
      return isThere();
    },
  });
  return { senders, put, told };
}

const FORMAT = { kind: 'file', mediaType: 'image/png' } as const;

test('who sends more than is taken is told so, picture by picture, and nothing piles up', () => {
  const { senders, put } = open();
  const answers: Answer[] = [];
  const connection = senders.open('chart', FORMAT, (answer) => answers.push(answer));
  for (let i = 0; i < MAX_UNANSWERED + 2; i++) connection.send(new ArrayBuffer(8), null);
  assert.equal(put.length, MAX_UNANSWERED);
  assert.deepEqual(answers, [
    { number: MAX_UNANSWERED, result: 'dropped', reason: 'busy' },
    { number: MAX_UNANSWERED + 1, result: 'dropped', reason: 'busy' },
  ]);
  senders.onAnswer({ senderId: put[0]?.senderId ?? NaN, number: 0, result: 'taken', reason: null });
  assert.deepEqual(answers.at(-1), { number: 0, result: 'taken', reason: null });
  connection.send(new ArrayBuffer(8), 5);
  assert.equal(put.at(-1)?.number, MAX_UNANSWERED + 2);
  assert.equal(put.at(-1)?.timestampMs, 5);
});

test('what a thread had that ends is answered, once; what comes while there is none waits for the next one', () => {
  let isThere = true;
  const { senders, put } = open(() => isThere);
  const answers: Answer[] = [];
  const connection = senders.open('chart', FORMAT, (answer) => answers.push(answer));
  connection.send(new ArrayBuffer(8), null);
  isThere = false;
  senders.onLost();
  assert.deepEqual(answers, [{ number: 0, result: 'dropped', reason: 'restarted' }]);
  senders.onAnswer({ senderId: 0, number: 0, result: 'taken', reason: null });
  assert.equal(answers.length, 1);
  // Of those the newest one counts.
  connection.send(new ArrayBuffer(8), null);
  connection.send(new ArrayBuffer(8), null);
  assert.deepEqual(answers.at(-1), { number: 1, result: 'dropped', reason: 'restarted' });
  senders.onLost();
  isThere = true;
  senders.onReady();
  assert.deepEqual(
    put.map(({ number }) => number),
    [0, 2],
  );
  senders.onAnswer({ senderId: 0, number: 2, result: 'taken', reason: null });
  assert.equal(answers.length, 3);
});

test('the thread is told who sends, and a connection that has ended is told nothing any more', () => {
  const { senders, put, told } = open();
  const answers: Answer[] = [];
  const connection = senders.open('chart', FORMAT, (answer) => answers.push(answer));
  senders.open('game', FORMAT, () => undefined);
  connection.send(new ArrayBuffer(8), null);
  connection.close();
  senders.onAnswer({ senderId: put[0]?.senderId ?? NaN, number: 0, result: 'taken', reason: null });
  assert.deepEqual(answers, []);
  assert.deepEqual(told, [['chart'], ['chart', 'game'], ['game']]);
});
