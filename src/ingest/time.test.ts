import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIME_FORMATS, type TimeFormat } from '../domain/index.ts';
import { type TimeOptions, timeParser } from './time.ts';
import { zoneClock } from './zone.ts';
import oracle from './zone-oracle.json' with { type: 'json' };

const at = (format: TimeFormat, text: string, options?: TimeOptions): string | null => {
  const ms = timeParser(format, options)(text);
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
    ['unix-seconds', '-1', '1969-12-31T23:59:59.000Z'],
    ['unix-milliseconds', '1472552518501', '2016-08-30T10:21:58.501Z'],
    ['unix-microseconds', '1472552518501999', '2016-08-30T10:21:58.501Z'],
    ['iso', '2011-12-09T24:00', '2011-12-10T00:00:00.000Z'],
    ['iso', '2011-12-09T08:26:30,5+0100', '2011-12-09T07:26:30.500Z'],
    ['iso', '2011-12-09T08:26:30+01:00[Europe/Paris]', '2011-12-09T07:26:30.000Z'],
    ['iso', '20111209', '2011-12-09T00:00:00.000Z'],
    ['iso', '20111209T082630Z', '2011-12-09T08:26:30.000Z'],
    ['iso', '2015-W37-6', '2015-09-12T00:00:00.000Z'],
    ['iso', '2020W537', '2021-01-03T00:00:00.000Z'],
    ['iso', '2015-255', '2015-09-12T00:00:00.000Z'],
    ['ymd', '2011.2.9', '2011-02-09T00:00:00.000Z'],
    ['ymd', '2024. 5. 6. 오후 3:05', '2024-05-06T15:05:00.000Z'],
    ['ymd', '2024/5/6 下午 3:05:09', '2024-05-06T15:05:09.000Z'],
    ['ymd', '2024/5/6 上午12:05', '2024-05-06T00:05:00.000Z'],
    ['ymd', '2024-May-06', '2024-05-06T00:00:00.000Z'],
    ['mdy', '9/12/2015 8 PM', '2015-09-12T20:00:00.000Z'],
    ['mdy', '12/1/2010 8:26:00 AM +01:00', '2010-12-01T07:26:00.000Z'],
    ['mdy', '9/12/2015 8:05 p.m.', '2015-09-12T20:05:00.000Z'],
    ['mdy', '09 12 2015', '2015-09-12T00:00:00.000Z'],
    ['mdy', 'Jan 5, 2024', '2024-01-05T00:00:00.000Z'],
    ['mdy', 'January 5th, 2024 3:05 pm', '2024-01-05T15:05:00.000Z'],
    ['mdy', 'Sat Sep 12 10:00:00 2015', '2015-09-12T10:00:00.000Z'],
    ['mdy', 'Sat Sep 12 10:00:00 +0200 2015', '2015-09-12T08:00:00.000Z'],
    ['dmy', '5 Jan 2024', '2024-01-05T00:00:00.000Z'],
    ['dmy', '05-Jan-24', '2024-01-05T00:00:00.000Z'],
    ['dmy', '05-01-24', '2024-01-05T00:00:00.000Z'],
    ['dmy', '5. 1. 2024', '2024-01-05T00:00:00.000Z'],
    ['dmy', '5 01 2024 10:00', '2024-01-05T10:00:00.000Z'],
    ['dmy', '5. März 2024', '2024-03-05T00:00:00.000Z'],
    ['dmy', '1er février 2024', '2024-02-01T00:00:00.000Z'],
    ['dmy', '5 de enero de 2024', '2024-01-05T00:00:00.000Z'],
    ['dmy', 'Sat, 12 Sep 2015 10:00:00 GMT', '2015-09-12T10:00:00.000Z'],
    ['dmy', 'Saturday, 12 September 2015', '2015-09-12T00:00:00.000Z'],
    ['dmy', '12/Sep/2015:10:00:00 +0200', '2015-09-12T08:00:00.000Z'],
    ['cjk', '2024年5月6日', '2024-05-06T00:00:00.000Z'],
    ['cjk', '2024年05月06日 15:04:05', '2024-05-06T15:04:05.000Z'],
    ['cjk', '2024年5月6日下午3时4分', '2024-05-06T15:04:00.000Z'],
    ['cjk', '2024年5月6日 15时', '2024-05-06T15:00:00.000Z'],
    ['cjk', '2024年5月6日(月) 午前9時30分', '2024-05-06T09:30:00.000Z'],
    ['cjk', '2024년 5월 6일 오후 3시', '2024-05-06T15:00:00.000Z'],
    ['excel-serial', '1', '1900-01-01T00:00:00.000Z'],
    ['excel-serial', '59', '1900-02-28T00:00:00.000Z'],
    ['excel-serial', '61', '1900-03-01T00:00:00.000Z'],
    ['excel-serial', '40513.3513888889', '2010-12-01T08:26:00.000Z'],
    ['excel-serial', '40513,5', '2010-12-01T12:00:00.000Z'],
  ])('%s %s', (format, text, expected) => {
    expect(at(format, text)).toBe(expected);
  });
});

