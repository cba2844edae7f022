import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatDuration,
  formatMoment,
  smallestUnitMs,
  timeFormatProblem,
  timeZoneOffsetMs,
} from '../../src/scene/time-text.js';

const MOMENT = Date.UTC(2024, 2, 5, 14, 7, 9, 83);

function moment(pattern: string, wallTimeMs = MOMENT, offsetMs = 0): string {
  return formatMoment(pattern, wallTimeMs, offsetMs);
}

function duration(pattern: string, durationMs: number): string {
  return formatDuration(pattern, durationMs);
}

for (const [pattern, expected] of [
  ['HH:mm:ss', '14:07:09'],
  ['H:m:s', '14:7:9'],
  ['hh:mm A', '02:07 PM'],
  ['h.mm A', '2.07 PM'],
  ['ss.cc', '09.08'],
  ['ss.SSS', '09.083'],
  ['ss.SS', '09.08'],
  ['ss.S', '09.0'],
  ['YYYY-MM-DD', '2024-03-05'],
  ['D', '5'],
  ['[at] HH[h]', 'at 14h'],
  ['[HH:mm]', 'HH:mm'],
  ['[]HH', '14'],
  ['DD/MM – HH', '05/03 – 14'],
  ['HH[', '14['],
  ['HH]', '14]'],
  ['[in HH', '[in 14'],
  ['HH\nmm', '14\n07'],
  ['kk:zz', 'kk:zz'],
  ['🕐 HH', '🕐 14'],
  ['', ''],
] as const) {
  test(`a clock of "${pattern.replace('\n', '\\n')}" shows "${expected.replace('\n', '\\n')}"`, () => {
    assert.equal(moment(pattern), expected);
  });
}

test('twelve hours begin and end with twelve', () => {
  const at = (hour: number): string => moment('hh:mm A', Date.UTC(2024, 0, 1, hour, 30));
  assert.deepEqual([0, 1, 11, 12, 13, 23].map(at), [
    ...['12:30 AM', '01:30 AM', '11:30 AM', '12:30 PM', '01:30 PM', '11:30 PM'],
  ]);
});

test('a fraction of a millisecond is cut off, never rounded up', () => {
  assert.equal(moment('ss.SSS', MOMENT + 0.999), '09.083');
  assert.equal(moment('YYYY', Date.UTC(2024, 11, 31, 23, 59, 59, 999) + 0.99), '2024');
});

const HOUR_MS = 3_600_000;

test('time zones have their offset at the moment, on both sides of summer time', () => {
  const paris = (utc: string): number =>
    timeZoneOffsetMs('Europe/Paris', Date.parse(utc)) / HOUR_MS;
  assert.equal(paris('2024-01-15T12:00:00Z'), 1);
  assert.equal(paris('2024-07-15T12:00:00Z'), 2);
  assert.equal(paris('2024-03-31T00:59:59.999Z'), 1);
  assert.equal(paris('2024-03-31T01:00:00Z'), 2);
  assert.equal(paris('2024-10-27T00:59:59.999Z'), 2);
  assert.equal(paris('2024-10-27T01:00:00Z'), 1);
  const newYork = (utc: string): number =>
    timeZoneOffsetMs('America/New_York', Date.parse(utc)) / HOUR_MS;
  assert.equal(newYork('2024-03-10T06:59:59Z'), -5);
  assert.equal(newYork('2024-03-10T07:00:00Z'), -4);
});

test('offsets of parts of an hour, and both ends of the world', () => {
  const at = Date.parse('2024-06-01T00:00:00Z');
  const offset = (zone: string): number => timeZoneOffsetMs(zone, at) / HOUR_MS;
  assert.equal(offset('UTC'), 0);
  assert.equal(offset('Asia/Kathmandu'), 5.75);
  assert.equal(offset('Asia/Kolkata'), 5.5);
  assert.equal(offset('Pacific/Kiritimati'), 14);
  assert.equal(offset('Pacific/Marquesas'), -9.5);
  assert.equal(moment('HH:mm', at, timeZoneOffsetMs('Asia/Kathmandu', at)), '05:45');
  assert.equal(
    moment('YYYY-MM-DD HH', at, timeZoneOffsetMs('Pacific/Marquesas', at)),
    '2024-05-31 14',
  );
});

