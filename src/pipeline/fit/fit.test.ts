import { describe, expect, test } from 'vitest';
import {
  ALGORITHMS,
  createMatrix,
  createRandom,
  DEFAULT_SETTINGS,
  deriveSeed,
  type Matrix,
  normaliseRows,
  type Settings,
  silentContext,
} from '../../domain/index.ts';
import { adjustedRandIndex, CPU, type KMeansResult, kmeans } from '../../engine/index.ts';
import {
  type Candidate,
  type FitDensity,
  type FitTask,
  fitAgain,
  fitAlone,
  fitWindow,
  NO_STARTS,
  numberBySize,
  startsFrom,
} from './index.ts';

const CLUSTERS = 5;
const DIMS = 12;

/** Unit rows around five of the axes in turn, a fifth of them each, and `noise` rows in all directions after them. */
function planted(rows: number, noise = 0): { x: Matrix; truth: number[] } {
  const random = createRandom(7);
  const x = createMatrix(rows + noise, DIMS);
  const truth = Array.from({ length: rows + noise }, (_, r) => (r < rows ? r % CLUSTERS : -1));
  for (const [r, cluster] of truth.entries()) {
    for (let i = 0; i < DIMS; i++)
      x.data[r * DIMS + i] = (cluster < 0 ? 1 : 0.12) * (2 * random.next() - 1) + (i === cluster ? 1 : 0);
  }
  return { x: normaliseRows(x), truth };
}

const task = (settings: Partial<Settings> = {}): FitTask => ({
  settings: { ...DEFAULT_SETTINGS, kMax: 9, ...settings },
  compute: CPU,
  ctx: silentContext,
});
const bestOf = (candidates: readonly Candidate[]): Candidate =>
  candidates.reduce((a, b) => (b.silhouette > a.silhouette ? b : a));

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const { x, truth } = planted(300);

  test('finds the planted clusters, with the number of them left open', async () => {
    const { fit } = bestOf(await fitWindow(x, 'w', NO_STARTS, task({ algorithm })));
    expect(fit.centroids.rows).toBe(CLUSTERS);
    expect(adjustedRandIndex(fit.labels, truth)).toBeGreaterThan(0.95);
  });

  test('centroids are unit vectors, each nearest to the rows of its own cluster', async () => {
    const { fit } = bestOf(await fitWindow(x, 'w', NO_STARTS, task({ algorithm })));
    for (let c = 0; c < fit.centroids.rows; c++) {
      const row = fit.centroids.data.subarray(c * DIMS, (c + 1) * DIMS);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      const axis = truth[fit.labels.indexOf(c)] as number;
      expect(row.indexOf(Math.max(...row))).toBe(axis);
    }
  });

  test('P2 the same rows and seed give the same fit; a re-fit numbers by size', async () => {
    const once = await fitAlone(x, 'w', null, NO_STARTS, task({ algorithm }));
    expect(await fitAlone(x, 'w', null, NO_STARTS, task({ algorithm }))).toEqual(once);
    expect(numberBySize(once)).toEqual(once);
  });

  test('a bootstrap keeps the number of segments that the window has', async () => {
    const again = await fitAgain(x, CLUSTERS, 'b', task({ algorithm }));
    expect(again.centroids.rows).toBe(CLUSTERS);
    expect(adjustedRandIndex(again.labels, truth)).toBeGreaterThan(0.9);
  });
});

describe.each(['kmeans', 'hierarchy', 'consensus'] as const)('%s by number', (algorithm) => {
  test('a fixed k is kept; with fewer rows than k each row is its own', async () => {
    const [only, ...others] = await fitWindow(planted(60).x, 'w', NO_STARTS, task({ algorithm, k: 3 }));
    expect([only?.fit.centroids.rows, others.length]).toEqual([3, 0]);
    const [few] = await fitWindow(planted(2).x, 'w', NO_STARTS, task({ algorithm, k: 3 }));
    expect(new Set(few?.fit.labels)).toEqual(new Set([0, 1]));
  });
});

