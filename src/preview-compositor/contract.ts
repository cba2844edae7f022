import type { CompositorInit } from '../compositor/contract.js';
import type { FrameFormat } from '../memory/handover-layout.js';

/** What the thread of the preview compositor is started with. */
export type PreviewCompositorInit = Omit<CompositorInit, 'renderThreads'> & {
  readonly format: FrameFormat;
};
