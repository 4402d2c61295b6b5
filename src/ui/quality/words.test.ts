import { expect, it } from 'vitest';
import { rowsSummary, shareOf } from './words.ts';

const file = (read: number, kept: number) => ({ name: '', sha256: '', read, kept, setAside: [], touched: [], header: [] });

it('P6 the rows of all tables add up', () => {
  expect(rowsSummary({ files: [file(1200, 1000), file(5, 5)] })).toBe('1,205 read = 1,005 kept + 200 set aside');
  expect(rowsSummary({ files: [] })).toBe('0 read = 0 kept + 0 set aside');
});

it('what is there is no 0 %', () => {
  expect([shareOf(1, 1000), shareOf(0, 1000), shareOf(333, 1000), shareOf(0, 0)]).toEqual(['<1%', '0%', '33%', '']);
});
