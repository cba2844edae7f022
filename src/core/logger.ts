import { createRequire } from 'node:module';
import pino, { type Logger as PinoLogger } from 'pino';
import { sharedLogRing } from './log-ring.js';
import { maskStreamAddress } from './stream-address.js';

/** What the rooms log with: pino's own interface. */
export type Logger = PinoLogger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const REDACTED_PATHS = [
  'token',
  '*.token',
  'authorization',
  '*.authorization',
  'streamKey',
  '*.streamKey',
  'secret',
  '*.secret',
];

/** A stream address in a text: between single quotes, or up to a space or a quote that is not escaped. */
const STREAM_ADDRESSES =
  /'((?:rtmp[a-z]{0,4}|rtsp[a-z]{0,2}|srt|rist):\/\/[^'\s]*)'|\b(?:rtmp[a-z]{0,4}|rtsp[a-z]{0,2}|srt|rist):\/\/(?:\\.|[^\s"\\])*/gi;

/**
 * Hides what must not be seen in a text: what is secret in addresses of streams, user info in any URL, and bearer
 * tokens.
 */
export function redactSecrets(text: string): string {
  return text
    .replace(STREAM_ADDRESSES, (found: string, quoted: string | undefined) =>
      quoted === undefined ? maskStreamAddress(found) : `'${maskStreamAddress(quoted)}'`,
    )
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/'"]*@/gi, '$1***@')
    .replace(/\b(bearer)\s+[^\s'"]+/gi, '$1 ***');
}

/** Loaded only where people read along: each thread has a logger, and this takes it 25 ms. */
function createPrettyPrinter(): (line: unknown) => string {
  const { prettyFactory } = createRequire(import.meta.url)(
    'pino-pretty',
  ) as typeof import('pino-pretty');
  return prettyFactory({
    ignore: 'pid,hostname,room',
    messageFormat: '{room}: {msg}',
    colorize: true,
  });
}

/** Where lines go: to the thread that writes them, or where there is none, straight to standard output. */
function createDestination(): (line: string) => void {
  const ring = sharedLogRing();
  if (ring !== null)
    return (line) => {
      ring.push(line);
    };
  const destination = pino.destination({ fd: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
}

/**
 * A logger for the thread that makes it. In the service it never waits for whoever reads standard output: lines go
 * through `LogRing`, and not through the main thread, which may be busy. Pretty on a terminal, JSON lines otherwise.
 */
export function createLogger(level: LogLevel, room: string): Logger {
  const write = createDestination();
  const pretty =
    process.stdout.isTTY || process.env['SM_LOG_PRETTY'] === '1' ? createPrettyPrinter() : null;
  const stream = {
    write: (line: string): void => {
      write(pretty === null ? line : pretty(JSON.parse(line)));
    },
  };
  return pino(
    {
      level,
      base: { room },
      redact: { paths: REDACTED_PATHS, censor: '***' },
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redactSecrets },
    },
    stream,
  );
}
