import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Transition } from '../../scene/schema/transition.js';
import { IdSchema } from '../../scene/schema/values.js';
import type { SceneMoment } from '../../state/staging.js';

/** A short new id: 48 random bits, so that a thousand of them do not meet. */
export function createId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12);
}

/**
 * Milliseconds from a call until the first frame that shows it: 45 at the 99th percentile, see `latency` in the
 * benchmark. What moves begins to move then, and not in a frame that would show a part of the way already.
 */
const ON_AIR_MS = 40;

/** A change that is asked for now. @param transition - undefined: at once */
export function momentOf(nowMs: number, transition: Transition | undefined): SceneMoment {
  return { atMs: nowMs + ON_AIR_MS, transition: transition ?? null };
}

/** A list's or a document's address by its id. */
export const ID_PARAMS = z.strictObject({ id: IdSchema });
