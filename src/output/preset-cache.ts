import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { X264_PRESETS, type X264Preset } from './encoder-settings.js';

const FILE_NAME = 'encoder-presets.json';
const MAX_ENTRIES = 64;

/** Presets that were measured before, in a file in the data folder: a lost or broken file only costs a second. */
export class PresetCache {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, FILE_NAME);
  }

  async get(key: string): Promise<X264Preset | null> {
    return (await this.#read())[key] ?? null;
  }

  async set(key: string, preset: X264Preset): Promise<void> {
    const others = Object.entries(await this.#read()).filter(([other]) => other !== key);
    const entries = [...others, [key, preset] as const].slice(-MAX_ENTRIES);
    await writeFileAtomic(this.#path, JSON.stringify(Object.fromEntries(entries), null, 2)).catch(
      () => undefined,
    );
  }

  /** What was measured, by its key; anything else that stands in the file is left out. */
  async #read(): Promise<Partial<Record<string, X264Preset>>> {
    try {
      const stored: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      const entries: [string, unknown][] =
        typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
      return Object.fromEntries(
        entries.flatMap(([key, name]) => {
          const preset = X264_PRESETS.find((one) => one === name);
          return preset === undefined ? [] : [[key, preset]];
        }),
      );
    } catch {
      return {};
    }
  }
}
