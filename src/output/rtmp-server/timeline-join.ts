const HEADER_FLAGS = new Set([0, 2, 5]);

type TimedPacket = { readonly flags: number; pts: number; dts: number };

/**
 * Keeps the time that players see going forward when the publisher is another one: what the new one sends is
 * moved, both tracks by the same amount, to where the old one has stopped. Times are in milliseconds.
 */
export class TimelineJoin {
  #offsetMs = 0;
  #latestMs = 0;
  #isJoining = false;

  /** The next packet comes from a new publisher. */
  begin(): void {
    this.#isJoining = true;
  }

  /** Moves a packet in place; headers and metadata have no time of their own. */
  apply(packet: TimedPacket): void {
    if (HEADER_FLAGS.has(packet.flags)) return;
    if (this.#isJoining) {
      this.#offsetMs = this.#latestMs === 0 ? 0 : this.#latestMs + 1 - packet.dts;
      this.#isJoining = false;
    }
    packet.dts = Math.max(0, packet.dts + this.#offsetMs);
    packet.pts = Math.max(0, packet.pts + this.#offsetMs);
    this.#latestMs = Math.max(this.#latestMs, packet.dts);
  }
}
