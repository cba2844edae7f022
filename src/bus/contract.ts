import type { CompositorInit } from '../compositor/contract.js';
import type { FrameFormat } from '../memory/handover.js';

/** What the thread of the preview bus is started with. */
export type BusInit = Omit<CompositorInit, 'renderThreads'> & { readonly format: FrameFormat };
