import { z } from 'zod';
import type { PcmFormat, PushConnection, PushEvent } from '../audio/contract.js';
import { AppError } from '../core/errors.js';
import { frameTimeMs } from '../core/rational.js';
import { IdSchema } from '../scene/schema/values.js';
import type { ServiceState } from '../state/model.js';
import type { StateStore } from '../state/port.js';
import { isExpired, type Identity } from './auth.js';
import type { ProgramService, SoundService } from './ports.js';
import type { Visitor } from './upgrade.js';
import type { WebSocket } from './uws.js';
import { validate } from './validation.js';

/** Address of the sockets, with the id of the source behind it. */
export const PUSH_PATH = '/ws/audio/';

/** What one WebSocket of /ws/audio/{source} carries. */
export type PushSocketData = {
  readonly sourceId: string;
  readonly format: PcmFormat;
  readonly identity: Identity;
};

type Socket = WebSocket<PushSocketData>;

const QuerySchema = z.strictObject({
  format: z.enum(['s16le', 'f32le']),
  rate: z.coerce.number().pipe(z.int().min(8000).max(48_000)),
  channels: z.coerce
    .number()
    .pipe(z.literal([1, 2]))
    .default(1),
});

const ControlSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('flush') }),
  z.strictObject({ type: z.literal('mark'), id: z.string().min(1).max(200) }),
  z.strictObject({ type: z.literal('end') }),
]);

const SWEEP_INTERVAL_MS = 1000;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
/** An answer that a client does not read is left out beyond this. */
export const PUSH_BACKLOG_BYTES = 256 * 1024;

export type PushSocketsDeps = {
  readonly store: StateStore;
  readonly sound: SoundService;
  readonly program: Pick<ProgramService, 'clock'>;
  readonly limits: { readonly pushSockets: number };
};

/** The sockets over which sound is pushed: binary messages are samples, text messages say what is to be done with them. */
export class PushSockets {
  readonly #deps: PushSocketsDeps;
  readonly #connections = new Map<Socket, PushConnection>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #stopFollowing: () => void;

  constructor(deps: PushSocketsDeps) {
    this.#deps = deps;
    this.#sweeper = setInterval(() => {
      this.#closeExpired();
    }, SWEEP_INTERVAL_MS);
    this.#sweeper.unref();
    this.#stopFollowing = deps.store.onApplied(({ after }) => {
      this.#closeOrphans(after);
    });
  }

  /** @throws AppError SM_REQUEST_INVALID, SM_SOCKET_LIMIT, SM_AUDIO_SOURCE_UNKNOWN, SM_AUDIO_SOURCE_KIND */
  accept({ identity, path, query }: Visitor): PushSocketData {
    const { store, limits } = this.#deps;
    const wanted = validate(QuerySchema, Object.fromEntries(new URLSearchParams(query)));
    const sourceId = validate(IdSchema, path.slice(PUSH_PATH.length));
    const source = store.state.sound.sources.find(({ id }) => id === sourceId);
    if (source === undefined) {
      throw new AppError(
        'SM_AUDIO_SOURCE_UNKNOWN',
        `There is no audio source "${sourceId}". GET /api/audio lists the sources.`,
      );
    }
    if (source.content.kind !== 'push') {
      throw new AppError(
        'SM_AUDIO_SOURCE_KIND',
        `The audio source ${sourceId} is of kind ${source.content.kind}. Only sources of kind push take samples.`,
      );
    }
    if (this.#connections.size >= limits.pushSockets) {
      throw new AppError(
        'SM_SOCKET_LIMIT',
        `The limit of ${limits.pushSockets} WebSockets that push audio is reached. Close some first.`,
      );
    }
    const { format: encoding, rate: rateHz, channels } = wanted;
    return { sourceId, format: { encoding, rateHz, channels }, identity };
  }

  open(socket: Socket): void {
    const { sourceId, format } = socket.getUserData();
    for (const other of [...this.#connections.keys()])
      if (other.getUserData().sourceId === sourceId)
        other.end(POLICY_VIOLATION, 'Another sender has taken over this source');
    const connection = this.#deps.sound.push(sourceId, format, (event, frame) => {
      if (this.#connections.get(socket) === connection) this.#tell(socket, event, frame);
    });
    this.#connections.set(socket, connection);
  }

  /** `message` is only valid until this returns to the server. */
  message(socket: Socket, message: ArrayBuffer, isBinary: boolean): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    if (isBinary) {
      connection.write(new Uint8Array(message));
      return;
    }
    try {
      this.#control(connection, parseJson(Buffer.from(message).toString('utf8')));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      send(socket, { type: 'error', code: thrown.code, detail: thrown.message });
    }
  }

  closed(socket: Socket): void {
    this.#connections.get(socket)?.close();
    this.#connections.delete(socket);
  }

  /** Ends every socket. */
  close(): void {
    clearInterval(this.#sweeper);
    this.#stopFollowing();
    for (const socket of [...this.#connections.keys()])
      socket.end(GOING_AWAY, 'The service is shutting down');
  }

  /** @throws AppError SM_REQUEST_INVALID */
  #control(connection: PushConnection, message: unknown): void {
    const control = validate(ControlSchema, message);
    switch (control.type) {
      case 'flush':
        connection.flush();
        return;
      case 'mark':
        connection.mark(control.id);
        return;
      case 'end':
        connection.end();
    }
  }

  #tell(socket: Socket, event: PushEvent, frame: number | null): void {
    const { clock } = this.#deps.program;
    if (frame === null || clock === null) send(socket, { ...event });
    else send(socket, { ...event, frame, mediaTimeMs: frameTimeMs(frame, clock.frameRate) });
  }

  #closeExpired(): void {
    const nowMs = Date.now();
    for (const socket of [...this.#connections.keys()])
      if (isExpired(socket.getUserData().identity, nowMs))
        socket.end(POLICY_VIOLATION, 'The token has expired');
  }

  /** Sources that are gone, or of another kind, take nothing any more. */
  #closeOrphans({ sound }: ServiceState): void {
    for (const socket of [...this.#connections.keys()]) {
      const { sourceId } = socket.getUserData();
      const source = sound.sources.find(({ id }) => id === sourceId);
      if (source?.content.kind !== 'push')
        socket.end(POLICY_VIOLATION, 'The audio source takes no samples any more');
    }
  }
}

function send(socket: Socket, message: Readonly<Record<string, unknown>>): void {
  if (socket.getBufferedAmount() < PUSH_BACKLOG_BYTES) socket.send(JSON.stringify(message));
}

/** @throws AppError SM_REQUEST_MALFORMED */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      'SM_REQUEST_MALFORMED',
      'Text messages must be JSON such as {"type":"flush"}; samples must be sent as binary messages.',
      [],
      { cause },
    );
  }
}
