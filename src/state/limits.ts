/** What the state may hold at the most, next to what one scene may hold. */
export const STATE_LIMITS = {
  assets: 1000,
  /** Each output is a process of its own. */
  outputs: 32,
  /** Each input that is decoded is a process of its own, and has up to 128 MB of pictures. */
  inputs: 16,
  /** Batches that wait for their moment, and those that are remembered when they are over. */
  scheduledBatches: 256,
  endedBatches: 256,
  operationsPerBatch: 200,
  /** Of the commands of all batches that wait, as JSON: they are part of what is stored with every change. */
  scheduledChars: 8 * 1024 * 1024,
} as const;
