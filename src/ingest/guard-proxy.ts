/**
 * The guard of what FFmpeg reads from the network, in the ingest thread: an HTTP proxy on the loopback interface through which
 * all of its connections go. Every host, that of each redirect and of each part of a playlist too, is resolved and checked here, and
 * the address that was checked is the one that is connected to. It serves the FFmpegs of the ingest thread alone: each has a
 * password in its environment, by which the guard knows for which track it asks.
 *
 * Encrypted servers are fetched by the guard, which checks certificates; see guard-names.ts. Whatever a server answers, it costs
 * the one connection.
 */

import { randomBytes } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Logger } from '../core/logger.js';
import { type AddressPolicy, bareHost } from '../net/address.js';
import { type ResolvedAddress, resolveAddress } from '../net/resolved-address.js';
import type { Resolver } from '../net/resolver.js';
import { tunnel } from '../net/tunnel.js';
import { AppError } from '../core/errors.js';
import { askedFor, nameOf, TRACK_URL } from './guard-names.js';
import { connectToRadio } from './radio-socket.js';

const SILENT_MS = 10_000;

const RANGE_NOT_SATISFIABLE = 416;
const BAD_GATEWAY = 502;
const FROM_START = 'bytes=0-';
/** How every playlist begins (RFC 8216, 4.3.1.1). */
const PLAYLIST_MARK = '#EXTM3U';
const CHALLENGE = 'Basic realm="stream-manager"';

/** Headers that are about the connection to the proxy, and not for the server. */
const HOP_HEADERS: ReadonlySet<string> = new Set([
  ...['proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'connection'],
  ...['keep-alive', 'host', 'transfer-encoding', 'trailer', 'te', 'upgrade'],
]);

/**
 * Whether a server sends parts of files: as far as it is known; not, so that they are read from the beginning alone; or not though
 * it says so, which misleads FFmpeg.
 */
export type Ranges = 'sent' | 'not-sent' | 'pretended';

/** What FFmpeg is given to read one track. */
export type Guarded = {
  readonly url: string;
  /** For the environment: nobody else on the machine may see it. */
  readonly proxyUrl: string;
  /** What went wrong since the last call that FFmpeg itself may not notice, for people; null: nothing. */
  readonly takeTrouble: () => string | null;
  /** What is known of its server so far. */
  readonly ranges: () => Ranges;
};

type GuardedTrack = {
  readonly target: URL;
  trouble: string | null;
  ranges: Ranges;
  /** What is read is a playlist, whose parts are sought by their places in it. */
  isList: boolean;
};

function withoutHops(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

export class GuardProxy {
  readonly #policy: AddressPolicy;
  readonly #resolve: Resolver;
  readonly #logger: Logger;
  readonly #server: http.Server;
  readonly #sockets = new Set<Duplex>();
  /** By the names of their FFmpegs. */
  readonly #tracks = new Map<string, GuardedTrack>();
  readonly #password = randomBytes(16).toString('hex');
  #port = 0;

  constructor(policy: AddressPolicy, resolve: Resolver, logger: Logger) {
    this.#policy = policy;
    this.#resolve = resolve;
    this.#logger = logger;
    this.#server = http.createServer((incoming, response) => {
      this.#answer(incoming, response).catch((error: unknown) => {
        this.#giveUp(response, error);
      });
    });
    this.#server.on('connect', (incoming: http.IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#tunnel(incoming, socket, head).catch(() => socket.destroy());
    });
    // What is no HTTP costs its connection.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
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

  /** Lets an FFmpeg read what is at `target`, under a name of its own. */
  admit(name: string, target: string): Guarded {
    const track: GuardedTrack = {
      target: new URL(target),
      trouble: null,
      ranges: 'sent',
      isList: false,
    };
    this.#tracks.set(name, track);
    return {
      url: TRACK_URL,
      proxyUrl: `http://${name}:${this.#password}@127.0.0.1:${this.#port}`,
      takeTrouble: () => {
        const { trouble } = track;
        track.trouble = null;
        return trouble;
      },
      ranges: () => track.ranges,
    };
  }

  forget(name: string): void {
    this.#tracks.delete(name);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #answer(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // A client that goes away in the middle is its own affair.
    response.on('error', () => undefined);
    const track = this.#trackOf(incoming);
    if (track === null) {
      response.writeHead(407, { 'proxy-authenticate': CHALLENGE }).end();
      return;
    }
    const asked = askedFor(incoming.url ?? '');
    if (asked === 'track') {
      await this.#checkFor(track, track.target);
      track.isList = false;
      response.writeHead(302, { location: nameOf(track.target) }).end();
    } else if (asked === null) response.writeHead(404).end();
    else await this.#fetch(asked, track, incoming, response);
  }

  /** Whose FFmpeg asks; null: none of ours does. */
  #trackOf({ headers }: http.IncomingMessage): GuardedTrack | null {
    const [scheme, credentials = ''] = (headers['proxy-authorization'] ?? '').split(' ');
    const [name = '', password] = Buffer.from(credentials, 'base64').toString('latin1').split(':');
    if (scheme?.toLowerCase() !== 'basic' || password !== this.#password) return null;
    return this.#tracks.get(name) ?? null;
  }

  async #fetch(
    url: URL,
    track: GuardedTrack,
    incoming: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { address, port } = await this.#checkFor(track, url);
    // It may have gone away meanwhile.
    if (response.destroyed) return;
    const outgoing = this.#request(url, { address, port }, incoming);
    outgoing.once('response', (answer) => {
      // Who reads decides from here on how long is waited: what is decoded ahead may last for a while.
      outgoing.setTimeout(0);
      if (ignoresRange(incoming, answer)) {
        if (!track.isList) track.ranges = 'pretended';
        answer.on('error', () => undefined).destroy();
        response.writeHead(RANGE_NOT_SATISFIABLE).end();
        return;
      }
      answer.on('error', () => {
        if (!response.destroyed) track.trouble = 'The connection broke.';
        response.destroy();
      });
      answer.once('data', (bytes: Buffer) => {
        noteRanges(track, incoming, answer, bytes);
      });
      try {
        passOn(url, answer, response);
      } catch (error) {
        outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    outgoing.once('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#giveUp(response, new Error('The server speaks another protocol.'));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('The server does not answer.')));
    outgoing.on('error', (error) => {
      this.#giveUp(response, error);
    });
    response.on('close', () => outgoing.destroy());
    outgoing.end();
  }

  #request(
    url: URL,
    { address, port }: Pick<ResolvedAddress, 'address' | 'port'>,
    { headers }: http.IncomingMessage,
  ): http.ClientRequest {
    const options = {
      host: address,
      port,
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { ...withoutHops(headers), host: url.host, connection: 'close' },
      timeout: SILENT_MS,
      // Radios are lenient with what they write, and each answer has a connection of its own.
      insecureHTTPParser: true,
    };
    return url.protocol === 'https:'
      ? https.request({ ...options, servername: bareHost(url.hostname) })
      : http.request({ ...options, createConnection: () => connectToRadio(address, port) });
  }

  /** Answers that something could not be had, if there is still anybody to be answered. */
  #giveUp(response: http.ServerResponse, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.debug({ reason }, 'sound was not fetched');
    if (response.headersSent || response.destroyed) response.destroy();
    else response.writeHead(error instanceof AppError ? 403 : BAD_GATEWAY).end();
  }

  /** For addresses in playlists that are encrypted: FFmpeg speaks to the server itself. */
  async #tunnel(incoming: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const track = this.#trackOf(incoming);
    if (track === null) {
      socket.end(emptyAnswer('407 Proxy Authentication Required', CHALLENGE));
      return;
    }
    const url = askedFor(`https://${incoming.url ?? ''}`);
    if (url === null || url === 'track') {
      socket.end(emptyAnswer('400 Bad Request', null));
      return;
    }
    try {
      const { address, port } = await this.#checkFor(track, url);
      if (!socket.destroyed) tunnel(socket, { address, port }, head, SILENT_MS);
    } catch {
      socket.end(emptyAnswer('403 Forbidden', null));
    }
  }

  /** Where a host is. @throws AppError SM_ASSET_ADDRESS, Error; the track has it as its trouble then */
  async #checkFor(track: GuardedTrack, url: URL): Promise<ResolvedAddress> {
    try {
      return await resolveAddress(url, this.#policy, this.#resolve);
    } catch (error) {
      track.trouble = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ host: url.host, reason: track.trouble }, 'a connection was refused');
      throw error;
    }
  }
}

