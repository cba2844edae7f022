import { monotonicMs } from '../core/monotonic.js';
import type { FrameAnswer, FrameSender, PushedFormat, PushedFrame } from '../ingest/contract.js';

/** Pictures of one sender that may be on their way at a time. */
export const MAX_UNANSWERED = 3;

/** What the ingest thread is told; false: there is none that gets it. */
export type FrameSendersTarget = {
  /** `all` is another than before. */
  readonly follow: () => void;
  readonly put: (frame: PushedFrame) => boolean;
};

type FrameListener = (answer: Omit<FrameAnswer, 'senderId'>) => void;

type Sender = FrameSender & {
  readonly listener: FrameListener;
  readonly unanswered: Set<number>;
  /** It has come while there was no thread that takes it: the newest of those. */
  waiting: PushedFrame | null;
  sent: number;
};

/** A program that sends pictures, for whoever has its connection. */
export type FrameConnection = {
  /** Hands a picture over, which is answered in any case. `bytes` must not be used any more. */
  send(bytes: ArrayBuffer, timestampMs: number | null): void;
  close(): void;
};

/** The programs that send pictures to live inputs, in the main thread: each picture is answered, even if the ingest thread is not. */
export class FrameSenders {
  readonly #target: FrameSendersTarget;
  readonly #senders = new Map<number, Sender>();
  #nextId = 0;

  constructor(target: FrameSendersTarget) {
    this.#target = target;
  }

  get all(): readonly FrameSender[] {
    return [...this.#senders.values()].map(({ senderId, inputId, format }) => ({
      senderId,
      inputId,
      format,
    }));
  }

  /** A program begins to send. */
  open(inputId: string, format: PushedFormat, listener: FrameListener): FrameConnection {
    const senderId = this.#nextId++;
    const sender: Sender = {
      senderId,
      inputId,
      format,
      listener,
      unanswered: new Set<number>(),
      waiting: null,
      sent: 0,
    };
    this.#senders.set(senderId, sender);
    this.#target.follow();
    return {
      send: (bytes, timestampMs) => {
        this.#send(sender, bytes, timestampMs);
      },
      close: () => {
        this.#senders.delete(senderId);
        this.#target.follow();
      },
    };
  }

  /** Takes what the ingest thread answers. */
  onAnswer({ senderId, number, result, reason }: FrameAnswer): void {
    const sender = this.#senders.get(senderId);
    if (sender?.unanswered.delete(number) === true) sender.listener({ number, result, reason });
  }

  /** The ingest thread takes pictures. */
  onReady(): void {
    for (const sender of this.#senders.values()) {
      const { waiting } = sender;
      sender.waiting = null;
      if (waiting !== null) this.#put(sender, waiting);
    }
  }

  /** The ingest thread has ended: what it had is lost. */
  onLost(): void {
    for (const { listener, unanswered, waiting } of this.#senders.values()) {
      const lost = [...unanswered].filter((number) => number !== waiting?.number);
      for (const number of lost) unanswered.delete(number);
      for (const number of lost) listener({ number, result: 'dropped', reason: 'restarted' });
    }
  }

  #send(sender: Sender, bytes: ArrayBuffer, timestampMs: number | null): void {
    const { senderId, unanswered, listener } = sender;
    const number = sender.sent++;
    if (unanswered.size >= MAX_UNANSWERED) {
      listener({ number, result: 'dropped', reason: 'busy' });
      return;
    }
    unanswered.add(number);
    this.#put(sender, { senderId, number, bytes, timestampMs, cameMs: monotonicMs() });
  }

  /** Hands a picture over, now or as soon as there is a thread, in place of one that waits for it. */
  #put(sender: Sender, frame: PushedFrame): void {
    if (this.#target.put(frame)) return;
    const before = sender.waiting;
    sender.waiting = frame;
    if (before === null) return;
    sender.unanswered.delete(before.number);
    sender.listener({ number: before.number, result: 'dropped', reason: 'restarted' });
  }
}