test('the offset within a second is that of the second', () => {
  for (const ms of [0, 1, 499, 999.5])
    assert.equal(
      timeZoneOffsetMs('Europe/Paris', Date.parse('2024-07-15T12:00:00Z') + ms),
      2 * HOUR_MS,
    );
});

for (const [pattern, durationMs, expected] of [
  ['HH:mm:ss', 0, '00:00:00'],
  ['HH:mm:ss', 3_723_004, '01:02:03'],
  ['HH:mm:ss', 100 * HOUR_MS, '100:00:00'],
  ['mm:ss', 3_723_004, '62:03'],
  ['s', 3_723_999, '3723'],
  ['ss.cc', 61_239, '61.23'],
  ['ss.SSS', 61_239.9, '61.239'],
  ['s.S', 61_999, '61.9'],
  ['m:ss.S', 61_950, '1:01.9'],
  ['S', 2345, '23'],
  ['D[d] HH:mm', 90_061_000, '1d 01:01'],
  ['D [days]', 200_000_000, '2 days'],
  ['H', 90_061_000, '25'],
  ['H[h] [minutes] ss', 3_723_000, '1h minutes 123'],
  ['mm:ss', -5000, '00:00'],
] as const) {
  test(`a duration of ${durationMs} ms as "${pattern}" is "${expected}"`, () => {
    assert.equal(duration(pattern, durationMs), expected);
  });
}

test('hours of a duration are counted, not told by the dial', () => {
  assert.equal(duration('hh:mm:ss', 5000), '00:00:05');
  assert.equal(duration('h:mm', 13 * HOUR_MS), '13:00');
});

test('the largest unit takes all that is above it, also below a second', () => {
  assert.equal(duration('SSS', 2345), '2345');
  assert.equal(duration('cc', 2345), '234');
});

test('a duration never shows more or less than there is', () => {
  fc.assert(
    fc.property(fc.nat(10 * 86_400_000), (ms) => {
      const parts = duration('D HH mm ss SSS', ms).split(' ').map(Number);
      const [days = 0, hours = 0, minutes = 0, seconds = 0, rest = 0] = parts;
      assert.ok(hours < 24 && minutes < 60 && seconds < 60 && rest < 1000);
      assert.equal((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + rest, ms);
    }),
  );
});

for (const [pattern, part] of [
  ['HH:mm:ss z', 'z'],
  ['kk:mm', 'kk'],
  ['yyyy-MM-dd', 'yyyy'],
  ['h:mm a', 'a'],
  ['HHH', 'HHH'],
  ['ss.SSSS', 'SSSS'],
  ['Live in m', 'L'],
  ['[at HH', 'a'],
] as const) {
  test(`the format "${pattern}" is refused for its "${part}"`, () => {
    const problem = timeFormatProblem(pattern, 'moment');
    assert.match(problem ?? '', new RegExp(`has "${part}", .*\\[${part}\\]`));
  });
}

test('a duration has neither months nor a time of day', () => {
  assert.match(timeFormatProblem('MM:ss', 'duration') ?? '', /"MM": .*minutes are mm/);
  assert.notEqual(timeFormatProblem('YYYY', 'duration'), null);
  assert.notEqual(timeFormatProblem('h:mm A', 'duration'), null);
  assert.equal(timeFormatProblem('D[ days ]HH:mm:ss.S', 'duration'), null);
});

test('words in brackets, signs and letters of other scripts go as they are', () => {
  for (const pattern of ['[Live in] HH:mm', 'HH時mm分', 'H\u2009: mm – ss', 'HH[', ']HH', ''])
    assert.equal(timeFormatProblem(pattern, 'moment'), null, pattern);
});

test('the smallest unit of a countdown is the smallest that it shows', () => {
  assert.deepEqual(
    ['SSS', 's.cc', 's.SS', 'm:ss.S', 'ss', 'm[s]', 'HH', 'D'].map(smallestUnitMs),
    [1, 10, 10, 100, 1000, 60_000, 3_600_000, 86_400_000],
  );
});
