import { STATUS_CODES } from 'node:http';
import type { AppError } from '../core/errors.js';
import { PROBLEM_MEDIA_TYPE, problemHeaders, toProblem } from './problem.js';
import type { TrustedProxies } from './trusted-proxies.js';
import type { HttpRequest, HttpResponse, UpgradeContext } from './uws.js';

export type Header = readonly [name: string, value: string];

/** The request headers that somebody here reads; the server lets go of a request when its handler returns. */
export type CopiedHeader =
  | 'authorization'
  | 'content-type'
  | 'content-encoding'
  | 'content-length'
  | 'host'
  | 'origin'
  | 'x-forwarded-for'
  | 'if-match'
  | 'if-none-match'
  | 'idempotency-key'
  | 'access-control-request-method';

/** What a WebSocket is opened with. `protocol` is the accepted subprotocol, empty for none. */
export type Handshake = {
  readonly key: string;
  readonly protocol: string;
  readonly extensions: string;
  readonly context: UpgradeContext;
};

/** Remote address as text, or `unknown` when the socket is already gone. */
export function remoteAddressOf(response: HttpResponse): string {
  return Buffer.from(response.getRemoteAddressAsText()).toString('latin1') || 'unknown';
}

/**
 * One HTTP request and its answer. Copies what is needed of the request before the first await, and never
 * touches a response that is closed: the server would throw.
 */
export class Exchange {
  /** As sent: `GET`, `HEAD`. */
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Of whoever has sent it: where the connection comes from, or what a trusted proxy says. */
  readonly remoteAddress: string;
  /** Monotonic milliseconds. */
  readonly startedAtMs = performance.now();
  readonly #headers: Readonly<Record<CopiedHeader, string>>;
  readonly #response: HttpResponse;
  readonly #extraHeaders: Header[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #open = true;
  #aborted = false;
  #status = 0;

