import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelledError, createMatrix, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { blobMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import {
  adjustedRandIndex,
  type BisectingOptions,
  type Bisection,
  bisectingKMeans,
  CPU,
  cutBisection,
  kmeans,
  partitionQuality,
} from '../index.ts';
import { sklearn, storedMatrix } from '../reference/index.ts';

const options: BisectingOptions = { clusters: 8, seed: 1, nInit: 4, maxIterations: 100, tolerance: 1e-4, spherical: false };
const run = (x: Matrix, more: Partial<BisectingOptions> = {}): Promise<Bisection> =>
  bisectingKMeans(x, { ...options, ...more }, CPU, silentContext);

/** Eight blobs: pairs of near ones, in two far groups. Row i is of blob i mod 8. */
function nestedBlobs(rows: number): Matrix {
  const noise = uniformMatrix(rows, 3, 4);
  const data = noise.data.map((value, i) => {
    const bits = Math.floor(i / 3) % 8;
    const place = [40, 10, 2][i % 3] as number;
    return 0.4 * value + place * ((bits >> (2 - (i % 3))) & 1);
  });
  return { rows, cols: 3, data };
}

test('planted levels are found: 2, 4 and 8 clusters of one tree', async () => {
  const x = nestedBlobs(320);
  const tree = await run(x);
  for (const [clusters, shift] of [
    [2, 2],
    [4, 1],
    [8, 0],
  ] as const) {
    const planted = Int32Array.from({ length: 320 }, (_, i) => (i % 8) >> shift);
    expect(adjustedRandIndex(cutBisection(tree, clusters), planted)).toBe(1);
  }
});

test('labels and inertia of every level are those of scikit-learn`s BisectingKMeans', async () => {
  const x = storedMatrix(sklearn.bisecting.x);
  const tree = await run(x);
  for (const { clusters, labels, inertia } of sklearn.bisecting.levels) {
    const found = cutBisection(tree, clusters);
    expect(adjustedRandIndex(found, labels)).toBe(1);
    expect((await partitionQuality(x, found, silentContext)).inertia / inertia).toBeCloseTo(1, 6);
  }
});

test('each step divides the leaf of the largest inertia, by 2-means', async () => {
  const x = uniformMatrix(150, 4, 3);
  const tree = await run(x, { tolerance: 0 });
  const leaves = new Set([0]);
  for (const [step, node] of tree.splits.entries()) {
    expect(tree.inertia[node]).toBe(Math.max(...[...leaves].map((leaf) => tree.inertia[leaf] as number)));
    const children = [2 * step + 1, 2 * step + 2];
    const [a, b] = children as [number, number];
    leaves.delete(node);
    leaves.add(a).add(b);
    expect((tree.sizes[a] as number) + (tree.sizes[b] as number)).toBe(tree.sizes[node]);
    expect(tree.sizes[a]).toBeGreaterThanOrEqual(tree.sizes[b] as number);
    // A local optimum: 2-means from these centroids stays where it is.
    const own = takeRows(
      x,
      Array.from(x.data.keys())
        .slice(0, x.rows)
        .filter((r) => isUnder(tree, r, node)),
    );
    const start = takeRows(tree.centroids, children);
    const again = await kmeans(own, { ...options, k: 2, start, tolerance: 0 }, CPU, silentContext);
    expect(again.inertia).toBeCloseTo((tree.inertia[a] as number) + (tree.inertia[b] as number), 9);
  }
  expect(tree.splits.length).toBe(7);
});

const isUnder = ({ splits, leaves }: Bisection, row: number, node: number): boolean => {
  let at = leaves[row] as number;
  while (at > node) at = splits[(at - 1) >> 1] as number;
  return at === node;
};

test('inertia and centroids of the leaves are those of their rows', async () => {
  const x = blobMatrix(130, 5, 6, 0.5, 2);
  const tree = await run(x, { tolerance: 0 });
  const { inertia } = await partitionQuality(x, tree.leaves, silentContext);
  const ofLeaves = [...new Set(tree.leaves)].reduce((sum, leaf) => sum + (tree.inertia[leaf] as number), 0);
  expect(ofLeaves / inertia).toBeCloseTo(1, 6);
  const all = Array.from(
    { length: 5 },
    (_, c) => Array.from({ length: 130 }, (_, r) => x.data[r * 5 + c] as number).reduce((s, v) => s + v, 0) / 130,
  );
  all.forEach((mean, c) => {
    expect(tree.centroids.data[c]).toBeCloseTo(mean, 6);
  });
});

test('levels are nested: a finer cut divides clusters of the coarser one, and has as many as were asked for', async () => {
  const shape = fc.record({ rows: fc.constantFrom(2, 9, 63, 64, 65), seed: fc.nat(), coarse: fc.nat(9), more: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(shape, async ({ rows, seed, coarse, more }) => {
      const x = uniformMatrix(rows, 3, seed);
      const tree = await run(x, { clusters: Math.min(rows, 12), seed, nInit: 1 });
      const k = Math.min(rows, 1 + coarse);
      const fine = Math.min(rows, 12, k + more);
      const [above, below] = [cutBisection(tree, k), cutBisection(tree, fine)];
      expect(new Set(above).size).toBe(k);
      expect(Math.max(...above)).toBe(k - 1);
      expect(new Set(below).size).toBe(fine);
      expect(new Set(below.map((label, r) => label * 100 + (above[r] as number))).size).toBe(fine);
    }),
    { numRuns: 30 },
  );
});

test('more clusters carry the same tree on, and P2 the same seed gives the same bits', async () => {
  const x = uniformMatrix(120, 4, 1);
  const [small, large] = [await run(x, { clusters: 4 }), await run(x, { clusters: 9 })];
  expect([...large.splits.subarray(0, 3)]).toEqual([...small.splits]);
  expect(cutBisection(large, 4)).toEqual(cutBisection(small, 4));
  expect(await run(x, { clusters: 9 })).toEqual(large);
});

test('spherical: every node`s centroid has unit length', async () => {
  const tree = await run(unitMatrix(90, 6, 1), { spherical: true });
  for (let node = 0; node < tree.centroids.rows; node++) expect(Math.hypot(...rowOf(tree.centroids, node))).toBeCloseTo(1, 6);
});

test('equal rows stay together: fewer leaves than were asked for', async () => {
  const x = takeRows(
    uniformMatrix(3, 2, 1),
    Array.from({ length: 30 }, (_, i) => i % 3),
  );
  const tree = await run(x);
  expect(tree.splits.length).toBe(2);
  expect(new Set(cutBisection(tree, 8)).size).toBe(3);
  expect((await run(createMatrix(9, 4))).splits.length).toBe(0);
  const unit = takeRows(
    unitMatrix(3, 7, 5),
    Array.from({ length: 30 }, (_, i) => i % 3),
  );
  expect((await run(unit, { spherical: true })).splits.length).toBe(2);
});

test('one row, and one cluster', async () => {
  const one = await run(uniformMatrix(1, 2, 1), { clusters: 1 });
  expect([[...one.leaves], [...one.sizes], [...cutBisection(one, 1)]]).toEqual([[0], [1], [0]]);
  expect([...cutBisection(await run(uniformMatrix(5, 2, 1), { clusters: 1 }), 1)]).toEqual([0, 0, 0, 0, 0]);
});

test('out of range is said with both numbers, and P7 it can be cancelled', async () => {
  await expect(run(uniformMatrix(5, 2, 1), { clusters: 6 })).rejects.toThrow(
    'A tree of 6 segments was asked for, but there are 5 profiles',
  );
  await expect(run(createMatrix(0, 2))).rejects.toMatchObject({ kind: 'input', code: 'k-out-of-range' });
  const stop = { ...silentContext, checkpoint: () => Promise.reject(new CancelledError()) };
  await expect(bisectingKMeans(uniformMatrix(90, 3, 1), options, CPU, stop)).rejects.toThrow(CancelledError);
});
