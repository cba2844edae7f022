import pino from 'pino';
import type { Logger } from '../../src/core/logger.js';
import { type Layer, type LayerInput, LayerSchema } from '../../src/scene/schema/layer.js';
import { type Scene, type SceneInput, SceneSchema } from '../../src/scene/schema/scene.js';
import type { Asset, Output, ServiceState } from '../../src/state/model.js';
import { settleState, type StateSettings } from '../../src/state/settle.js';
import { deepFreeze } from '../../src/state/deep-freeze.js';

export const SETTINGS: StateSettings = {
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
  rtmpPort: 0,
  rtmpPlayKey: null,
};

/** A change at once, at no moment in particular. */
export const NOW = { atMs: 0, transition: null } as const;

export const SILENT: Logger = pino({ level: 'silent' });

/** A logger that keeps what it is told, as JSON lines. */
export function recordingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { logger: pino({}, { write: (line: string) => void lines.push(line) }), lines };
}

export function emptyState(): ServiceState {
  return deepFreeze(settleState(null, SETTINGS));
}

export function sceneOf(input: SceneInput): Scene {
  return SceneSchema.parse(input);
}

export function layerOf(input: LayerInput): Layer {
  return LayerSchema.parse(input);
}

/** A scene of text layers `layer-0`, `layer-1`, … from the bottom up. */
export function sceneWithLayers(id: string, count: number): Scene {
  const layers = Array.from({ length: count }, (_, i): LayerInput => {
    return { id: `layer-${i}`, type: 'text', text: `Line ${i}`, y: i };
  });
  return sceneOf({ id, layers });
}

export function outputOf(given: Partial<Output>): Output {
  return {
    id: 'main',
    name: 'Main',
    kind: 'rtmp',
    url: 'rtmp://live.example.org/app/secret-key',
    enabled: true,
    builtIn: false,
    ...given,
  };
}

export function assetOf(given: Partial<Asset>): Asset {
  return {
    id: 'logo',
    name: 'Logo',
    state: 'pending',
    source: { kind: 'upload' },
    contentHash: null,
    kind: 'picture',
    renditionHash: null,
    animation: null,
    font: null,
    audio: null,
    video: null,
    fontFamilies: [],
    notDrawn: [],
    mediaType: null,
    bytes: null,
    width: null,
    height: null,
    etag: null,
    error: null,
    createdAtMs: 0,
    ...given,
  };
}
