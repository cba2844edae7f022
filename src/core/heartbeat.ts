/**
 * A counter in shared memory by which a thread shows that its event loop turns. One writer, the thread; its supervisor
 * reads. A single word that is only compared with itself needs no ordering.
 */
export type Heartbeat = Int32Array<SharedArrayBuffer>;

/** How often a thread beats, milliseconds. */
export const HEARTBEAT_MS = 100;

export function createHeartbeat(): Heartbeat {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Beats from now on, for as long as the event loop of this thread turns. Does not keep the thread running. */
export function beat(heartbeat: Heartbeat): void {
  setInterval(() => {
    Atomics.add(heartbeat, 0, 1);
  }, HEARTBEAT_MS).unref();
}
