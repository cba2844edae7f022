import { z } from 'zod';
import {
  amountBetween,
  FlagSchema,
  FrameRateTextSchema,
  HostListSchema,
  HostSchema,
  integerBetween,
  LogLevelSchema,
  NetworkListSchema,
  PathSchema,
  ResolutionTextSchema,
  SecretSchema,
  TokenSchema,
  urlOf,
} from './config-values.js';
import type { LogLevel } from './core/logger.js';
import { formatStreamAddress, parseStreamAddress } from './core/stream-address.js';
import { DEFAULT_MEMORY_LIMIT_BYTES } from './memory/budget.js';
import { MAX_RENDER_WORKERS } from './memory/map.js';
import { type StreamConfig, StreamConfigSchema } from './state/model.js';
import type { Durability } from './state/port.js';

/** The table of environment variables: what each may be, and what it is when it is not set. */

const PortSchema = integerBetween(0, 65_535);
const HttpUrlSchema = urlOf('http', 'https');

const StreamUrlSchema = z.string().transform((text, context) => {
  const parsed = parseStreamAddress(text);
  if (parsed.ok) return formatStreamAddress(parsed.address);
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});

function streamUrlProblem(text: string): string {
  const parsed = parseStreamAddress(text);
  return parsed.ok ? '' : parsed.problem;
}

export type Variable<T> = {
  readonly fallback: T;
  /** What may be given, to stand after `must be`. */
  readonly allowed: string;
  readonly schema: z.ZodType<T, string>;
  /** Whether the value may hold a secret, so that a message must not repeat it. */
  readonly isSecret?: true;
  /** What exactly is wrong with a value that is none, without repeating it; stands in the place of `allowed`. */
  readonly problem?: (text: string) => string;
};

/** Keeps the type of the fallback as wide as the type of the value. */
function variable<T>(description: Variable<T>): Variable<T> {
  return description;
}

const PORT_RANGE = 'an integer from 0 to 65535';
const GIB = 1024 ** 3;
const TOKEN_RANGE =
  '16 to 512 visible ASCII characters without spaces, at least 6 of them different';

