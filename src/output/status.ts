/** What is known of one output at one moment. */
export type OutputStatus = {
  readonly id: string;
  /** `idle`: not enabled or the stream is offline; `waiting`: lost, the next try is planned. */
  readonly state: 'idle' | 'connecting' | 'live' | 'waiting';
  readonly bytes: number;
  /** How often it was connected again after it had been lost. */
  readonly reconnects: number;
  /** Video frames that were not sent because the network was too slow. */
  readonly droppedFrames: number;
  /** Why it was last lost, for people and without secrets; null when it never was. */
  readonly lastError: string | null;
};
