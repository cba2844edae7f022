import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIntlFormat } from '../../src/scene/intl-text.js';
import { type IntlTime, IntlTimeSchema } from '../../src/scene/schema/intl-time.js';

const AT_MS = Date.UTC(2024, 4, 5, 14, 7, 9, 83);
const format = createIntlFormat();

function written(options: unknown, timeZone = 'UTC'): string {
  // Newer versions of CLDR have a narrow space before AM and PM.
  return format(IntlTimeSchema.parse(options), timeZone, AT_MS).replace(/\u202f/g, ' ');
}

test('writes a moment in a language and a zone', () => {
  assert.equal(written({ locale: 'de-DE', dateStyle: 'full' }), 'Sonntag, 5. Mai 2024');
  assert.equal(written({ locale: 'en-US', timeStyle: 'short' }, 'America/New_York'), '10:07 AM');
  assert.equal(written({ locale: 'en-GB', hour: '2-digit', minute: '2-digit' }), '14:07');
  assert.equal(written({ locale: 'ja-JP', dateStyle: 'long' }), '2024年5月5日');
  assert.equal(written({ locale: 'ar-EG', weekday: 'long' }), 'الأحد');
});

test('refuses what Intl does not take', () => {
  for (const options of [
    { locale: 'not a locale' },
    { locale: 'en', dateStyle: 'full', hour: 'numeric' },
    { locale: 'en', calendar: '!' },
    { weekday: 'huge' },
    { timeZone: 'UTC' },
  ])
    assert.equal(IntlTimeSchema.safeParse(options).success, false, JSON.stringify(options));
});

/** Whether Intl itself makes a format of options. */
function isTakenByIntl(options: Intl.DateTimeFormatOptions): boolean {
  try {
    new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
    return true;
  } catch {
    return false;
  }
}

test('takes and refuses what Intl does, of every pair of options', () => {
  const options: readonly Intl.DateTimeFormatOptions[] = [
    ...([
      { dateStyle: 'full' },
      { timeStyle: 'short' },
      { weekday: 'long' },
      { era: 'short' },
    ] as const),
    ...([
      { year: 'numeric' },
      { month: 'narrow' },
      { day: '2-digit' },
      { dayPeriod: 'long' },
    ] as const),
    ...([{ hour: 'numeric' }, { minute: '2-digit' }, { second: 'numeric' }] as const),
    ...([{ fractionalSecondDigits: 2 }, { hour12: true }, { hourCycle: 'h23' }] as const),
    { timeZoneName: 'longOffset' },
    ...[
      'buddhist',
      'abc',
      'ab',
      '',
      'abc-',
      'islamic-civil',
      'abcdefghi',
      'a_b',
      'ABC',
      'é12',
    ].flatMap((name) => [{ calendar: name }, { numberingSystem: name }]),
  ];
  for (const one of options)
    for (const other of options) {
      const both = { ...one, ...other };
      const isTaken = IntlTimeSchema.safeParse(both).success;
      assert.equal(isTaken, isTakenByIntl(both), JSON.stringify(both));
    }
});

test('a day of 24 hours begins at 0 o’clock in every language', () => {
  const midnight = Date.UTC(2024, 0, 1);
  const at = (intl: IntlTime): string => createIntlFormat()(intl, 'UTC', midnight);
  for (const locale of ['en', 'en-GB', 'de', 'fr', 'pt-BR', 'ru', 'zh'])
    assert.match(at({ locale, hour: '2-digit', minute: '2-digit', hour12: false }), /^00/, locale);
  assert.equal(at({ locale: 'en', timeStyle: 'medium', hour12: false }), '00:00:00');
  assert.equal(at({ locale: 'ja', hour: 'numeric', minute: '2-digit', hour12: false }), '0:00');
  // Who asks for 24:00 by its name gets it.
  assert.equal(at({ locale: 'en', hour: '2-digit', minute: '2-digit', hourCycle: 'h24' }), '24:00');
});
