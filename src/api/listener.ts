import type { SoundPacket } from '../preview/contract.js';

/** What may wait in the server to be read by one listener, bytes: a sixth of a second of floats. Beyond it, packets wait here. */
export const LISTENING_BACKLOG_BYTES = 64 * 1024;
/** Packets that wait for one listener: a second. Beyond it, the oldest are dropped. */
export const MAX_WAITING_PACKETS = 50;
export const PACKET_MS = 20;

/** The socket of a listener. */
export interface ListenerSocket {
  /** Bytes that wait to be read. */
  backlogBytes(): number;
  sendText(message: Readonly<Record<string, unknown>>): void;
  sendBytes(bytes: Uint8Array): void;
}

/**
 * What waits to be sent to one listener. It says where a run of samples begins, and what a listener that is too slow did
 * not get; the packets are those of all listeners, so that what waits takes no room of its own.
 */
export class Listener {
  readonly #socket: ListenerSocket;
  /** What each beginning says besides its place. */
  readonly #intro: Readonly<Record<string, unknown>>;
  readonly #onDropped: (ms: number) => void;
  #waiting: SoundPacket[] = [];
  #run: number | null = null;
  #droppedMs = 0;
  #stalledSinceMs: number | null = null;

  constructor(
    socket: ListenerSocket,
    intro: Readonly<Record<string, unknown>>,
    onDropped: (ms: number) => void,
  ) {
    this.#socket = socket;
    this.#intro = intro;
    this.#onDropped = onDropped;
  }

  /** Since when it has taken nothing although something waits, by the monotonic clock, milliseconds; null: it takes all. */
  get stalledSinceMs(): number | null {
    return this.#stalledSinceMs;
  }

  offer(packet: SoundPacket, nowMs: number): void {
    this.#waiting.push(packet);
    this.send();
    if (this.#waiting.length === 0) return;
    this.#stalledSinceMs ??= nowMs;
    if (this.#waiting.length <= MAX_WAITING_PACKETS) return;
    this.#waiting.shift();
    this.#droppedMs += PACKET_MS;
    this.#onDropped(PACKET_MS);
  }

  /** Sends what waits as far as the socket takes it. */
  send(): void {
    while (this.#socket.backlogBytes() <= LISTENING_BACKLOG_BYTES) {
      const packet = this.#waiting.shift();
      if (packet === undefined) return;
      this.#stalledSinceMs = null;
      this.#sendPacket(packet);
    }
  }

  #sendPacket({ run, firstSample, frame, bytes }: SoundPacket): void {
    const place = { startSample: firstSample, frame };
    if (this.#droppedMs > 0) {
      this.#socket.sendText({ type: 'dropped', ms: this.#droppedMs, ...place });
      this.#droppedMs = 0;
    }
    if (run !== this.#run) {
      this.#run = run;
      this.#socket.sendText({ type: 'start', ...this.#intro, ...place });
    }
    this.#socket.sendBytes(bytes);
  }
}
