import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DateOrderScan } from './date-order.ts';

const scanned = (...cells: string[]) => {
  const scan = new DateOrderScan();
  for (const cell of cells) scan.add(cell);
  return scan.result();
};

test.each<[string, number, number]>([
  ['25/2/2011', 1, 0],
  ['2/25/2011 8:26', 0, 1],
  ['25.02.11', 1, 0],
  [' 2-25-2011', 0, 1],
  ['31 12 1999', 1, 0],
  ['25. 2. 2011', 1, 0],
  ['1/2/2011', 0, 0],
  ['12/12/2012', 0, 0],
  ['25/25/2011', 0, 0],
  ['32/1/2011', 0, 0],
  ['0/25/2011', 0, 0],
  ['25/2-2011', 0, 0],
  ['25/2/1', 0, 0],
  ['25/2/', 0, 0],
  ['2011-02-25', 0, 0],
  ['125/2/2011', 0, 0],
  ['u25', 0, 0],
  ['', 0, 0],
])('%s: %d only day first, %d only month first', (cell, dayFirst, monthFirst) => {
  expect(scanned(cell)).toMatchObject({ dayFirst, monthFirst });
});

test('three examples of each at most, each once', () => {
  expect(scanned('25/2/2011', '25/2/2011', '2/26/2011', '27/2/2011', '28/2/2011', '29/3/2011')).toEqual({
    dayFirst: 5,
    monthFirst: 1,
    dayFirstExamples: ['25/2/2011', '27/2/2011', '28/2/2011'],
    monthFirstExamples: ['2/26/2011'],
  });
});

test('bytes are looked at as text is, and no further than the cell goes', () => {
  const part = fc.oneof(fc.integer({ min: 0, max: 40 }).map(String), fc.constantFrom('/', '-', '.', ' ', 'x', 'é', '日'));
  fc.assert(
    fc.property(
      fc.array(
        fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
        { maxLength: 8 },
      ),
      (cells) => {
        const scan = new DateOrderScan();
        const bytes = new TextEncoder().encode(cells.join(''));
        let at = 0;
        for (const cell of cells) {
          const end = at + new TextEncoder().encode(cell).length;
          scan.addBytes(bytes, at, end);
          at = end;
        }
        expect(scan.result()).toEqual(scanned(...cells));
      },
    ),
  );
});
