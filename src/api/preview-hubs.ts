import type { ApiLimits } from './limits.js';
import type { MetricsService, PreviewService } from './ports.js';
import { PreviewHub } from './preview-hub.js';
import { PREVIEW_SOURCES, type PreviewSource } from './preview-tiers.js';

/** One hub for each thing there is to look at. The limits of viewers and tiers are those of each. */
export type PreviewHubs = Readonly<Record<PreviewSource, PreviewHub>>;

export type PreviewHubsDeps = {
  readonly sources: Readonly<Record<PreviewSource, PreviewService>>;
  readonly metrics: MetricsService;
  readonly limits: ApiLimits;
  /** Sends a picture to every WebSocket that has subscribed to the topic, in one call of the server. */
  readonly publish: (topic: string, jpeg: Uint8Array) => void;
};

/** The topic that sockets of a source subscribe to for a tier. */
export function topicOf(source: PreviewSource, tierKey: string): string {
  return `${source}/${tierKey}`;
}

export function createPreviewHubs({
  sources,
  metrics,
  limits,
  publish,
}: PreviewHubsDeps): PreviewHubs {
  const viewers: Record<PreviewSource, number> = { program: 0, preview: 0 };
  const createHub = (source: PreviewSource): PreviewHub =>
    new PreviewHub({
      preview: sources[source],
      limits,
      metrics: {
        setPreviewViewers: (count) => {
          viewers[source] = count;
          metrics.setPreviewViewers(PREVIEW_SOURCES.reduce((sum, one) => sum + viewers[one], 0));
        },
        addPreviewDrops: (count) => {
          metrics.addPreviewDrops(count);
        },
      },
      publish: (key, jpeg) => {
        publish(topicOf(source, key), jpeg);
      },
    });
  return { program: createHub('program'), preview: createHub('preview') };
}
