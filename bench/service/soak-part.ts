import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext, Part } from '../part.js';
import { runLong } from './long-run.js';
import { Service } from './service.js';
import { addSources, speak, uploadSongs } from './sound-load.js';

/** One change each second, of all that a program steers. */
const CHANGES: readonly ((service: Service, i: number) => Promise<unknown>)[] = [
  (service, i) =>
    service.call('PATCH', '/api/scenes/auction/layers/title', { text: `Lot ${i} — Two Lovers` }),
  (service, i) =>
    service.call('PATCH', '/api/audio/sources/songs', {
      strip: { gainDb: -12 - (i % 5) },
      transition: { durationMs: 500 },
    }),
  (service, i) => service.call('PATCH', '/api/variables', { values: { lot: i } }),
  (service) => service.call('POST', '/api/audio/sources/songs/skip', {}),
];

/** The service with all kinds of sound for a long time: what it loses, and whether memory grows. */
export const soakPart: Part = {
  name: 'soak',
  summary:
    'an hour of the demo with music, a playlist, a pushed voice and a change a second: the ledgers, and memory over time',
  isExtra: true,
  async run(context: BenchContext): Promise<void> {
    const dataDir = join(context.folder, 'data');
    await mkdir(dataDir);
    const service = await Service.start({ dataDir, imports: [] });
    try {
      await uploadSongs(service);
      await addSources(service);
      const hush = await speak(service);
      await runLong(context, service, async (i) => CHANGES[i % CHANGES.length]?.(service, i));
      hush();
    } finally {
      await service.stop();
    }
  },
};
