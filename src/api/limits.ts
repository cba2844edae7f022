import { VARIABLE_LIMITS } from '../scene/limits.js';

/** What one client, and all clients together, may take of the control plane. */
export type ApiLimits = {
  readonly jsonBodyBytes: number;
  readonly uploadBytes: number;
  /** Uploads of the largest size that may be in memory at the same time: of smaller ones as many as take as much. */
  readonly uploadsInFlight: number;
  /** Objects and arrays inside each other in a JSON text. */
  readonly nestingDepth: number;
  /** Values in a JSON text, those inside of others counted. */
  readonly jsonValues: number;
  /** Layers in a JSON text, in all its scenes, groups and operations together. */
  readonly layersPerRequest: number;
  /** Characters of expressions in a JSON text, in bindings and in the `{{…}}` of texts. */
  readonly expressionCharsPerRequest: number;
  /** Requests per second and remote address, over REST and WebSocket together. */
  readonly requestsPerSecond: number;
  /** Refused tokens per minute and remote address. */
  readonly authFailuresPerMinute: number;
  /** Until the last byte of a JSON body must be here. */
  readonly bodyTimeoutMs: number;
  readonly uploadTimeoutMs: number;
  /** Connections to /ws. */
  readonly sockets: number;
  readonly socketPayloadBytes: number;
  /** What may wait to be read by one client of /ws before it is cut off. */
  readonly socketBacklogBytes: number;
  readonly socketIdleSeconds: number;
  /** Requests of one socket that are being worked on. */
  readonly socketRequestsInFlight: number;
  /** Requests in one JSON-RPC batch. */
  readonly batchRequests: number;
  /** Connections to /ws/audio/{source}. */
  readonly pushSockets: number;
  /** Connections to /ws/frames/{input}. */
  readonly frameSockets: number;
  /** Most that one picture of those takes, bytes: RGBA of 4K UHD, and its timestamp. */
  readonly frameBytes: number;
  /** Connections to /ws/preview/audio. */
  readonly soundListeners: number;
  /** Viewers over WebSocket and MJPEG together. */
  readonly previewViewers: number;
  readonly previewTiers: number;
  /** How long a viewer may take no picture, or a listener no sound, before it is cut off. */
  readonly previewStallMs: number;
  /** How long `close()` waits for answers that are being worked on. */
  readonly closeTimeoutMs: number;
};

export const DEFAULT_API_LIMITS: ApiLimits = {
  jsonBodyBytes: 1024 * 1024,
  uploadBytes: 50 * 1024 * 1024,
  uploadsInFlight: 4,
  nestingDepth: 32,
  jsonValues: 100_000,
  layersPerRequest: 2000,
  expressionCharsPerRequest: VARIABLE_LIMITS.expressionCharsPerScene,
  requestsPerSecond: 600,
  authFailuresPerMinute: 20,
  bodyTimeoutMs: 15_000,
  uploadTimeoutMs: 120_000,
  sockets: 1000,
  socketPayloadBytes: 1024 * 1024,
  socketBacklogBytes: 4 * 1024 * 1024,
  socketIdleSeconds: 60,
  socketRequestsInFlight: 256,
  batchRequests: 100,
  pushSockets: 100,
  frameSockets: 16,
  frameBytes: 3840 * 2160 * 4 + 8,
  soundListeners: 200,
  previewViewers: 2000,
  previewTiers: 8,
  previewStallMs: 15_000,
  closeTimeoutMs: 3000,
};
