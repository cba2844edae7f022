import { resolve } from 'node:path';
import {
  isLoopback,
  readAmount,
  readBoolean,
  readFrameRate,
  readHost,
  readHostList,
  readInteger,
  readLogLevel,
  readNetworkList,
  readPreset,
  readResolution,
  readSecret,
  readToken,
  readUrl,
} from './config-values.js';
import { AppError, type FieldError } from './core/errors.js';
import type { Environment } from './environment.js';
import { type LogLevel, redactSecrets } from './core/logger.js';
import { formatStreamAddress, parseStreamAddress } from './core/stream-address.js';
import { DEFAULT_MEMORY_LIMIT_BYTES } from './memory/budget.js';
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
  /** Null: the first `ffmpeg` on the PATH. */
  readonly ffmpegPath: string | null;
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

type Variable<T> = {
  readonly fallback: T;
  /** What may be given, to stand after `must be`. */
  readonly allowed: string;
  readonly read: (text: string) => T | undefined;
  /** Whether the value may hold a secret, so that a message must not repeat it. */
  readonly isSecret?: true;
  /** What exactly is wrong with a value that is none, without repeating it; stands in the place of `allowed`. */
  readonly problem?: (text: string) => string;
};

/** Keeps the type of the fallback as wide as the type of the value. */
function variable<T>(description: Variable<T>): Variable<T> {
  return description;
}

const PORT_RANGE = 'a whole number from 0 to 65535';
const GIB = 1024 ** 3;
const TOKEN_RANGE =
  '16 to 512 visible ASCII characters without spaces, 6 of them different ones at least, so that nobody can guess it';

/** The variables and their defaults. */
const VARIABLES = {
  PORT: variable<number>({
    fallback: 3000,
    allowed: `${PORT_RANGE}; 0 takes any free port`,
    read: readPort,
  }),
  HOST: variable<string>({
    fallback: '127.0.0.1',
    allowed: 'an IP address or a host name',
    read: readHost,
  }),
  WS_PORT: variable<number | null>({ fallback: null, allowed: PORT_RANGE, read: readPort }),
  REDIS_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address such as redis://localhost:6379 or rediss://user:password@host:6380/0',
    read: (text) => readUrl(text, ['redis', 'rediss']),
    isSecret: true,
  }),
  REDIS_PREFIX: variable<string>({
    fallback: 'stream-manager:',
    allowed: '1 to 100 letters, digits, or any of : _ . / { } -',
    read: (text) => (/^[\w:./{}-]{1,100}$/.test(text) ? text : undefined),
  }),
  DATA_DIR: variable<string>({
    fallback: './data',
    allowed: 'the path of a folder',
    read: (text) => (text.includes('\0') ? undefined : text),
  }),
  DURABILITY: variable<Durability>({
    fallback: 'relaxed',
    allowed: 'relaxed or strict',
    read: (text) => (text === 'relaxed' || text === 'strict' ? text : undefined),
  }),
  STREAM_RESOLUTION: variable<StreamConfig['resolution']>({
    fallback: { width: 1920, height: 1080 },
    allowed: 'WIDTHxHEIGHT such as 1920x1080, each an even number from 128 to 4096',
    read: readResolution,
  }),
  TARGET_FPS: variable<StreamConfig['fps']>({
    fallback: { num: 60, den: 1 },
    allowed: 'frames per second from 1 to 120, such as 60, 59.94, 29.97, 23.976 or 30000/1001',
    read: readFrameRate,
  }),
  STREAM_BITRATE: variable<number>({
    fallback: 6_000_000,
    allowed: 'bits per second from 100000 to 100000000, such as 6000000, 4500k or 6M',
    read: (text) => readAmount(text, 100_000, 100_000_000),
  }),
  FFMPEG_PRESET: variable<StreamConfig['preset']>({
    fallback: 'auto',
    allowed:
      'auto, ultrafast, superfast, veryfast, faster, fast, medium, h264_nvenc, h264_qsv, h264_vaapi or h264_videotoolbox',
    read: readPreset,
  }),
  STREAM_URL: variable<string | null>({
    fallback: null,
    allowed: 'an RTMP address such as rtmp://host/app/key',
    read: readStreamUrl,
    problem: streamUrlProblem,
    isSecret: true,
  }),
  RTMPS_VERIFY: variable<boolean>({ fallback: true, allowed: 'true or false', read: readBoolean }),
  RTMPS_CA_FILE: variable<string | null>({
    fallback: null,
    allowed: 'the path of a file of certificates in PEM',
    read: (text) => (text.includes('\0') ? undefined : text),
  }),
  FONT_FOLDERS: variable<string | null>({
    fallback: null,
    allowed: 'folders with : between them',
    read: (text) => (text.includes('\0') ? undefined : text),
  }),
  RTMP_PORT: variable<number>({
    fallback: 1935,
    allowed: `${PORT_RANGE}; 0 turns the built-in RTMP server off`,
    read: readPort,
  }),
  RTMP_PLAY_KEY: variable<string | null>({
    fallback: null,
    allowed: '8 to 128 letters, digits, or any of . _ ~ -',
    read: (text) => (/^[\w.~-]{8,128}$/.test(text) ? text : undefined),
    isSecret: true,
  }),
  TRUSTED_PROXIES: variable<readonly string[]>({
    fallback: [],
    allowed: 'IP addresses or networks such as 10.0.0.0/8, separated by commas',
    read: readNetworkList,
  }),
  AUTOSTART: variable<boolean>({ fallback: true, allowed: 'true or false', read: readBoolean }),
  FFMPEG_PATH: variable<string | null>({
    fallback: null,
    allowed: 'the path of the ffmpeg program',
    read: (text) => (text.includes('\0') ? undefined : text),
  }),
  RENDER_THREADS: variable<number | null>({
    fallback: null,
    allowed: 'auto or a whole number from 1 to 64',
    read: (text) => (text === 'auto' ? null : readInteger(text, 1, 64)),
  }),
  API_TOKEN: variable<string | null>({
    fallback: null,
    allowed: `${TOKEN_RANGE}; make one with: openssl rand -hex 24`,
    read: readToken,
    isSecret: true,
  }),
  AUTH_JWKS_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    read: readHttpUrl,
  }),
  AUTH_JWT_ISSUER: variable<string | null>({
    fallback: null,
    allowed: 'what the claim iss of the tokens says: visible ASCII characters without spaces',
    read: readSecret,
  }),
  AUTH_JWT_AUDIENCE: variable<string | null>({
    fallback: null,
    allowed: 'what the claim aud of the tokens says: visible ASCII characters without spaces',
    read: readSecret,
  }),
  ADMIN_API_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    read: readHttpUrl,
  }),
  WEBHOOK_SECRET: variable<string | null>({
    fallback: null,
    allowed: '1 to 512 visible ASCII characters without spaces',
    read: readSecret,
    isSecret: true,
  }),
  CDN_BASE_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    read: readHttpUrl,
  }),
  ASSET_CACHE_BYTES: variable<number>({
    fallback: GIB,
    allowed: 'bytes from 16M up, such as 1073741824, 500M or 2G',
    read: (text) => readAmount(text, 16_000_000, Number.MAX_SAFE_INTEGER),
  }),
  MEMORY_LIMIT: variable<number>({
    fallback: DEFAULT_MEMORY_LIMIT_BYTES,
    allowed: 'bytes from 768M up, such as 1610612736, 1500M or 2G',
    read: (text) => readAmount(text, 768_000_000, Number.MAX_SAFE_INTEGER),
  }),
  ASSET_ALLOW_PRIVATE: variable<readonly string[]>({
    fallback: [],
    allowed: 'host names or name:port, separated by commas',
    read: readHostList,
  }),
  LOG_LEVEL: variable<LogLevel>({
    fallback: 'info',
    allowed: 'fatal, error, warn, info, debug, trace or silent',
    read: readLogLevel,
  }),
} as const;

