import { expect, test } from 'vitest';
import { isIndexColumn } from './index.ts';

test.each<[string, string[], boolean]>([
  ['', ['0', '1', '2'], true],
  ['column 1', ['1', '2', '3'], true],
  ['Unnamed: 0', ['0', '8', '16'], true],
  ['', ['1', '2', '2'], false],
  ['', ['2', '1'], false],
  ['', ['0', '1', ''], false],
  ['', ['0'], false],
  ['', [], false],
  ['column 1', ['4711', '4712', '4715'], false],
  ['rank', ['1', '2', '3'], false],
])('an index column has no name and counts rows: %j above %j is %s', (header, values, expected) => {
  expect(isIndexColumn(header, values)).toBe(expected);
});