/** Whether these are the first bytes of a playlist, as FFmpeg finds out too. */
function isPlaylist(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, PLAYLIST_MARK.length) === PLAYLIST_MARK;
}

/** Whether the whole came for a part in the middle: FFmpeg would take it for that part. */
function ignoresRange(
  { headers: { range } }: http.IncomingMessage,
  { statusCode }: http.IncomingMessage,
): boolean {
  return statusCode === 200 && range !== undefined && !range.startsWith(FROM_START);
}

/** Finds out whether a track can be sought by an answer of which nothing has been passed on yet. */
function noteRanges(
  track: GuardedTrack,
  { headers: { range } }: http.IncomingMessage,
  { statusCode, headers }: http.IncomingMessage,
  bytes: Buffer,
): void {
  // The whole is a right answer to who asks for all from the first byte on, if it says that it could have been a part.
  const sendsNoParts =
    statusCode === 200 && range !== undefined && headers['accept-ranges'] !== 'bytes';
  if (isPlaylist(bytes)) track.isList = true;
  else if (sendsNoParts && !track.isList && track.ranges === 'sent') track.ranges = 'not-sent';
}

/** Passes an answer on as far as FFmpeg may see it. @throws Error when its head is none that can be passed on */
function passOn(url: URL, answer: http.IncomingMessage, response: http.ServerResponse): void {
  const { statusCode = BAD_GATEWAY, headers } = answer;
  const { location, ...passed } = withoutHops(headers);
  const isUsable = statusCode >= 200 && statusCode <= 599;
  if (typeof location === 'string' && URL.canParse(location, url.href))
    passed['location'] = nameOf(new URL(location, url));
  response.writeHead(isUsable ? statusCode : BAD_GATEWAY, passed);
  answer.pipe(response);
}

function emptyAnswer(status: string, challenge: string | null): string {
  const more = challenge === null ? '' : `Proxy-Authenticate: ${challenge}\r\n`;
  return `HTTP/1.1 ${status}\r\n${more}Content-Length: 0\r\nConnection: close\r\n\r\n`;
}
