import pino, { type Logger as PinoLogger } from 'pino';
import { prettyFactory } from 'pino-pretty';

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

/**
 * Hides what must not be seen in a text: the key (last path segment and query) of RTMP and other stream
 * addresses, user info in any URL, and bearer tokens. FFmpeg repeats its arguments in its messages.
 */
export function redactSecrets(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, '$1***@')
    .replace(
      /\b((?:rtmp[a-z]*|srt):\/\/[^\s/'"]+\/(?:[^\s/'"?]+\/)*)([^\s/'"?]+)(\?[^\s'"]*)?/gi,
      '$1***',
    )
    .replace(/\b(srt:\/\/[^\s/'"?]+)\?[^\s'"]*/gi, '$1?***')
    .replace(/\b(bearer)\s+[^\s'"]+/gi, '$1 ***');
}

/**
 * A logger that writes straight to standard output from whichever thread made it: worker threads must not
 * pass their lines through the main thread, which may be busy. Pretty on a terminal, JSON lines otherwise.
 */
export function createLogger(level: LogLevel, room: string): Logger {
  const destination = pino.destination({ fd: 1, sync: true });
  const pretty =
    process.stdout.isTTY || process.env['SM_LOG_PRETTY'] === '1'
      ? prettyFactory({
          ignore: 'pid,hostname,room',
          messageFormat: '{room}: {msg}',
          colorize: true,
        })
      : null;
  const stream = {
    write: (line: string): void =>
      void destination.write(pretty === null ? line : pretty(JSON.parse(line))),
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
