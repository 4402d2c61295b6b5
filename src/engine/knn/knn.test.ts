import { expect, test } from 'vitest';
import { createMatrix, type Matrix, silentContext } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { knn, knnBetween } from '../index.ts';
import { largestDifference, sklearn, storedMatrix } from '../reference/index.ts';

/** The oracle: sort all rows by (distance, index). */
function sortedNeighbours(queries: Matrix, reference: Matrix, k: number): number[][] {
  const distance = (q: number, r: number): number => {
    let sum = 0;
    for (let i = 0; i < queries.cols; i++)
      sum += ((queries.data[q * queries.cols + i] as number) - (reference.data[r * queries.cols + i] as number)) ** 2;
    return sum;
  };
  return Array.from({ length: queries.rows }, (_, q) =>
    Array.from({ length: reference.rows }, (_, r) => r)
      .sort((a, b) => distance(q, a) - distance(q, b) || a - b)
      .slice(0, k),
  );
}

test('neighbours and distances are those of scikit-learn, the row itself first', async () => {
  const stored = sklearn.knn;
  const found = await knn(storedMatrix(stored.x), stored.k, CPU, silentContext);
  expect([...found.ids]).toEqual(stored.ids);
  expect(largestDifference(found.distances, stored.distances)).toBeLessThan(1e-6);
});

test('neighbours are exact at awkward sizes', async () => {
  for (const rows of [1, 2, 3, 63, 64, 65, 129]) {
    for (const cols of [1, 3, 20]) {
      const x = uniformMatrix(rows, cols, rows);
      const k = Math.min(rows, 7);
      expect([...(await knn(x, 7, CPU, silentContext)).ids], `${rows} x ${cols}`).toEqual(sortedNeighbours(x, x, k).flat());
      const queries = uniformMatrix(66, cols, 9);
      const between = await knnBetween(queries, x, 7, CPU, silentContext);
      expect(between.k).toBe(k);
      expect([...between.ids], `between, ${rows} x ${cols}`).toEqual(sortedNeighbours(queries, x, k).flat());
    }
  }
});

test('ties go to the lowest index; a row comes before its duplicates, all at distance 0', async () => {
  const { ids, distances } = await knn(createMatrix(70, 3), 3, CPU, silentContext);
  expect([...ids.slice(0, 3)]).toEqual([0, 1, 2]);
  expect([...ids.slice(69 * 3)]).toEqual([69, 0, 1]);
  expect(distances.every((d) => d === 0)).toBe(true);
});

test('equal rows are at exactly 0 whatever their length', async () => {
  const row = uniformMatrix(1, 37, 1).data.map((v) => v * 1000);
  const x = { rows: 3, cols: 37, data: Float32Array.of(...row, ...row, ...row) };
  expect((await knn(x, 3, CPU, silentContext)).distances.every((d) => d === 0)).toBe(true);
});

test('no rows, no queries and k = 0 give empty lists', async () => {
  expect((await knn(createMatrix(0, 2), 5, CPU, silentContext)).ids.length).toBe(0);
  expect((await knn(uniformMatrix(5, 2, 1), 0, CPU, silentContext)).ids.length).toBe(0);
  expect((await knnBetween(createMatrix(0, 2), uniformMatrix(3, 2, 1), 2, CPU, silentContext)).ids.length).toBe(0);
  expect((await knnBetween(uniformMatrix(3, 2, 1), createMatrix(0, 2), 2, CPU, silentContext)).k).toBe(0);
});
