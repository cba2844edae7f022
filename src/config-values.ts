import { isIP } from 'node:net';
import { z } from 'zod';
import { LOG_LEVELS } from './core/logger.js';
import type { FrameRate } from './core/rational.js';
import { StreamConfigSchema } from './state/model.js';

/** Schemas of single values as they stand in the environment: from text to what it means. */

/** A whole number in plain digits between two bounds, both allowed. */
export function integerBetween(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** A whole number that may end in k, M or G, for thousands, millions and billions. */
export function amountBetween(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,16}(\.\d{1,3})?[kmg]?$/i)
    .transform(
      (text) => parseFloat(text) * (MULTIPLES[text.replace(/[\d.]/g, '').toLowerCase()] ?? NaN),
    )
    .pipe(z.int().min(min).max(max));
}

export const FlagSchema = z.stringbool({
  truthy: ['true', '1', 'yes', 'on'],
  falsy: ['false', '0', 'no', 'off'],
});

export const ResolutionTextSchema = z
  .string()
  .regex(/^\d{1,5}x\d{1,5}$/i)
  .transform((text) => {
    const [width = 0, height = 0] = text.toLowerCase().split('x').map(Number);
    return { width, height };
  })
  .pipe(StreamConfigSchema.shape.resolution);

/**
 * `60`, `30000/1001`, or a decimal. Television's rates are written rounded (59.94, 29.97, 23.976) and mean a whole
 * number times 1000/1001.
 */
export const FrameRateTextSchema = z
  .string()
  .regex(/^(\d{1,6}(\.\d{1,3})?|\d{1,6}\/\d{1,4})$/)
  .transform((text) => {
    const [first = '', second] = text.split('/');
    return second === undefined ? fromDecimal(first) : reduced(Number(first), Number(second));
  })
  .pipe(StreamConfigSchema.shape.fps);

function fromDecimal(text: string): FrameRate {
  const fps = Number(text);
  if (Number.isInteger(fps)) return { num: fps, den: 1 };
  const whole = Math.round(fps * 1.001);
  if (Math.abs(fps * 1.001 - whole) < 0.005) return { num: whole * 1000, den: 1001 };
  return reduced(Math.round(fps * 1000), 1000);
}

function reduced(num: number, den: number): FrameRate {
  let [divisor, rest] = [num, den];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return { num: num / divisor, den: den / divisor };
}

export const LogLevelSchema = z.string().toLowerCase().pipe(z.enum(LOG_LEVELS));

/** An IP address or a host name to listen on. */
export const HostSchema = z.string().refine((text) => isIP(text) !== 0 || isHostName(text));

/** Whether only programs on this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A URL of one of these schemes, with a host; given back as it was written. */
export function urlOf(...schemes: readonly string[]) {
  return z.string().refine((text) => {
    if (/\s/.test(text) || !URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return schemes.includes(protocol.slice(0, -1)) && hostname !== '';
  });
}

/** A list with commas in between; empty items are left out. */
function listOf<T>(item: z.ZodType<T, string>) {
  return z
    .string()
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(item));
}

/** Hosts, as `name` or `name:port`, in lower case. */
export const HostListSchema = listOf(z.string().toLowerCase().refine(isHostWithPort));

/** IP addresses, and networks as `address/bits`. */
export const NetworkListSchema = listOf(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]));

/** The path of a file or folder. */
export const PathSchema = z.string().refine((text) => !text.includes('\0'));

/** Something that fits a header: visible ASCII without spaces. */
export const SecretSchema = z.string().regex(/^[\x21-\x7e]{1,512}$/);

/** Shortest token, and how many of its characters must differ: `aaaaaaaaaaaaaaaa` is long and guessed at once. */
const TOKEN_CHARACTERS = 16;
const TOKEN_VARIETY = 6;

/** A secret that lets somebody in: too long to be guessed. */
export const TokenSchema = SecretSchema.min(TOKEN_CHARACTERS).refine(
  (text) => new Set(text).size >= TOKEN_VARIETY,
);

function isHostWithPort(text: string): boolean {
  const [, host = '', port = '1'] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isHost = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : isHostName(host);
  return isHost && integerBetween(1, 65_535).safeParse(port).success;
}

function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(text)
  );
}
