import { describe, expect, test } from 'vitest';
import type { ColumnKind } from '../domain/index.ts';
import { profileColumn } from './profile.ts';

const many = (n: number, cell: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => cell(i));

describe('kinds of columns', () => {
  test.each<[ColumnKind, string, string[]]>([
    ['empty', 'note', ['', 'NA', ' ', '-']],
    ['index', 'column 1', ['0', '1', '2']],
    ['index', 'Unnamed: 0', ['1', '2', '3']],
    ['index', 'column 1', many(50, (i) => String(i * 16))],
    ['number', 'column 1', ['3', '1', '2']],
    ['number', 'count', ['0', '1', '2']],
    ['boolean', 'over_18', ['True', 'False', 'True']],
    ['boolean', 'active', ['yes', 'no', 'YES']],
    ['boolean', 'active', ['t', 'f']],
    ['boolean', 'active', ['false']],
    ['boolean', 'is_banked', ['0', '1', '0']],
    ['boolean', 'isRobot', ['0']],
    ['number', 'vote', ['0', '1', '0']],
    ['id', 'user_id', ['17850', '13047', '12583']],
    ['id', 'CustomerID', ['17850.0', '13047.0']],
    ['number', 'price', ['$1,234.50', '$3.00']],
    ['number', 'Preis', ['1.234,50 €', '3,00 €']],
    ['number', 'share', ['12 %', '7 %']],
    ['category', 'colour', many(20, (i) => (i % 2 ? 'red' : 'green'))],
    ['id', 'code', many(20, (i) => `A${i}`)],
    ['text', 'title', many(20, (i) => `A title of ${i}`)],
  ])('%s: %s %j', (kind, name, cells) => {
    expect(profileColumn(name, cells).kind).toBe(kind);
  });

  test('a letter alone is no truth until its opposite is seen', () => {
    expect(profileColumn('sex', ['f', 'f', 'f', 'f']).kind).toBe('category');
  });

  test('a short row counts as missing', () => {
    expect(profileColumn('note', ['a', undefined, ''])).toMatchObject({ missing: 2, sampled: 3, distinct: 1 });
  });
});

describe('times of columns', () => {
  test.each<[string, string, string[]]>([
    ['iso', 'when', ['2024-05-06T10:00:00Z', '2024-05-07']],
    ['iso', 'x', ['2024-05-06', '2024-05-07']],
    ['iso', 'date', ['20240506', '20240507']],
    ['ymd', 'x', ['2024/5/6 下午 3:05', '2024/5/7 上午 3:05']],
    ['cjk', '日期', ['2024年5月6日', '2024年5月17日']],
    ['mdy', 'x', ['Jan 5, 2024', 'Feb 15, 2024']],
    ['dmy', 'x', ['Wed, 12 Sep 2015 10:00:00 GMT', 'Thu, 13 Sep 2015 10:00:00 GMT']],
    ['unix-seconds', 'created_utc', ['1351527128.0', '1362423066.0']],
    ['unix-seconds', 'column 4', ['978300760', '978302109']],
    ['unix-milliseconds', 'timestamp', ['1472552518501']],
    ['unix-microseconds', 'ts', ['1472552518501000']],
    ['excel-serial', 'Datum', ['45418.5', '45419']],
    ['relative-days', 'date_submitted', ['18', '-10', '270']],
    ['relative-days', 'day', ['1', '2', '2']],
  ])('%s: %s %j', (timeFormat, name, cells) => {
    expect(profileColumn(name, cells)).toMatchObject({ kind: 'time', timeFormat });
  });

  test.each<[string, string[]]>([
    ['phone', ['1351527128', '1362423066']],
    ['order_no', ['20240506', '20240507']],
    ['part', ['2024-127', '2024-128']],
    ['version', ['1.12.10', '2.13.10']],
    ['response_time', ['12', '15']],
    ['publication_date', ['1999', '2003']],
    ['datetime', ['Thu Dec 27 00:06:02 WIB 2018', 'Mon Dec 03 00:11:33 WIB 2018']],
    ['date', ['soon', 'later']],
  ])('no time: %s %j', (name, cells) => {
    expect(profileColumn(name, cells)).toMatchObject({ timeFormat: null });
  });

  test('what all cells tell goes before what the sample does', () => {
    const sample = ['1/2/2011', '3/4/2011'];
    const whole = { dayFirst: 1, monthFirst: 0, dayFirstExamples: ['25/4/2011'], monthFirstExamples: [] };
    expect(profileColumn('date', sample)).toMatchObject({ timeFormat: 'mdy', timeAmbiguous: true });
    expect(profileColumn('date', sample, whole)).toMatchObject({ timeFormat: 'dmy', timeAmbiguous: false });
  });
});

describe('numbers of columns', () => {
  test('the decimal mark is told where numbers have one', () => {
    expect(profileColumn('price', ['1,5', '2,25']).decimal).toEqual({ mark: ',', ambiguous: false });
    expect(profileColumn('price', ['1.234']).decimal).toEqual({ mark: '.', ambiguous: true });
    expect(profileColumn('price', ['1', '2']).decimal).toBeUndefined();
  });

  test('whole numbers written as decimals are told: some, all, or none', () => {
    expect(profileColumn('user_id', ['17850', '17850.0']).asDecimals).toBe('some');
    expect(profileColumn('user_id', ['17850.0', '1.0']).asDecimals).toBe('all');
    expect(profileColumn('user_id', ['17850', '1']).asDecimals).toBeUndefined();
    expect(profileColumn('rating', ['4.0', '3.5', '3']).asDecimals).toBeUndefined();
  });
});
