import { monotonicMs } from '../core/monotonic.js';
import type { InputReport, InputSpec } from './contract.js';

/** How often it is reported what has changed, milliseconds. */
const REPORT_MS = 1000;

type State = InputReport['state'];
type Details = Pick<InputReport, 'widthPx' | 'heightPx' | 'hasSound' | 'reconnects'>;

/** What becomes of a live input, and of its pictures since it was opened first: reported with every change, and once a second. */
export class InputStatus {
  readonly #input: InputSpec;
  readonly #details: () => Details;
  readonly #onReport: (report: InputReport) => void;
  #state: State = 'connecting';
  #reason: string | null;
  #pictures = 0;
  #late = 0;
  #dropped = 0;
  /** Pictures since the last report. */
  #since = 0;
  #reportedAtMs = 0;

  constructor({
    input,
    reason,
    details,
    report,
  }: {
    readonly input: InputSpec;
    /** Why nothing has come yet, for people; null: nobody has to be told. */
    readonly reason: string | null;
    readonly details: () => Details;
    readonly report: (report: InputReport) => void;
  }) {
    this.#input = input;
    this.#reason = reason;
    this.#details = details;
    this.#onReport = report;
  }

  get state(): State {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** A picture has come. */
  came(): void {
    this.#pictures += 1;
    this.#since += 1;
  }

  /** One of them came after it was due. */
  late(): void {
    this.#late += 1;
  }

  /** One of them is not shown. */
  dropped(): void {
    this.#dropped += 1;
  }

  /** @param reason - why nothing comes, for people; null while something does */
  set(state: State, reason: string | null): void {
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#report(monotonicMs());
  }

  /** To be called every few milliseconds. */
  tick(nowMs: number): void {
    if (nowMs - this.#reportedAtMs >= REPORT_MS) this.#report(nowMs);
  }

  #report(nowMs: number): void {
    const fps = (this.#since * 1000) / Math.max(nowMs - this.#reportedAtMs, 1);
    this.#since = 0;
    this.#reportedAtMs = nowMs;
    this.#onReport({
      id: this.#input.id,
      state: this.#state,
      reason: this.#reason,
      fps,
      pictures: this.#pictures,
      late: this.#late,
      dropped: this.#dropped,
      latencyMs: this.#input.latencyMs,
      ...this.#details(),
    });
  }
}
