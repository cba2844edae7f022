import { open } from 'node:fs/promises';

/**
 * Writes reels, as `reel.ts` describes and reads them. It is a file of its own because decoder processes write and do not read:
 * what checks a list when it is read takes longer to load than a picture to decode.
 */

/** A picture in a reel. */
export type ReelPicture = {
  readonly start: number;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** How long a frame is shown. */
  readonly durationMs: number;
};

/** The list at the end of a reel. */
export type Reel = {
  /** Frames in order. */
  readonly kind: 'film';
  /** How often a film runs, as it says itself; 0: forever. */
  readonly plays: number;
  /** At least one. */
  readonly pictures: readonly ReelPicture[];
};

/** The last bytes of every reel. */
export const REEL_MARK = Buffer.from('SMREEL01', 'latin1');

/** Takes pictures one after the other. */
export type ReelWriter = {
  add(bytes: Buffer, picture: Omit<ReelPicture, 'start' | 'bytes'>): Promise<void>;
};

/** Writes a reel to a new file; `fill` adds its pictures, at least one. */
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
    const reel: Reel = { kind, plays, pictures };
    const list = Buffer.from(JSON.stringify(reel));
    const bytesOfList = Buffer.alloc(4);
    bytesOfList.writeUInt32LE(list.length, 0);
    await file.appendFile(Buffer.concat([list, bytesOfList, REEL_MARK]));
    return reel;
  } finally {
    await file.close();
  }
}
