import type { FrameRequests } from '../memory/frame-requests.js';
import { LiveSoundReader } from '../memory/live-sound.js';
import type { InputSounds } from './input-player.js';

/** The sound of all live inputs, in the mixer thread. */
export class LiveSounds implements InputSounds {
  readonly #requests: Pick<FrameRequests, 'firstDueMs'>;
  #readers: ReadonlyMap<string, LiveSoundReader> = new Map();

  constructor(requests: Pick<FrameRequests, 'firstDueMs'>) {
    this.#requests = requests;
  }

  /** All inputs that there are, by their ids. */
  follow(inputs: Readonly<Record<string, SharedArrayBuffer>>): void {
    this.#readers = new Map(
      Object.entries(inputs).map(([id, memory]) => [id, new LiveSoundReader(memory)]),
    );
  }

  readerOf(inputId: string): LiveSoundReader | null {
    return this.#readers.get(inputId) ?? null;
  }

  get firstDueMs(): number {
    return this.#requests.firstDueMs;
  }
}
