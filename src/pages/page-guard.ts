/**
 * The guard of what pages read from the network: an HTTP proxy on the loopback interface through which all connections of the browser
 * go. Every host is resolved and checked here, and the address that was checked is the one that is connected to.
 */

import * as http from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import {
  type AddressPolicy,
  bareHost,
  checkTarget,
  isPublicAddress,
  notPublic,
} from '../net/address.js';
import type { Resolver } from '../net/resolver.js';

/** Who does not answer for so long is given up, milliseconds. */
const SILENT_MS = 30_000;

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Headers that are about the connection to the proxy, and not for the server. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  ...['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive'],
  ...['transfer-encoding', 'trailer', 'te', 'upgrade'],
]);

type Checked = { readonly address: string; readonly port: number };

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
  async check(url: URL): Promise<Checked> {
    const { policy, resolve, ownPorts } = this.#options;
    const { trusted } = checkTarget(url, policy);
    const host = bareHost(url.hostname);
    const addresses = await resolve(host);
    const [first] = addresses;
    if (first === undefined) throw new Error(`${host} has no address.`);
    // One address that is not public refuses the name: a mixed answer is what a rebinding attack looks like.
    if (!trusted && !addresses.every(({ address }) => isPublicAddress(address)))
      throw notPublic(host);
    const standard = url.protocol === 'https:' ? HTTPS_PORT : HTTP_PORT;
    const port = url.port === '' ? standard : Number(url.port);
    const isOwn = ownPorts.has(port) && addresses.some(({ address }) => isHere(address));
    if (isOwn) throw notPublic(`${host}:${port}`);
    return { address: first.address, port };
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
    if (!socket.destroyed) join(socket, connect({ host: address, port }), head);
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

/** Everything that comes goes to the other side, until either ends. */
function join(socket: Duplex, server: Socket, head: Buffer): void {
  server.setTimeout(SILENT_MS, () => server.destroy());
  server.on('error', () => socket.destroy());
  server.once('connect', () => {
    server.setTimeout(0);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(head);
    server.pipe(socket);
    socket.pipe(server);
  });
  server.once('close', () => socket.destroy());
  socket.once('close', () => server.destroy());
}
