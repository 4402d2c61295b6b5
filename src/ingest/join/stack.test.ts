import { expect, test } from 'vitest';
import { FLAW } from '../batch.ts';
import { rowsOf, tableOf } from '../tables.fixture.ts';
import { withOthers } from './others.ts';
import { stacked } from './stack.ts';

const HEADER = ['user', 'time', 'text'];

test('stacked tables have the wanted columns in the wanted order, and the name of the table behind them', async () => {
  const rows = [
    ['a', '1', 'x'],
    ['b', '2', 'é字'],
  ];
  const table = stacked(tableOf(HEADER, rows, 1), ['text', 'user'], 'März.csv', 'file');
  expect(table.header).toEqual(['text', 'user', 'file']);
  expect(await rowsOf(table)).toEqual([
    ['x', 'a', 'März.csv'],
    ['é字', 'b', 'März.csv'],
  ]);
});

test('a single table needs no name', async () => {
  const table = stacked(tableOf(HEADER, [['a', '1', 'x']]), ['time'], 'a.csv', null);
  expect(table.header).toEqual(['time']);
  expect(await rowsOf(table)).toEqual([['1']]);
});

test('ragged rows, blank lines and broken rows of a stacked table can still be told as such', async () => {
  const rows = [['a', '1'], ['a', '1', 'x', 'beyond'], [''], ['q', 'broken', 'x']];
  const table = stacked(tableOf(HEADER, rows, 4, [0, 0, 0, FLAW.brokenQuotes]), ['text', 'user'], 'a.csv', 'file');
  expect(await rowsOf(table)).toEqual([[null, 'a', 'a.csv'], ['x', 'a', 'a.csv', 'beyond'], [''], ['q', 'broken', 'x']]);
});

test('a table without rows stays without rows', async () => {
  expect(await rowsOf(stacked(tableOf(HEADER, []), ['user'], 'a.csv', 'file'))).toEqual([]);
});

test('what only some tables have stands in one more cell, by name, whatever the order of its columns', async () => {
  const rows = [['a', '1', 'x'], ['b', ' 2 ', ''], ['c', '', ''], ['d'], ['']];
  const expected = [['a', 'text=x; time=1'], ['b', 'time=2'], ['c', ''], ['d', ''], ['']];
  expect(await rowsOf(withOthers(tableOf(HEADER, rows, 2), ['user'], 'other columns'))).toEqual(expected);
  const turned = rows.map(([user, time, text]) =>
    time === undefined || text === undefined ? [user ?? ''] : [user ?? '', text, time],
  );
  expect(await rowsOf(withOthers(tableOf(['user', 'text', 'time'], turned, 2), ['user'], 'other columns'))).toEqual(expected);
});
