import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { REEL_MARK, type Reel } from './write-reel.js';

/**
 * Reads a reel: several pictures in one file, made by the service for its painter. The pictures follow each other, then
 * comes the list of them as JSON, then the length of the list and a mark:
 *
 *     ┌ picture ┬ picture ┬ … ┬ list (JSON) ┬ u32 bytes of the list ┬ "SMREEL01" ┐
 */

const TAIL_BYTES = 4 + REEL_MARK.length;
/** No list of ours is longer: a thousand frames take 100 kB. */
const MAX_LIST_BYTES = 1_000_000;

const ReelSchema = z.strictObject({
  kind: z.literal('film'),
  plays: z.int().min(0),
  pictures: z
    .array(
      z.strictObject({
        start: z.int().min(0),
        bytes: z.int().min(1),
        width: z.int().min(1),
        height: z.int().min(1),
        durationMs: z.number().min(0),
      }),
    )
    .min(1),
});

/** Whether a file ends as reels do. */
export function isReel(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const mark = Buffer.alloc(REEL_MARK.length);
    readSync(file, mark, 0, REEL_MARK.length, Math.max(0, fstatSync(file).size - REEL_MARK.length));
    return mark.equals(REEL_MARK);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the list of a reel, in a fraction of a millisecond.
 * @throws Error when the file is not there or is no reel
 */
export function readReel(path: string): Reel {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(TAIL_BYTES);
    readSync(file, tail, 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    const bytes = tail.readUInt32LE(0);
    const start = size - TAIL_BYTES - bytes;
    if (!tail.subarray(4).equals(REEL_MARK) || bytes > MAX_LIST_BYTES || start < 0)
      throw new Error('This is no reel.');
    const list = Buffer.alloc(bytes);
    readSync(file, list, 0, bytes, start);
    return ReelSchema.parse(JSON.parse(list.toString('utf8')));
  } finally {
    closeSync(file);
  }
}
