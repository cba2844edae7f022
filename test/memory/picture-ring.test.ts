import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createPictureRing,
  pictureBytes,
  PictureRingReader,
  PictureRingWriter,
  pixelsIn,
  ringBytes,
  slotsFor,
  type PictureFormat,
  type PictureRing,
} from '../../src/memory/picture-ring.js';

const FORMATS = ['i420', 'rgba'] as const satisfies readonly PictureFormat[];
const SIZE = { widthPx: 6, heightPx: 4 } as const;
/** Pictures before the one that is shown that are not written over. */
const KEPT = 3;

function open(
  format: PictureFormat,
  slots: number,
): {
  readonly ring: PictureRing;
  readonly writer: PictureRingWriter;
  readonly reader: PictureRingReader;
} {
  const ring = createPictureRing({ ...SIZE, format, slots });
  return { ring, writer: new PictureRingWriter(ring), reader: new PictureRingReader(ring) };
}

/** Pictures tell their numbers by all of their bytes. */
function write(writer: PictureRingWriter, number: number): void {
  writer.begin(number).fill(number % 251);
  writer.finish(number);
}

function holds(ring: PictureRing, number: number): boolean {
  return pixelsIn(ring, number).every((byte) => byte === number % 251);
}

test('a picture takes 1.5 bytes a pixel as I420 and 4 as RGBA, and a ring has as many as are wanted', () => {
  const hd = { widthPx: 1920, heightPx: 1080 } as const;
  assert.equal(pictureBytes({ ...hd, format: 'i420' }), 3_110_400);
  assert.equal(pictureBytes({ ...hd, format: 'rgba' }), 8_294_400);
  assert.equal(slotsFor({ ...hd, format: 'i420' }), 16);
  assert.equal(slotsFor({ ...hd, format: 'rgba' }), 8);
  assert.equal(slotsFor({ widthPx: 3840, heightPx: 2160, format: 'i420' }), 8);
  for (const format of FORMATS) {
    assert.equal(slotsFor({ widthPx: 320, heightPx: 180, format }), 24);
    const shape = { ...SIZE, format };
    assert.equal(createPictureRing({ ...shape, slots: 5 }).memory.byteLength, ringBytes(shape, 5));
  }
});

for (const format of FORMATS) {
  test(`${format}: what has been written is taken, or the newest before it`, () => {
    const { ring, writer, reader } = open(format, 8);
    assert.deepEqual([reader.take(0), reader.hasPicture, reader.hasFailed], [null, false, false]);
    assert.equal(pixelsIn(ring, 0).length, pictureBytes(ring));
    for (const number of [0, 1, 3]) write(writer, number);
    assert.ok(reader.hasPicture);
    assert.deepEqual(
      [reader.take(0), reader.take(2), reader.take(3), reader.take(9)],
      [0, 1, 3, 3],
    );
    assert.equal(writer.position, 9);
    for (const number of [0, 1, 3]) assert.ok(holds(ring, number), `${number}`);
  });

  test(`${format}: a picture that is being written is not there`, () => {
    const { writer, reader } = open(format, 8);
    write(writer, 0);
    const place = writer.begin(8);
    assert.equal(place.length, pictureBytes({ ...SIZE, format }));
    assert.deepEqual([reader.take(0), reader.take(8)], [null, null]);
    writer.finish(8);
    assert.equal(reader.take(8), 8);
  });

  test(`${format}: pictures before the one that is shown are kept`, () => {
    const { ring, writer, reader } = open(format, 8);
    assert.equal(writer.ahead, 4);
    const fill = (from: number): number => {
      let next = from;
      while (writer.hasRoomFor(next)) write(writer, next++);
      return next;
    };
    let next = fill(0);
    for (let shown = 0; shown < 100; shown++) {
      assert.equal(reader.take(shown), shown);
      next = fill(next);
      assert.equal(next, shown + 5);
      for (let kept = Math.max(0, shown - KEPT); kept <= shown; kept++)
        assert.ok(holds(ring, kept));
    }
  });

  test(`${format}: a picture is repeated under the next number, if it is there`, () => {
    const { ring, writer, reader } = open(format, 8);
    assert.equal(writer.repeat(5), false);
    write(writer, 4);
    assert.ok(writer.repeat(5) && writer.repeat(6));
    assert.equal(reader.take(6), 6);
    for (const number of [5, 6]) assert.ok(pixelsIn(ring, number).every((byte) => byte === 4));
    assert.equal(writer.repeat(8), false);
  });

  test(`${format}: nothing is written between the numbers and the pictures`, () => {
    const { ring, writer, reader } = open(format, 24);
    for (let number = 0; number < 60; number++) write(writer, number);
    reader.take(59);
    writer.setFailed(true);
    assert.ok(reader.hasFailed);
    assert.ok(new Uint8Array(ring.memory, 1024, 3072).every((byte) => byte === 0));
  });

  test(`${format}: whatever is written, sought and shown, a picture that was found is not another one while it is kept`, () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('seek' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('show' as const),
          by: fc.integer({ min: 0, max: 6 }),
        }),
      },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 12 }),
        fc.array(step, { maxLength: 120 }),
        (slots, steps) => {
          const { ring, writer, reader } = open(format, slots);
          let [next, shown] = [0, 0];
          const found = new Set<number>();
          for (const one of steps) {
            if (one.do === 'show') {
              shown += one.by;
              const taken = reader.take(shown);
              if (taken !== null) found.add(taken);
            } else if (one.do === 'seek') next = Math.max(next, shown);
            else if (writer.hasRoomFor(next)) {
              if (one.do === 'write') write(writer, next++);
              // It is begun, and never finished.
              else writer.begin(next).fill(255);
            }
            for (const number of found) if (number >= shown - KEPT) assert.ok(holds(ring, number));
          }
        },
      ),
    );
  });
}
