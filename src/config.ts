import { resolve } from 'node:path';
import { isLoopback } from './config-values.js';
import { type Variable, VARIABLES } from './config-variables.js';
import { AppError, type FieldError } from './core/errors.js';
import type { Environment } from './environment.js';
import { type LogLevel, redactSecrets } from './core/logger.js';
import { deepFreeze } from './state/deep-freeze.js';
import type { StreamConfig } from './state/model.js';
import type { Durability } from './state/port.js';

/** Everything that is decided at start. Deeply frozen; null means none. */
export type Config = {
  /** Port of REST and WebSocket; 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** A second port that serves the same. */
  readonly wsPort: number | null;
  readonly redisUrl: string | null;
  /** Stands before the names of the keys in Redis. */
  readonly redisPrefix: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** What becomes of changes that cannot be stored. */
  readonly durability: Durability;
  /** Of the first start; later the stored configuration counts, but for what is in `explicitStream`. */
  readonly stream: StreamConfig;
  /** The part of `stream` whose variables are set. */
  readonly explicitStream: Partial<StreamConfig>;
  readonly streamUrl: string | null;
  /** Whether servers of `rtmps` outputs must show a valid certificate. */
  readonly rtmpsVerify: boolean;
  /** Certificates in PEM that they may be signed by, besides those that the system trusts. */
  readonly rtmpsCaFile: string | null;
  /** Port of the built-in RTMP server; 0: off. */
  readonly rtmpPort: number;
  /** What its players must give; null: what follows from the token of the API, or nothing. */
  readonly rtmpPlayKey: string | null;
  /** Addresses and networks of proxies whose word about the sender of a request is taken. */
  readonly trustedProxies: readonly string[];
  readonly autostart: boolean;
  /** The process ends when what is wanted has not worked for so long, for the orchestrator to start it anew; 0: never. */
  readonly exitWhenFailingSeconds: number;
  /** Null: the first `ffmpeg` on the PATH. */
  readonly ffmpegPath: string | null;
  /** Null: looked for on the PATH with the first web page. */
  readonly chromiumPath: string | null;
  /** Null: as many as the machine has processors for. */
  readonly renderThreads: number | null;
  readonly apiToken: string | null;
  /** Whose JSON Web Tokens are accepted; null: nobody's. */
  readonly authJwt: {
    readonly jwksUrl: string;
    readonly issuer: string;
    readonly audience: string;
  } | null;
  readonly adminApiUrl: string | null;
  readonly webhookSecret: string | null;
  readonly cdnBaseUrl: string | null;
  readonly assetCacheBytes: number;
  /** In place of the system's folders of fonts; null: those. */
  readonly fontFolders: string | null;
  /** What the service may take with its encoder and relays: what scenes may hold follows from it. */
  readonly memoryLimitBytes: number;
  /** Hosts, as `name` or `name:port`, that assets may be fetched from although they are on a private network. */
  readonly assetAllowPrivate: readonly string[];
  readonly logLevel: LogLevel;
};

/** Names of all variables, for the documents and their tests. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

/** The part of the stream's configuration that is set, and not left as it is by default. */
function explicitPartOf(
  stream: StreamConfig,
  isSet: (name: keyof typeof VARIABLES) => boolean,
): Partial<StreamConfig> {
  return {
    ...(isSet('STREAM_RESOLUTION') && { resolution: stream.resolution }),
    ...(isSet('TARGET_FPS') && { fps: stream.fps }),
    ...(isSet('STREAM_BITRATE') && { bitrate: stream.bitrate }),
    ...(isSet('FFMPEG_PRESET') && { preset: stream.preset }),
    ...(isSet('STREAM_AUDIO_BITRATE') && { audioBitrate: stream.audioBitrate }),
    ...(isSet('STREAM_AUDIO_CHANNELS') && { audioChannels: stream.audioChannels }),
  };
}

/**
 * The configuration that the environment gives. An empty variable counts as not set.
 * @throws AppError SM_CONFIG_INVALID with one field per mistake, all of them at once
 */
