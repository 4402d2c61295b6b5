import { describe, expect, test } from 'vitest';
import { AppError, makeWindows, type TimeWindow } from './index.ts';

const at = (iso: string): number => Date.parse(iso);
const make = (spec: string, zone: string, first: string, last: string): TimeWindow[] =>
  makeWindows(spec, zone, at(first), at(last));
const starts = (windows: readonly TimeWindow[]): string[] =>
  windows.map((w) => new Date(w.start).toISOString().replace(':00.000Z', 'Z'));
const hours = (w: TimeWindow | undefined): number => ((w?.end ?? 0) - (w?.start ?? 0)) / 3_600_000;

function failure(spec: string, zone = 'UTC', first = '2024-01-01', last = '2024-12-31'): AppError {
  try {
    make(spec, zone, first, last);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('expected an AppError');
}

describe('windows follow the calendar of the zone', () => {
  test('months are half-open, touch, and carry their start date as name', () => {
    const windows = make('month', 'UTC', '2023-11-05T10:00Z', '2024-03-01T00:00Z');
    expect(windows.map((w) => w.name)).toEqual(['2023-11-01', '2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01']);
    for (let i = 1; i < windows.length; i++) expect(windows[i]?.start).toBe(windows[i - 1]?.end);
  });

  test('ISO weeks begin on Monday, across the end of a year', () => {
    expect(make('week', 'UTC', '2021-01-03T23:59Z', '2021-01-04T00:00Z').map((w) => w.name)).toEqual([
      '2020-12-28',
      '2021-01-04',
    ]);
    expect(make('week', 'UTC', '2024-12-31', '2025-01-01').map((w) => w.name)).toEqual(['2024-12-30']);
  });

  test('quarters and years', () => {
    expect(make('quarter', 'UTC', '2023-12-31', '2024-05-01').map((w) => w.name)).toEqual([
      '2023-10-01',
      '2024-01-01',
      '2024-04-01',
    ]);
    expect(make('year', 'UTC', '1969-06-01', '1970-01-01').map((w) => w.name)).toEqual(['1969-01-01', '1970-01-01']);
    expect(make('year', 'UTC', '0050-06-01', '0051-01-01').map((w) => w.name)).toEqual(['0050-01-01', '0051-01-01']);
  });

  test('a London day has 23 hours when clocks go forward and 25 when they go back', () => {
    const spring = make('day', 'Europe/London', '2024-03-30T12:00Z', '2024-04-01T12:00Z');
    expect(spring.map((w) => w.name)).toEqual(['2024-03-30', '2024-03-31', '2024-04-01']);
    expect(spring.map(hours)).toEqual([24, 23, 24]);
    expect(starts(spring)[2]).toBe('2024-03-31T23:00Z');
    expect(hours(make('day', 'Europe/London', '2024-10-27T12:00Z', '2024-10-27T12:00Z')[0])).toBe(25);
  });

  test('an event at London midnight in summer belongs to the new day', () => {
    const windows = make('day', 'Europe/London', '2024-06-01T22:59Z', '2024-06-01T23:00Z');
    expect(windows.map((w) => w.name)).toEqual(['2024-06-01', '2024-06-02']);
  });

  test('Kathmandu is 5:45 ahead', () => {
    expect(starts(make('day', 'Asia/Kathmandu', '2024-01-01T18:14Z', '2024-01-01T18:15Z'))).toEqual([
      '2023-12-31T18:15Z',
      '2024-01-01T18:15Z',
    ]);
    expect(starts(make('hour', 'Asia/Kathmandu', '2024-01-01T00:20Z', '2024-01-01T00:20Z'))).toEqual(['2024-01-01T00:15Z']);
  });

  test('hours stay whole across a change of clocks', () => {
    const windows = make('hour', 'Europe/London', '2024-10-27T00:00Z', '2024-10-27T03:00Z');
    expect(windows.map(hours)).toEqual([1, 1, 1, 1]);
    expect(windows[1]?.name).toBe('2024-10-27T01:00:00.000Z');
  });

  test('an hour never ends twice where a zone shifts by half an hour', () => {
    const windows = make('hour', 'Australia/Lord_Howe', '2024-04-06T12:00Z', '2024-04-06T18:00Z');
    for (let i = 1; i < windows.length; i++) expect(windows[i]?.start).toBe(windows[i - 1]?.end);
    expect(windows.map(hours).filter((h) => h !== 1)).toEqual([1.5]);
  });

  test('a day whose midnight is jumped over begins at the jump', () => {
    // Brazil, 2018-11-04: 00:00 became 01:00.
    const [day] = make('day', 'America/Sao_Paulo', '2018-11-04T12:00Z', '2018-11-04T12:00Z');
    expect(starts([day as TimeWindow])).toEqual(['2018-11-04T03:00Z']);
    expect(day?.name).toBe('2018-11-04');
    expect(hours(day)).toBe(23);
  });

  test('a midnight that comes twice begins the day the first time', () => {
    // Havana, 2024-11-03: 01:00 became 00:00.
    const [day] = make('day', 'America/Havana', '2024-11-03T12:00Z', '2024-11-03T12:00Z');
    expect(starts([day as TimeWindow])).toEqual(['2024-11-03T04:00Z']);
    expect(hours(day)).toBe(25);
  });
});

describe('windows of a length', () => {
  test('PnD begins at the midnight of the first day and keeps to midnight', () => {
    const windows = make('P7D', 'Europe/London', '2024-03-28T15:00Z', '2024-04-05T00:00Z');
    expect(starts(windows)).toEqual(['2024-03-28T00:00Z', '2024-04-03T23:00Z']);
    expect(windows.map((w) => w.name)).toEqual(['2024-03-28', '2024-04-04']);
  });

  test('PTnH begins at the top of the first hour', () => {
    const windows = make('PT6H', 'UTC', '2024-01-01T09:20Z', '2024-01-01T21:00Z');
    expect(windows.map((w) => w.name)).toEqual([
      '2024-01-01T09:00:00.000Z',
      '2024-01-01T15:00:00.000Z',
      '2024-01-01T21:00:00.000Z',
    ]);
  });

  test('rolling windows overlap and end with the first that holds the last event', () => {
    const windows = make('P28D/P7D', 'UTC', '2024-01-01T08:00Z', '2024-02-09T08:00Z');
    expect(windows.map((w) => w.name)).toEqual(['2024-01-01', '2024-01-08', '2024-01-15']);
    expect(windows.map(hours)).toEqual([672, 672, 672]);
  });

  test('names tell windows apart where starts share a date', () => {
    for (const [spec, zone] of [
      ['P1D/PT6H', 'UTC'],
      ['PT24H', 'Europe/London'],
    ] as const) {
      const windows = make(spec, zone, '2024-10-25T23:00Z', '2024-10-29T12:00Z');
      expect(new Set(windows.map((w) => w.name)).size).toBe(windows.length);
    }
  });
});

test('P8 more data add windows and rename none, also where two starts come to share a date after many', () => {
  for (const [spec, zone] of [
    ['PT23H', 'UTC'],
    ['PT24H', 'Europe/London'],
    ['PT24H', 'UTC'],
    ['P1D', 'Europe/London'],
    ['month', 'UTC'],
  ] as const) {
    const [few, many] = ['2024-10-22T12:00Z', '2024-11-24T12:00Z'].map((last) => make(spec, zone, '2024-10-20T00:00Z', last));
    const names = (list: readonly TimeWindow[] = []) => list.map(({ name, start, end }) => ({ name, start, end }));
    expect(names(many).slice(0, few?.length), spec).toEqual(names(few));
    expect(new Set(names(many).map(({ name }) => name)).size).toBe(many?.length);
  }
});

describe('partial windows', () => {
  test('only the ends of the data are partial, under 90 %', () => {
    const windows = make('month', 'UTC', '2024-01-10T00:00Z', '2024-04-29T00:00Z');
    expect(windows.map((w) => w.partial)).toEqual([true, false, false, false]);
  });

  test('the bound is 90 % of the length', () => {
    expect(make('P10D', 'UTC', '2024-01-01T00:00Z', '2024-01-10T00:00Z')[0]?.partial).toBe(false);
    expect(make('P10D', 'UTC', '2024-01-01T00:00Z', '2024-01-09T23:59Z')[0]?.partial).toBe(true);
  });
});

describe('errors tell what is allowed', () => {
  test.each(['', 'months', 'P0D', 'PT0H', 'P-1D', 'month/week', 'P7D/', 'P7D/P1D/P1D', 'P1W', 'p7d'])('spec "%s"', (spec) => {
    const error = failure(spec);
    expect(error.kind).toBe('input');
    expect(error.hint).toMatch(/hour, day, week, month, quarter, year, PnD .* PTnH/);
  });

  test.each(['P7D/P8D', 'PT24H/P1D', 'PT25H/P1D', 'P1D/PT24H', 'P1D/PT23H'])('%s would lose events', (spec) => {
    expect(failure(spec)).toMatchObject({ code: 'bad-windows', message: expect.stringContaining('lost') });
  });

  test('an unknown zone', () => {
    expect(failure('month', 'Mars/Olympus')).toMatchObject({ kind: 'input', code: 'bad-time-zone' });
  });

  test('too many windows: how many, and a longer one', () => {
    const error = failure('hour', 'UTC', '2024-01-01T00:00Z', '2024-12-30T23:00Z');
    expect(error).toMatchObject({ kind: 'input', code: 'too-many-windows' });
    expect(error.message).toContain('8,760');
    expect(error.hint).toContain('day');
  });

  test('2,000 windows are allowed, one more is not', () => {
    const span = (n: number): TimeWindow[] => makeWindows('hour', 'UTC', 0, n * 3_600_000 - 1);
    expect(span(2000)).toHaveLength(2000);
    expect(() => span(2001)).toThrow('2,001');
  });
});

test('every instant of the data is in a window', () => {
  for (const spec of [
    'hour',
    'day',
    'week',
    'month',
    'quarter',
    'year',
    'P3D',
    'P3D/P1D',
    'PT5H',
    'PT5H/PT2H',
    'PT26H/P1D',
    'P1D/PT22H',
  ]) {
    for (const zone of [
      'UTC',
      'Europe/London',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Antarctica/Troll',
    ]) {
      // Clocks go back in London, forward in the south.
      const [first, last] = [at('2018-10-01T01:02:03.456Z'), at('2018-11-20T00:00:00Z')];
      const windows = makeWindows(spec, zone, first, last);
      expect(windows[0]?.start).toBeLessThanOrEqual(first);
      expect(windows.at(-1)?.end).toBeGreaterThan(last);
      for (let i = 1; i < windows.length; i++) expect(windows[i]?.start).toBeLessThanOrEqual(windows[i - 1]?.end ?? 0);
    }
  }
});
