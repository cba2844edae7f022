import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ServiceEvent } from '../../src/core/event.js';
import { createLogger } from '../../src/core/logger.js';
import {
  createAssetService,
  type AssetRoom,
  type AssetServiceOptions,
} from '../../src/assets/service.js';
import type { Command } from '../../src/state/command.js';
import { STATE_VERSION, type Asset, type ServiceState } from '../../src/state/model.js';
import type { Applied, StateStore } from '../../src/state/port.js';
import { reduce } from '../../src/state/reduce.js';
import { SoundSchema } from '../../src/scene/sound/schema.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';

export const EMPTY_STATE: ServiceState = {
  version: STATE_VERSION,
  revision: 0,
  config: {
    resolution: { width: 1920, height: 1080 },
    fps: { num: 60, den: 1 },
    bitrate: 6_000_000,
    preset: 'auto',
    audioBitrate: 160_000,
    audioChannels: 2,
  },
  scenes: [],
  sound: SoundSchema.parse({}),
  program: { sceneId: null, takenAtMs: 0, transition: null },
  stages: {},
  transitions: { default: { type: 'cut' }, pairs: [] },
  preview: null,
  stream: { wanted: 'offline', startedAtMs: null },
  outputs: [],
  inputs: [],
  assets: [],
  batches: [],
  variables: {},
  templates: [],
};

/** The state with its real reducer, kept in memory only: what is stored where is not what these tests are about. */
export function createVolatileStore(initial: ServiceState = EMPTY_STATE): StateStore {
  let state = initial;
  const listeners = new Set<(applied: Applied) => void>();
  return {
    get state() {
      return state;
    },
    get head() {
      return state;
    },
    persistence: {
      store: 'file',
      state: 'ok',
      reason: null,
      storedRevision: 0,
      durable: true,
      refusing: false,
    },
    measureTicker: null,
    async dispatch(command: Command) {
      const acceptedAtNs = process.hrtime.bigint();
      await new Promise(setImmediate);
      const before = state;
      const change = reduce(before, command);
      state = change.state;
      const applied = { command, before, after: state, events: change.events, acceptedAtNs };
      for (const listener of listeners) listener(applied);
      return applied;
    },
    onApplied(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPersistence: () => () => undefined,
    close: () => Promise.resolve(),
  };
}

/** A room over an empty folder, with what it published; `close` removes everything. */
export type Fixture = {
  readonly store: StateStore;
  readonly assets: AssetRoom;
  readonly events: readonly ServiceEvent[];
  readonly folder: string;
  close(): Promise<void>;
};

export async function openFixture(changes: Partial<AssetServiceOptions> = {}): Promise<Fixture> {
  const folder = changes.cacheDir ?? (await mkdtemp(join(tmpdir(), 'sm-assets-')));
  const store = changes.store ?? createVolatileStore();
  const events: ServiceEvent[] = [];
  const assets = await createAssetService({
    store,
    cacheDir: folder,
    cacheLimitBytes: 50_000_000,
    cdnBaseUrl: null,
    uploadLimitBytes: 5_000_000,
    allowPrivateHosts: [],
    ffmpegPath: null,
    publish: (event) => events.push(event),
    logger: createLogger('silent', 'assets'),
    refreshPolicy: FAST_REFRESH,
    ...changes,
  });
  return {
    store,
    assets,
    events,
    folder,
    async close() {
      await assets.close();
      if (changes.cacheDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same course of tries as in production, in a fraction of the time. */
export const FAST_REFRESH = {
  concurrency: 4,
  retryDelaysMs: [20, 40],
  laterMs: 100,
  latestMs: 200,
  freshness: { minMs: 50, defaultMs: 60_000, maxMs: 60_000 },
};

/** Resolves with the asset once it fits. @throws Error with the asset as it is after `timeoutMs` */
export async function waitForAsset(
  store: StateStore,
  id: string,
  fits: (asset: Asset) => boolean,
  timeoutMs = 30_000,
): Promise<Asset> {
  const giveUpAtMs = Date.now() + timeoutMs;
  for (;;) {
    const asset = store.state.assets.find((one) => one.id === id);
    if (asset !== undefined && fits(asset)) return asset;
    if (Date.now() > giveUpAtMs) throw new Error(`Waited in vain: ${JSON.stringify(asset)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A PNG of one colour. */
export function makePng(width: number, height: number, color = '#ff8800'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: color } })
    .png()
    .toBuffer();
}

/** A JPEG whose pixels are noise, so that cutting it hurts. */
export function makeJpeg(width: number, height: number): Promise<Buffer> {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
}

/** A scene that shows assets, one in each layer. */
export function sceneCommand(id: string, assetIds: readonly string[]): Command {
  return {
    type: 'scene.create',
    scene: SceneSchema.parse({
      id,
      layers: assetIds.map((asset, i) => ({ id: `layer-${i}`, type: 'image', asset })),
    }),
  };
}
