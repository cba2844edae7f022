import { monotonicMs } from '../core/monotonic.js';
import { FrameDecoder } from '../decode/frame-process.js';
import { LivePicturesWriter } from '../memory/live-pictures.js';
import type {
  FrameAnswer,
  FrameSender,
  InputReport,
  InputSpec,
  PushedFormat,
  PushedFrame,
} from './contract.js';
import { InputClock } from './input-clock.js';
import { InputStatus } from './input-status.js';
import type { PushedPixels } from './pushed-pixels.js';

export type FrameReceiverOptions = {
  readonly input: InputSpec;
  readonly pixels: PushedPixels;
  readonly report: (report: InputReport) => void;
  readonly answer: (answer: FrameAnswer) => void;
};

type Outcome = Pick<FrameAnswer, 'result' | 'reason'>;
type Shape = Parameters<LivePicturesWriter['reshape']>[0];

/** A live input whose pictures a program sends: puts each where compositors find it. */
export class FrameReceiver {
  readonly #options: FrameReceiverOptions;
  readonly #pictures: LivePicturesWriter;
  readonly #status: InputStatus;
  #decoder: Promise<FrameDecoder> | null = null;
  #clock: InputClock;
  #sender: FrameSender | null = null;
  #senders = 0;
  /** What is being worked at, and what waits for it. */
  #work: Promise<void> = Promise.resolve();
  #shape: Shape | null = null;
  #isClosed = false;

  constructor(options: FrameReceiverOptions) {
    this.#options = options;
    const { pictures, latencyMs } = options.input;
    this.#pictures = new LivePicturesWriter(pictures);
    this.#pictures.hold(false);
    this.#status = new InputStatus({
      input: options.input,
      reason: 'No program sends pictures yet.',
      details: () => ({
        widthPx: this.#shape?.widthPx ?? null,
        heightPx: this.#shape?.heightPx ?? null,
        hasSound: false,
        reconnects: Math.max(0, this.#senders - 1),
      }),
      report: options.report,
    });
    this.#clock = new InputClock(latencyMs);
  }

  /** Who sends from now on; null: nobody does. */
  follow(sender: FrameSender | null): void {
    if (sender?.senderId === this.#sender?.senderId) return;
    const hadSender = this.#sender !== null;
    this.#sender = sender;
    this.#clock = new InputClock(this.#options.input.latencyMs);
    if (sender !== null) this.#senders += 1;
    this.#pictures.hold(sender !== null);
    if (sender !== null) this.#status.set('connecting', 'No picture has come yet.');
    else if (hadSender)
      this.#status.set('ended', 'The program that sent has closed its connection.');
  }

  /** Takes a picture of who sends; it is answered when it has its place. */
  put(frame: PushedFrame): void {
    this.#status.came();
    this.#work = this.#work.then(async () => {
      this.#answer(frame, await this.#take(frame));
    });
  }

  /** Takes one that has been answered, to be shown at once: when it was due is over. */
  repeat(frame: PushedFrame): void {
    this.#work = this.#work.then(async () => {
      await this.#take({ ...frame, timestampMs: null });
    });
  }

  /** Reports; to be called every few milliseconds. */
  tick(): void {
    this.#status.tick(monotonicMs());
  }

  close(): void {
    this.#isClosed = true;
    this.#pictures.hold(false);
    this.#pictures.clear();
    this.#closeDecoder();
  }

  #answer({ senderId, number }: PushedFrame, outcome: Outcome): void {
    if (outcome.result === 'dropped') this.#status.dropped();
    if (outcome.result === 'late') this.#status.late();
    this.#options.answer({ senderId, number, ...outcome });
  }

  async #take(frame: PushedFrame): Promise<Outcome> {
    const sender = this.#sender;
    if (sender?.senderId !== frame.senderId) return { result: 'dropped', reason: 'replaced' };
    try {
      const result = await this.#place(frame, sender.format);
      return result === null ? { result: 'dropped', reason: 'early' } : { result, reason: null };
    } catch (error) {
      return { result: 'broken', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Puts a picture into the memory. Null: there is no room, since those that have come are all still to be shown. */
  async #place(frame: PushedFrame, format: PushedFormat): Promise<'taken' | 'late' | null> {
    const bytes = new Uint8Array(frame.bytes);
    const { maxWidthPx, maxHeightPx } = this.#options.input;
    let shape: Shape;
    let fill: (target: Uint8Array) => void;
    if (format.kind === 'file') {
      const decoder = await this.#openDecoder();
      const { mediaType } = format;
      const decoded = await decoder.decode({ bytes, mediaType, maxWidthPx, maxHeightPx });
      shape = { ...toSize(decoded), format: 'rgba' };
      fill = (target) => {
        decoder.readInto(target);
        const order = { isBgra: false, alpha: 'straight' } as const;
        if (decoded.hasAlpha) this.#options.pixels.convert(target, target, order);
      };
    } else if (format.kind === 'pixels') {
      shape = { ...toSize(format), format: 'rgba' };
      fill = (target) => {
        this.#options.pixels.convert(bytes, target, format);
      };
    } else {
      shape = { ...toSize(format), format: 'i420' };
      fill = (target) => {
        target.set(bytes);
      };
    }
    if (this.#isClosed) return null;
    if (!this.#pictures.reshape(shape))
      throw new Error(
        `The picture is ${shape.widthPx}x${shape.heightPx}, larger than the program. Send it no larger than ${maxWidthPx}x${maxHeightPx}, or as JPEG, PNG or WebP, which are scaled down.`,
      );
    this.#shape = shape;
    return this.#write(frame, fill);
  }

  #write(
    { timestampMs, cameMs }: PushedFrame,
    fill: (target: Uint8Array) => void,
  ): 'taken' | 'late' | null {
    const nowMs = monotonicMs();
    const target = this.#pictures.begin(nowMs);
    if (target === null) return null;
    fill(target);
    this.#status.set('live', null);
    if (timestampMs === null) {
      this.#pictures.finish(nowMs);
      return 'taken';
    }
    this.#clock.observe(timestampMs, cameMs);
    const dueMs = this.#clock.dueMsOf(timestampMs);
    this.#pictures.finish(dueMs);
    return dueMs < nowMs ? 'late' : 'taken';
  }

  /** The next picture tries again what has failed with this one. */
  async #openDecoder(): Promise<FrameDecoder> {
    this.#decoder ??= FrameDecoder.open();
    try {
      return await this.#decoder;
    } catch (error) {
      this.#decoder = null;
      throw error;
    }
  }

  #closeDecoder(): void {
    void this.#decoder?.then(
      (decoder) => {
        decoder.close();
      },
      () => undefined,
    );
    this.#decoder = null;
  }
}

function toSize({
  widthPx,
  heightPx,
}: {
  readonly widthPx: number;
  readonly heightPx: number;
}): Pick<Shape, 'widthPx' | 'heightPx'> {
  return { widthPx, heightPx };
}
