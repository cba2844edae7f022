import { DecoderPool } from '../../src/decode/pool.js';
import { PixelFiles } from '../../src/decode/pixel-files.js';
import { pixelsWanted } from './pixels-wanted.js';

/** Decodes the picture at a path again and again, and says the processes that do it: to be killed. */
const [path = ''] = process.argv.slice(2);
const pool = new DecoderPool({ processes: 2 });
const pixels = new PixelFiles(pool);
const wanted = pixelsWanted(path, { width: 2000, height: 2000 });

async function decodeOn(): Promise<void> {
  for (;;) {
    await pixels.with(wanted, (file) => {
      process.stdout.write(`${file} ${pool.pids.join(' ')}\n`);
    });
  }
}

await Promise.all([decodeOn(), decodeOn()]);
