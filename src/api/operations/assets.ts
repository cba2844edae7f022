import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import { IdSchema, NameSchema } from '../../scene/schema/values.js';
import { AssetSchema } from '../../state/model.js';
import { sendFile } from '../file-response.js';
import {
  jsonOperation,
  NO_BODY,
  NO_CONTENT,
  NO_PARAMS,
  type Operation,
  type RawOperation,
} from '../operation.js';
import type { Header } from '../exchange.js';
import type { AssetService } from '../ports.js';
import { readOnly } from '../read-only.js';
import { invalidRequest, validate } from '../validation.js';
import { ID_PARAMS } from './deps.js';

const AssetListSchema = z.strictObject({ assets: z.array(AssetSchema) }).meta({ id: 'AssetList' });

const UploadParams = z.strictObject({
  name: NameSchema.optional().meta({ description: 'Name of the uploaded asset.' }),
  id: IdSchema.optional().meta({
    description: 'Id of the uploaded asset. Default: a generated id.',
  }),
});

/** Media types whose bodies are taken as bytes. */
const UPLOAD_MEDIA_TYPES = [
  /^(image|audio|font)\//,
  /^(application\/ogg|video\/mp4)$/,
  /^application\/(font-|x-font-|vnd\.ms-opentype$)/,
  /^(video|application)\/lottie\+json$/,
  /^application\/(zip|zip\+dotlottie|x-zip-compressed)$/,
  /^application\/octet-stream$/,
];

/** What the service has found out of an asset. */
const READ_ONLY = Object.fromEntries(
  Object.entries(AssetSchema.omit({ id: true, name: true, source: true }).shape).map(
    ([field, schema]) => [field, readOnly(schema)],
  ),
);

