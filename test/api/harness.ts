import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { reportFromState } from '../../src/api/dry-run.js';
import { EventHub } from '../../src/api/event-hub.js';
import type {
  ListeningService,
  MetricsService,
  PreviewService,
  ProgramService,
  SoundListener,
  SoundService,
} from '../../src/api/ports.js';
import { type ApiOptions, type ApiServer, startApiServer } from '../../src/api/server.js';
import { measuredTicker } from '../../src/assets/measured-ticker.js';
import { createAssetService } from '../../src/assets/service.js';
import { createSnapshots } from '../../src/assets/snapshots.js';
import { FrameSenders } from '../../src/program/frame-senders.js';
import type { AirFrame, ProgramClock } from '../../src/core/program-clock.js';
import { createLogger } from '../../src/core/logger.js';
import type { ListeningFormat, PreviewTier, SoundPacket } from '../../src/preview/contract.js';
import type { ProgramState } from '../../src/stitcher/contract.js';
import { BatchScheduler } from '../../src/state/batch-scheduler.js';
import { createTickerMeasure } from '../../src/layers/ticker/item.js';
import { openStateStore } from '../../src/state/open-store.js';
import type { PcmFormat, PushConnection, PushListener } from '../../src/audio/contract.js';
import type { StateStore } from '../../src/state/port.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';

/** A program that only knows what it was told; `startsWith` is awaited by its start. */
export class FakeProgram implements ProgramService, SoundService {
  state: ProgramState = 'offline';
  reason: string | null = null;
  troubles: readonly string[] = [];
  failure: string | null = null;
  stats = null;
  outputs = new Map<string, never>();
  inputs: ProgramService['inputs'] = new Map();
  meters: ProgramService['meters'] = null;
  clock: ProgramClock | null = null;
  startsWith: () => Promise<void> = () => Promise.resolve();

  /** What was pushed, a line for each call. */
  readonly pushes: string[] = [];
  readonly pageCalls: string[] = [];
  hasPage = true;
  pushListener: PushListener = () => undefined;

  push(sourceId: string, format: PcmFormat, listener: PushListener): PushConnection {
    const say = (line: string): void => void this.pushes.push(line);
    this.pushListener = listener;
    say(`open ${sourceId} ${format.encoding} ${format.rateHz} ${format.channels}`);
    return {
      write: (bytes) => {
        say(`write ${bytes.length}`);
      },
      flush: () => {
        say('flush');
      },
      mark: (id) => {
        say(`mark ${id}`);
      },
      end: () => {
        say('end');
      },
      close: () => {
        say('close');
      },
    };
  }

  async start(): Promise<void> {
    this.state = 'starting';
    await this.startsWith();
    this.state = 'live';
  }

  whenOnAir(): Promise<AirFrame | null> {
    return Promise.resolve(null);
  }

  stop(): Promise<void> {
    this.state = 'offline';
    return Promise.resolve();
  }
}

/** A preview whose pictures come from the test. */
export class FakePreview implements PreviewService {
  readonly #listeners = new Set<(tier: PreviewTier, jpeg: Uint8Array) => void>();
  tiers: readonly PreviewTier[] = [];
  watchers = 0;
  grabs: { widthPx: number; quality: number }[] = [];

  grab(widthPx: number, quality: number): Promise<Uint8Array> {
    this.grabs.push({ widthPx, quality });
    return Promise.resolve(Buffer.from(`jpeg ${widthPx} ${quality}`));
  }

  setTiers(tiers: readonly PreviewTier[]): void {
    this.tiers = tiers;
  }

  setWatchers(count: number): void {
    this.watchers = count;
  }

