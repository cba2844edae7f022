/** Texts of clocks, countdowns and timers: pure functions of a moment or a duration. */

/** A run of text that changes as a whole (words) or a single sign that stands in a cell (digits). */
export type TimeToken = { readonly kind: 'words' | 'digits'; readonly text: string };

const TOKEN_PATTERN = /\[([^\]]*)\]|YYYY|MM|DD|D|HH|H|hh|h|mm|m|ss|s|cc|SSS|A|[^\[A-Za-z]+|./g;

type Fields = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** Whether it is a time of day, whose hours may be counted to twelve. */
  readonly isMoment: boolean;
};

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** 12, 1, 2, … 11, 12 for a time of day; a duration has as many hours as it has. */
function twelveHour({ hour, isMoment }: Fields): number {
  return isMoment ? ((hour + 11) % 12) + 1 : hour;
}

function toToken(match: string, literal: string | undefined, fields: Fields): TimeToken {
  const digits = (text: string): TimeToken => ({ kind: 'digits', text });
  switch (match) {
    case 'YYYY':
      return digits(pad(fields.year, 4));
    case 'MM':
      return digits(pad(fields.month, 2));
    case 'DD':
      return digits(pad(fields.day, 2));
    case 'D':
      return digits(String(fields.day));
    case 'HH':
      return digits(pad(fields.hour, 2));
    case 'H':
      return digits(String(fields.hour));
    case 'hh':
      return digits(pad(twelveHour(fields), 2));
    case 'h':
      return digits(String(twelveHour(fields)));
    case 'mm':
      return digits(pad(fields.minute, 2));
    case 'm':
      return digits(String(fields.minute));
    case 'ss':
      return digits(pad(fields.second, 2));
    case 's':
      return digits(String(fields.second));
    case 'cc':
      return digits(pad(Math.floor(fields.ms / 10), 2));
    case 'SSS':
      return digits(pad(fields.ms, 3));
    case 'A':
      return { kind: 'words', text: fields.hour < 12 ? 'AM' : 'PM' };
    default:
      return { kind: 'words', text: literal ?? match };
  }
}

function format(pattern: string, fields: Fields): TimeToken[] {
  return [...pattern.matchAll(TOKEN_PATTERN)]
    .map(([match, literal]) => toToken(match, literal, fields))
    .filter(({ text }) => text !== '');
}

/**
 * Offset of a time zone from UTC at a moment, in milliseconds. All zones in use change on whole quarters of an
 * hour, so callers may keep the answer for one.
 */
export function timeZoneOffsetMs(timeZone: string, wallTimeMs: number): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(wallTimeMs);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const localMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return localMs - Math.floor(wallTimeMs / 1000) * 1000;
}

/** A moment as a clock shows it, `offsetMs` ahead of UTC. */
export function formatMoment(pattern: string, wallTimeMs: number, offsetMs: number): TimeToken[] {
  const local = new Date(Math.floor(wallTimeMs + offsetMs));
  return format(pattern, {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    ms: local.getUTCMilliseconds(),
    isMoment: true,
  });
}

/** A duration as a timer shows it; never below zero. The largest unit in the pattern takes all that is above it. */
export function formatDuration(pattern: string, durationMs: number): TimeToken[] {
  let rest = Math.max(0, Math.floor(durationMs));
  const used = pattern.replace(/\[[^\]]*\]/g, '');
  const takeUnit = (isUsed: boolean, unitMs: number): number => {
    if (!isUsed) return 0;
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return count;
  };
  const day = takeUnit(used.includes('D'), 86_400_000);
  const hour = takeUnit(/[Hh]/.test(used), 3_600_000);
  const minute = takeUnit(used.includes('m'), 60_000);
  const second = takeUnit(used.includes('s'), 1000);
  return format(pattern, {
    year: 0,
    month: 0,
    day,
    hour,
    minute,
    second,
    ms: rest,
    isMoment: false,
  });
}
