import { expect, test } from 'vitest';
import { mergedStart } from './merge-start.ts';

const angles = (...degrees: number[]) => ({
  rows: degrees.length,
  cols: 2,
  data: Float32Array.from(degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)])),
});
const degreesOf = ({ data }: { data: Float32Array }): number[] =>
  Array.from({ length: data.length / 2 }, (_, i) =>
    Math.round((180 / Math.PI) * Math.atan2(data[2 * i + 1] as number, data[2 * i] as number)),
  );

test('the nearest two of equal size become one between them, in the place of the first', () => {
  expect(degreesOf(mergedStart(Int32Array.of(0, 1, 2, 3), angles(0, 90, 100, 170)))).toEqual([0, 95, 170]);
});

test('sizes count: two small clusters are joined before two nearer large ones, and the mean is weighted', () => {
  const labels = Int32Array.from([...Array(50).fill(0), ...Array(50).fill(1), 2, 2, 2, 3]);
  const [, , joined] = degreesOf(mergedStart(labels, angles(0, 20, 90, 130)));
  expect(joined).toBeGreaterThan(95);
  expect(joined).toBeLessThan(105);
});

test('two become one', () => {
  expect(degreesOf(mergedStart(Int32Array.of(0, 1), angles(10, 30)))).toEqual([20]);
});
