import { expect, test } from 'vitest';
import { CancelledError, createMatrix, type Matrix, rowOf, silentContext } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix } from '../../testing/index.ts';
import { CPU, kmeans, partitionQuality } from '../index.ts';
import { sklearn, storedMatrix } from '../reference/index.ts';

const quality = (x: Matrix, labels: ArrayLike<number>) => partitionQuality(x, labels, silentContext);

test('Davies-Bouldin and Calinski-Harabasz are those of scikit-learn, singletons and label -1 included', async () => {
  const x = storedMatrix(sklearn.quality.x);
  for (const { labels, daviesBouldin, calinskiHarabasz } of sklearn.quality.labelings) {
    const found = await quality(x, labels);
    expect((found.daviesBouldin as number) / daviesBouldin).toBeCloseTo(1, 7);
    expect((found.calinskiHarabasz as number) / calinskiHarabasz).toBeCloseTo(1, 7);
  }
});

test('inertia is the sum over all pairs of a cluster of their squared distance, over its size', async () => {
  for (const rows of [63, 64, 65]) {
    const x = uniformMatrix(rows, 3, rows);
    const labels = Int32Array.from({ length: rows }, (_, i) => (i * i) % 4);
    let right = 0;
    for (const label of new Set(labels)) {
      const own = Array.from(labels.keys()).filter((i) => labels[i] === label);
      for (const i of own) for (const j of own) right += squared(rowOf(x, i), rowOf(x, j)) / (2 * own.length);
    }
    expect((await quality(x, labels)).inertia).toBeCloseTo(right, 9);
  }
});

const squared = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);

test('at convergence it is the inertia of k-means', async () => {
  const x = blobMatrix(200, 6, 4, 0.3, 2);
  const options = { k: 4, seed: 1, nInit: 4, maxIterations: 100, tolerance: 0, spherical: false };
  const fit = await kmeans(x, options, CPU, silentContext);
  expect((await quality(x, fit.labels)).inertia / fit.inertia).toBeCloseTo(1, 6);
});

test('the planted number of clusters is best by both', async () => {
  const x = blobMatrix(193, 8, 4, 0.2, 1);
  const found = await Promise.all(
    [2, 4, 8].map((k) =>
      quality(
        x,
        Int32Array.from({ length: 193 }, (_, i) => i % k),
      ),
    ),
  );
  expect(found[1]?.daviesBouldin).toBeLessThan(Math.min(found[0]?.daviesBouldin as number, found[2]?.daviesBouldin as number));
  expect(found[1]?.calinskiHarabasz).toBeGreaterThan(found[0]?.calinskiHarabasz as number);
  expect(found[1]?.calinskiHarabasz).toBeGreaterThan(found[2]?.calinskiHarabasz as number);
});

test('one cluster, or one a row: the indexes are undefined', async () => {
  expect(await quality(createMatrix(0, 2), [])).toEqual({ clusters: 0, inertia: 0, daviesBouldin: null, calinskiHarabasz: null });
  expect(await quality(uniformMatrix(5, 2, 1), [3, 3, 3, 3, 3])).toMatchObject({
    clusters: 1,
    daviesBouldin: null,
    calinskiHarabasz: null,
  });
  const own = await quality(uniformMatrix(3, 2, 1), [0, 1, 2]);
  expect(own).toEqual({ clusters: 3, inertia: 0, daviesBouldin: null, calinskiHarabasz: null });
});

test('only duplicates, and means that are all the same, as in scikit-learn', async () => {
  const twice: Matrix = { rows: 4, cols: 2, data: Float32Array.of(1, 7, 1, 7, 2, 7, 2, 7) };
  expect(await quality(twice, [0, 0, 1, 1])).toMatchObject({ inertia: 0, daviesBouldin: 0, calinskiHarabasz: 1 });
  expect(await quality(twice, [0, 1, 0, 1])).toMatchObject({ inertia: 1, daviesBouldin: 0, calinskiHarabasz: 0 });
});

test('a value that is no number is refused, and P7 it can be cancelled', async () => {
  const x = uniformMatrix(4, 2, 1);
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(partitionQuality(x, [0, 0, 1, 1], stop)).rejects.toThrow(CancelledError);
  await expect(quality(x, [0])).rejects.toMatchObject({ kind: 'bug' });
  x.data[3] = Number.NaN;
  await expect(quality(x, [0, 0, 1, 1])).rejects.toThrow('Row 1 of the profiles holds NaN');
});