describe('what is no time as a whole is refused, never guessed', () => {
  test.each<[TimeFormat, string]>([
    ['iso', '2011-02-29'],
    ['iso', '2011-13-01'],
    ['iso', '2011-12-09T24:01'],
    ['iso', '2011-12-09 8'],
    ['iso', '20111309'],
    ['iso', '2015-W54-1'],
    ['iso', '2021-W53-1'],
    ['iso', '2015-366'],
    ['iso', '2018-02-29'],
    ['dmy', '29/02/2018'],
    ['mdy', '02/29/2018'],
    ['dmy', '29 February 2018'],
    ['cjk', '2018年2月29日'],
    ['cjk', '2018年2月28日 15:'],
    ['dmy', '5 Foo 2024'],
    ['dmy', 'Jan 5, 2024'],
    ['mdy', '5 Jan 2024'],
    ['excel-serial', '60'],
    ['excel-serial', '60.5'],
    ['excel-serial', '0.5'],
    ['excel-serial', '2958466'],
    ['unix-microseconds', '1.5'],
    ['relative-days', '12'],
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

test.each(TIME_FORMATS)('%s gives up long runs of blanks, digits and letters at once', (format) => {
  for (const part of [' ', '1', '1 ', 'a', 'a ', 'de ', ', ', '-', '1/']) {
    const long = part.repeat(100_000);
    for (const text of [long, `5${long}`, `5 Jan${long}x`, `5${long}Jan${long}2024`, `2024-01-01${long}x`])
      expect(at(format, text)).toBeNull();
  }
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

describe('relative days count from midnight of day 0 in the zone', () => {
  test.each<[string, string, string, string | null]>([
    ['UTC', '2014-02-01', '12', '2014-02-13T00:00:00.000Z'],
    ['UTC', '2014-02-01', '-10', '2014-01-22T00:00:00.000Z'],
    ['UTC', '2014-02-01', '0.5', '2014-02-01T12:00:00.000Z'],
    ['UTC', '2014-02-01', '12.0', '2014-02-13T00:00:00.000Z'],
    // Clocks went forward on 2014-03-30.
    ['Europe/Berlin', '2014-02-01', '60', '2014-04-01T22:00:00.000Z'],
    ['UTC', '2014-02-30', '1', null],
    ['UTC', '2014-02-01', 'day 12', null],
  ])('%s, day 0 = %s: day %s', (zone, origin, day, expected) => {
    expect(at('relative-days', day, { zone, origin })).toBe(expected);
  });
});

describe('times without a zone are read on the clocks of the chosen zone', () => {
  const zones = Object.entries(oracle.zones);

  test('the oracle covers every kind of clock', () => expect(zones.length).toBeGreaterThanOrEqual(8));

  test.each(zones)('%s: as Python reads them, hours that are skipped or shown twice included', (zone, times) => {
    const parse = timeParser('iso', { zone, origin: null });
    expect(times.map(([wall]) => parse(wall as string))).toEqual(times.map(([, instant]) => (instant as number) * 1000));
  });

  test('a zone that stands in the cell goes before the chosen one', () => {
    expect(at('iso', '2024-07-01T12:00Z', { zone: 'Europe/Berlin', origin: null })).toBe('2024-07-01T12:00:00.000Z');
    expect(at('iso', '2024-07-01T12:00', { zone: 'Europe/Berlin', origin: null })).toBe('2024-07-01T10:00:00.000Z');
  });

  test('unix times have none, whatever is chosen', () => {
    expect(at('unix-seconds', '0', { zone: 'Asia/Tokyo', origin: null })).toBe('1970-01-01T00:00:00.000Z');
  });

  test('a zone that does not exist is refused', () => {
    expect(() => timeParser('iso', { zone: 'Mars/Olympus', origin: null })).toThrow(/Mars\/Olympus/);
  });

  test.each(zones.map(([zone]) => zone))(
    '%s: what clocks show at an instant is read as that instant, or an earlier one that shows the same',
    (zone) => {
      const clock = zoneClock(zone);
      fc.assert(
        fc.property(fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }), (second) => {
          const wall = clock.wallAt(second * 1000);
          const instant = clock.instantOf(wall);
          expect(clock.wallAt(instant)).toBe(wall);
          expect(instant).toBeLessThanOrEqual(second * 1000);
        }),
      );
    },
  );
});
