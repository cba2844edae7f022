import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { ListeningFormat } from '../preview/contract.js';
import { isExpired, type Identity } from './auth.js';
import type { ApiLimits } from './limits.js';
import { Listener } from './listener.js';
import type { ListeningService, MetricsService } from './ports.js';
import type { Visitor } from './upgrade.js';
import type { WebSocket } from './uws.js';
import { validate } from './validation.js';

/** What one WebSocket of /ws/preview/audio carries. */
export type ListeningConnection = {
  readonly format: ListeningFormat;
  readonly identity: Identity;
};

type Socket = WebSocket<ListeningConnection>;

const QuerySchema = z.strictObject({ format: z.enum(['s16le', 'f32le', 'opus']).default('s16le') });

const SWEEP_INTERVAL_MS = 1000;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const INTERNAL_ERROR = 1011;

type Seat = { readonly listener: Listener; readonly leave: () => void };

export type ListeningSocketsDeps = {
  readonly listening: ListeningService;
  readonly metrics: Pick<MetricsService, 'setSoundListeners' | 'addListenerDrops'>;
  readonly limits: Pick<ApiLimits, 'soundListeners' | 'previewStallMs'>;
};

/** The sockets that the program's sound is sent over: binary messages are 20 ms of it, text messages say where it is. */
export class ListeningSockets {
  readonly #deps: ListeningSocketsDeps;
  readonly #seats = new Map<Socket, Seat>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(deps: ListeningSocketsDeps) {
    this.#deps = deps;
    this.#sweeper = setInterval(
      () => {
        this.#sweep();
      },
      Math.min(SWEEP_INTERVAL_MS, Math.max(100, deps.limits.previewStallMs / 4)),
    );
    this.#sweeper.unref();
  }

  /** @throws AppError SM_REQUEST_INVALID, SM_SOCKET_LIMIT */
  accept({ identity, query }: Visitor): ListeningConnection {
    const { format } = validate(QuerySchema, Object.fromEntries(new URLSearchParams(query)));
    const { soundListeners } = this.#deps.limits;
    if (this.#seats.size >= soundListeners) {
      throw new AppError(
        'SM_SOCKET_LIMIT',
        `The limit of ${soundListeners} WebSockets that listen to the program is reached. Close some first.`,
      );
    }
    return { format, identity };
  }

  open(socket: Socket): void {
    const { listening, metrics } = this.#deps;
    const { format } = socket.getUserData();
    const listener = new Listener(
      {
        backlogBytes: () => socket.getBufferedAmount(),
        sendText: (message) => void socket.send(JSON.stringify(message)),
        sendBytes: (bytes) => void socket.send(bytes, true),
      },
      { format, rateHz: 48_000, channels: 2 },
      (ms) => {
        metrics.addListenerDrops(ms / 1000);
      },
    );
    const leave = listening.listen(format, {
      onPacket: (packet) => {
        listener.offer(packet, performance.now());
      },
      onUnavailable: (reason) => {
        socket.end(INTERNAL_ERROR, reason);
      },
    });
    this.#seats.set(socket, { listener, leave });
    metrics.setSoundListeners(this.#seats.size);
  }

  closed(socket: Socket): void {
    this.#seats.get(socket)?.leave();
    this.#seats.delete(socket);
    this.#deps.metrics.setSoundListeners(this.#seats.size);
  }

  /** Ends every socket. */
  close(): void {
    clearInterval(this.#sweeper);
    for (const socket of [...this.#seats.keys()])
      end(socket, GOING_AWAY, 'The service is shutting down');
  }

  #sweep(): void {
    const nowMs = Date.now();
    const stalledMs = performance.now() - this.#deps.limits.previewStallMs;
    for (const [socket, { listener }] of [...this.#seats]) {
      if (isExpired(socket.getUserData().identity, nowMs))
        end(socket, POLICY_VIOLATION, 'The token has expired');
      else if ((listener.stalledSinceMs ?? Infinity) < stalledMs)
        end(socket, POLICY_VIOLATION, 'The client has not read any sound for too long');
      // What is left when the program ends. Not in the server's call that a socket takes bytes again: what is sent there
      // may wait for ever.
      else listener.send();
    }
  }
}

function end(socket: Socket, code: number, reason: string): void {
  // One that does not read would not read a farewell either, so it would never be gone.
  if (socket.getBufferedAmount() > 0) socket.close();
  else socket.end(code, reason);
}
