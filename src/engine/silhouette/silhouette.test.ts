import { expect, test } from 'vitest';
import { createMatrix, silentContext } from '../../domain/index.ts';
import { blobMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { silhouette, silhouetteForMany } from '../index.ts';
import { largestDifference, sklearn, storedMatrix } from '../reference/index.ts';

const x = storedMatrix(sklearn.silhouette.x);
const labelings = sklearn.silhouette.labelings.map((stored) => Int32Array.from(stored.labels));

test('values and mean are those of scikit-learn, singletons and label -1 included', async () => {
  for (const [i, stored] of sklearn.silhouette.labelings.entries()) {
    const found = await silhouette(x, labelings[i] as Int32Array, CPU, silentContext);
    expect(largestDifference(found.values, stored.values)).toBeLessThan(1e-6);
    expect(found.mean).toBeCloseTo(stored.mean, 8);
  }
});

test('many labelings at once give the same means as one by one', async () => {
  const many = await silhouetteForMany(x, labelings, CPU, silentContext);
  for (const [i, mean] of many.entries()) {
    expect(mean).toBe((await silhouette(x, labelings[i] as Int32Array, CPU, silentContext)).mean);
  }
  expect(await silhouetteForMany(x, [], CPU, silentContext)).toEqual([]);
});

test('the planted number of clusters has the highest mean, across tile borders', async () => {
  const blobs = blobMatrix(193, 8, 4, 0.2, 1);
  const ks = [2, 3, 4, 8];
  const means = await silhouetteForMany(
    blobs,
    ks.map((k) => Int32Array.from({ length: 193 }, (_, i) => i % k)),
    CPU,
    silentContext,
  );
  expect(ks[means.indexOf(Math.max(...means))]).toBe(4);
});

test('no rows, one row, one cluster and only duplicates have silhouette 0', async () => {
  for (const [rows, labels] of [
    [0, []],
    [1, [0]],
    [3, [4, 4, 4]],
    [4, [0, 0, 1, 1]],
  ] as const) {
    const found = await silhouette(createMatrix(rows, 2), Int32Array.from(labels), CPU, silentContext);
    expect(found.mean).toBe(0);
    expect([...found.values]).toEqual(labels.map(() => 0));
  }
});
