import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';

/**
 * A reel: several pictures in one file, made by the service for its painter. The pictures follow each other, then
 * comes the list of them as JSON, then the length of the list and a mark:
 *
 *     ┌ picture ┬ picture ┬ … ┬ list (JSON) ┬ u32 bytes of the list ┬ "SMREEL01" ┐
 */

const MARK = Buffer.from('SMREEL01', 'latin1');
const TAIL_BYTES = 4 + MARK.length;
/** No list of ours is longer: a thousand frames take 100 kB. */
const MAX_LIST_BYTES = 1_000_000;

const ReelSchema = z.strictObject({
  /** Frames in order. */
  kind: z.literal('film'),
  /** How often a film runs, as it says itself; 0: forever. */
  plays: z.int().min(0),
  pictures: z
    .array(
      z.strictObject({
        start: z.int().min(0),
        bytes: z.int().min(1),
        width: z.int().min(1),
        height: z.int().min(1),
        /** How long a frame is shown; 0 in other reels. */
        durationMs: z.number().min(0),
      }),
    )
    .min(1),
});
export type Reel = z.infer<typeof ReelSchema>;
type ReelPicture = Reel['pictures'][number];

/** Takes pictures one after the other. */
export type ReelWriter = {
  add(bytes: Buffer, picture: Omit<ReelPicture, 'start' | 'bytes'>): Promise<void>;
};

/** Writes a reel to a new file; `fill` adds its pictures. */
export async function writeReel(
  path: string,
  kind: Reel['kind'],
  plays: number,
  fill: (writer: ReelWriter) => Promise<void>,
): Promise<Reel> {
  const file = await open(path, 'wx');
  try {
    const pictures: ReelPicture[] = [];
    let start = 0;
    await fill({
      async add(bytes, picture) {
        await file.appendFile(bytes);
        pictures.push({ start, bytes: bytes.length, ...picture });
        start += bytes.length;
      },
    });
    const reel = ReelSchema.parse({ kind, plays, pictures });
    const list = Buffer.from(JSON.stringify(reel));
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(list.length, 0);
    MARK.copy(tail, 4);
    await file.appendFile(Buffer.concat([list, tail]));
    return reel;
  } finally {
    await file.close();
  }
}

/** Whether a file ends as reels do. */
export function isReel(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const mark = Buffer.alloc(MARK.length);
    readSync(file, mark, 0, MARK.length, Math.max(0, fstatSync(file).size - MARK.length));
    return mark.equals(MARK);
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
    if (!tail.subarray(4).equals(MARK) || bytes > MAX_LIST_BYTES || start < 0)
      throw new Error('This is no reel.');
    const list = Buffer.alloc(bytes);
    readSync(file, list, 0, bytes, start);
    return ReelSchema.parse(JSON.parse(list.toString('utf8')));
  } finally {
    closeSync(file);
  }
}
