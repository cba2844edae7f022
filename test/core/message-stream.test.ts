import assert from 'node:assert/strict';
import { Duplex, PassThrough } from 'node:stream';
import { test } from 'node:test';
import { MessageStream } from '../../src/core/message-stream.js';

/** Two sides of a connection that passes on what is written in pieces of a size. */
function connect(pieceBytes: number): {
  readonly stream: Duplex;
  readonly received: unknown[];
  readonly other: MessageStream<unknown, unknown>;
} {
  const wire = new PassThrough();
  const sender = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      for (let at = 0; at < chunk.length; at += pieceBytes)
        wire.write(chunk.subarray(at, at + pieceBytes));
      done();
    },
  });
  const received: unknown[] = [];
  const receiver = Duplex.from({ readable: wire, writable: new PassThrough() });
  new MessageStream<unknown, unknown>(receiver, (message) => received.push(message));
  return { stream: receiver, received, other: new MessageStream(sender, () => undefined) };
}

const MESSAGES = [
  { type: 'open', spec: { text: 'ünï', list: [1, null, undefined] } },
  new Uint8Array(100_000).fill(7),
  null,
  { bytes: new Uint8Array([1, 2, 3]), deep: new Map([['a', new Date(5)]]) },
];

for (const pieceBytes of [1, 3, 5000, 1_000_000])
  test(`messages come whole and in order, in pieces of ${pieceBytes} bytes`, async () => {
    const { received, other } = connect(pieceBytes);
    for (const message of MESSAGES) other.send(message);
    for (let i = 0; i < 1000 && received.length < MESSAGES.length; i++)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal(received.length, MESSAGES.length);
    const [first, second, third, fourth] = received;
    assert.deepEqual(first, MESSAGES[0]);
    assert.deepEqual(Uint8Array.from(second as Uint8Array), MESSAGES[1]);
    assert.equal(third, null);
    assert.deepEqual((fourth as { deep: unknown }).deep, new Map([['a', new Date(5)]]));
  });

test('who says that more comes than may loses the connection', async () => {
  const wire = new PassThrough();
  const stream = Duplex.from({ readable: wire, writable: new PassThrough() });
  const received: unknown[] = [];
  new MessageStream<unknown, unknown>(stream, (message) => received.push(message));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(2 ** 31);
  wire.write(head);
  for (let i = 0; i < 100 && !stream.destroyed; i++)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(stream.destroyed, true);
  assert.deepEqual(received, []);
});
