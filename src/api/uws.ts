import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type * as UwsModule from 'uWebSockets.js';
import { AppError } from '../core/errors.js';

export type { HttpRequest, HttpResponse, TemplatedApp, WebSocket } from 'uWebSockets.js';
export type { us_listen_socket as ListenSocket } from 'uWebSockets.js';
export type { us_socket_context_t as UpgradeContext } from 'uWebSockets.js';

declare module 'uWebSockets.js' {
  interface TemplatedApp {
    /** Both versions take the options together with a host; the published types leave it out. */
    listen(
      host: string,
      port: number,
      options: number,
      callback: (socket: us_listen_socket | false) => void,
    ): TemplatedApp;
  }
}

/** The part of the server's API that both versions have and that is used here. */
export type Uws = Pick<
  typeof UwsModule,
  'App' | 'us_listen_socket_close' | 'us_socket_local_port' | 'DISABLED'
>;

const CURRENT = 'uWebSockets.js';
/**
 * The older build's own entry falls back to a server in plain JavaScript, with a line on the console, when its
 * binary does not load. Its binary is therefore asked for by name: it loads or it does not.
 */
const OLDER = `@trufflesuite/uws-js-unofficial/binaries/uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

/** LIBUS_LISTEN_EXCLUSIVE_PORT: without it a second instance would share the port and take half of the calls. */
const LISTEN_EXCLUSIVE = 1;

/** Loads a module by name, as CommonJS does. */
export type Require = (name: string) => unknown;

function isNative(value: unknown): boolean {
  return (
    typeof value === 'function' && Function.prototype.toString.call(value).includes('[native code]')
  );
}

function isUws(module: unknown): module is Uws {
  return (
    typeof module === 'object' &&
    module !== null &&
    'App' in module &&
    isNative(module.App) &&
    'us_listen_socket_close' in module &&
    'us_socket_local_port' in module &&
    'DISABLED' in module
  );
}

/**
 * The native server: the current build where the C library is new enough for it (glibc 2.38), else the older one.
 * @throws AppError SM_SERVER_BINARY when neither binary loads on this system.
 */
export function loadUws(require: Require = createRequire(import.meta.url)): {
  readonly uws: Uws;
  readonly build: 'current' | 'older';
} {
  const reasons: string[] = [];
  for (const [build, name] of [
    ['current', CURRENT],
    ['older', OLDER],
  ] as const) {
    try {
      const module = require(name);
      if (isUws(module)) return { uws: module, build };
      reasons.push(`${name} is not the native server`);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new AppError(
    'SM_SERVER_BINARY',
    'The HTTP server has no binary that loads on this system. Either use a newer base image, such as ' +
      'Debian 13 or Ubuntu 24.04 with Node 20, or install a build for this system: ' +
      `npm i uNetworking/uWebSockets.js#v20.x. Tried: ${reasons.join(' | ').replace(/\s+/g, ' ')}`,
  );
}

/** Why the system refuses to listen, such as EADDRINUSE; null when it would not. The server itself only says no. */
function probeListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    probe.listen({ host, port, exclusive: true }, () => {
      probe.close(() => {
        resolve(null);
      });
    });
  });
}

/**
 * Listens alone on a port; 0 takes a free one. Returns the socket and its port.
 * @throws AppError SM_PORT_IN_USE when somebody else listens there, SM_CONFIG_INVALID when the address cannot be had.
 */
export async function listenExclusively(
  uws: Uws,
  app: UwsModule.TemplatedApp,
  host: string,
  port: number,
): Promise<{ readonly socket: UwsModule.us_listen_socket; readonly port: number }> {
  const socket = await new Promise<UwsModule.us_listen_socket | false>((resolve) => {
    app.listen(host, port, LISTEN_EXCLUSIVE, resolve);
  });
  if (socket !== false) return { socket, port: uws.us_socket_local_port(socket) };
  const reason = await probeListen(host, port);
  if (reason === null || reason === 'EADDRINUSE') {
    throw new AppError(
      'SM_PORT_IN_USE',
      `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port with PORT (WS_PORT for the second listener).`,
    );
  }
  throw new AppError(
    'SM_CONFIG_INVALID',
    `The service cannot listen on port ${port} of ${host} (${reason}). Check HOST, PORT and WS_PORT; ports below 1024 require elevated privileges.`,
  );
}