export function parseConfig(env: Environment): Config {
  const mistakes: FieldError[] = [];
  const textOf = (name: keyof typeof VARIABLES): string => env[name]?.trim() ?? '';
  const isSet = (name: keyof typeof VARIABLES): boolean => textOf(name) !== '';
  const take = <T>(
    name: keyof typeof VARIABLES,
    { fallback, allowed, schema, isSecret, problem }: Variable<T>,
  ): T => {
    const text = textOf(name);
    if (text === '') return fallback;
    const { success, data } = schema.safeParse(text);
    if (success) return data;
    const given = isSecret
      ? 'is set to something else (not shown: it may hold a secret)'
      : `is ${quoted(text)}`;
    const why = problem === undefined ? `must be ${allowed}` : problem(text);
    mistakes.push({ path: name, message: `${name} ${given}; it ${why}` });
    return fallback;
  };

  const stream: StreamConfig = {
    resolution: take('STREAM_RESOLUTION', VARIABLES.STREAM_RESOLUTION),
    fps: take('TARGET_FPS', VARIABLES.TARGET_FPS),
    bitrate: take('STREAM_BITRATE', VARIABLES.STREAM_BITRATE),
    preset: take('FFMPEG_PRESET', VARIABLES.FFMPEG_PRESET),
    audioBitrate: take('STREAM_AUDIO_BITRATE', VARIABLES.STREAM_AUDIO_BITRATE),
    audioChannels: take('STREAM_AUDIO_CHANNELS', VARIABLES.STREAM_AUDIO_CHANNELS),
  };
  const jwksUrl = take('AUTH_JWKS_URL', VARIABLES.AUTH_JWKS_URL);
  const issuer = take('AUTH_JWT_ISSUER', VARIABLES.AUTH_JWT_ISSUER);
  const audience = take('AUTH_JWT_AUDIENCE', VARIABLES.AUTH_JWT_AUDIENCE);
  const config: Config = {
    port: take('PORT', VARIABLES.PORT),
    host: take('HOST', VARIABLES.HOST),
    wsPort: take('WS_PORT', VARIABLES.WS_PORT),
    redisUrl: take('REDIS_URL', VARIABLES.REDIS_URL),
    redisPrefix: take('REDIS_PREFIX', VARIABLES.REDIS_PREFIX),
    dataDir: resolve(take('DATA_DIR', VARIABLES.DATA_DIR)),
    durability: take('DURABILITY', VARIABLES.DURABILITY),
    stream,
    explicitStream: explicitPartOf(stream, isSet),
    streamUrl: take('STREAM_URL', VARIABLES.STREAM_URL),
    rtmpsVerify: take('RTMPS_VERIFY', VARIABLES.RTMPS_VERIFY),
    rtmpsCaFile: take('RTMPS_CA_FILE', VARIABLES.RTMPS_CA_FILE),
    rtmpPort: take('RTMP_PORT', VARIABLES.RTMP_PORT),
    rtmpPlayKey: take('RTMP_PLAY_KEY', VARIABLES.RTMP_PLAY_KEY),
    trustedProxies: take('TRUSTED_PROXIES', VARIABLES.TRUSTED_PROXIES),
    fontFolders: take('FONT_FOLDERS', VARIABLES.FONT_FOLDERS),
    autostart: take('AUTOSTART', VARIABLES.AUTOSTART),
    exitWhenFailingSeconds: take('EXIT_WHEN_FAILING_SECONDS', VARIABLES.EXIT_WHEN_FAILING_SECONDS),
    ffmpegPath: take('FFMPEG_PATH', VARIABLES.FFMPEG_PATH),
    chromiumPath: take('CHROMIUM_PATH', VARIABLES.CHROMIUM_PATH),
    renderThreads: take('RENDER_THREADS', VARIABLES.RENDER_THREADS),
    apiToken: take('API_TOKEN', VARIABLES.API_TOKEN),
    authJwt:
      jwksUrl === null || issuer === null || audience === null
        ? null
        : { jwksUrl, issuer, audience },
    adminApiUrl: take('ADMIN_API_URL', VARIABLES.ADMIN_API_URL),
    webhookSecret: take('WEBHOOK_SECRET', VARIABLES.WEBHOOK_SECRET),
    cdnBaseUrl: take('CDN_BASE_URL', VARIABLES.CDN_BASE_URL),
    assetCacheBytes: take('ASSET_CACHE_BYTES', VARIABLES.ASSET_CACHE_BYTES),
    memoryLimitBytes: take('MEMORY_LIMIT', VARIABLES.MEMORY_LIMIT),
    assetAllowPrivate: take('ASSET_ALLOW_PRIVATE', VARIABLES.ASSET_ALLOW_PRIVATE),
    logLevel: take('LOG_LEVEL', VARIABLES.LOG_LEVEL),
  };
  const isOpen = !isSet('API_TOKEN') && !isSet('AUTH_JWKS_URL');
  mistakes.push(...contradictions(config, isOpen));
  for (const name of ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE'] as const)
    if (jwksUrl !== null && !isSet(name))
      mistakes.push({
        path: name,
        message: `${name} is empty; with AUTH_JWKS_URL it must be ${VARIABLES[name].allowed}, or tokens issued for other services would be accepted`,
      });
  if (mistakes.length > 0) throw mistaken(mistakes);
  return deepFreeze(config);
}

/** What each variable allows but all of them together do not. `isOpen`: nobody has to say who they are. */
function contradictions(config: Config, isOpen: boolean): FieldError[] {
  const { host, port, wsPort, rtmpPort } = config;
  const mistakes: FieldError[] = [];
  if (!isLoopback(host) && isOpen) {
    mistakes.push({
      path: 'HOST',
      message: `HOST is ${quoted(host)}, which is reachable from other machines; set API_TOKEN or AUTH_JWKS_URL as well, or leave HOST at 127.0.0.1`,
    });
  }
  if (wsPort !== null && wsPort !== 0 && wsPort === port) {
    mistakes.push({
      path: 'WS_PORT',
      message: `WS_PORT is ${wsPort}, as PORT is; leave it empty, for PORT serves the WebSocket too, or set another`,
    });
  }
  if (rtmpPort !== 0 && (rtmpPort === port || rtmpPort === wsPort)) {
    mistakes.push({
      path: 'RTMP_PORT',
      message: `RTMP_PORT is ${rtmpPort}, which another setting uses as well; set a different port, or 0 to disable it`,
    });
  }
  return mistakes;
}

function mistaken(mistakes: readonly FieldError[]): AppError {
  const lines = mistakes.map(({ message }) => `  ${message}.`);
  return new AppError(
    'SM_CONFIG_INVALID',
    `The configuration is not valid. Correct the following in the environment or in .env:\n${lines.join('\n')}`,
    mistakes,
  );
}

/** What was given, for a message: short, on one line, and without the parts of addresses that hold secrets. */
function quoted(text: string): string {
  const plain = redactSecrets(text.replace(/^.*@/, '***@').replace(/\?.*$/, '?…'));
  return JSON.stringify(plain.length > 80 ? `${plain.slice(0, 80)}…` : plain);
}
