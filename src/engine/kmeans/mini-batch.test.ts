import { describe, expect, test } from 'vitest';
import {
  createMatrix,
  createRandom,
  deriveSeed,
  type Matrix,
  normaliseRows,
  rowOf,
  silentContext,
  takeRows,
} from '../../domain/index.ts';
import { blobMatrix, mixtureMatrix, uniformMatrix, unitMatrix } from '../../testing/index.ts';
import { adjustedRandIndex, assignNearest, CPU, type KMeansOptions, kmeans } from '../index.ts';
import { largestDifference, storedMatrix } from '../reference/index.ts';
import { enableSimd } from '../wasm/index.ts';
import stored from './mini-batch.json' with { type: 'json' };
import { Centres } from './mini-batch.ts';

const options: KMeansOptions = {
  ...{ k: 5, seed: 1, nInit: 3, maxIterations: 100, tolerance: 1e-4, spherical: false },
  batchSize: 100,
};
const { batchSize: _, ...withoutBatches } = options;
const run = (x: Matrix, more: Partial<KMeansOptions> = {}) => kmeans(x, { ...options, ...more }, CPU, silentContext);

/** Sculley 2010, algorithm 1, as it is written there: one row after the other, each centre with a rate of its own. In float64. */
function sculley(x: Matrix, start: Matrix, batchSize: number, steps: number, seed: number, spherical: boolean): Float64Array {
  const random = createRandom(deriveSeed(seed, 'mini-batches'));
  const centres = Float64Array.from(start.data);
  const counts = new Float64Array(start.rows);
  const direction = (c: number): Float64Array => {
    const centre = centres.subarray(c * x.cols, (c + 1) * x.cols);
    return spherical ? centre.map((v) => v / Math.hypot(...centre)) : centre;
  };
  for (let step = 0; step < steps; step++) {
    const batch = Array.from({ length: batchSize }, () => rowOf(x, random.int(x.rows)));
    const nearest = batch.map((row) => {
      const all = Array.from({ length: start.rows }, (_, c) =>
        direction(c).reduce((sum, v, i) => sum + (v - (row[i] as number)) ** 2, 0),
      );
      return all.indexOf(Math.min(...all));
    });
    for (const [b, c] of nearest.entries()) {
      counts[c] = (counts[c] as number) + 1;
      const rate = 1 / (counts[c] as number);
      for (let i = 0; i < x.cols; i++) {
        const at = c * x.cols + i;
        centres[at] = (1 - rate) * (centres[at] as number) + rate * (batch[b]?.[i] as number);
      }
    }
  }
  return Float64Array.from(Array.from({ length: start.rows }, (_, c) => [...direction(c)]).flat());
}

describe.each([false, true])('mini-batches, spherical %s', (spherical) => {
  test('from the same start and batches the centres are those of the paper', async () => {
    const x = spherical ? mixtureMatrix(1000, 8, 1) : blobMatrix(1000, 8, 5, 0.8, 2);
    const start = takeRows(x, [0, 1, 2, 3, 4]);
    // One pass is ten batches: too few for it to stop before.
    const { centroids, iterations } = await run(x, { start, spherical, maxIterations: 1, seed: 4 });
    expect(iterations).toBe(10);
    expect(largestDifference(centroids.data, sculley(x, start, 100, 10, 4, spherical))).toBeLessThan(1e-5);
  });

  test('labels are the nearest centroids of all rows, inertia the sum of their squared distances', async () => {
    const x = unitMatrix(700, 6, 3);
    const { labels, centroids, inertia } = await run(x, { spherical });
    const full = await assignNearest(x, centroids, CPU, silentContext);
    expect(labels).toEqual(full.labels);
    expect(inertia).toBeCloseTo(
      full.distances.reduce((sum, d) => sum + d, 0),
      2,
    );
    if (spherical) for (let c = 0; c < 5; c++) expect(Math.hypot(...rowOf(centroids, c))).toBeCloseTo(1, 6);
  });

  test('inertia on sibling clusters with noise is within 2 % of full k-means, for each of five seeds', async () => {
    const x = mixtureMatrix(6000, 32, 1);
    for (let seed = 1; seed <= 5; seed++) {
      const more = { k: 20, nInit: 4, seed, spherical };
      const full = await kmeans(x, { ...withoutBatches, ...more }, CPU, silentContext);
      expect((await run(x, { ...more, batchSize: 1024 })).inertia / full.inertia).toBeLessThan(1.02);
    }
  });
});

