import { expect, test } from 'vitest';
import { createMatrix, createRandom, type Matrix, rowOf, silentContext } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, CPU, type KMeansOptions, kmeans } from '../index.ts';
import { largestDifference, sklearn, storedMatrix } from '../reference/index.ts';
import { PlainSeeder, seedCentroids } from './seeding.ts';

const options: KMeansOptions = { k: 3, seed: 1, nInit: 4, maxIterations: 100, tolerance: 1e-4, spherical: false };
const run = (x: Matrix, more: Partial<KMeansOptions> = {}) => kmeans(x, { ...options, ...more }, CPU, silentContext);

test.each(sklearn.kmeans.map((stored, i) => ({ i, stored })))(
  'from the same start it ends where scikit-learn does (case $i)',
  async ({ stored }) => {
    const start = storedMatrix(stored.start);
    const result = await run(storedMatrix(stored.x), { k: start.rows, start });
    expect([...result.labels]).toEqual(stored.labels);
    expect(largestDifference(result.centroids.data, stored.centroids)).toBeLessThan(1e-5);
    expect(Math.abs(result.inertia / stored.inertia - 1)).toBeLessThan(1e-6);
    expect(result.iterations).toBe(stored.iterations);
    expect(result.converged).toBe(true);
  },
);

test('planted clusters are found', async () => {
  const result = await run(blobMatrix(400, 16, 8, 0.2, 3), { k: 8 });
  const planted = Int32Array.from({ length: 400 }, (_, i) => i % 8);
  expect(adjustedRandIndex(result.labels, planted)).toBe(1);
});

test('P2 the same seed gives the same result, whatever the number of checkpoints', async () => {
  const x = uniformMatrix(300, 5, 1);
  const slow = { ...silentContext, checkpoint: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  expect(await run(x, { k: 6 })).toEqual(await kmeans(x, { ...options, k: 6 }, CPU, slow));
});

test('more restarts never raise the inertia', async () => {
  const x = uniformMatrix(200, 4, 2);
  const [one, many] = [await run(x, { k: 9, nInit: 1 }), await run(x, { k: 9, nInit: 10 })];
  expect(many.inertia).toBeLessThanOrEqual(one.inertia);
});

test('inertia is the sum of squared distances to the own centroid, and each label is the nearest centroid', async () => {
  const x = uniformMatrix(257, 3, 5);
  const { labels, centroids, inertia } = await run(x, { k: 7 });
  let sum = 0;
  for (let r = 0; r < x.rows; r++) {
    const to = Array.from({ length: 7 }, (_, c) => squared(rowOf(x, r), rowOf(centroids, c)));
    sum += to[labels[r] as number] as number;
    expect(to[labels[r] as number]).toBe(Math.min(...to));
  }
  expect(sum).toBeCloseTo(inertia, 9);
});

const squared = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);

test('spherical: centroids have unit length', async () => {
  const { centroids } = await run(unitMatrix(100, 8, 1), { k: 5, spherical: true });
  for (let c = 0; c < 5; c++) expect(Math.hypot(...rowOf(centroids, c))).toBeCloseTo(1, 6);
});

test('k = n puts every distinct row into its own cluster; n = 1 works', async () => {
  const x = uniformMatrix(12, 2, 1);
  const all = await run(x, { k: 12 });
  expect(all.inertia).toBe(0);
  expect(new Set(all.labels).size).toBe(12);
  const one = await run(uniformMatrix(1, 2, 1), { k: 1 });
  expect([one.inertia, [...one.labels]]).toEqual([0, [0]]);
});

test('duplicates and constant columns: fewer distinct rows than k is no error', async () => {
  const x = { rows: 30, cols: 2, data: Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 5 : Math.floor(i / 2) % 3)) };
  const { labels, inertia } = await run(x, { k: 6 });
  expect(inertia).toBe(0);
  expect(
    adjustedRandIndex(
      labels,
      Int32Array.from({ length: 30 }, (_, i) => i % 3),
    ),
  ).toBe(1);
  expect((await run(createMatrix(9, 4), { k: 3 })).inertia).toBe(0);
});

test('k out of range names both numbers; no rows too', async () => {
  await expect(run(uniformMatrix(5, 2, 1), { k: 8 })).rejects.toThrow('8 segments were asked for, but there are 5 profiles');
  await expect(run(createMatrix(0, 2), { k: 1 })).rejects.toMatchObject({ kind: 'input', code: 'k-out-of-range' });
  await expect(run(uniformMatrix(5, 2, 1), { k: 0 })).rejects.toMatchObject({ kind: 'input' });
});

test('a value that is no number is refused, with its place', async () => {
  const x = uniformMatrix(5, 2, 1);
  x.data[7] = Number.NaN;
  await expect(run(x)).rejects.toThrow('Row 3 of the profiles holds NaN in dimension 1');
});

test('k-means++ picks distinct rows while there are any', async () => {
  const x = uniformMatrix(40, 2, 1);
  const seeds = await seedCentroids(x, 40, createRandom(1), new PlainSeeder(x), silentContext);
  const rows = new Set(Array.from({ length: 40 }, (_, c) => rowOf(seeds, c).join()));
  expect(rows.size).toBe(40);
});

test('k-means++ draws by D^2: far clusters are all hit', async () => {
  const x = blobMatrix(500, 4, 10, 0.01, 2);
  for (const seed of [1, 2, 3, 4, 5]) {
    const seeds = await seedCentroids(x, 10, createRandom(seed), new PlainSeeder(x), silentContext);
    const result = await run(x, { k: 10, start: seeds });
    expect(new Set(result.labels.slice(0, 10)).size).toBe(10);
  }
});
