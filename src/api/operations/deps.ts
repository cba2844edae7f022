import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { IdSchema } from '../../scene/schema/values.js';
import type { StateStore } from '../../state/port.js';
import type { AssetService, ProgramService } from '../ports.js';

/** What the operations work on. */
export type OperationDeps = {
  readonly store: StateStore;
  readonly assets: AssetService;
  readonly program: ProgramService;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
};

/** A short new id: 48 random bits, so that a thousand of them do not meet. */
export function createId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 12);
}

/** A list's or a document's address by its id. */
export const ID_PARAMS = z.strictObject({ id: IdSchema });
