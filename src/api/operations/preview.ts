import type { PreviewHub, Viewer } from '../preview-hub.js';
import type { Exchange } from '../exchange.js';
import { PictureQuerySchema, PreviewQuerySchema, toTier } from '../preview-tiers.js';
import type { RawOperation } from '../operation.js';
import { validate } from '../validation.js';

const BOUNDARY = 'picture';
const FIRST_BOUNDARY = Buffer.from(`--${BOUNDARY}\r\n`);
/** Stands behind each picture, not before: browsers show a picture once they have seen that it is over. */
const NEXT_BOUNDARY = Buffer.from(`\r\n--${BOUNDARY}\r\n`);

/** Pictures of what is on air, for pages and programs that do not use the WebSocket. */
export function createPreviewOperations(hub: PreviewHub): RawOperation[] {
  return [
    {
      kind: 'raw',
      name: 'preview.picture',
      summary: 'One picture of what is on air',
      description: '',
      tag: 'preview',
      method: 'GET',
      path: '/api/preview.jpg',
      params: PictureQuerySchema,
      errors: ['SM_REQUEST_INVALID', 'SM_PREVIEW_UNAVAILABLE'],
      open: false,
      hidden: false,
      responses: { 200: { description: 'The picture', mediaType: 'image/jpeg', schema: null } },
      respond: async (exchange, params) => {
        const { widthPx, quality } = toTier({ ...validate(PictureQuerySchema, params), fps: 1 });
        const jpeg = await hub.grab(widthPx, quality);
        exchange.send(
          200,
          [
            ['Content-Type', 'image/jpeg'],
            ['Cache-Control', 'no-store'],
          ],
          jpeg,
        );
      },
    },
    {
      kind: 'raw',
      name: 'preview.mjpeg',
      summary: 'What is on air as a stream of JPEGs',
      description:
        'For an <img> or a player. A client that is slow misses pictures. With a token configured the header Authorization is needed; use /ws/preview from a page.',
      tag: 'preview',
      method: 'GET',
      path: '/api/preview.mjpeg',
      params: PreviewQuerySchema,
      errors: ['SM_REQUEST_INVALID', 'SM_PREVIEW_LIMIT'],
      open: false,
      hidden: false,
      responses: {
        200: { description: 'The pictures', mediaType: 'multipart/x-mixed-replace', schema: null },
      },
      respond: (exchange, params) => {
        streamPictures(hub, exchange, params);
      },
    },
  ];
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
