import { expect, it } from 'vitest';
import { bothReadings } from './date-words.ts';

it('a date is told both ways where both are dates', () => {
  expect(bothReadings('03/04/2024')).toEqual({ dmy: '3 April 2024', mdy: '4 March 2024' });
  expect(bothReadings('1.12.24 08:30')).toEqual({ dmy: '1 December 2024', mdy: '12 January 2024' });
});

it.each(['13/04/2024', '04/13/2024', '5/5/2024', '2024-03-04', '0/4/2024', 'soon', ''])('%s is told in no two ways', (text) => {
  expect(bothReadings(text)).toBeNull();
});
