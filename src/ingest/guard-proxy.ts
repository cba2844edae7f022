/**
 * The guard of what FFmpeg reads from the network, in the ingest thread: an HTTP proxy on the loopback interface through which
 * all of its connections go. Every host, that of each redirect and each part of a playlist too, is resolved and checked here, and
 * the address that was checked is the one that is connected to.
 */

import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '../core/logger.js';
import {
  type AddressPolicy,
  bareHost,
  checkTarget,
  isPublicAddress,
  notPublic,
} from '../net/address.js';
import type { Resolver } from '../net/resolver.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Headers that are about the connection to the proxy, and not for the server. */
const HOP_HEADERS: ReadonlySet<string> = new Set(['proxy-connection', 'connection', 'keep-alive']);

/** An address that may be connected to. */
type Checked = { readonly address: string; readonly port: number };

export class GuardProxy {
  readonly #policy: AddressPolicy;
  readonly #resolve: Resolver;
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** Real addresses by the names that FFmpeg is given for them. */
  readonly #targets = new Map<string, string>();
  #port = 0;

  constructor(policy: AddressPolicy, resolve: Resolver, logger: Logger) {
    this.#policy = policy;
    this.#resolve = resolve;
    this.#logger = logger;
    this.#server = createServer((incoming, response) => {
      void this.#forward(incoming, response);
    });
    this.#server.on('connect', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#tunnel(incoming, socket, head);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens on the loopback interface, at a port that is free. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** An address that leads on to `target`, and says nothing about it. */
  nameOf(id: string, target: string): string {
    this.#targets.set(id, target);
    return `${this.url}/${id}`;
  }

  forget(id: string): void {
    this.#targets.delete(id);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes away in the middle is its own affair.
    response.on('error', () => undefined);
    const address = incoming.url ?? '';
    const url = URL.canParse(address) ? new URL(address) : null;
    const path = url?.pathname ?? address;
    if (url === null || url.host === new URL(this.url).host) {
      this.#leadOn(path.slice(1), response);
      return;
    }
    try {
      const checked = await this.#check(url);
      const headers = Object.entries(incoming.headers).filter(([name]) => !HOP_HEADERS.has(name));
      const outgoing = request({
        host: checked.address,
        port: checked.port,
        method: 'GET',
        path: `${url.pathname}${url.search}`,
        headers: { ...Object.fromEntries(headers), host: url.host, connection: 'close' },
        timeout: CONNECT_TIMEOUT_MS,
      });
      outgoing.once('response', (answer) => {
        answer.on('error', () => response.destroy());
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('The server does not answer.')));
      outgoing.on('error', () => {
        if (response.headersSent) response.destroy();
        else response.writeHead(502).end();
      });
      response.on('close', () => outgoing.destroy());
      outgoing.end();
    } catch (error) {
      this.#refuse(url.host, error);
      response.writeHead(403).end();
    }
  }

  /** To the real address, which FFmpeg then asks this proxy for. */
  #leadOn(id: string, response: ServerResponse): void {
    const target = this.#targets.get(id);
    if (target === undefined) response.writeHead(404).end();
    else response.writeHead(302, { location: target, connection: 'close' }).end();
  }

  async #tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const url = `https://${incoming.url ?? ''}`;
    try {
      const checked = await this.#check(new URL(url));
      const server = connect({ host: checked.address, port: checked.port });
      server.setTimeout(CONNECT_TIMEOUT_MS, () => {
        if (server.connecting) server.destroy();
      });
      server.on('error', () => socket.destroy());
      server.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        server.write(head);
        server.pipe(socket);
        socket.pipe(server);
      });
      server.once('close', () => socket.destroy());
      socket.once('close', () => server.destroy());
    } catch (error) {
      this.#refuse(incoming.url ?? '', error);
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    }
  }

  /** @throws AppError SM_ASSET_ADDRESS, Error when there is no such host */
  async #check(url: URL): Promise<Checked> {
    const { trusted } = checkTarget(url, this.#policy);
    const host = bareHost(url.hostname);
    const addresses = await this.#resolve(host);
    const [first] = addresses;
    if (first === undefined) throw new Error(`${host} has no address.`);
    // One address that is not public refuses the name: a mixed answer is what a rebinding attack looks like.
    if (!trusted && !addresses.every(({ address }) => isPublicAddress(address)))
      throw notPublic(host);
    const standard = url.protocol === 'https:' ? 443 : 80;
    return { address: first.address, port: url.port === '' ? standard : Number(url.port) };
  }

  #refuse(host: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.warn({ host, reason }, 'a connection for sound was refused');
  }
}
