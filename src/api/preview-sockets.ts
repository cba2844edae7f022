import { isExpired, type Identity } from './auth.js';
import type { PreviewTier } from '../preview/contract.js';
import type { Viewer } from './preview-hub.js';
import { type PreviewHubs, topicOf } from './preview-hubs.js';
import { type PreviewSource, SocketQuerySchema, tierKey, toTier } from './preview-tiers.js';
import type { Visitor } from './upgrade.js';
import type { WebSocket } from './uws.js';
import { validate } from './validation.js';

/** What one WebSocket of /ws/preview carries. */
export type PreviewConnection = {
  readonly source: PreviewSource;
  readonly tier: PreviewTier;
  readonly identity: Identity;
};

type Socket = WebSocket<PreviewConnection>;

const SWEEP_INTERVAL_MS = 1000;
const POLICY_VIOLATION = 1008;

/** The preview sockets: each message one whole JPEG, sent to all of a tier in one call of the server. */
export class PreviewSockets {
  readonly #hubs: PreviewHubs;
  readonly #viewers = new Map<Socket, Viewer>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(hubs: PreviewHubs) {
    this.#hubs = hubs;
    this.#sweeper = setInterval(() => {
      this.#closeExpired();
    }, SWEEP_INTERVAL_MS);
    this.#sweeper.unref();
  }

  /** @throws AppError SM_REQUEST_INVALID, SM_PREVIEW_LIMIT */
  accept({ identity, query }: Visitor): PreviewConnection {
    const wish = validate(SocketQuerySchema, Object.fromEntries(new URLSearchParams(query)));
    const tier = toTier(wish);
    this.#hubs[wish.source].checkRoom(tier);
    return { source: wish.source, tier, identity };
  }

  open(socket: Socket): void {
    const { source, tier } = socket.getUserData();
    const viewer: Viewer = {
      backlogBytes: () => socket.getBufferedAmount(),
      offer: null,
      close: (code, reason) => {
        // One that does not read would not read a farewell either, so it would never be gone.
        if (socket.getBufferedAmount() > 0) socket.close();
        else socket.end(code, reason);
      },
    };
    this.#viewers.set(socket, viewer);
    socket.subscribe(topicOf(source, tierKey(tier)));
    const newest = this.#hubs[source].join(tier, viewer);
    if (newest !== null) socket.send(newest, true);
  }

  closed(socket: Socket): void {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return;
    this.#viewers.delete(socket);
    const { source, tier } = socket.getUserData();
    this.#hubs[source].leave(tier, viewer);
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #closeExpired(): void {
    const nowMs = Date.now();
    for (const [socket, viewer] of [...this.#viewers]) {
      if (isExpired(socket.getUserData().identity, nowMs)) {
        viewer.close(POLICY_VIOLATION, 'The token has expired');
      }
    }
  }
}
