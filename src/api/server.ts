import type { Logger } from '../core/logger.js';
import type { StateStore } from '../state/port.js';
import { createAuthenticator, type JwtTrust } from './auth.js';
import { createChangeContext, createReadContext } from './context.js';
import type { EventHub } from './event-hub.js';
import { Resources } from './etag.js';
import { Exchange } from './exchange.js';
import { Gate } from './gate.js';
import { IdempotencyKeys } from './idempotency.js';
import { IdempotencyJournal } from './idempotency-journal.js';
import { FrameSockets } from './frame-sockets.js';
import { ListeningSockets } from './listening-sockets.js';
import { type ApiLimits, DEFAULT_API_LIMITS } from './limits.js';
import { serveMediaSockets } from './media-sockets.js';
import { createOpenApiText } from './openapi.js';
import type { Call } from './carry-out.js';
import type { Answer, Operation } from './operation.js';
import { OpenExchanges } from './open-exchanges.js';
import { createOperations } from './operations/table.js';
import { toMeters } from './operations/audio-meters.js';
import { toStreamStatus } from './operations/stream-status.js';
import { OriginGuard } from './origin-guard.js';
import type {
  AssetService,
  DryRunReporter,
  ListeningService,
  MetricsService,
  PreviewService,
  ProgramService,
  SnapshotService,
  PlaybackService,
  FrameService,
  PageService,
  SoundService,
  StillService,
} from './ports.js';
import { VIEWER_BACKLOG_BYTES } from './preview-hub.js';
import { createPreviewHubs, type PreviewHubs } from './preview-hubs.js';
import { type PreviewConnection, PreviewSockets } from './preview-sockets.js';
import { PushSockets } from './push-sockets.js';
import { createRateLimits } from './rate-limit.js';
import { Requests } from './requests.js';
import { Rest } from './rest.js';
import { createRpcRequest } from './rpc-request.js';
import { type RpcConnection, RpcSockets } from './rpc-sockets.js';
import { type OperationTable, Trials } from './trials.js';
import { TrustedProxies } from './trusted-proxies.js';
import { createUpgradeHandler } from './upgrade.js';
import {
  listenExclusively,
  type ListenSocket,
  loadUws,
  type TemplatedApp,
  type Uws,
} from './uws.js';

export type ApiOptions = {
  /** Name or address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** A second port that serves the same (WS_PORT); null: none. */
  readonly secondPort: number | null;
  /** Null together with `jwt`: everybody on this machine may do everything. */
  readonly apiToken: string | null;
  readonly jwt: JwtTrust | null;
  /** Address whose origin's pages may use the API (ADMIN_API_URL); null: none. */
  readonly corsOrigin: string | null;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Of the service. */
  readonly version: string;
  /** Where idempotency keys outlive a restart; null: nowhere. */
  readonly idempotencyPath: string | null;
  /** What differs from `DEFAULT_API_LIMITS`. */
  readonly limits: Partial<ApiLimits>;
};

export type ApiDeps = {
  readonly store: StateStore;
  readonly assets: AssetService;
  readonly program: ProgramService;
  /** What does not work of threads and child processes that are wanted, sentences for people. */
  readonly troubles: () => readonly string[];
  /** Takes sound that is pushed. */
  readonly sound: SoundService;
  /** Takes pictures that are pushed. */
  readonly frames: FrameService;
  readonly pages: PageService;
  /** How far what is decoded has come. */
  readonly playback: PlaybackService;
  readonly preview: PreviewService;
  /** Of the scene in preview. */
  readonly previewCompositor: PreviewService;
  /** The program's sound for operators. */
  readonly listening: ListeningService;
  readonly stills: StillService;
  readonly snapshots: SnapshotService;
  readonly metrics: MetricsService;
  /** Events that others publish; the topic `stats` is published here. */
  readonly events: EventHub;
  /** What a change that is tried out would bring with it. */
  readonly report: DryRunReporter;
  readonly logger: Logger;
  /** Whether the media plane stands. */
  readonly isReady: () => boolean;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
};

