/**
 * The guard of what pages read from the network: an HTTP proxy on the loopback interface through which all connections of the browser
 * go. Every host is resolved and checked here, and the address that was checked is the one that is connected to.
 */

import * as http from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { type AddressPolicy, notPublic } from '../net/address.js';
import { type ResolvedAddress, resolveAddress } from '../net/resolved-address.js';
import type { Resolver } from '../net/resolver.js';
import { tunnel } from '../net/tunnel.js';

/** Who does not answer for so long is given up, milliseconds. */
const SILENT_MS = 30_000;

/** Headers that are about the connection to the proxy, and not for the server. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  ...['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive'],
  ...['transfer-encoding', 'trailer', 'te', 'upgrade'],
]);

export type PageGuardOptions = {
  readonly policy: AddressPolicy;
  readonly resolve: Resolver;
  /** Ports that are not reached on this machine, whatever may be private. */
  readonly ownPorts: ReadonlySet<number>;
};

export class PageGuard {
  readonly #options: PageGuardOptions;
  readonly #server: http.Server;
  #port = 0;

  constructor(options: PageGuardOptions) {
    this.#options = options;
    this.#server = http.createServer((incoming, response) => {
      // Without an answer a page sees that there was none; it would take one of ours for the server's.
      this.#fetch(incoming, response).catch(() => response.destroy());
    });
    this.#server.on('connect', (incoming: http.IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#tunnel(incoming, socket, head).catch(() => {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
    });
    // What is no HTTP costs its connection.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
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

  /** For the browser. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where an address is. @throws AppError SM_ASSET_ADDRESS when it may not be read, Error when there is no such host */
  async check(url: URL): Promise<ResolvedAddress> {
    const { policy, resolve, ownPorts } = this.#options;
    const resolved = await resolveAddress(url, policy, resolve);
    if (ownPorts.has(resolved.port) && resolved.all.some(isHere)) throw notPublic(url.host);
    return resolved;
  }

  async #fetch(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const url = new URL(incoming.url ?? '');
    const { address, port } = await this.check(url);
    const outgoing = http.request({
      host: address,
      port,
      method: incoming.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...withoutHops(incoming.headers), host: url.host, connection: 'close' },
      timeout: SILENT_MS,
    });
    outgoing.once('response', (answer) => {
      answer.on('error', () => response.destroy());
      try {
        response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
        answer.pipe(response);
      } catch {
        outgoing.destroy();
        response.destroy();
      }
    });
    outgoing.once('upgrade', (_answer, socket) => {
      socket.destroy();
      response.destroy();
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.on('error', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  async #tunnel(incoming: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    // Of WebSockets without encryption too: the port tells which it is.
    const { address, port } = await this.check(new URL(`https://${incoming.url ?? ''}`));
    if (!socket.destroyed) tunnel(socket, { address, port }, head, SILENT_MS);
  }
}

/** Whether an address is one of this machine. */
function isHere(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return (
    /^(127\.|0\.|::1$|::$|::ffff:)/.test(address) || own.some((one) => one.address === address)
  );
}

function withoutHops(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}
