/** Checks in a row at which nothing went out although something was to go out. */
const STALLED_CHECKS = 6;
/** The same before the first byte went out. */
const CONNECT_CHECKS = 12;

/** What a connection has done so far. */
export type RelayCounts = {
  /** Bytes that it was given, and frames that it had no room for. */
  readonly fedBytes: number;
  readonly droppedFrames: number;
  readonly sentBytes: number;
};

/**
 * Finds connections over which nothing goes out any more. Counts checks, not time: a thread that was held up itself must
 * not blame the network. One that has nothing to send, since the encoder is silent, has not stalled.
 */
export class RelayWatch {
  #before: RelayCounts = { fedBytes: 0, droppedFrames: 0, sentBytes: 0 };
  #idleChecks = 0;

  /** To be called about once a second. Answers why the connection is to be ended; null: it is well. */
  check(counts: RelayCounts, isLive: boolean): 'stalled' | 'no-answer' | null {
    const before = this.#before;
    this.#before = counts;
    const hadToSend =
      counts.fedBytes > before.fedBytes || counts.droppedFrames > before.droppedFrames;
    const hasSent = counts.sentBytes > before.sentBytes;
    this.#idleChecks = hadToSend && !hasSent ? this.#idleChecks + 1 : 0;
    if (this.#idleChecks < (isLive ? STALLED_CHECKS : CONNECT_CHECKS)) return null;
    return isLive ? 'stalled' : 'no-answer';
  }
}
