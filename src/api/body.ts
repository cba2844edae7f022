import { AppError } from '../core/errors.js';
import type { Exchange } from './exchange.js';

/** Beyond this the flow of a body is stopped until it is known who sends it. */
const UNKNOWN_SENDER_BYTES = 64 * 1024;

export type BodyReader = {
  /** The whole body. @throws AppError SM_REQUEST_TOO_LARGE, SM_REQUEST_TIMEOUT, SM_REQUEST_MALFORMED when the client goes away */
  readonly bytes: Promise<Uint8Array>;
  /** Lets a large body flow: call it once the sender may send, or before it is refused, so that it can read why. */
  release(): void;
};

function tooLarge(limitBytes: number): AppError {
  return new AppError(
    'SM_REQUEST_TOO_LARGE',
    `The body exceeds the limit of ${limitBytes} bytes (${(limitBytes / 1024 / 1024).toFixed(1)} MiB).`,
  );
}

/** @throws AppError SM_REQUEST_TOO_LARGE when the announced length already says so: nothing is read then */
export function checkContentLength(exchange: Exchange, limitBytes: number): void {
  if (Number(exchange.header('content-length')) > limitBytes) throw tooLarge(limitBytes);
}

/** How long a body will be, as its sender says; null when he does not. A longer one is not received. */
export function announcedBytes(exchange: Exchange): number | null {
  const length = exchange.header('content-length');
  return /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Collects a body of at most `limitBytes` that is complete within `timeoutMs`. Call it before the first await. */
export function readBody(exchange: Exchange, limitBytes: number, timeoutMs: number): BodyReader {
  let released = false;
  let paused = false;
  const bytes = new Promise<Uint8Array>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let settled = false;
    const settle = (error: AppError | null): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (error === null)
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(error);
      chunks.length = 0;
    };
    const timer = setTimeout(() => {
      settle(
        new AppError(
          'SM_REQUEST_TIMEOUT',
          `The body was not complete after ${timeoutMs / 1000} seconds.`,
        ),
      );
    }, timeoutMs);
    exchange.onClose(() => {
      settle(
        new AppError(
          'SM_REQUEST_MALFORMED',
          'The client disconnected before its body was complete.',
        ),
      );
    });
    exchange.onData((chunk, isLast) => {
      // What still comes after a refusal is let go, so that the client can read the answer.
      if (settled) return;
      received += chunk.byteLength;
      if (received > limitBytes) {
        settle(tooLarge(limitBytes));
        return;
      }
      // The server takes the memory of a chunk back when this call returns.
      chunks.push(Buffer.from(new Uint8Array(chunk)));
      if (isLast) settle(null);
      else if (!released && !paused && received > UNKNOWN_SENDER_BYTES) {
        paused = true;
        exchange.pauseBody();
      }
    });
  });
  // Whoever refuses the request before it waits for the body must not leave a rejection without a handler.
  bytes.catch(() => undefined);
  return {
    bytes,
    release: () => {
      released = true;
      if (paused) exchange.resumeBody();
      paused = false;
    },
  };
}
