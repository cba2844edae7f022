import { z } from 'zod';
import type { ErrorCode } from '../../core/errors.js';
import { LOG_LEVELS } from '../../core/logger.js';

/** What the main thread and the RTMP server's thread say to each other. */

export const RtmpServerInitSchema = z.strictObject({
  host: z.string(),
  /** 0 lets the system choose. */
  port: z.int().min(0).max(65535),
  /** Who knows it may publish. */
  secret: z.string(),
  /** Who knows it may play; null: anybody. */
  playKey: z.string().nullable(),
  logLevel: z.enum(LOG_LEVELS),
});
export type RtmpServerInit = z.infer<typeof RtmpServerInitSchema>;

export type ToRtmpServer = { readonly type: 'close' };

export type FromRtmpServer =
  /** It listens. */
  | { readonly type: 'ready'; readonly port: number }
  /** It could not start; the thread ends. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
