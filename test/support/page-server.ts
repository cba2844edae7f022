import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

/** A web server for pages, which are what a test says they are. */
export class PageServer {
  readonly #server: Server;
  readonly #pages: ReadonlyMap<string, string>;
  /** Requests so far, with their cookies. */
  readonly requests: { readonly path: string; readonly cookie: string }[] = [];

  private constructor(pages: Readonly<Record<string, string>>) {
    this.#pages = new Map(Object.entries(pages));
    this.#server = createServer((incoming, response) => {
      const path = incoming.url ?? '';
      this.requests.push({ path, cookie: incoming.headers.cookie ?? '' });
      const html = this.#pages.get(path.split('?')[0] ?? '');
      response.writeHead(html === undefined ? 404 : 200, {
        'content-type': 'text/html; charset=utf-8',
        'set-cookie': 'seen=yes; Max-Age=1000',
        'content-security-policy': "default-src 'self' 'unsafe-inline'; connect-src *",
      });
      response.end(html ?? 'There is no such page.');
    });
  }

  /** @param pages - HTML by paths */
  static async open(pages: Readonly<Record<string, string>>): Promise<PageServer> {
    const server = new PageServer(pages);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
