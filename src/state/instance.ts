import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** One run of the service, as it introduces itself to others that want the same state. */
export const InstanceSchema = z.strictObject({
  /** Made anew by every run. */
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  /** When it started, ISO 8601. */
  since: z.string(),
  /** Of the running kernel: containers of one machine have it in common. Empty where the system does not tell. */
  bootId: z.string(),
  /** In which `pid` counts. Empty where the system does not tell. */
  pidNamespace: z.string(),
});
export type Instance = z.infer<typeof InstanceSchema>;

function orEmpty(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** This run of the service. */
export function createInstance(): Instance {
  return {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    bootId: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** What another run has written of itself; null when it is not that. */
export function parseInstance(text: string): Instance | null {
  try {
    return InstanceSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** An instance for people: `process 4242 on studio-1, since 2026-01-31T12:00:00.000Z`. */
export function describeInstance({ pid, host, since }: Instance): string {
  return `process ${pid} on ${host}, since ${since}`;
}

/** Whether both run, or ran, on the same kernel. */
export function isSameMachine(a: Instance, b: Instance): boolean {
  return a.bootId !== '' && a.bootId === b.bootId;
}

/** Whether another run has certainly ended. A process of the same number may be a new one: then it is not certain. */
export function isCertainlyDead(other: Instance, self: Instance): boolean {
  const canTell =
    isSameMachine(other, self) &&
    other.pidNamespace !== '' &&
    other.pidNamespace === self.pidNamespace;
  if (!canTell) return false;
  try {
    process.kill(other.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
