import { afterEach, describe, expect, test } from 'vitest';
import { silentContext } from '../../domain/index.ts';
import {
  adjustedRandIndex,
  agglomerate,
  CPU,
  cutTree,
  dbscan,
  type HdbscanOptions,
  hdbscan,
  kmeans,
  type Linkage,
  partitionQuality,
  silhouette,
} from '../index.ts';
import { enableSimd } from '../wasm/index.ts';
import { largestDifference, referenceShapes } from './index.ts';
import { describeDbscan, describeKMeans } from './shapes.fixture.ts';

afterEach(() => enableSimd(true));

for (const simd of [true, false]) {
  describe(simd ? 'in WASM' : 'in plain loops', () => {
    describeKMeans((shape, options) => {
      enableSimd(simd);
      return kmeans(shape.x, options, CPU, silentContext);
    });
    describeDbscan((shape) => {
      enableSimd(simd);
      return dbscan(shape.x, shape.dbscan, CPU, silentContext);
    });

    test.each(referenceShapes)('the cuts of Ward and average linkage are those of scikit-learn: $name', async (shape) => {
      enableSimd(simd);
      for (const linkage of ['ward', 'average'] satisfies Linkage[]) {
        const labels = cutTree(await agglomerate(shape.x, linkage, silentContext), shape.x.rows, { clusters: shape.clusters });
        expect(adjustedRandIndex(labels, shape.agglomerative[linkage]), linkage).toBe(1);
      }
    });

    test.each(
      referenceShapes.flatMap(({ name, x, hdbscan }) => hdbscan.map((stored) => ({ name, x, stored, of: stored.selection }))),
    )(
      'clusters, noise, probabilities and outlier scores of HDBSCAN are those of scikit-learn: $name, $of',
      async ({ x, stored }) => {
        enableSimd(simd);
        const found = await hdbscan(
          x,
          { ...stored, selection: stored.selection as HdbscanOptions['selection'] },
          CPU,
          silentContext,
        );
        expect(found.clusters).toBe(Math.max(...stored.labels) + 1);
        expect([...found.labels].map((l) => l === -1)).toEqual(stored.labels.map((l) => l === -1));
        expect(adjustedRandIndex(found.labels, stored.labels)).toBe(1);
        expect(largestDifference(found.probabilities, stored.probabilities)).toBeLessThan(1e-6);
        expect(largestDifference(found.outlierScores, stored.outlierScores)).toBeLessThan(1e-6);
      },
    );
  });
}

test.each(referenceShapes)(
  'silhouette, Davies-Bouldin and Calinski-Harabasz of k-means are those of scikit-learn: $name',
  async ({ x, kmeans: stored }) => {
    const quality = await partitionQuality(x, stored.labels, silentContext);
    const { mean } = await silhouette(x, Int32Array.from(stored.labels), CPU, silentContext);
    expect(mean).toBeCloseTo(stored.silhouette, 6);
    expect((quality.daviesBouldin as number) / stored.daviesBouldin).toBeCloseTo(1, 6);
    expect((quality.calinskiHarabasz as number) / stored.calinskiHarabasz).toBeCloseTo(1, 6);
  },
);
