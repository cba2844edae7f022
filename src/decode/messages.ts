import type { ErrorCode } from '../core/errors.js';
import type { DecodeInput, DecodeJobName } from './protocol.js';

/** What a decoder process gets: one job, and the next one only after its answer. */
export type DecodeRequest<K extends DecodeJobName = DecodeJobName> = {
  readonly name: K;
  readonly input: DecodeInput<K>;
};

/** What a decoder process says to each request: that it has begun, and the answer. */
export type DecodeAnswer =
  | { readonly type: 'begun' }
  | { readonly type: 'done'; readonly output: unknown; readonly isSpent: boolean }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly isSpent: boolean;
    };
