/**
 * The guard of what FFmpeg reads from the network, in the ingest thread: an HTTP proxy on the loopback interface through which
 * all of its connections go. Every host, that of each redirect and of each part of a playlist too, is resolved and checked here, and
 * the address that was checked is the one that is connected to.
 *
 * FFmpeg is given a name, which leads on to `/via/<protocol>/<host>/<path>`: arguments can be seen by everybody on the machine.
 * What is at such an address is fetched by the guard, which checks certificates, and redirects lead to another one; addresses in a
 * playlist that are relative stay below it, and those that are not come to the guard as to any proxy.
 */

import * as http from 'node:http';
import * as https from 'node:https';
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

const SILENT_MS = 10_000;

/** Headers that are about the connection to the proxy, and not for the server. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  ...['proxy-connection', 'connection', 'keep-alive', 'host', 'transfer-encoding'],
]);

/** An address that may be connected to. */
type Checked = { readonly address: string; readonly port: number };

function withoutHops(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

export class GuardProxy {
  readonly #policy: AddressPolicy;
  readonly #resolve: Resolver;
  readonly #logger: Logger;
  readonly #server: http.Server;
  readonly #sockets = new Set<Duplex>();
  /** Real addresses by the names that FFmpeg is given for them. */
  readonly #targets = new Map<string, string>();
  #port = 0;

  constructor(policy: AddressPolicy, resolve: Resolver, logger: Logger) {
    this.#policy = policy;
    this.#resolve = resolve;
    this.#logger = logger;
    this.#server = http.createServer((incoming, response) => {
      void this.#answer(incoming, response);
    });
    this.#server.on('connect', (incoming: http.IncomingMessage, socket: Duplex, head: Buffer) => {
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

  async #answer(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // A client that goes away in the middle is its own affair.
    response.on('error', () => undefined);
    const asked = new URL(incoming.url ?? '/', this.url);
    const [, id = '', protocol = '', host = ''] = asked.pathname.split('/');
    if (asked.origin !== this.url) {
      await this.#fetch(asked, incoming, response);
    } else if (id === 'via') {
      const path = asked.pathname.split('/').slice(4).join('/');
      const url = `${protocol}://${decodeURIComponent(host)}/${path}${asked.search}`;
      if (URL.canParse(url)) await this.#fetch(new URL(url), incoming, response);
      else response.writeHead(404).end();
    } else {
      const target = this.#targets.get(id);
      if (target === undefined) response.writeHead(404).end();
      else response.writeHead(302, { location: this.#via(new URL(target)) }).end();
    }
  }

  /** The address here for one elsewhere. */
  #via({ protocol, host, pathname, search }: URL): string {
    const scheme = protocol.replace(':', '');
    return `${this.url}/via/${scheme}/${encodeURIComponent(host)}${pathname}${search}`;
  }

  async #fetch(
    url: URL,
    incoming: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    try {
      const { address, port } = await this.#check(url);
      const { request } = url.protocol === 'https:' ? https : http;
      const outgoing = request({
        host: address,
        port,
        servername: bareHost(url.hostname),
        method: 'GET',
        path: `${url.pathname}${url.search}`,
        headers: { ...withoutHops(incoming.headers), host: url.host, connection: 'close' },
        timeout: SILENT_MS,
      });
      outgoing.once('response', (answer) => {
        // Who reads decides from here on how long is waited: what is decoded ahead may last for a while.
        outgoing.setTimeout(0);
        this.#passOn(url, answer, response);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('The server does not answer.')));
      outgoing.on('error', (error) => {
        this.#logger.debug({ host: url.host, reason: error.message }, 'sound was not fetched');
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

  #passOn(url: URL, answer: http.IncomingMessage, response: http.ServerResponse): void {
    answer.on('error', () => response.destroy());
    const { statusCode = 502, headers } = answer;
    const { location } = headers;
    const passed = withoutHops(headers);
    if (location !== undefined && URL.canParse(location, url.href))
      passed['location'] = this.#via(new URL(location, url));
    response.writeHead(statusCode, passed);
    answer.pipe(response);
  }

  /** For addresses in playlists that are encrypted: FFmpeg speaks to the server itself. */
  async #tunnel(incoming: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const host = incoming.url ?? '';
    try {
      const { address, port } = await this.#check(new URL(`https://${host}`));
      const server = connect({ host: address, port });
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
    } catch (error) {
      this.#refuse(host, error);
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
