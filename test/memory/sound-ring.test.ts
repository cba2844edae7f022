import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createSoundMemory,
  SOUND_BLOCKS,
  SOUND_CHANNELS,
  SOUND_RING_SAMPLES,
  SoundRingReader,
  SoundRingWriter,
} from '../../src/memory/sound-ring.js';

const BLOCK = 800;

function counting(first: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples * SOUND_CHANNELS }, (_, i) => (first * 2 + i) % 4096);
}

function rig(): {
  writer: SoundRingWriter;
  reader: SoundRingReader;
  write: (frame: number) => void;
} {
  const memory = createSoundMemory();
  const [writer, reader] = [new SoundRingWriter(memory), new SoundRingReader(memory)];
  const write = (frame: number): void => {
    const span = { first: frame * BLOCK, end: (frame + 1) * BLOCK };
    writer.write({ frame, epoch: 7, state: 'mixed' }, span, counting(span.first, BLOCK));
  };
  return { writer, reader, write };
}

function read(reader: SoundRingReader, frame: number, epoch = 7): Float32Array | null {
  const target = new Float32Array(BLOCK * SOUND_CHANNELS);
  const span = { first: frame * BLOCK, end: (frame + 1) * BLOCK };
  return reader.read(frame, epoch, span, target) === null ? null : target;
}

test('gives back each frame as it was written, over the end of the ring too', () => {
  const { reader, write } = rig();
  const frames = Math.ceil((2.5 * SOUND_RING_SAMPLES) / BLOCK);
  for (let frame = 0; frame < frames; frame++) {
    assert.equal(read(reader, frame), null);
    write(frame);
    assert.deepEqual(read(reader, frame), counting(frame * BLOCK, BLOCK));
  }
});

test('does not give what belongs to another clock, or has been written over', () => {
  const { reader, write } = rig();
  write(3);
  assert.equal(read(reader, 3, 8), null);
  // Its samples: the ring is shorter than the blocks that are known at one frame a second.
  const kept = Math.floor(SOUND_RING_SAMPLES / BLOCK) - 1;
  for (let frame = 4; frame <= 3 + kept; frame++) write(frame);
  assert.notEqual(read(reader, 3), null);
  write(4 + kept);
  write(5 + kept);
  assert.equal(read(reader, 3), null);
  // Its name: another frame has its place.
  write(3 + SOUND_BLOCKS);
  assert.equal(read(reader, 3), null);
});

test('tells silence from what is mixed', () => {
  const { writer, reader } = rig();
  const span = { first: 0, end: BLOCK };
  const target = new Float32Array(BLOCK * SOUND_CHANNELS);
  for (const state of ['silent', 'mixed'] as const) {
    writer.write({ frame: 0, epoch: 1, state }, span, target);
    assert.equal(reader.read(0, 1, span, target), state);
  }
});
