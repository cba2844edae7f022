import { z } from 'zod';
import { AppError } from '../core/errors.js';
import { EVENT_TOPICS, type EventTopic } from '../core/event.js';
import { isExpired, type Identity } from './auth.js';
import type { EventHub } from './event-hub.js';
import type { Gate } from './gate.js';
import { answerRpc } from './json-rpc.js';
import type { ApiLimits } from './limits.js';
import type { MetricsService } from './ports.js';
import { RetryLaterError } from './problem.js';
import type { Requests } from './requests.js';
import { type CallResult, createRpcRequest } from './rpc-request.js';
import type { OperationTable } from './trials.js';
import type { Visitor } from './upgrade.js';
import type { WebSocket } from './uws.js';
import { validate } from './validation.js';

/** What one WebSocket of /ws carries. */
export type RpcConnection = {
  readonly identity: Identity;
  readonly address: string;
  readonly topics: Set<EventTopic>;
  /** Work for the moment after the answer that is being made has been sent. */
  readonly afterAnswer: (() => void)[];
  requestsInFlight: number;
};

type Socket = WebSocket<RpcConnection>;

export type RpcSocketsDeps = {
  readonly gate: Gate;
  readonly requests: Requests;
  readonly table: OperationTable;
  readonly events: EventHub;
  readonly metrics: MetricsService;
  readonly limits: ApiLimits;
  /** What the topic `stats` sends. */
  readonly sampleStats: () => Readonly<Record<string, unknown>>;
  /** How loud everything is. */
  readonly sampleMeters: () => Readonly<Record<string, unknown>>;
};

const Topics = z.array(z.enum(EVENT_TOPICS)).min(1);
const SubscribeSchema = z.strictObject({
  topics: Topics.default(EVENT_TOPICS.filter((topic) => topic !== 'meters')),
  since: z.number().min(0).optional(),
});
const UnsubscribeSchema = z.strictObject({ topics: Topics.default([...EVENT_TOPICS]) });

const STATS_INTERVAL_MS = 1000;
const METERS_INTERVAL_MS = 100;
const POLICY_VIOLATION = 1008;

/** The JSON-RPC sockets: carry operations in and events out. Nobody here waits for a client, or keeps much for one. */
export class RpcSockets {
  readonly #deps: RpcSocketsDeps;
  readonly #sockets = new Set<Socket>();
  readonly #stopListening: () => void;
  readonly #ticker: NodeJS.Timeout;
  readonly #meterTicker: NodeJS.Timeout;

