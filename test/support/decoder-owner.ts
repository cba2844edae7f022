import { DecoderPool } from '../../src/decode/pool.js';
import { PixelFiles } from '../../src/decode/pixel-files.js';

/** Decodes the picture at a path again and again, and says the processes that do it: to be killed. */
const [path = ''] = process.argv.slice(2);
const pool = new DecoderPool({ processes: 2 });
const pixels = new PixelFiles(pool);
const wanted = { path, range: null, part: null, widthPx: 2000, heightPx: 2000 };

async function decodeOn(): Promise<void> {
  for (;;) {
    await pixels.with(wanted, (file) => {
      process.stdout.write(`${file} ${pool.pids.join(' ')}\n`);
    });
  }
}

await Promise.all([decodeOn(), decodeOn()]);
