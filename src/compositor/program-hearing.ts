import { HeardReader, toHeardKey, type HeardKey } from '../memory/heard-sound.js';
import {
  SILENT_STRIP,
  spectrumKey,
  type Heard,
  type SpectrumWanted,
  type StripSound,
} from '../scene/sound/heard.js';
import type { StripKey } from '../scene/sound/levels.js';

/** A block that is older than the frame by more than this says nothing any more: the mixer does not run, and it is silent. */
const OLDEST_FRAMES = 3;

/** Names whose hashes are kept. */
const KEPT_KEYS = 1000;

/** How loud the frames of the program are, as the mixer writes it. In the compositor thread. */
export class ProgramHearing {
  readonly #reader: HeardReader;
  readonly #keys = new Map<string, HeardKey>();
  #epoch = NaN;
  #newest = -1;
  #wrote = 0;
  #unheard = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#reader = new HeardReader(memory);
  }

  /** Frames that showed how loud it was with another, or silence, since theirs was not there in time. */
  get unheardFrames(): number {
    return this.#unheard;
  }

  /** Frames are counted anew. */
  begin(epoch: number): void {
    this.#epoch = epoch;
    this.#newest = -1;
  }

  /** Whether the block of a frame is worth waiting for: it is not there yet, and the mixer is not far behind. */
  isComing(n: number): boolean {
    // Before the look: what is written after it wakes whoever waits.
    this.#wrote = this.#reader.wrote;
    if (this.#reader.has(n, this.#epoch)) this.#newest = Math.max(this.#newest, n);
    return n > this.#newest && n - this.#newest <= OLDEST_FRAMES;
  }

  /** Resolves when something has been written since `isComing` looked; after `timeoutMs` in any case. */
  written(timeoutMs: number): Promise<void> {
    return this.#reader.written(this.#wrote, timeoutMs);
  }

  /** What is heard with a frame; of use until another is asked for. Nothing is read before something asks for a strip. */
  at(n: number): Heard {
    let isTaken = false;
    const take = (): void => {
      if (isTaken) return;
      isTaken = true;
      this.#take(n);
    };
    return {
      strip: (key) => {
        take();
        return this.#strip(key);
      },
      spectrum: (wanted) => {
        take();
        return this.#spectrum(wanted);
      },
    };
  }

  /** The block of a frame, or the newest before it that is not too old. */
  #take(n: number): void {
    for (let age = 0; age <= OLDEST_FRAMES; age++) {
      if (!this.#reader.take(n - age, this.#epoch)) continue;
      this.#newest = Math.max(this.#newest, n - age);
      if (age > 0) this.#unheard += 1;
      return;
    }
    if (n >= 0) this.#unheard += 1;
  }

  #strip(key: StripKey): StripSound {
    const at = this.#reader.findStrip(this.#keyOf(key));
    if (at < 0) return SILENT_STRIP;
    const value = (field: number): number => this.#reader.values[at + field] ?? 0;
    return {
      peak: [value(0), value(1)],
      held: [value(2), value(3)],
      rms: [value(4), value(5)],
      level: value(6),
      isSpeaking: value(7) === 1,
    };
  }

  #spectrum(wanted: SpectrumWanted): ArrayLike<number> | null {
    const at = this.#reader.findSpectrum(this.#keyOf(spectrumKey(wanted)));
    return at < 0 ? null : this.#reader.values.subarray(at, at + wanted.bands);
  }

  #keyOf(name: string): HeardKey {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#keys.size >= KEPT_KEYS) this.#keys.clear();
    const key = toHeardKey(name);
    this.#keys.set(name, key);
    return key;
  }
}
