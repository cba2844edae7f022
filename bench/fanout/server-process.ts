import { readFile } from 'node:fs/promises';
import { openOurServer } from './our-server.js';
import type { PictureServer } from './picture-server.js';
import { openRawUwsServer } from './raw-uws-server.js';
import { openWsServer } from './ws-server.js';

/** A process of its own: one server, and pictures for it as fast as its event loop turns. */
export type ServerKind = 'ours' | 'uws' | 'ws';
export type ServerTask = {
  readonly kind: ServerKind;
  readonly folder: string;
  readonly jpegPath: string;
};
export type ServerRequest =
  | { readonly type: 'serve'; readonly task: ServerTask }
  | { readonly type: 'pump' }
  | { readonly type: 'close' };
export type ServerAnswer = { readonly port: number; readonly path: string };

function openServer({ kind, folder }: ServerTask): Promise<PictureServer> {
  switch (kind) {
    case 'ours':
      return openOurServer(folder);
    case 'uws':
      return openRawUwsServer();
    case 'ws':
      return openWsServer();
  }
}

let server: PictureServer | null = null;
let jpeg = new Uint8Array();
let isPumping = false;

function pump(): void {
  if (!isPumping || server === null) return;
  server.send(jpeg);
  setImmediate(pump);
}

async function serve(task: ServerTask): Promise<void> {
  jpeg = await readFile(task.jpegPath);
  server = await openServer(task);
  process.send?.({ port: server.port, path: server.path } satisfies ServerAnswer);
}

process.on('message', (request: ServerRequest) => {
  switch (request.type) {
    case 'serve':
      void serve(request.task);
      return;
    case 'pump':
      isPumping = true;
      pump();
      return;
    case 'close':
      isPumping = false;
      // A part that does not close by itself must not keep the benchmark.
      void server?.close().then(() => process.exit(0));
  }
});

// Without whoever started it, there is nothing to do.
process.on('disconnect', () => process.exit(0));
