import { expect, test } from 'vitest';
import type { Dbscan, KMeansOptions, KMeansResult } from '../index.ts';
import { largestDifference, type ReferenceShape, referenceShapes } from './index.ts';

/** Raw rows, not spherical, from the stored start: one run whose every label, not only the partition, is scikit-learn's. */
const optionsOf = ({ clusters, kmeans: { start } }: ReferenceShape): KMeansOptions => ({
  ...{ k: clusters, start, seed: 1, nInit: 1, maxIterations: 300, tolerance: 1e-4, spherical: false },
});

/** Given centres name the clusters, so that no permutation is left. */
export function describeKMeans(run: (shape: ReferenceShape, options: KMeansOptions) => Promise<KMeansResult>): void {
  test.each(referenceShapes)('from given centres k-means ends with the labels of scikit-learn: $name', async (shape) => {
    const { labels, centroids, inertia, iterations } = await run(shape, optionsOf(shape));
    const stored = shape.kmeans;
    expect([...labels]).toEqual(stored.labels);
    expect(largestDifference(centroids.data, stored.centroids)).toBeLessThan(1e-5);
    expect(Math.abs(inertia / stored.inertia - 1)).toBeLessThan(1e-5);
    expect(iterations).toBe(stored.iterations);
  });
}

/** Both number clusters by their lowest core row and give a border row to the first that reaches it: the labels are equal. */
export function describeDbscan(run: (shape: ReferenceShape) => Promise<Dbscan>): void {
  test.each(referenceShapes)('DBSCAN has the labels of scikit-learn, border rows and numbers included: $name', async (shape) => {
    const { labels, core } = await run(shape);
    expect([...labels]).toEqual(shape.dbscan.labels);
    expect([...core.keys()].filter((r) => core[r] === 1)).toEqual(shape.dbscan.core);
  });
}