  onPicture(listener: (tier: PreviewTier, jpeg: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A picture for every tier that is looked at. */
  paint(jpeg: Uint8Array): void {
    for (const tier of this.tiers) for (const listener of this.#listeners) listener(tier, jpeg);
  }
}

/** Sound whose packets come from the test. */
export class FakeListening implements ListeningService {
  readonly #listeners = new Set<SoundListener>();

  get count(): number {
    return this.#listeners.size;
  }

  listen(_format: ListeningFormat, listener: SoundListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sound(packet: SoundPacket): void {
    for (const listener of this.#listeners) listener.onPacket(packet);
  }

  fail(reason: string): void {
    for (const listener of this.#listeners) listener.onUnavailable(reason);
  }
}

/** Figures that the test reads back. */
export class FakeMetrics implements MetricsService {
  readonly contentType = 'text/plain; version=0.0.4';
  readonly requests: { operation: string; status: number }[] = [];
  viewers = 0;
  drops = 0;
  listeners = 0;
  listenerDropsSeconds = 0;
  sockets = 0;

  render(): Promise<string> {
    return Promise.resolve('stream_manager_up 1\n');
  }

  observeRequest(operation: string, status: number): void {
    this.requests.push({ operation, status });
  }

  setPreviewViewers(count: number): void {
    this.viewers = count;
  }

  addPreviewDrops(count: number): void {
    this.drops += count;
  }

  setSoundListeners(count: number): void {
    this.listeners = count;
  }

  addListenerDrops(seconds: number): void {
    this.listenerDropsSeconds += seconds;
  }

  setSocketConnections(count: number): void {
    this.sockets = count;
  }
}

const JsonObject = z.record(z.string(), z.json());
type Json = z.infer<ReturnType<typeof z.json>>;

export type Reply = {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
  /** The body as an object; empty when it is none. */
  readonly json: Record<string, Json>;
  /** A field of the body that is a text; empty when it is none. */
  textOf(name: string): string;
};

export type Call = {
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
  readonly headers?: Record<string, string>;
};

/** A control plane on a free port, with a real store and real assets; the media plane is played by the test. */
export type Harness = {
  readonly server: ApiServer;
  readonly port: number;
  readonly origin: string;
  readonly store: StateStore;
  readonly program: FakeProgram;
  readonly preview: FakePreview;
  /** Of the scene in preview. */
  readonly previewCompositor: FakePreview;
  readonly listening: FakeListening;
  readonly metrics: FakeMetrics;
  readonly events: EventHub;
  isReady: boolean;
  call(method: Dispatcher.HttpMethod, path: string, options?: Call): Promise<Reply>;
  close(): Promise<void>;
};

/** @param redisUrl - where the state is kept; null: in a file */
export async function startHarness(
  options: Partial<ApiOptions> = {},
  redisUrl: string | null = null,
): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-api-'));
  const logger = createLogger('silent', 'api');
  const store = await openStateStore({
    dataDir: folder,
    redisUrl,
    redisPrefix: `${basename(folder)}:`,
    settings: {
      stream: {
        resolution: { width: 1920, height: 1080 },
        fps: { num: 60, den: 1 },
        bitrate: 6_000_000,
        preset: 'auto',
        audioBitrate: 160_000,
        audioChannels: 2,
      },
      explicitStream: {},
      streamUrl: null,
      rtmpPort: 1935,
      rtmpPlayKey: null,
    },
    durability: 'relaxed',
    measureTicker: createTickerMeasure(measuredTicker),
    logger,
  });
  const events = new EventHub(() => Date.now());
  const program = new FakeProgram();
  const batches = new BatchScheduler({
    store,
    logger,
    now: () => Date.now(),
    clock: () => program.clock,
  });
  await batches.open();
  store.onApplied((applied) => {
    batches.follow(applied.after);
    for (const event of applied.events) events.publish(event);
  });
  const assets = await createAssetService({
    store,
    cacheDir: join(folder, 'assets'),
    cacheLimitBytes: 100_000_000,
    cdnBaseUrl: null,
    uploadLimitBytes: 50_000_000,
    allowPrivateHosts: [],
    ffmpegPath: null,
    publish: (event) => events.publish(event),
    logger,
  });
  const preview = new FakePreview();
  const previewCompositor = new FakePreview();
  const listening = new FakeListening();
  const metrics = new FakeMetrics();
  const stills = createStills({
    ffmpegPath: null,
    logLevel: 'silent',
    logger,
    limits: STILL_LIMITS,
  });
  const agent = new Agent({ connections: 64 });
  const harness = { isReady: true };
  const stopParts = async (): Promise<void> => {
    await agent.destroy();
    await stills.close();
    await assets.close();
    batches.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  let server: ApiServer;
  try {
    server = await startApiServer(
      {
        host: '127.0.0.1',
        port: 0,
        secondPort: null,
        apiToken: null,
        jwt: null,
        trustedProxies: [],
        corsOrigin: null,
        version: '1.2.3',
        idempotencyPath: join(folder, 'idempotency.jsonl'),
        limits: {},
        ...options,
      },
      {
        store,
        assets,
        program,
        sound: program,
        pages: {
          call: (inputId, call) => {
            program.pageCalls.push(`${inputId} ${JSON.stringify(call)}`);
            return Promise.resolve(program.hasPage);
          },
        },
        frames: new FrameSenders({ follow: () => undefined, put: () => false }),
        playback: { playbackOf: () => null },
        troubles: () => program.troubles,
        preview,
        previewCompositor,
        listening,
        stills,
        snapshots: createSnapshots(assets),
        metrics,
        events,
        report: reportFromState,
        logger,
        isReady: () => harness.isReady,
        now: () => Date.now(),
      },
    );
  } catch (error) {
    await stopParts();
    throw error;
  }
  const port = server.ports[0] ?? 0;
  const origin = `http://127.0.0.1:${port}`;
  return Object.assign(harness, {
    server,
    port,
    origin,
    store,
    program,
    preview,
    previewCompositor,
    listening,
    metrics,
    events,
    async call(
      method: Dispatcher.HttpMethod,
      path: string,
      { body, raw, headers = {} }: Call = {},
    ) {
      const isJson = body !== undefined;
      const response = await request(`${origin}${path}`, {
        method,
        dispatcher: agent,
        headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
        body: isJson ? JSON.stringify(body) : (raw ?? null),
      });
      const text = await response.body.text();
      let json: Record<string, Json> = {};
      try {
        json = JsonObject.parse(JSON.parse(text));
      } catch {
        // Not every answer is an object of JSON.
      }
      return {
        status: response.statusCode,
        headers: response.headers,
        text,
        json,
        textOf(name: string) {
          const value = json[name];
          return typeof value === 'string' ? value : '';
        },
      };
    },
    async close() {
      await server.close();
      await stopParts();
    },
  });
}