/** Names of all variables, for the documents and their tests. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

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
    { fallback, allowed, read, isSecret, problem }: Variable<T>,
  ): T => {
    const text = textOf(name);
    if (text === '') return fallback;
    const value = read(text);
    if (value !== undefined) return value;
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
    explicitStream: {
      ...(isSet('STREAM_RESOLUTION') && { resolution: stream.resolution }),
      ...(isSet('TARGET_FPS') && { fps: stream.fps }),
      ...(isSet('STREAM_BITRATE') && { bitrate: stream.bitrate }),
      ...(isSet('FFMPEG_PRESET') && { preset: stream.preset }),
    },
    streamUrl: take('STREAM_URL', VARIABLES.STREAM_URL),
    rtmpsVerify: take('RTMPS_VERIFY', VARIABLES.RTMPS_VERIFY),
    rtmpsCaFile: take('RTMPS_CA_FILE', VARIABLES.RTMPS_CA_FILE),
    rtmpPort: take('RTMP_PORT', VARIABLES.RTMP_PORT),
    rtmpPlayKey: take('RTMP_PLAY_KEY', VARIABLES.RTMP_PLAY_KEY),
    trustedProxies: take('TRUSTED_PROXIES', VARIABLES.TRUSTED_PROXIES),
    fontFolders: take('FONT_FOLDERS', VARIABLES.FONT_FOLDERS),
    autostart: take('AUTOSTART', VARIABLES.AUTOSTART),
    ffmpegPath: take('FFMPEG_PATH', VARIABLES.FFMPEG_PATH),
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
        message: `${name} is empty; with AUTH_JWKS_URL it must be ${VARIABLES[name].allowed}, or tokens that were made for other services would be taken`,
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
      message: `HOST is ${quoted(host)}, which others can reach; set API_TOKEN or AUTH_JWKS_URL as well, or leave HOST at 127.0.0.1`,
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
      message: `RTMP_PORT is ${rtmpPort}, as another port is; set a port of its own, or 0 to turn it off`,
    });
  }
  return mistakes;
}

function mistaken(mistakes: readonly FieldError[]): AppError {
  const lines = mistakes.map(({ message }) => `  ${message}.`);
  return new AppError(
    'SM_CONFIG_INVALID',
    `The configuration is not right. Correct this in the environment or in .env:\n${lines.join('\n')}`,
    mistakes,
  );
}

/** What was given, for a message: short, on one line, and without the parts of addresses that hold secrets. */
function quoted(text: string): string {
  const plain = redactSecrets(text.replace(/^.*@/, '***@').replace(/\?.*$/, '?…'));
  return JSON.stringify(plain.length > 80 ? `${plain.slice(0, 80)}…` : plain);
}

function readPort(text: string): number | undefined {
  return readInteger(text, 0, 65_535);
}

function readHttpUrl(text: string): string | undefined {
  return readUrl(text, ['http', 'https']);
}

function readStreamUrl(text: string): string | undefined {
  const parsed = parseStreamAddress(text);
  return parsed.ok ? formatStreamAddress(parsed.address) : undefined;
}

function streamUrlProblem(text: string): string {
  const parsed = parseStreamAddress(text);
  return parsed.ok ? '' : parsed.problem;
}
