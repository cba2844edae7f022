/**
 * Every error a user can meet, in one table: the stable code, the HTTP status that carries it, and its title.
 * Messages (`detail`) are written where the error is thrown and say what to do.
 */
const ERROR_TABLE = {
  SM_REQUEST_INVALID: [422, 'The request does not match its schema'],
  SM_REQUEST_MALFORMED: [400, 'The request is not valid JSON'],
  SM_REQUEST_TOO_LARGE: [413, 'The request body is too large'],
  SM_REQUEST_TOO_DEEP: [400, 'The request is nested too deeply'],
  SM_REQUEST_MEDIA_TYPE: [415, 'The media type of the body is not supported'],
  SM_REQUEST_TIMEOUT: [408, 'The request took too long'],
  SM_PRECONDITION_FAILED: [412, 'The resource has changed'],
  SM_IDEMPOTENCY_MISMATCH: [422, 'The idempotency key belongs to another request'],
  SM_DRY_RUN_UNSUPPORTED: [422, 'This operation does not support dry runs'],
  SM_ROUTE_UNKNOWN: [404, 'No resource exists at this path'],
  SM_METHOD_NOT_ALLOWED: [405, 'The method is not allowed for this path'],
  SM_METHOD_UNKNOWN: [404, 'There is no method with this name'],
  SM_AUTH_REQUIRED: [401, 'A token is required'],
  SM_AUTH_INVALID: [401, 'The token is not valid'],
  SM_AUTH_FORBIDDEN: [403, 'This origin is not allowed'],
  SM_AUTH_UNAVAILABLE: [503, 'Tokens cannot be verified at the moment'],
  SM_RATE_LIMITED: [429, 'Too many requests'],
  SM_UPGRADE_REQUIRED: [426, 'A WebSocket upgrade is required'],
  SM_SOCKET_LIMIT: [503, 'There are too many WebSocket connections'],
  SM_SCENE_UNKNOWN: [404, 'There is no scene with this id'],
  SM_SCENE_EXISTS: [409, 'A scene with this id already exists'],
  SM_SCENE_ON_AIR: [409, 'The scene is on air'],
  SM_SCENE_IN_USE: [409, 'The scene is used by another scene'],
  SM_SCENE_LIMIT: [409, 'There are too many scenes'],
  SM_SCENE_LOAD: [422, 'The scene exceeds the rendering limits'],
  SM_TRANSITION_UNKNOWN: [404, 'There is no transition for this pair of scenes'],
  SM_TRANSITION_LIMIT: [409, 'There are too many transitions'],
  SM_PREVIEW_EMPTY: [409, 'No scene is in preview'],
  SM_LAYER_UNKNOWN: [404, 'There is no layer with this id'],
  SM_LAYER_EXISTS: [409, 'A layer with this id already exists'],
  SM_LAYER_LIMIT: [409, 'There are too many layers'],
  SM_LAYER_KIND: [409, 'The layer is of a different type'],
  SM_LAYER_FULL: [409, 'The layer is full'],
  SM_ITEM_UNKNOWN: [404, 'There is no item with this id'],
  SM_MESSAGE_UNKNOWN: [404, 'There is no message with this id'],
  SM_BATCH_UNKNOWN: [404, 'There is no batch with this id'],
  SM_BATCH_EXISTS: [409, 'A batch with this id already exists'],
  SM_BATCH_OVER: [409, 'The batch is no longer scheduled'],
  SM_BATCH_LATE: [409, 'The moment of the batch has passed'],
  SM_BATCH_NO_CLOCK: [409, 'The program clock is not running'],
  SM_BATCH_LIMIT: [409, 'Too many batches are scheduled'],
  SM_ASSET_UNKNOWN: [404, 'There is no asset with this id'],
  SM_ASSET_EXISTS: [409, 'An asset with this id already exists'],
  SM_ASSET_IN_USE: [409, 'The asset is used by a scene'],
  SM_ASSET_LIMIT: [409, 'There are too many assets'],
  SM_ASSET_TOO_LARGE: [413, 'The asset is too large'],
  SM_ASSET_FORMAT: [415, 'The format of the asset is not supported'],
  SM_ASSET_BROKEN: [422, 'The asset cannot be decoded'],
  SM_ASSET_TOO_COMPLEX: [422, 'The asset is too complex to decode'],
  SM_ASSET_BUSY: [503, 'Too many assets are being processed'],
  SM_ASSET_DECODER: [503, 'The asset decoder is not available at the moment'],
  SM_ASSET_ADDRESS: [422, 'Fetching from this address is not allowed'],
  SM_ASSET_UNREACHABLE: [502, 'The asset could not be fetched'],
  SM_ASSET_NOT_READY: [409, 'The asset has no content yet'],
  SM_ASSET_STORAGE: [507, 'The asset could not be stored'],
  SM_VARIABLE_UNKNOWN: [404, 'There is no variable with this name'],
  SM_TEMPLATE_UNKNOWN: [404, 'There is no template with this id'],
  SM_TEMPLATE_EXISTS: [409, 'A template with this id already exists'],
  SM_TEMPLATE_BUILT_IN: [409, 'The built-in template cannot be changed'],
  SM_TEMPLATE_LIMIT: [409, 'There are too many templates'],
  SM_INPUT_UNKNOWN: [404, 'There is no input with this id'],
  SM_INPUT_KIND: [409, 'The input is of a different kind'],
  SM_INPUT_NOT_LIVE: [409, 'The input is not live'],
  SM_INPUT_EXISTS: [409, 'An input with this id already exists'],
  SM_INPUT_LIMIT: [409, 'There are too many inputs'],
  SM_OUTPUT_UNKNOWN: [404, 'There is no output with this id'],
  SM_OUTPUT_EXISTS: [409, 'An output with this id already exists'],
  SM_OUTPUT_BUILT_IN: [409, 'The built-in output cannot be changed'],
  SM_OUTPUT_LIMIT: [409, 'There are too many outputs'],
  SM_OUTPUT_FAILED: [502, 'The output has failed'],
  SM_AUDIO_SOURCE_UNKNOWN: [404, 'There is no audio source with this id'],
  SM_AUDIO_SOURCE_EXISTS: [409, 'An audio source with this id already exists'],
  SM_AUDIO_SOURCE_IN_USE: [409, 'The audio source is used by a scene'],
  SM_AUDIO_SOURCE_KIND: [409, 'The audio source is of a different kind'],
  SM_AUDIO_SOURCE_LIMIT: [409, 'There are too many audio sources'],
  SM_AUDIO_BUS_UNKNOWN: [404, 'There is no audio bus with this id'],
  SM_AUDIO_BUS_EXISTS: [409, 'An audio bus with this id already exists'],
  SM_AUDIO_BUS_IN_USE: [409, 'The audio bus is in use'],
  SM_AUDIO_BUS_LIMIT: [409, 'There are too many audio buses'],
  SM_AUDIO_DUCKING_UNKNOWN: [404, 'There is no ducking rule with this id'],
  SM_AUDIO_DUCKING_EXISTS: [409, 'A ducking rule with this id already exists'],
  SM_AUDIO_DUCKING_LIMIT: [409, 'There are too many ducking rules'],
  SM_AUDIO_CLIP_UNKNOWN: [404, 'There is no audio clip with this id'],
  SM_AUDIO_CLIP_EXISTS: [409, 'An audio clip with this id already exists'],
  SM_AUDIO_CLIP_LIMIT: [409, 'There are too many audio clips'],
  SM_AUDIO_CLIP_IN_BATCH: [409, 'The audio clip is part of a scheduled batch'],
  SM_STREAM_LIVE: [409, 'The stream is live'],
  SM_STREAM_FAILED: [503, 'The stream could not be started'],
  SM_STREAM_BUSY: [409, 'The stream is starting or stopping'],
  SM_CONFIG_INVALID: [500, 'The configuration is not valid'],
  SM_FFMPEG_MISSING: [503, 'FFmpeg was not found'],
  SM_FFMPEG_TOO_OLD: [503, 'FFmpeg is too old'],
  SM_FFMPEG_ENCODER: [503, 'FFmpeg cannot use this encoder'],
  SM_PORT_IN_USE: [500, 'The port is in use'],
  SM_SERVER_BINARY: [500, 'No binary of the HTTP server loads on this system'],
  SM_STATE_UNREADABLE: [500, 'The stored state cannot be read'],
  SM_STATE_VERSION: [500, 'The stored state has a newer version'],
  SM_STATE_NOT_DURABLE: [503, 'Changes cannot be stored at the moment'],
  SM_STATE_IN_USE: [503, 'Another instance uses the same state'],
  SM_DATA_DIR_IN_USE: [500, 'Another instance uses the same data folder'],
  SM_STATE_UNWRITABLE: [503, 'The state cannot be written'],
  SM_STATE_UNREACHABLE: [503, 'The state store cannot be reached'],
  SM_STATE_CONFLICT: [503, 'Another instance writes the same state'],
  SM_PREVIEW_UNAVAILABLE: [503, 'No preview picture is available'],
  SM_PREVIEW_LIMIT: [503, 'There are too many preview viewers'],
  SM_RENDER_BUSY: [503, 'Too many pictures are being rendered'],
  SM_RENDER_TIMEOUT: [503, 'The picture took too long to render'],
  SM_RENDER_MEMORY: [422, 'The scene needs more picture memory than is available'],
  SM_THREAD_EXITED: [503, 'A thread of the service has stopped'],
  SM_SHUTTING_DOWN: [503, 'The service is shutting down'],
  SM_INTERNAL: [500, 'Internal error'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** A stable error code: clients may switch on it, so a code is never renamed. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** One field that did not fit its schema. `path` is a JSON pointer such as `/layers/0/opacity`. */
export type FieldError = { readonly path: string; readonly message: string };

/** An error of the table above, with a message for people that says what happened and what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields: readonly FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** HTTP status of this error's code. */
  get status(): number {
    return ERROR_TABLE[this.code][0];
  }

  /** Short title of this error's code, the same for every occurrence. */
  get title(): string {
    return ERROR_TABLE[this.code][1];
  }
}

/** All codes, for the contract and its tests. */
export const ERROR_CODES = Object.keys(ERROR_TABLE).filter(
  (code): code is ErrorCode => code in ERROR_TABLE,
);

/** Any thrown value as an `AppError`: what is not one already is a mistake of ours, `SM_INTERNAL`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('SM_INTERNAL', message, [], { cause: thrown });
}