/** The running control plane. */
export interface ApiServer {
  /** Ports that are listened on: the first, and the second if there is one. */
  readonly ports: readonly number[];
  /** The operations, for documents and tests. */
  readonly operations: readonly Operation[];
  /** Carries out an operation by its name, with the `params` of a JSON-RPC call. @throws AppError */
  call(name: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Takes no more requests, ends sockets, waits a bounded time for answers. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts to listen. @throws AppError SM_PORT_IN_USE, SM_CONFIG_INVALID, SM_SERVER_BINARY; then nothing listens
 */
export async function startApiServer(options: ApiOptions, deps: ApiDeps): Promise<ApiServer> {
  const { uws, build } = loadUws();
  const app = uws.App();
  const exchanges = new OpenExchanges();
  const parts = createParts(options, deps, app, exchanges);
  const { keys, limits, operations } = parts;
  await keys.open();
  serveSockets(uws, app, parts);
  serveRequests(app, parts);

  let listeners: readonly Listener[];
  try {
    listeners = await listenOn(uws, app, options);
  } catch (error) {
    stopTimers(parts);
    app.close();
    await keys.close();
    throw error;
  }
  exchanges.begin();
  const ports = listeners.map(({ port }) => port);
  deps.logger.debug({ ports, build }, 'listening');

  const close = async (): Promise<void> => {
    exchanges.end();
    for (const { socket } of listeners) uws.us_listen_socket_close(socket);
    stopTimers(parts);
    await exchanges.settled(limits.closeTimeoutMs);
    app.close();
    await keys.close();
  };
  let closing: Promise<void> | null = null;
  return {
    ports,
    operations,
    call: (method, params) => callInside(parts, method, params),
    close: () => (closing ??= close()),
  };
}

/** What requests go through, from the first byte to the answer. */
type Parts = {
  readonly limits: ApiLimits;
  readonly guard: OriginGuard;
  readonly proxies: TrustedProxies;
  readonly gate: Gate;
  readonly keys: IdempotencyKeys;
  readonly operations: readonly Operation[];
  readonly table: OperationTable;
  readonly requests: Requests;
  readonly rest: Rest;
  readonly rpcSockets: RpcSockets;
  readonly previewHubs: PreviewHubs;
  readonly previewSockets: PreviewSockets;
  readonly listeningSockets: ListeningSockets;
  readonly pushSockets: PushSockets;
  readonly frameSockets: FrameSockets;
  readonly exchanges: OpenExchanges;
};

function createParts(
  options: ApiOptions,
  deps: ApiDeps,
  app: TemplatedApp,
  exchanges: OpenExchanges,
): Parts {
  const limits: ApiLimits = { ...DEFAULT_API_LIMITS, ...options.limits };
  const authenticator = createAuthenticator(options);
  const guard = new OriginGuard({ ...options, open: authenticator.open });
  const proxies = new TrustedProxies(options.trustedProxies);
  const gate = new Gate(authenticator, createRateLimits(limits));
  const previewHubs = createPreviewHubs({
    sources: { program: deps.preview, preview: deps.previewCompositor },
    metrics: deps.metrics,
    limits,
    publish: (topic, jpeg) => void app.publish(topic, jpeg, true),
  });
  const trials = new Trials(() => table);
  const operations = createOperations({
    ...deps,
    trials,
    version: options.version,
    previewHubs,
    isServing: () => exchanges.isServing,
    openApiText: () => createOpenApiText(operations, options.version),
  });
  const resources = new Resources(operations);
  const table: OperationTable = {
    resources,
    byName: new Map(operations.flatMap((one) => (one.kind === 'json' ? [[one.name, one]] : []))),
  };
  const { now, report, logger } = deps;
  const { idempotencyPath } = options;
  const journal = idempotencyPath === null ? null : new IdempotencyJournal(idempotencyPath, logger);
  const keys = new IdempotencyKeys(journal, now);
  const contexts = { read: createReadContext(deps), change: createChangeContext(deps) };
  const tryOut = (call: Call): Promise<Answer> => trials.tryOut(contexts.change, report, call);
  const requests = new Requests({ ...deps, keys, resources, contexts, tryOut });
  return {
    limits,
    guard,
    proxies,
    gate,
    keys,
    operations,
    table,
    requests,
    rest: new Rest({ ...deps, operations, requests, resources, gate, guard, limits }),
    rpcSockets: new RpcSockets({
      ...deps,
      gate,
      requests,
      table,
      limits,
      sampleStats: () => toStreamStatus(contexts.read),
      sampleMeters: () => toMeters(deps.program.meters),
    }),
    previewHubs,
    previewSockets: new PreviewSockets(previewHubs),
    listeningSockets: new ListeningSockets({ ...deps, limits }),
    pushSockets: new PushSockets({ ...deps, limits }),
    frameSockets: new FrameSockets({ ...deps, limits }),
    exchanges,
  };
}

function serveSockets(uws: Uws, app: TemplatedApp, parts: Parts): void {
  const { limits, rpcSockets, previewSockets, exchanges } = parts;
  const upgradeDeps = {
    ...parts,
    track: (exchange: Exchange) => {
      exchanges.track(exchange);
    },
  };
  app.ws<RpcConnection>('/ws', {
    compression: uws.DISABLED,
    maxPayloadLength: limits.socketPayloadBytes,
    // The sockets keep their own, smaller bound: the server would leave messages out instead of closing.
    maxBackpressure: 0,
    idleTimeout: limits.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade: createUpgradeHandler('socket.open', upgradeDeps, (visitor) =>
      rpcSockets.accept(visitor),
    ),
    open: (socket) => {
      rpcSockets.open(socket);
    },
    message: (socket, message) => {
      rpcSockets.message(socket, message);
    },
    close: (socket) => {
      rpcSockets.closed(socket);
    },
  });
  app.ws<PreviewConnection>('/ws/preview', {
    compression: uws.DISABLED,
    maxPayloadLength: 1024,
    maxBackpressure: VIEWER_BACKLOG_BYTES,
    idleTimeout: limits.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade: createUpgradeHandler('preview.open', upgradeDeps, (visitor) =>
      previewSockets.accept(visitor),
    ),
    open: (socket) => {
      previewSockets.open(socket);
    },
    close: (socket) => {
      previewSockets.closed(socket);
    },
  });
  serveMediaSockets(uws, app, { ...parts, upgradeDeps });
}

function serveRequests(app: TemplatedApp, parts: Parts): void {
  const { exchanges, requests, rest, proxies } = parts;
  app.any('/*', (response, request) => {
    const exchange = new Exchange(response, request, proxies);
    try {
      exchanges.track(exchange);
    } catch (thrown) {
      exchange.sendProblem(requests.report('request', thrown));
      return;
    }
    void rest.handle(exchange);
  });
}

type Listener = { readonly socket: ListenSocket; readonly port: number };

async function listenOn(uws: Uws, app: TemplatedApp, options: ApiOptions): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const port of [options.port, options.secondPort]) {
    if (port !== null) listeners.push(await listenExclusively(uws, app, options.host, port));
  }
  return listeners;
}

function stopTimers(parts: Parts): void {
  const { rpcSockets, previewHubs, previewSockets } = parts;
  const { listeningSockets, pushSockets, frameSockets } = parts;
  rpcSockets.close();
  for (const hub of Object.values(previewHubs)) hub.close();
  previewSockets.close();
  listeningSockets.close();
  pushSockets.close();
  frameSockets.close();
}

/** Carries out an operation as the service itself: nobody has to be asked whether it may. */
async function callInside(
  { requests, table }: Parts,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const identity = { subject: 'itself', expiresAtMs: null };
  const limit = (): void => undefined;
  const request = createRpcRequest({ method, params, identity, limit, table });
  return (await requests.handle(request)).value;
}
