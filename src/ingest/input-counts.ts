import type { InputReport } from './contract.js';

/** What has come of the pictures of an input since it was opened first, and since the last report. */
export class InputCounts {
  #pictures = 0;
  #late = 0;
  #dropped = 0;
  #since = 0;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  came(): void {
    this.#pictures += 1;
    this.#since += 1;
  }

  late(): void {
    this.#late += 1;
  }

  dropped(): void {
    this.#dropped += 1;
  }

  /** For a report, which is the last one from now on. */
  take(nowMs: number): Pick<InputReport, 'pictures' | 'late' | 'dropped' | 'fps'> {
    const fps = (this.#since * 1000) / Math.max(nowMs - this.#sinceMs, 1);
    this.#since = 0;
    this.#sinceMs = nowMs;
    return { pictures: this.#pictures, late: this.#late, dropped: this.#dropped, fps };
  }
}
