import type { FrameAnswer, FrameSender, InputSpec, PushedFrame } from './contract.js';
import type { FrameReceiver } from './frame-receiver.js';

type Receiver = { readonly key: string; readonly receiver: FrameReceiver };

/**
 * Pictures that programs send, on their way to their inputs. The newest one of each sender is kept as it came: an input that nothing
 * shows decodes none, and has that one as soon as something does.
 */
export class FrameInbox {
  readonly #answer: (answer: FrameAnswer) => void;
  /** By the ids of their inputs. */
  readonly #receivers = new Map<string, Receiver>();
  #senders: readonly FrameSender[] = [];
  /** By the ids of their inputs. */
  readonly #newest = new Map<string, PushedFrame>();

  constructor(answer: (answer: FrameAnswer) => void) {
    this.#answer = answer;
  }

  /** All programs that send; of those for the same input the last one counts. */
  follow(senders: readonly FrameSender[]): void {
    this.#senders = senders;
    for (const [inputId, { senderId }] of [...this.#newest])
      if (this.#senderOf(inputId)?.senderId !== senderId) this.#newest.delete(inputId);
    for (const [inputId, { receiver }] of this.#receivers) receiver.follow(this.#senderOf(inputId));
  }

  /** An input is decoded from now on. */
  add({ id, key }: InputSpec, receiver: FrameReceiver): void {
    this.#receivers.set(id, { key, receiver });
    receiver.follow(this.#senderOf(id));
    const frame = this.#newest.get(id);
    if (frame !== undefined) receiver.repeat(frame);
  }

  /** It is not decoded any more. */
  remove(key: string): void {
    for (const [id, one] of [...this.#receivers]) if (one.key === key) this.#receivers.delete(id);
  }

  put(frame: PushedFrame): void {
    const { senderId, number } = frame;
    const inputId = this.#senders.find((sender) => sender.senderId === senderId)?.inputId;
    if (inputId === undefined || this.#senderOf(inputId)?.senderId !== senderId) {
      this.#answer({ senderId, number, result: 'dropped', reason: 'replaced' });
      return;
    }
    this.#newest.set(inputId, frame);
    const known = this.#receivers.get(inputId);
    if (known === undefined)
      this.#answer({ senderId, number, result: 'dropped', reason: 'not-shown' });
    else known.receiver.put(frame);
  }

  #senderOf(inputId: string): FrameSender | null {
    return this.#senders.findLast((sender) => sender.inputId === inputId) ?? null;
  }
}