describe('by density', () => {
  const { x, truth } = planted(300, 60);

  test.each(['dbscan', 'hdbscan'] as const)('%s leaves rows in no cluster as noise', async (algorithm) => {
    const [found] = await fitWindow(x, 'w', NO_STARTS, task({ algorithm }));
    const labels = (found as Candidate).fit.labels;
    const noise = truth.flatMap((t, r) => (t < 0 ? [labels[r] as number] : []));
    expect(noise.filter((label) => label === -1).length).toBeGreaterThan(40);
    const members = truth.flatMap((t, r) => (t >= 0 ? [labels[r] as number] : []));
    expect(members.filter((label) => label === -1).length).toBeLessThan(30);
  });

  test('an eps that reaches no other row makes all of them noise, and one that reaches all makes one cluster', async () => {
    const at = async (eps: number) => {
      const density = { ...DEFAULT_SETTINGS.density, eps };
      return ((await fitWindow(x, 'w', NO_STARTS, task({ algorithm: 'dbscan', density })))[0] as Candidate).fit;
    };
    const none = await at(1e-3);
    expect([none.centroids.rows, none.labels.every((label) => label === -1)]).toEqual([0, true]);
    const all = await at(2);
    expect([all.centroids.rows, all.labels.every((label) => label === 0)]).toEqual([1, true]);
  });

  test.each(['dbscan', 'hdbscan'] as const)(
    '%s: re-fits and bootstraps let noise join as the run does, so that trust is of segments made alike',
    async (algorithm) => {
      const density = { ...DEFAULT_SETTINGS.density, reassign: 0 };
      const [kept, joined] = [task({ algorithm }), task({ algorithm, density })];
      const noiseOf = ({ labels }: { labels: Int32Array }): number => labels.filter((label) => label === -1).length;
      const refit = await fitAlone(x, 'r', null, NO_STARTS, joined);
      expect([noiseOf(await fitAlone(x, 'r', null, NO_STARTS, kept)) > 40, noiseOf(refit)]).toEqual([
        true,
        noiseBelowZero(refit),
      ]);
      const drawn = await fitAgain(x, CLUSTERS, 'b', joined);
      expect([noiseOf(await fitAgain(x, CLUSTERS, 'b', kept)) > 40, noiseOf(drawn)]).toEqual([true, noiseBelowZero(drawn)]);
    },
  );

  test('HDBSCAN makes one segment of a window too small for two', async () => {
    const [few] = await fitWindow(planted(20).x, 'w', NO_STARTS, task({ algorithm: 'hdbscan' }));
    expect(few?.fit.centroids.rows).toBe(1);
  });
});

/** Rows that were left out and point away from every centroid. */
const noiseBelowZero = ({ density }: { density?: FitDensity }): number =>
  density?.similarity.filter((cosine) => cosine < 0).length ?? Number.NaN;

test('a hierarchy over a sample gives every row a segment', async () => {
  const { x, truth } = planted(2100);
  const [{ fit } = {} as Candidate] = await fitWindow(x, 'w', NO_STARTS, task({ algorithm: 'hierarchy', k: CLUSTERS }));
  expect(adjustedRandIndex(fit.labels, truth)).toBeGreaterThan(0.95);
});

test('k-means starts also where the window before ended', async () => {
  const { x } = planted(200);
  const before = await fitWindow(x, 'before', NO_STARTS, task({ k: CLUSTERS }));
  // No restart, no iteration to speak of: what comes out can only be as good as the start.
  const poor = task({ k: CLUSTERS, nInit: 1, maxIterations: 1, seed: 5 });
  const [cold] = await fitWindow(x, 'w', NO_STARTS, poor);
  const [warm] = await fitWindow(x, 'w', startsFrom(before), poor);
  const spread = (c: Candidate | undefined): number => (c as { fit: KMeansResult } | undefined)?.fit.inertia ?? Number.NaN;
  expect(spread(warm)).toBeLessThanOrEqual(spread(cold));
  expect(adjustedRandIndex((warm as Candidate).fit.labels, (before[0] as Candidate).fit.labels)).toBe(1);
});

test('k-means of more profiles than the limit goes by mini-batches, of as many it does not', async () => {
  const { x, truth } = planted(3000);
  const fitOf = async (miniBatchAbove: number) => fitAgain(x, CLUSTERS, 'w', task({ miniBatchAbove }));
  const options = { k: CLUSTERS, nInit: 4, maxIterations: 100, tolerance: 1e-4, spherical: true };
  const seed = deriveSeed(DEFAULT_SETTINGS.seed, `k-means w ${CLUSTERS}`);
  const direct = (more: object) => kmeans(x, { ...options, seed, ...more }, CPU, silentContext);
  const batches = await fitOf(2999);
  expect(batches).toEqual(await direct({ batchSize: 2048 }));
  expect(await fitOf(3000)).toEqual(await direct({}));
  expect(batches.centroids).not.toEqual((await direct({})).centroids);
  expect(adjustedRandIndex(batches.labels, truth)).toBe(1);
});

test('k auto finds the planted clusters by mini-batches too', async () => {
  const { x } = planted(2000);
  const { fit } = bestOf(await fitWindow(x, 'w', NO_STARTS, task({ miniBatchAbove: 100 })));
  expect(fit.centroids.rows).toBe(CLUSTERS);
});