test("inertia over twenty seeds is as low as scikit-learn's MiniBatchKMeans on the same rows", async () => {
  const x = storedMatrix(stored.x);
  const ours: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    ours.push((await run(x, { k: stored.k, batchSize: stored.batchSize, seed })).inertia);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(ours)).toBeLessThan(1.02 * mean(stored.inertia));
  expect(Math.min(...ours)).toBeGreaterThan(0.999 * stored.fullInertia);
});

test('planted clusters are found, small ones too: a lost centre is moved', async () => {
  // Four large groups and one of 40 rows; all centres start in the first group.
  const x = blobMatrix(2000, 6, 5, 0.15, 7);
  const rows = [...Array(2000).keys()].filter((r) => r % 5 !== 4 || r < 200);
  const few = takeRows(x, rows);
  const { labels } = await run(few, { nInit: 5, batchSize: 200 });
  expect(
    adjustedRandIndex(
      [...labels],
      rows.map((r) => r % 5),
    ),
  ).toBe(1);
});

test('centres of under a hundredth of the largest count move to different rows of the batch, with the least count of the others', () => {
  const centres = new Centres({ rows: 4, cols: 1, data: Float32Array.of(0, 10, 500, 900) }, false);
  const batch = { rows: 300, cols: 1, data: Float32Array.from({ length: 300 }, (_, i) => (i < 290 ? 1 + i / 1000 : 9)) };
  centres.add(
    batch,
    Int32Array.from(batch.data, (v) => (v > 5 ? 1 : 0)),
  );
  expect([...centres.counts]).toEqual([290, 10, 0, 0]);
  expect([...centres.centroids.data.subarray(2)]).toEqual([500, 900]);
  centres.moveLost(batch, createRandom(1));
  expect([...centres.counts]).toEqual([290, 10, 10, 10]);
  const moved = [...centres.centroids.data.subarray(2)];
  for (const place of moved) expect([...batch.data]).toContain(place);
  expect(moved[0]).not.toBe(moved[1]);
  const still = centres.centroids;
  centres.moveLost(batch, createRandom(1));
  expect(centres.centroids).toEqual(still);
});

test('P2 the same seed gives the same bits, with SIMD and without; another seed other ones', async () => {
  const x = uniformMatrix(900, 5, 1);
  const first = await run(x);
  expect(await run(x)).toEqual(first);
  expect((await run(x, { seed: 2 })).centroids).not.toEqual(first.centroids);
  const start = takeRows(x, [0, 1, 2, 3, 4]);
  const fast = await run(x, { start });
  enableSimd(false);
  try {
    expect(await run(x, { start })).toEqual(fast);
  } finally {
    enableSimd(true);
  }
});

test('awkward sizes: one row, as many clusters as rows, a batch larger than the rows, equal rows', async () => {
  expect(await run(uniformMatrix(1, 3, 1), { k: 1 })).toMatchObject({ labels: Int32Array.of(0), inertia: 0 });
  const each = await run(uniformMatrix(7, 3, 1), { k: 7, batchSize: 50, maxIterations: 1000 });
  expect(each.labels.every((label) => label >= 0 && label < 7)).toBe(true);
  expect(each.centroids.data.every(Number.isFinite)).toBe(true);
  const equal = await run({ ...createMatrix(200, 3), data: new Float32Array(600).fill(0.5) });
  expect(equal.inertia).toBe(0);
  expect((await run(normaliseRows(uniformMatrix(30, 2, 1)), { k: 3, batchSize: 1 })).labels.length).toBe(30);
  await expect(run(uniformMatrix(3, 3, 1), { k: 4 })).rejects.toMatchObject({ code: 'k-out-of-range' });
});

test('P7 every batch tells its progress and can be cancelled', async () => {
  const stop = Object.assign(new Error('stop'), { name: 'CancelledError' });
  let left = 60;
  const ctx = { progress: () => {}, checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(stop)) };
  await expect(kmeans(uniformMatrix(5000, 8, 1), { ...options, maxIterations: 1000 }, CPU, ctx)).rejects.toBe(stop);
});
