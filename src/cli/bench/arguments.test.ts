import { describe, expect, test } from 'vitest';
import { type BenchArguments, parseBench } from './arguments.ts';
import { CASES, shrunk } from './cases.ts';

const parsed = (...args: string[]): BenchArguments => parseBench(args) as BenchArguments;

describe('a mistake in what is asked is told in one line, before anything runs', () => {
  test.each([
    [[], 'What should run?'],
    [['kernel'], '"kernel" is nothing that runs.'],
    [['kernels', 'umap'], '"umap" is one word too many.'],
    [['kernels', '--only', 'k-meens'], 'No case of kernels has "k-meens" in its name.'],
    [['kernels', '--device', 'gpu'], '--device is "gpu"; it must be cpu or webgpu.'],
    [['kernels', '--in', 'firefox'], '--in is "firefox"; it must be node or chromium.'],
    [['kernels', '--rounds', '0'], '--rounds is "0"; it must be a number above 0.'],
    [['kernels', '--rounds', '1.5'], '--rounds is "1.5"; it must be a whole number.'],
    [['kernels', '--factor', '0.5'], '--factor 0.5 would make more rows.'],
    [['kernels', '--peak-tflops', 'many'], '--peak-tflops is "many"; it must be a number above 0.'],
    [['kernels', '--peak-gbs', '300'], '--peak-tflops and --peak-gbs go together.'],
    [['kernels', '--in', 'chromium', '--peers', 'js'], 'JavaScript peers run in Node only.'],
    [['embed', 'kernels'], '"kernels" is one word too many.'],
    [['embed', '--factor', '0.5'], '--factor 0.5 would make more rows.'],
    [['kernels', '--fast'], /Unknown option '--fast'/],
  ] as const)('%j', (args, message) => {
    expect(() => parseBench(args)).toThrow(message);
  });
});

test('peers run beside ours on the CPU, and on WebGPU only when asked for', () => {
  expect([parsed('all').peers, parsed('all', '--device', 'webgpu').peers]).toEqual(['all', 'none']);
  expect(parsed('gpu', '--device', 'webgpu', '--peers', 'python', '--threads', 'all')).toMatchObject({
    ...{ peers: 'python', threads: null, device: 'webgpu' },
  });
});

test('all means kernels and umap; a case is named by its work or a part of its name', () => {
  expect(parsed('all').cases).toEqual(CASES);
  expect(parsed('kernels', '--only', 'Ward').cases.map(({ work }) => work)).toEqual(['ward']);
  expect(parsed('kernels', '--only', 'pca').cases.map(({ work }) => work)).toEqual(['pca']);
});

test('the large cases are held to their target on WebGPU, the others on the CPU', () => {
  const targets = (what: string, device: string): (number | null)[] =>
    parsed(what, '--device', device, '--only', '20 Lloyd').cases.flatMap(({ peers }) => peers.map(({ target }) => target));
  expect([targets('gpu', 'webgpu'), targets('gpu', 'cpu')]).toEqual([[20], [null]]);
  expect(targets('kernels', 'cpu')).toEqual([null, null, 1.1, 20]);
  expect(targets('kernels', 'webgpu')).toEqual([null, null, null, null]);
});

test('fewer rows have no targets', () => {
  const targets = CASES.map((each) => shrunk(each, 2)).flatMap(({ seconds, peers }) => [
    seconds ?? null,
    ...peers.map(({ target }) => target),
  ]);
  expect(new Set(targets)).toEqual(new Set([null]));
});

test('fewer rows are fewer operations: in proportion, or by the square where all pairs are taken', () => {
  const [lloyd, knn] = ['lloyd20', 'knn'].map((work) => CASES.find((each) => each.work === work));
  if (!lloyd?.cost || !knn?.cost) throw new Error('no such case');
  expect(shrunk(lloyd, 10)).toMatchObject({ rows: lloyd.rows / 10, cost: { flops: lloyd.cost.flops / 10 } });
  expect(shrunk(knn, 10).cost?.flops).toBeCloseTo(knn.cost.flops / 100, 0);
});

test('every row of the target table has its case, with the targets', () => {
  const targets = CASES.flatMap(({ work, rows, cols, seconds, least, peers }) => [
    ...peers.flatMap(({ by, target }) => (target === null ? [] : [`${work} ${rows} ${by} ${target}`])),
    ...(seconds === undefined ? [] : [`${work} ${rows} in ${seconds} s`]),
    ...(least === undefined ? [] : [`${work} ${rows} ${cols} at least ${least}`]),
  ]);
  expect(targets).toEqual([
    'lloyd20 50000 scikit-learn 1.1',
    'lloyd20 50000 ml-kmeans 20',
    'converge 50000 scikit-learn 1.5',
    'converge 50000 ml-kmeans 20',
    'converge 50000 skmeans 25',
    'knn 10000 scikit-learn 1.5',
    'knn 10000 tfjs 20',
    'ann 10000 pynndescent 1',
    'ann 10000 embedding-atlas 2.5',
    'ann 50000 pynndescent 1',
    'ann 50000 embedding-atlas 2.5',
    'ann 10000 pca64 at least 0.95',
    'ann 50000 pca64 at least 0.95',
    'dbscan 10000 scikit-learn 1.5',
    'dbscan 10000 density-clustering 30',
    'hdbscan 2000 hdbscan-ts 100',
    'hdbscan 2000 hdbscanjs 5',
    'hdbscan 10000 in 5 s',
    'silhouette 10000 scikit-learn 1.5',
    'pca 50000 scikit-learn 0.8',
    'ward 2000 scikit-learn 1',
    'ward 2000 druid 4',
    'ward 2000 ml-hclust 50',
    'umap 10000 umap-learn 3',
    'umap 10000 umap-js 6',
    'umap 10000 embedding-atlas 6',
    'umap 50000 umap-learn 2',
    'umap 50000 umap-js 12',
    'umap 50000 embedding-atlas 5',
  ]);
});