/** The variables and their defaults. */
export const VARIABLES = {
  PORT: variable<number>({
    fallback: 3000,
    allowed: `${PORT_RANGE}; 0 selects any free port`,
    schema: PortSchema,
  }),
  HOST: variable<string>({
    fallback: '127.0.0.1',
    allowed: 'an IP address or a host name',
    schema: HostSchema,
  }),
  WS_PORT: variable<number | null>({ fallback: null, allowed: PORT_RANGE, schema: PortSchema }),
  REDIS_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address such as redis://localhost:6379 or rediss://user:password@host:6380/0',
    schema: urlOf('redis', 'rediss'),
    isSecret: true,
  }),
  REDIS_PREFIX: variable<string>({
    fallback: 'stream-manager:',
    allowed: '1 to 100 letters, digits, or any of : _ . / { } -',
    schema: z.string().regex(/^[\w:./{}-]{1,100}$/),
  }),
  DATA_DIR: variable<string>({
    fallback: './data',
    allowed: 'the path of a folder',
    schema: PathSchema,
  }),
  DURABILITY: variable<Durability>({
    fallback: 'relaxed',
    allowed: 'relaxed or strict',
    schema: z.string().pipe(z.enum(['relaxed', 'strict'])),
  }),
  STREAM_RESOLUTION: variable<StreamConfig['resolution']>({
    fallback: { width: 1920, height: 1080 },
    allowed: 'WIDTHxHEIGHT such as 1920x1080, each an even number from 128 to 4096',
    schema: ResolutionTextSchema,
  }),
  TARGET_FPS: variable<StreamConfig['fps']>({
    fallback: { num: 60, den: 1 },
    allowed: 'frames per second from 1 to 120, such as 60, 59.94, 29.97, 23.976 or 30000/1001',
    schema: FrameRateTextSchema,
  }),
  STREAM_BITRATE: variable<number>({
    fallback: 6_000_000,
    allowed: 'bits per second from 100000 to 100000000, such as 6000000, 4500k or 6M',
    schema: amountBetween(100_000, 100_000_000),
  }),
  FFMPEG_PRESET: variable<StreamConfig['preset']>({
    fallback: 'auto',
    allowed:
      'auto, ultrafast, superfast, veryfast, faster, fast, medium, h264_nvenc, h264_qsv, h264_vaapi or h264_videotoolbox',
    schema: z.string().pipe(StreamConfigSchema.shape.preset),
  }),
  STREAM_AUDIO_BITRATE: variable<number>({
    fallback: 160_000,
    allowed: 'bits per second from 96000 to 320000, such as 160000 or 160k',
    schema: amountBetween(96_000, 320_000),
  }),
  STREAM_AUDIO_CHANNELS: variable<StreamConfig['audioChannels']>({
    fallback: 2,
    allowed: '1 or 2',
    schema: integerBetween(1, 2).pipe(StreamConfigSchema.shape.audioChannels.unwrap()),
  }),
  STREAM_URL: variable<string | null>({
    fallback: null,
    allowed: 'an RTMP address such as rtmp://host/app/key',
    schema: StreamUrlSchema,
    problem: streamUrlProblem,
    isSecret: true,
  }),
  RTMPS_VERIFY: variable<boolean>({ fallback: true, allowed: 'true or false', schema: FlagSchema }),
  RTMPS_CA_FILE: variable<string | null>({
    fallback: null,
    allowed: 'the path of a file of certificates in PEM',
    schema: PathSchema,
  }),
  FONT_FOLDERS: variable<string | null>({
    fallback: null,
    allowed: 'folders separated by colons',
    schema: PathSchema,
  }),
  RTMP_PORT: variable<number>({
    fallback: 1935,
    allowed: `${PORT_RANGE}; 0 disables the built-in RTMP server`,
    schema: PortSchema,
  }),
  RTMP_PLAY_KEY: variable<string | null>({
    fallback: null,
    allowed: '8 to 128 letters, digits, or any of . _ ~ -',
    schema: z.string().regex(/^[\w.~-]{8,128}$/),
    isSecret: true,
  }),
  TRUSTED_PROXIES: variable<readonly string[]>({
    fallback: [],
    allowed: 'IP addresses or networks such as 10.0.0.0/8, separated by commas',
    schema: NetworkListSchema,
  }),
  AUTOSTART: variable<boolean>({ fallback: true, allowed: 'true or false', schema: FlagSchema }),
  EXIT_WHEN_FAILING_SECONDS: variable<number>({
    fallback: 0,
    allowed: 'an integer number of seconds from 0 (never) to 86400',
    schema: integerBetween(0, 86_400),
  }),
  FFMPEG_PATH: variable<string | null>({
    fallback: null,
    allowed: 'the path of the ffmpeg program',
    schema: PathSchema,
  }),
  CHROMIUM_PATH: variable<string | null>({
    fallback: null,
    allowed: 'the path of the chromium program',
    schema: PathSchema,
  }),
  RENDER_THREADS: variable<number | null>({
    fallback: null,
    allowed: `auto or an integer from 1 to ${MAX_RENDER_WORKERS}`,
    schema: z.union([
      z.literal('auto').transform(() => null),
      integerBetween(1, MAX_RENDER_WORKERS),
    ]),
  }),
  API_TOKEN: variable<string | null>({
    fallback: null,
    allowed: `${TOKEN_RANGE}; generate one with: openssl rand -hex 24`,
    schema: TokenSchema,
    isSecret: true,
  }),
  AUTH_JWKS_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    schema: HttpUrlSchema,
  }),
  AUTH_JWT_ISSUER: variable<string | null>({
    fallback: null,
    allowed: 'the value of the claim iss of the tokens: visible ASCII characters without spaces',
    schema: SecretSchema,
  }),
  AUTH_JWT_AUDIENCE: variable<string | null>({
    fallback: null,
    allowed: 'the value of the claim aud of the tokens: visible ASCII characters without spaces',
    schema: SecretSchema,
  }),
  ADMIN_API_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    schema: HttpUrlSchema,
  }),
  WEBHOOK_SECRET: variable<string | null>({
    fallback: null,
    allowed: '1 to 512 visible ASCII characters without spaces',
    schema: SecretSchema,
    isSecret: true,
  }),
  CDN_BASE_URL: variable<string | null>({
    fallback: null,
    allowed: 'an address that starts with https:// or http://',
    schema: HttpUrlSchema,
  }),
  ASSET_CACHE_BYTES: variable<number>({
    fallback: GIB,
    allowed: 'bytes from 16M up, such as 1073741824, 500M or 2G',
    schema: amountBetween(16_000_000, Number.MAX_SAFE_INTEGER),
  }),
  MEMORY_LIMIT: variable<number>({
    fallback: DEFAULT_MEMORY_LIMIT_BYTES,
    allowed: 'bytes from 768M up, such as 1610612736, 1500M or 2G',
    schema: amountBetween(768_000_000, Number.MAX_SAFE_INTEGER),
  }),
  ASSET_ALLOW_PRIVATE: variable<readonly string[]>({
    fallback: [],
    allowed: 'host names or name:port, separated by commas',
    schema: HostListSchema,
  }),
  LOG_LEVEL: variable<LogLevel>({
    fallback: 'info',
    allowed: 'fatal, error, warn, info, debug, trace or silent',
    schema: LogLevelSchema,
  }),
} as const;
