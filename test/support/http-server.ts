import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';

/** A real HTTP server on a free port of loopback. */
export type HttpServer = {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** What was asked so far, in order. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  /** Replaces what answers from now on. */
  answerWith(listener: RequestListener): void;
  /** Cuts every connection; new ones are taken. */
  hangUp(): void;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
};

/** @param listener answers every request until it is replaced */
export async function startHttpServer(listener: RequestListener): Promise<HttpServer> {
  let current = listener;
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    current(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The server has no TCP port.');
  return {
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    answerWith(next) {
      current = next;
    },
    hangUp: () => {
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers with a body as it is. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: Uint8Array | string = '',
): void {
  response.writeHead(status, headers);
  response.end(body);
}