  constructor(deps: RpcSocketsDeps) {
    this.#deps = deps;
    this.#stopListening = deps.events.listen(({ topic }, json) => {
      this.#broadcast(topic, json);
    });
    this.#ticker = setInterval(() => {
      this.#tick();
    }, STATS_INTERVAL_MS);
    this.#ticker.unref();
    this.#meterTicker = setInterval(() => {
      if (this.#isWatched('meters'))
        deps.events.publish({ topic: 'meters', type: 'audio.meters', data: deps.sampleMeters() });
    }, METERS_INTERVAL_MS);
    this.#meterTicker.unref();
  }

  /** @throws AppError SM_SOCKET_LIMIT */
  accept({ identity, address }: Visitor): RpcConnection {
    if (this.#sockets.size >= this.#deps.limits.sockets) {
      throw new AppError(
        'SM_SOCKET_LIMIT',
        `The limit of ${this.#sockets.size} open WebSockets is reached. Close some, or try again later.`,
      );
    }
    return { identity, address, topics: new Set(), afterAnswer: [], requestsInFlight: 0 };
  }

  open(socket: Socket): void {
    this.#sockets.add(socket);
    this.#deps.metrics.setSocketConnections(this.#sockets.size);
  }

  closed(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#deps.metrics.setSocketConnections(this.#sockets.size);
  }

  /** `message` is only valid until this returns to the server: it is parsed at once. */
  message(socket: Socket, message: ArrayBuffer): void {
    const connection = socket.getUserData();
    const { limits } = this.#deps;
    connection.requestsInFlight++;
    const isBusy = connection.requestsInFlight > limits.socketRequestsInFlight;
    const answered = answerRpc(new Uint8Array(message), limits, async (method, params) => {
      if (isBusy) {
        throw new RetryLaterError(
          `The limit of ${limits.socketRequestsInFlight} pending requests on this WebSocket is reached. Wait for responses first.`,
          1,
        );
      }
      return this.#call(socket, method, params);
    });
    void answered.then((answer) => {
      connection.requestsInFlight--;
      if (answer !== null) this.#send(socket, answer);
      for (const work of connection.afterAnswer.splice(0)) work();
    });
  }

  /** Ends every socket. */
  close(): void {
    this.#stopListening();
    clearInterval(this.#ticker);
    clearInterval(this.#meterTicker);
    for (const socket of [...this.#sockets]) socket.end(1001, 'The service is shutting down');
  }

  async #call(
    socket: Socket,
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): Promise<CallResult> {
    const { gate, requests, table } = this.#deps;
    const { identity, address } = socket.getUserData();
    const limit = (): Promise<void> => gate.count(identity, address);
    // Only a socket can have these two: they are no operations.
    if (method === 'events.subscribe' || method === 'events.unsubscribe') {
      await limit();
      const isOn = method === 'events.subscribe';
      const value = isOn ? this.#subscribe(socket, params) : this.#unsubscribe(socket, params);
      return { value, isDurable: true };
    }
    try {
      return await requests.handle(createRpcRequest({ method, params, identity, limit, table }));
    } catch (thrown) {
      throw requests.report(method, thrown);
    }
  }

  #subscribe(socket: Socket, params: unknown): object {
    const { topics, since } = validate(SubscribeSchema, params);
    const connection = socket.getUserData();
    const from = since ?? this.#deps.events.newestSeq;
    const { gap } = this.#deps.events.since(from, new Set(topics));
    // The answer goes out first, then what was missed, then what comes: nothing twice, nothing left out.
    connection.afterAnswer.push(() => {
      const added = new Set(
        topics.filter((topic) => since !== undefined || !connection.topics.has(topic)),
      );
      for (const topic of topics) connection.topics.add(topic);
      for (const json of this.#deps.events.since(from, added).events) this.#sendEvent(socket, json);
    });
    return {
      topics: [...new Set([...connection.topics, ...topics])],
      seq: this.#deps.events.newestSeq,
      gap,
    };
  }

  #unsubscribe(socket: Socket, params: unknown): object {
    const { topics } = validate(UnsubscribeSchema, params);
    const connection = socket.getUserData();
    for (const topic of topics) connection.topics.delete(topic);
    return { topics: [...connection.topics] };
  }

  #broadcast(topic: EventTopic, json: string): void {
    for (const socket of [...this.#sockets]) {
      if (socket.getUserData().topics.has(topic)) this.#sendEvent(socket, json);
    }
  }

  #sendEvent(socket: Socket, json: string): void {
    this.#send(socket, `{"jsonrpc":"2.0","method":"event","params":${json}}`);
  }

  /** Sends, or cuts off a client that does not read: events must not be left out, and must not pile up. */
  #send(socket: Socket, text: string): void {
    if (!this.#sockets.has(socket)) return;
    if (socket.getBufferedAmount() > this.#deps.limits.socketBacklogBytes) {
      socket.close();
      return;
    }
    socket.send(text);
  }

  #isWatched(topic: EventTopic): boolean {
    return [...this.#sockets].some((socket) => socket.getUserData().topics.has(topic));
  }

  #tick(): void {
    const nowMs = Date.now();
    for (const socket of [...this.#sockets]) {
      if (isExpired(socket.getUserData().identity, nowMs)) {
        socket.end(POLICY_VIOLATION, 'The token has expired');
      }
    }
    if (!this.#isWatched('stats')) return;
    this.#deps.events.publish({
      topic: 'stats',
      type: 'stats.sampled',
      data: this.#deps.sampleStats(),
    });
  }
}
