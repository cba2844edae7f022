import { isIP } from 'node:net';
import { LOG_LEVELS, type LogLevel } from './core/logger.js';
import type { FrameRate } from './core/rational.js';
import { ENCODER_PRESETS, type StreamConfig, StreamConfigSchema } from './state/model.js';

/** Readers of single values. Each gives the value, or undefined when the text is not one. */

/** A whole number in plain digits between two bounds, both allowed. */
export function readInteger(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** A whole number that may end in k, M or G, for thousands, millions and billions. */
export function readAmount(text: string, min: number, max: number): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,16}(?:\.\d{1,3})?)([kmg]?)$/i.exec(text) ?? [];
  const value = Number(digits || NaN) * (MULTIPLES[unit.toLowerCase()] ?? NaN);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

export function readBoolean(text: string): boolean | undefined {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  return /^(false|0|no|off)$/i.test(text) ? false : undefined;
}

export function readResolution(text: string): StreamConfig['resolution'] | undefined {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/i.exec(text) ?? [];
  const size = { width: Number(width ?? NaN), height: Number(height ?? NaN) };
  return StreamConfigSchema.shape.resolution.safeParse(size).data;
}

/**
 * `60`, `30000/1001`, or a decimal. Television's rates are written rounded (59.94, 29.97, 23.976) and mean a whole
 * number times 1000/1001.
 */
export function readFrameRate(text: string): FrameRate | undefined {
  const [, first, second] = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  if (first === undefined || (second !== undefined && first.includes('.'))) return undefined;
  const rate = second === undefined ? fromDecimal(first) : reduced(Number(first), Number(second));
  return StreamConfigSchema.shape.fps.safeParse(rate).data;
}

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

export function readPreset(text: string): StreamConfig['preset'] | undefined {
  return ENCODER_PRESETS.find((preset) => preset === text);
}

export function readLogLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.toLowerCase());
}

/** An IP address or a host name to listen on. */
export function readHost(text: string): string | undefined {
  return isIP(text) !== 0 || isHostName(text) ? text : undefined;
}

/** Whether only programs on this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A URL of one of these schemes, with a host; given back as it was written. */
export function readUrl(text: string, schemes: readonly string[]): string | undefined {
  if (/\s/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  return schemes.includes(protocol.slice(0, -1)) && hostname !== '' ? text : undefined;
}

/** Hosts, as `name` or `name:port`, in lower case, separated by commas. */
export function readHostList(text: string): readonly string[] | undefined {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  return hosts.every(isHostWithPort) ? hosts : undefined;
}

/** IP addresses, and networks as `address/bits`, separated by commas. */
export function readNetworkList(text: string): readonly string[] | undefined {
  const networks = text
    .split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '');
  return networks.every(isNetwork) ? networks : undefined;
}

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || Number(bits) <= (version === 6 ? 128 : 32);
}

/** Shortest token, and how many of its characters must differ: `aaaaaaaaaaaaaaaa` is long and guessed at once. */
const TOKEN_CHARACTERS = 16;
const TOKEN_VARIETY = 6;

/** A secret that lets somebody in: too long to be guessed. */
export function readToken(text: string): string | undefined {
  const isLong = text.length >= TOKEN_CHARACTERS && new Set(text).size >= TOKEN_VARIETY;
  return isLong ? readSecret(text) : undefined;
}

/** Something that fits a header: visible ASCII without spaces. */
export function readSecret(text: string): string | undefined {
  return /^[\x21-\x7e]{1,512}$/.test(text) ? text : undefined;
}

function isHostWithPort(text: string): boolean {
  const [, host = '', port = '1'] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isHost = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : isHostName(host);
  return isHost && readInteger(port, 1, 65_535) !== undefined;
}

function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(text)
  );
}
