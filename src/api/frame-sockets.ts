import { z } from 'zod';
import { AppError } from '../core/errors.js';
import { IdSchema } from '../scene/schema/values.js';
import type { PushedFormat } from '../ingest/contract.js';
import type { ServiceState } from '../state/model.js';
import type { StateStore } from '../state/port.js';
import { isExpired, type Identity } from './auth.js';
import type { FrameService } from './ports.js';
import type { Visitor } from './upgrade.js';
import type { WebSocket } from './uws.js';
import { invalidRequest, validate } from './validation.js';

/** Address of the sockets, with the id of the input behind it. */
export const FRAMES_PATH = '/ws/frames/';

/** What one WebSocket of /ws/frames/{input} carries. */
export type FrameSocketData = {
  readonly inputId: string;
  readonly format: PushedFormat;
  /** Whether each message begins with its timestamp. */
  readonly isTimed: boolean;
  readonly identity: Identity;
};

type Socket = WebSocket<FrameSocketData>;
type Connection = ReturnType<FrameService['open']>;

const FILE_TYPES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;

const QuerySchema = z.strictObject({
  format: z.enum(['rgba', 'bgra', 'i420', 'jpeg', 'png', 'webp']),
  width: z.coerce.number().pipe(z.int().min(2).max(7680)).optional(),
  height: z.coerce.number().pipe(z.int().min(2).max(7680)).optional(),
  alpha: z.enum(['straight', 'premultiplied', 'none']).default('straight'),
  timestamps: z.enum(['true', 'false']).default('false'),
});

const TIMESTAMP_BYTES = 8;

const SWEEP_INTERVAL_MS = 1000;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
/** Answers that a client does not read are left out beyond this. */
export const FRAMES_BACKLOG_BYTES = 64 * 1024;

export type FrameSocketsDeps = {
  readonly store: StateStore;
  readonly frames: FrameService;
  readonly limits: { readonly frameSockets: number };
};

/** How pictures are written, as the query of the address says. @throws AppError SM_REQUEST_INVALID */
function toFormat({ format, width, height, alpha }: z.infer<typeof QuerySchema>): PushedFormat {
  if (format === 'jpeg' || format === 'png' || format === 'webp')
    return { kind: 'file', mediaType: FILE_TYPES[format] };
  for (const [name, extent] of Object.entries({ width, height })) {
    if (extent === undefined)
      throw invalidRequest([{ path: `/${name}`, message: `is required with format=${format}` }]);
    if (extent % 2 !== 0) throw invalidRequest([{ path: `/${name}`, message: 'must be even' }]);
  }
  const size = { widthPx: width ?? 0, heightPx: height ?? 0 };
  if (format === 'i420') return { kind: 'i420', ...size };
  return { kind: 'pixels', ...size, isBgra: format === 'bgra', alpha };
}

/** How long a picture must be, bytes; null: it says so itself. */
function bytesOf(format: PushedFormat): number | null {
  if (format.kind === 'file') return null;
  const pixels = format.widthPx * format.heightPx;
  return format.kind === 'i420' ? (pixels * 3) / 2 : pixels * 4;
}

/** The sockets over which programs send pictures: each binary message is one, and each is answered. */
export class FrameSockets {
  readonly #deps: FrameSocketsDeps;
  readonly #connections = new Map<Socket, Connection>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #stopFollowing: () => void;

