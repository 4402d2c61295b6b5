import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIME_FORMATS, type TimeFormat } from '../domain/index.ts';
import { timeParser } from './time.ts';

const at = (format: TimeFormat, text: string): string | null => {
  const ms = timeParser(format)(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
};

describe('times are read as written, in UTC where no zone stands', () => {
  test.each<[TimeFormat, string, string]>([
    ['iso', '2011-12-09', '2011-12-09T00:00:00.000Z'],
    ['iso', '2011-12-09 08:26', '2011-12-09T08:26:00.000Z'],
    ['iso', '2011-12-09T08:26:30.5Z', '2011-12-09T08:26:30.500Z'],
    ['iso', '2011-12-09T08:26:30.123456+02:00', '2011-12-09T06:26:30.123Z'],
    ['iso', '2011-12-09 08:26:30-0330', '2011-12-09T11:56:30.000Z'],
    ['iso', '2011-12-09 08:26:30 UTC', '2011-12-09T08:26:30.000Z'],
    ['ymd', '2011/2/9 8:05', '2011-02-09T08:05:00.000Z'],
    ['mdy', '12/1/2010 8:26', '2010-12-01T08:26:00.000Z'],
    ['mdy', '12/1/10 12:05 AM', '2010-12-01T00:05:00.000Z'],
    ['mdy', '12-1-2010 12:05:07 pm', '2010-12-01T12:05:07.000Z'],
    ['dmy', '1.12.2010', '2010-12-01T00:00:00.000Z'],
    ['dmy', '01/12/99, 23:59', '1999-12-01T23:59:00.000Z'],
    ['unix-seconds', '1351527128.0', '2012-10-29T16:12:08.000Z'],
    ['unix-seconds', '1445714994', '2015-10-24T19:29:54.000Z'],
    ['unix-milliseconds', '1472552518501', '2016-08-30T10:21:58.501Z'],
  ])('%s %s', (format, text, expected) => {
    expect(at(format, text)).toBe(expected);
  });
});

describe('what is no time as a whole is refused, never guessed', () => {
  test.each<[TimeFormat, string]>([
    ['iso', '2011-02-29'],
    ['iso', '2011-13-01'],
    ['iso', '2011-12-09T24:00'],
    ['iso', '2011-12-09T08:60'],
    ['iso', '2011-12-09 08:26 +25:00'],
    ['iso', '2011-12-9'],
    ['iso', '2011-12-09 and later'],
    ['iso', '0000-00-00'],
    ['ymd', '2011/2-9'],
    ['mdy', '13/1/2010'],
    ['mdy', '2/30/2010'],
    ['mdy', '12/1/2010 13:00 PM'],
    ['mdy', '12/1/2010 0:30 am'],
    ['dmy', '31/11/2010'],
    ['dmy', '1/12/201'],
    ['unix-seconds', '1472552518501'],
    ['unix-seconds', '12e3'],
    ['unix-seconds', ''],
    ['unix-milliseconds', 'Tue Aug 30 17:21:58 WIB 2016'],
  ])('%s %s', (format, text) => {
    expect(at(format, text)).toBeNull();
  });

  test.each(TIME_FORMATS)('%s gives a number or NaN for any text', (format) => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof timeParser(format)(text) === 'number'));
  });
});

test('every day of 1900 to 2100 comes back from each written form', () => {
  fc.assert(
    fc.property(fc.integer({ min: -25_567, max: 47_846 }), (day) => {
      const ms = day * 86_400_000;
      const [y, m, d] = new Date(ms).toISOString().slice(0, 10).split('-') as [string, string, string];
      expect(timeParser('iso')(`${y}-${m}-${d}`)).toBe(ms);
      expect(timeParser('ymd')(`${y}/${m}/${d}`)).toBe(ms);
      expect(timeParser('mdy')(`${m}/${d}/${y}`)).toBe(ms);
      expect(timeParser('dmy')(`${d}.${m}.${y}`)).toBe(ms);
    }),
  );
});