/** Whether JSON is a Lottie animation and no registration: often it is sent as application/json. */
function isLottie(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  // Looked for first: parsing a registration twice is not worth it.
  if (!/"layers"\s*:\s*\[/.test(text)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'layers' in value && !('url' in value);
  } catch {
    return false;
  }
}

const AssetRegistrationSchema = z
  .strictObject({
    url: z.string().min(1).max(2048).optional().meta({
      description:
        'Address of the content: https:// or http://, or a path below CDN_BASE_URL. Default: the address in `source`.',
    }),
    name: NameSchema.optional(),
    id: IdSchema.optional(),
    source: AssetSchema.shape.source.optional().meta({
      description:
        'Source as returned when an asset is read, so that a registered asset can be registered again.',
    }),
    ...READ_ONLY,
  })
  .meta({ id: 'AssetRegistration' });

/** What is fetched from elsewhere must not become a page or a script of ours. */
const CONTENT_POLICY: Header = ['Content-Security-Policy', "default-src 'none'; sandbox"];

const LIST = jsonOperation({
  name: 'assets.list',
  summary: 'List the assets',
  tag: 'assets',
  method: 'GET',
  path: '/api/assets',
  status: 200,
  params: NO_PARAMS,
  body: NO_BODY,
  output: AssetListSchema,
  errors: [],
  example: {},
  handle: (context) => ({ assets: context.state.assets }),
});

function createUploadOperation(assets: AssetService): Operation {
  return jsonOperation({
    name: 'assets.create',
    summary: 'Upload a picture, an animation, a font or an audio file, or register an address',
    description:
      'Uploaded bytes are checked and stored before the response. The format is detected from the content alone: PNG, JPEG, WebP, GIF, AVIF (GIF, WebP and APNG may be animated; trailing data is dropped, and a truncated animation plays up to its last complete frame), SVG (everything that is not part of the drawing is removed), Lottie (JSON or a .lottie archive), TrueType, OpenType and WOFF fonts, and audio files (WAV, MP3, FLAC, Ogg with Opus or Vorbis, AAC, M4A, and MP4, WebM or Matroska that contain nothing but sound, cover art aside). A registered address is answered immediately with a `pending` asset and fetched in the background; events report the outcome.',
    tag: 'assets',
    method: 'POST',
    path: '/api/assets',
    status: 201,
    params: UploadParams,
    body: AssetRegistrationSchema,
    output: AssetSchema,
    errors: [
      'SM_ASSET_EXISTS',
      'SM_ASSET_LIMIT',
      'SM_ASSET_ADDRESS',
      'SM_ASSET_TOO_LARGE',
      'SM_ASSET_FORMAT',
      'SM_ASSET_BROKEN',
      'SM_ASSET_TOO_COMPLEX',
      'SM_ASSET_BUSY',
      'SM_ASSET_DECODER',
      'SM_ASSET_STORAGE',
      'SM_FFMPEG_MISSING',
    ],
    example: { id: 'lot-42', name: 'Lot 42', url: 'https://cdn.example.com/lots/42.jpg' },
    location: ({ id }) => `/api/assets/${id}`,
    upload: {
      description: 'The bytes of a picture, an animation, a font or an audio file.',
      mediaTypes: [
        'image/*',
        'audio/*',
        'font/*',
        'video/lottie+json',
        'application/zip+dotlottie',
        'application/octet-stream',
      ],
      accepts: (mediaType) => UPLOAD_MEDIA_TYPES.some((pattern) => pattern.test(mediaType)),
      isFile: isLottie,
      run: ({ id, name }, bytes) => assets.upload({ id: id ?? null, name: name ?? '', bytes }),
    },
    handle: (_context, params, body) => {
      const url = body.url ?? (body.source?.kind === 'url' ? body.source.url : undefined);
      if (url === undefined) {
        throw invalidRequest([
          {
            path: '/url',
            message: 'is missing; an asset that was uploaded must be uploaded again',
          },
        ]);
      }
      const name = body.name ?? params.name ?? '';
      return assets.register({ url, name, id: body.id ?? params.id ?? null });
    },
  });
}

const GET = jsonOperation({
  name: 'assets.get',
  summary: 'Read the metadata of an asset',
  tag: 'assets',
  method: 'GET',
  path: '/api/assets/{id}',
  status: 200,
  params: ID_PARAMS,
  body: NO_BODY,
  output: AssetSchema,
  errors: ['SM_ASSET_UNKNOWN'],
  example: {},
  handle: (context, { id }) => {
    const asset = context.state.assets.find((candidate) => candidate.id === id);
    if (asset !== undefined) return asset;
    throw new AppError(
      'SM_ASSET_UNKNOWN',
      `There is no asset "${id}". GET /api/assets lists the assets.`,
    );
  },
});

function createRemoveOperation(assets: AssetService): Operation {
  return jsonOperation({
    name: 'assets.remove',
    summary: 'Remove an asset that no scene uses',
    tag: 'assets',
    method: 'DELETE',
    path: '/api/assets/{id}',
    status: 204,
    params: ID_PARAMS,
    body: NO_BODY,
    output: NO_CONTENT,
    errors: ['SM_ASSET_UNKNOWN', 'SM_ASSET_IN_USE'],
    example: {},
    handle: async (_context, { id }) => {
      await assets.remove(id);
      return null;
    },
  });
}

function createContentOperation(assets: AssetService): RawOperation {
  return {
    kind: 'raw',
    name: 'assets.content',
    summary: 'Download the content of an asset',
    description: 'The ETag is the SHA-256 of the content.',
    tag: 'assets',
    method: 'GET',
    path: '/api/assets/{id}/content',
    params: ID_PARAMS,
    errors: ['SM_ASSET_UNKNOWN', 'SM_ASSET_NOT_READY'],
    open: false,
    isCounted: true,
    hidden: false,
    responses: {
      200: { description: 'The content', mediaType: '*/*', schema: null },
      304: {
        description: 'The content has not changed since the client read it',
        mediaType: null,
        schema: null,
      },
    },
    respond: async (exchange, params) => {
      const { id } = validate(ID_PARAMS, params);
      const { path, mediaType, bytes, contentHash } = await assets.content(id);
      const etag = `"${contentHash}"`;
      const headers: Header[] = [
        ['Content-Type', mediaType],
        ['ETag', etag],
        ['Cache-Control', 'private, no-cache'],
        CONTENT_POLICY,
      ];
      const known = exchange.header('if-none-match').split(',');
      if (known.some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()))) {
        exchange.send(304, headers, null);
      } else if (exchange.method === 'HEAD' || bytes === 0) {
        exchange.sendHead(200, headers, bytes);
      } else {
        await sendFile(exchange, path, bytes, headers);
      }
    },
  };
}

/** Operations on pictures, animations and fonts. */
export function createAssetOperations(assets: AssetService): Operation[] {
  return [
    LIST,
    createUploadOperation(assets),
    GET,
    createRemoveOperation(assets),
    createContentOperation(assets),
  ];
}
