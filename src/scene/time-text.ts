/** Texts of clocks, countdowns and timers: pure functions of a moment or a duration. */

/** Words in brackets, runs of one letter, and what is neither. */
const PART_PATTERN = /\[([^\]]*)\]|([A-Za-z])\2*|[^\[A-Za-z]+|\[/g;

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

type Token = (fields: Fields) => string;

/** What runs of a letter stand for. */
const TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['YYYY', ({ year }) => pad(year, 4)],
  ['MM', ({ month }) => pad(month, 2)],
  ['DD', ({ day }) => pad(day, 2)],
  ['D', ({ day }) => String(day)],
  ['HH', ({ hour }) => pad(hour, 2)],
  ['H', ({ hour }) => String(hour)],
  ['hh', (fields) => pad(twelveHour(fields), 2)],
  ['h', (fields) => String(twelveHour(fields))],
  ['mm', ({ minute }) => pad(minute, 2)],
  ['m', ({ minute }) => String(minute)],
  ['ss', ({ second }) => pad(second, 2)],
  ['s', ({ second }) => String(second)],
  ['S', ({ ms }) => String(Math.floor(ms / 100))],
  ['SS', ({ ms }) => pad(Math.floor(ms / 10), 2)],
  ['cc', ({ ms }) => pad(Math.floor(ms / 10), 2)],
  ['SSS', ({ ms }) => pad(ms, 3)],
  ['A', ({ hour }) => (hour < 12 ? 'AM' : 'PM')],
]);

/** What a duration has nothing for, and what may have been meant. */
const OF_MOMENTS: ReadonlyMap<string, string> = new Map([
  ['YYYY', 'a duration has no year'],
  ['MM', 'a duration has no month; minutes are mm'],
  ['A', 'a duration has no time of day'],
]);

function format(pattern: string, fields: Fields): string {
  return [...pattern.matchAll(PART_PATTERN)]
    .map(([part, literal]) => TOKENS.get(part)?.(fields) ?? literal ?? part)
    .join('');
}

/** The tokens of a pattern. */
function tokensIn(pattern: string): Set<string> {
  return new Set([...pattern.matchAll(PART_PATTERN)].map(([part]) => part));
}

/** What is wrong with a pattern for a time of day or a duration; null: nothing. */
export function timeFormatProblem(pattern: string, of: 'moment' | 'duration'): string | null {
  for (const [part, , letter] of pattern.matchAll(PART_PATTERN)) {
    if (letter === undefined) continue;
    if (!TOKENS.has(part))
      return `has "${part}", which stands for nothing: put words in brackets, as in [${part}]`;
    const problem = of === 'duration' ? OF_MOMENTS.get(part) : undefined;
    if (problem !== undefined) return `has "${part}": ${problem}`;
  }
  return null;
}

/** The smallest unit that a pattern for a duration shows, milliseconds. */
export function smallestUnitMs(pattern: string): number {
  const used = tokensIn(pattern);
  const isUsed = (...tokens: readonly string[]): boolean => tokens.some((one) => used.has(one));
  if (isUsed('SSS')) return 1;
  if (isUsed('cc', 'SS')) return 10;
  if (isUsed('S')) return 100;
  if (isUsed('s', 'ss')) return 1000;
  if (isUsed('m', 'mm')) return 60_000;
  return isUsed('h', 'hh', 'H', 'HH') ? 3_600_000 : 86_400_000;
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
export function formatMoment(pattern: string, wallTimeMs: number, offsetMs: number): string {
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
export function formatDuration(pattern: string, durationMs: number): string {
  let rest = Math.max(0, Math.floor(durationMs));
  const used = tokensIn(pattern);
  const takeUnit = (tokens: readonly string[], unitMs: number): number => {
    if (!tokens.some((token) => used.has(token))) return 0;
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return count;
  };
  const day = takeUnit(['D', 'DD'], 86_400_000);
  const hour = takeUnit(['H', 'HH', 'h', 'hh'], 3_600_000);
  const minute = takeUnit(['m', 'mm'], 60_000);
  const second = takeUnit(['s', 'ss'], 1000);
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

/** What is left of a time, rounded up: a second is shown as long as any of it is left. */
export function formatRemaining(format: string, leftMs: number): string {
  const unitMs = smallestUnitMs(format);
  return formatDuration(format, Math.ceil(leftMs / unitMs) * unitMs);
}