  constructor(deps: FrameSocketsDeps) {
    this.#deps = deps;
    this.#sweeper = setInterval(() => {
      this.#closeExpired();
    }, SWEEP_INTERVAL_MS);
    this.#sweeper.unref();
    this.#stopFollowing = deps.store.onApplied(({ after }) => {
      this.#closeOrphans(after);
    });
  }

  /** @throws AppError SM_REQUEST_INVALID, SM_SOCKET_LIMIT, SM_INPUT_UNKNOWN, SM_INPUT_KIND */
  accept({ identity, path, query }: Visitor): FrameSocketData {
    const { store, limits } = this.#deps;
    const wanted = validate(QuerySchema, Object.fromEntries(new URLSearchParams(query)));
    const inputId = validate(IdSchema, path.slice(FRAMES_PATH.length));
    const input = store.state.inputs.find(({ id }) => id === inputId);
    if (input === undefined) {
      throw new AppError(
        'SM_INPUT_UNKNOWN',
        `There is no input "${inputId}". GET /api/inputs lists the inputs.`,
      );
    }
    if (input.content.kind !== 'frames') {
      throw new AppError(
        'SM_INPUT_KIND',
        `The input ${inputId} is of kind ${input.content.kind}. Only inputs of kind frames take pictures.`,
      );
    }
    if (this.#connections.size >= limits.frameSockets) {
      throw new AppError(
        'SM_SOCKET_LIMIT',
        `The limit of ${limits.frameSockets} WebSockets that send pictures is reached. Close some first.`,
      );
    }
    return { inputId, format: toFormat(wanted), isTimed: wanted.timestamps === 'true', identity };
  }

  open(socket: Socket): void {
    const { inputId, format } = socket.getUserData();
    for (const other of [...this.#connections.keys()])
      if (other.getUserData().inputId === inputId)
        other.end(POLICY_VIOLATION, 'Another program has taken over this input');
    const connection = this.#deps.frames.open(inputId, format, ({ number, result, reason }) => {
      if (this.#connections.get(socket) !== connection) return;
      if (result === 'broken')
        send(socket, { type: 'error', frame: number, code: 'SM_REQUEST_INVALID', detail: reason });
      else send(socket, { type: result, frame: number, reason });
    });
    this.#connections.set(socket, connection);
  }

  /** `message` is only valid until this returns to the server. */
  message(socket: Socket, message: ArrayBuffer, isBinary: boolean): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    try {
      if (!isBinary) throw invalidMessage('Pictures must be sent as binary messages.');
      const { format, isTimed } = socket.getUserData();
      const timestampMs = isTimed ? timestampOf(message) : null;
      const bytes = message.slice(isTimed ? TIMESTAMP_BYTES : 0);
      const expected = bytesOf(format);
      if (expected !== null && bytes.byteLength !== expected)
        throw invalidMessage(
          `A picture of this format and size takes ${expected} bytes; ${bytes.byteLength} have come.`,
        );
      connection.send(bytes, timestampMs);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      send(socket, { type: 'error', frame: null, code: thrown.code, detail: thrown.message });
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

  #closeExpired(): void {
    const nowMs = Date.now();
    for (const socket of [...this.#connections.keys()])
      if (isExpired(socket.getUserData().identity, nowMs))
        socket.end(POLICY_VIOLATION, 'The token has expired');
  }

  /** Inputs that are gone, or of another kind, take nothing any more. */
  #closeOrphans({ inputs }: ServiceState): void {
    for (const socket of [...this.#connections.keys()]) {
      const { inputId } = socket.getUserData();
      const input = inputs.find(({ id }) => id === inputId);
      if (input?.content.kind !== 'frames')
        socket.end(POLICY_VIOLATION, 'The input takes no pictures any more');
    }
  }
}

function send(socket: Socket, message: Readonly<Record<string, unknown>>): void {
  if (socket.getBufferedAmount() < FRAMES_BACKLOG_BYTES) socket.send(JSON.stringify(message));
}

function invalidMessage(detail: string): AppError {
  return new AppError('SM_REQUEST_INVALID', detail);
}

/** @throws AppError SM_REQUEST_INVALID */
function timestampOf(message: ArrayBuffer): number {
  const timestampMs =
    message.byteLength < TIMESTAMP_BYTES ? NaN : new DataView(message).getFloat64(0, true);
  if (Number.isFinite(timestampMs)) return timestampMs;
  throw invalidMessage(
    'With timestamps=true a message must begin with eight bytes: a number of milliseconds, as a little-endian float64.',
  );
}
