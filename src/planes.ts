import type { EventHub } from './api/event-hub.js';
import type { TrackEvents } from './api/track-events.js';
import type { AssetRoom } from './assets/service.js';
import type { PreviewCompositor } from './preview-compositor/preview-compositor.js';
import type { Config } from './config.js';
import type { Closing } from './core/closing.js';
import type { Logger } from './core/logger.js';
import type { createRtmpServer } from './output/rtmp-server/rtmp-server.js';
import type { RunningPreview } from './preview/service.js';
import type { SoundMonitor } from './preview/sound-monitor.js';
import type { LiveKeeper } from './program/live-keeper.js';
import type { ProgramHandle } from './program/program-handle.js';
import type { Projection } from './projection.js';
import type { StateStore } from './state/port.js';
import type { RunningStills } from './still/service.js';

/** What both planes are made with. */
export type Surroundings = {
  readonly config: Config;
  readonly logger: Logger;
  readonly events: EventHub;
  /** What is started is added to it, to be closed in the reverse order. */
  readonly closing: Closing;
};

/** The state and what belongs to it: what the media plane follows. */
export type ControlPlane = { readonly store: StateStore; readonly assets: AssetRoom };

/** What makes pictures, and follows the state. */
export type MediaPlane = {
  readonly program: ProgramHandle;
  /** What is known of what is decoded for the sound. */
  readonly tracks: TrackEvents;
  readonly keeper: LiveKeeper;
  readonly preview: RunningPreview;
  readonly previewCompositor: PreviewCompositor;
  readonly listening: SoundMonitor;
  readonly stills: RunningStills;
  readonly projection: Projection;
  readonly renderThreads: number;
};

/** The built-in RTMP server; null: it is off. */
export type Rtmp = Awaited<ReturnType<typeof createRtmpServer>> | null;