  constructor(response: HttpResponse, request: HttpRequest, proxies: TrustedProxies) {
    this.#response = response;
    this.method = request.getCaseSensitiveMethod();
    this.path = request.getUrl();
    this.query = request.getQuery();
    const header = (name: CopiedHeader): string => request.getHeader(name);
    this.#headers = {
      authorization: header('authorization'),
      'content-type': header('content-type'),
      'content-encoding': header('content-encoding'),
      'content-length': header('content-length'),
      host: header('host'),
      origin: header('origin'),
      'x-forwarded-for': header('x-forwarded-for'),
      'if-match': header('if-match'),
      'if-none-match': header('if-none-match'),
      'idempotency-key': header('idempotency-key'),
      'access-control-request-method': header('access-control-request-method'),
    };
    this.remoteAddress = proxies.senderOf(
      remoteAddressOf(response),
      this.#headers['x-forwarded-for'],
    );
    response.onAborted(() => {
      this.#aborted = true;
      this.#finish();
    });
  }

  /** Empty when it was not sent. */
  header(name: CopiedHeader): string {
    return this.#headers[name];
  }

  /** False once answered or given up by the client. */
  get open(): boolean {
    return this.#open;
  }

  /** The client went away before it was answered. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Status that was answered; 0 before that. */
  get status(): number {
    return this.#status;
  }

  /** Called once, when the exchange is over in whatever way; at once when it is already. */
  onClose(listener: () => void): void {
    if (this.#open) this.#closeListeners.push(listener);
    else listener();
  }

  /** A header of the answer, whatever the answer will be. */
  addHeader(name: string, value: string): void {
    this.#extraHeaders.push([name, value]);
  }

  /** Answers with a whole body; to HEAD with its headers only. */
  send(status: number, headers: readonly Header[], body: string | Uint8Array | null): void {
    if (!this.#open) return;
    this.#response.cork(() => {
      this.#writeHead(status, headers);
      if (body === null) {
        this.#response.endWithoutBody();
      } else if (this.method === 'HEAD') {
        this.#response.endWithoutBody(Buffer.byteLength(body));
      } else {
        this.#response.end(body);
      }
    });
    this.#finish();
  }

  sendJson(status: number, value: unknown, headers: readonly Header[] = []): void {
    this.send(
      status,
      [['Content-Type', 'application/json'], ['Cache-Control', 'no-store'], ...headers],
      JSON.stringify(value),
    );
  }

  /** Answers with JSON that is text already. */
  sendJsonText(status: number, json: string, headers: readonly Header[]): void {
    this.send(status, [['Content-Type', 'application/json'], ...headers], json);
  }

  sendProblem(error: AppError, headers: readonly Header[] = []): void {
    this.send(
      error.status,
      [
        ['Content-Type', PROBLEM_MEDIA_TYPE],
        ['Cache-Control', 'no-store'],
        ...problemHeaders(error),
        ...headers,
      ],
      JSON.stringify(toProblem(error)),
    );
  }

  /** Hands out the body as it comes. Must be called before the handler first awaits. A chunk is only valid inside the call. */
  onData(listener: (chunk: ArrayBuffer, isLast: boolean) => void): void {
    this.#response.onData(listener);
  }

  /** Stops and starts the flow of the body. */
  pauseBody(): void {
    if (this.#open) this.#response.pause();
  }

  resumeBody(): void {
    if (this.#open) this.#response.resume();
  }

  /** Begins an answer without a fixed length; `onWritable` is called whenever the client has caught up. */
  beginStream(status: number, headers: readonly Header[], onWritable: () => void): void {
    if (!this.#open) return;
    this.onWritable(onWritable);
    this.#response.cork(() => {
      this.#writeHead(status, headers);
    });
  }

  /** Adds to a stream; false when the client is behind and the rest waits in memory. */
  write(...chunks: readonly Uint8Array[]): boolean {
    if (!this.#open) return false;
    let ok = true;
    this.#response.cork(() => {
      for (const chunk of chunks) ok = this.#response.write(chunk) && ok;
    });
    return ok;
  }

  /** Begins, or goes on with, an answer of `totalBytes`; what did not fit is *not* kept: ask `sentBytes`. */
  writePart(
    chunk: Uint8Array,
    totalBytes: number,
    status: number,
    headers: readonly Header[],
  ): 'done' | 'more' | 'wait' {
    if (!this.#open) return 'done';
    const outcome = { isTaken: false, isDone: false };
    this.#response.cork(() => {
      if (this.#status === 0) this.#writeHead(status, headers);
      [outcome.isTaken, outcome.isDone] = this.#response.tryEnd(chunk, totalBytes);
    });
    if (outcome.isDone) {
      this.#finish();
      return 'done';
    }
    return outcome.isTaken ? 'more' : 'wait';
  }

  /** Bytes of the body that the system has taken; for `writePart`. */
  get sentBytes(): number {
    return this.#open ? this.#response.getWriteOffset() : 0;
  }

  /** Called when a client that was behind has caught up. */
  onWritable(listener: () => void): void {
    if (!this.#open) return;
    this.#response.onWritable(() => {
      listener();
      return true;
    });
  }

  /** Answers to HEAD with the length of a body that is not sent. */
  sendHead(status: number, headers: readonly Header[], bytes: number): void {
    if (!this.#open) return;
    this.#response.cork(() => {
      this.#writeHead(status, headers);
      this.#response.endWithoutBody(bytes);
    });
    this.#finish();
  }

  /** Turns the exchange into a WebSocket that carries `userData`. */
  upgrade(userData: unknown, handshake: Handshake): void {
    if (!this.#open) return;
    this.#status = 101;
    this.#response.cork(() => {
      this.#response.upgrade(
        userData,
        handshake.key,
        handshake.protocol,
        handshake.extensions,
        handshake.context,
      );
    });
    this.#finish();
  }

  /** Cuts the connection. */
  destroy(): void {
    if (this.#open) this.#response.close();
  }

  #writeHead(status: number, headers: readonly Header[]): void {
    this.#status = status;
    this.#response.writeStatus(`${status} ${STATUS_CODES[status] ?? ''}`);
    for (const [name, value] of headers) this.#response.writeHeader(name, value);
    for (const [name, value] of this.#extraHeaders) this.#response.writeHeader(name, value);
    this.#response.writeHeader('X-Content-Type-Options', 'nosniff');
  }

  #finish(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#closeListeners.splice(0)) listener();
  }
}
