import { AppError } from '../../core/errors.js';
import type { StateStore } from '../../state/port.js';
import type { PreviewHub, Viewer } from '../preview-hub.js';
import type { PreviewHubs } from '../preview-hubs.js';
import type { Exchange } from '../exchange.js';
import {
  PictureQuerySchema,
  PREVIEW_SOURCES,
  PreviewQuerySchema,
  type PreviewSource,
  toTier,
} from '../preview-tiers.js';
import type { RawOperation } from '../operation.js';
import { validate } from '../validation.js';

const BOUNDARY = 'picture';
const FIRST_BOUNDARY = Buffer.from(`--${BOUNDARY}\r\n`);
/** Stands behind each picture, not before: browsers show a picture once they have seen that it is over. */
const NEXT_BOUNDARY = Buffer.from(`\r\n--${BOUNDARY}\r\n`);

/** What the operations of each source are called, and where they are. */
const SOURCES = {
  program: {
    name: 'preview',
    path: '/api/preview',
    what: 'the program',
    start: 'The program',
    socket: '/ws/preview',
  },
  preview: {
    name: 'preview.scene',
    path: '/api/preview/scene',
    what: 'the scene in preview',
    start: 'The scene in preview',
    socket: '/ws/preview?source=preview',
  },
} as const satisfies Record<PreviewSource, unknown>;

export type PreviewDeps = {
  readonly store: StateStore;
  readonly previewHubs: PreviewHubs;
};

/** Pictures of what is on air and of what is in preview, for pages and programs that do not use the WebSocket. */
export function createPreviewOperations(deps: PreviewDeps): RawOperation[] {
  return PREVIEW_SOURCES.flatMap((source) => [
    createPicture(source, deps),
    createStream(source, deps.previewHubs[source]),
  ]);
}

function createPicture(source: PreviewSource, { store, previewHubs }: PreviewDeps): RawOperation {
  const { name, path, what } = SOURCES[source];
  return {
    kind: 'raw',
    name: `${name}.picture`,
    summary: `One picture of ${what}`,
    description: '',
    tag: 'preview',
    method: 'GET',
    path: `${path}.jpg`,
    params: PictureQuerySchema,
    errors: [
      'SM_REQUEST_INVALID',
      'SM_PREVIEW_UNAVAILABLE',
      ...(source === 'preview' ? (['SM_PREVIEW_EMPTY'] as const) : []),
    ],
    open: false,
    isCounted: true,
    hidden: false,
    responses: { 200: { description: 'The picture', mediaType: 'image/jpeg', schema: null } },
    respond: async (exchange, params) => {
      const { widthPx, quality } = toTier({ ...validate(PictureQuerySchema, params), fps: 1 });
      if (source === 'preview' && store.state.preview === null) {
        throw new AppError(
          'SM_PREVIEW_EMPTY',
          'No scene is in preview. Load one with POST /api/preview.',
        );
      }
      const jpeg = await previewHubs[source].grab(widthPx, quality);
      exchange.send(
        200,
        [
          ['Content-Type', 'image/jpeg'],
          ['Cache-Control', 'no-store'],
        ],
        jpeg,
      );
    },
  };
}

function createStream(source: PreviewSource, hub: PreviewHub): RawOperation {
  const { name, path, start, socket } = SOURCES[source];
  return {
    kind: 'raw',
    name: `${name}.mjpeg`,
    summary: `${start} as a stream of JPEGs`,
    description: `For an <img> element or a player. A slow client skips pictures. When a token is configured, the request needs the header Authorization; web pages use ${socket} instead.`,
    tag: 'preview',
    method: 'GET',
    path: `${path}.mjpeg`,
    params: PreviewQuerySchema,
    errors: ['SM_REQUEST_INVALID', 'SM_PREVIEW_LIMIT'],
    open: false,
    isCounted: true,
    hidden: false,
    responses: {
      200: { description: 'The pictures', mediaType: 'multipart/x-mixed-replace', schema: null },
    },
    respond: (exchange, params) => {
      streamPictures(hub, exchange, params);
    },
  };
}

function streamPictures(hub: PreviewHub, exchange: Exchange, params: unknown): void {
  const tier = toTier(validate(PreviewQuerySchema, params));
  const headers = [
    ['Content-Type', `multipart/x-mixed-replace; boundary=${BOUNDARY}`],
    ['Cache-Control', 'no-store'],
  ] as const;
  if (exchange.method === 'HEAD') {
    exchange.send(200, headers, null);
    return;
  }
  hub.checkRoom(tier);
  let isBehind = false;
  const viewer: Viewer = {
    backlogBytes: () => (isBehind ? Infinity : 0),
    offer: (jpeg) => {
      const head = `Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
      isBehind = !exchange.write(Buffer.from(head), jpeg, NEXT_BOUNDARY);
    },
    close: () => {
      exchange.destroy();
    },
  };
  exchange.beginStream(200, headers, () => {
    isBehind = false;
  });
  // The server only sends the headers together with a first piece of the body.
  exchange.write(FIRST_BOUNDARY);
  const newest = hub.join(tier, viewer);
  exchange.onClose(() => {
    hub.leave(tier, viewer);
  });
  if (newest !== null) viewer.offer?.(newest);
}
