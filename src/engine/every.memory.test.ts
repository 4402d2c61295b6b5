import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Matrix, silentContext } from '../domain/index.ts';
import { bytesHeld, countMemories, peakBytesOf, uniformMatrix } from '../testing/index.ts';
import { openJoinWasm } from './ann/join.wasm.ts';
import { everyAlgorithm, firstRows } from './reference/every.ts';
import { borrowArena, strideOf } from './wasm/index.ts';

/** The algorithms run with these, see `every.ts`: neighbours, clusters, minPts. */
const [K, CLUSTERS, MIN_PTS] = [15, 20, 15];

/** What an algorithm holds beside its input: for rows copied into WASM, and by the words of its README. */
interface Stated {
  readonly folder: string;
  /** The words of the README that `bytesARow` are, where blanks and breaks of lines are the same. */
  readonly words: string;
  /** Whether the rows are copied. */
  readonly copy: boolean;
  readonly bytesARow: (rows: number, cols: number) => number;
}

const stated = (folder: string, words: string, copy: boolean, bytesARow: Stated['bytesARow']): Stated => ({
  folder,
  words,
  copy,
  bytesARow,
});

const KNN = stated('wasm', 'kNN 24 k + 70', true, () => 24 * K + 70);
const KMEANS = stated('wasm', 'k-means 4 c + 60', true, () => 4 * 4 + 60);
const BUFFERS: Readonly<Record<string, Stated>> = {
  'k-means': KMEANS,
  'k-means by cosine, two starts': KMEANS,
  'k-means by mini-batches': stated('kmeans', 'mini-batches 56 bytes a row', true, () => 56),
  assignNearest: stated('wasm', 'one assignment 48', true, () => 48),
  knn: KNN,
  kDistances: KNN,
  // A tenth of the rows are queries, and copied too.
  knnBetween: stated('wasm', 'kNN 24 k + 70', true, (_, cols) => (24 * K + 70 + strideOf(cols)) / 10),
  placeByNeighbours: stated('wasm', 'kNN 24 k + 70', true, (_, cols) => (24 * K + 70 + strideOf(cols)) / 10),
  approximateKnn: stated('ann', '17 k + 160 bytes a row', true, () => 17 * K + 160),
  silhouette: stated('wasm', '16 a cluster + 20 a labelling', true, () => 16 * CLUSTERS + 20),
  silhouetteForMany: stated('wasm', '16 a cluster + 20 a labelling', true, () => 16 * (3 + 5 + 8) + 3 * 20),
  dbscan: stated('dbscan', '4 x (minPts + 2) + 5 bytes a row', true, () => 4 * (MIN_PTS + 2) + 5),
  openCosineIndex: stated('search', '28 bytes a row and d more', false, (_, cols) => 28 + 16 * Math.ceil(cols / 16)),
  hdbscan: stated('hdbscan', '340 bytes a row', true, () => 340),
  pca: stated('wasm', 'PCA 32 d^2 bytes', false, (rows, cols) => (32 * cols ** 2) / rows),
  'pca of fewer rows than columns': stated('wasm', 'PCA 32 d^2 bytes', false, (rows, cols) => (32 * cols ** 2) / rows),
  projectPca: stated('wasm', 'and the projection', false, (_, cols) => 4 * Math.min(64, cols)),
  umapLayout: stated('umap', '48 k + 60 bytes a row', false, (_, cols) =>
    Math.max(48 * K + 60, strideOf(cols) + 4 + 17 * K + 160),
  ),
  'fuzzyGraph and createUmap': stated('umap', '48 k + 60 bytes a row', false, () => 48 * K + 60),
  'average linkage': stated('hierarchy', '2 n^2 bytes', true, (rows) => 2 * rows),
  Ward: stated('hierarchy', '220 bytes a row', true, () => 220),
};

const SPARE = 0.3;
const ROWS = 12_000;
const wide = uniformMatrix(ROWS, 64, 1);

const readme = (folder: string): string =>
  readFileSync(join(import.meta.dirname, folder, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');

test.each(everyAlgorithm)(
  '$name holds no more than the stated buffers and 30 % of its input beside it',
  { timeout: 300_000 },
  async ({ name, run, mostRows }) => {
    const { folder, words, copy, bytesARow } = BUFFERS[name] as Stated;
    expect(readme(folder)).toContain(words);
    // What compiling it takes is not its memory, nor is an arena that waits for the next call.
    await run(firstRows(wide, 3000), silentContext);
    for (let i = 0; i < 8; i++) borrowArena();
    const x = firstRows(wide, mostRows === undefined ? ROWS : mostRows / 8);
    const peak = await peakBytesOf((ctx) => run(x, ctx));
    const rows = copy ? strideOf(x.cols) + 4 : 0;
    expect(peak / x.rows).toBeLessThan(rows + bytesARow(x.rows, x.cols) + SPARE * 4 * x.cols);
  },
);

const RUNS = 1000;
/** Less than a copy of the input a run. What statistics and compiled code grow by in a thousand runs is a third of it. */
const NOISE_BYTES = 2 ** 20;

const smallRuns = [
  ...everyAlgorithm.map(({ name, run }) => ({ name, once: (x: Matrix) => run(x, silentContext) })),
  // Small inputs of approximateKnn are knn's; what it alone does is the join.
  { name: 'the join of approximateKnn', once: joinOnce },
];

async function joinOnce(x: Matrix): Promise<void> {
  const join = await openJoinWasm(
    x,
    Uint32Array.from({ length: x.rows }, (_, i) => i),
    5,
    silentContext,
  );
  join?.joinBlock(0, x.rows, x.rows);
  join?.close();
}

test.each(smallRuns)(
  `$name: ${RUNS} runs leave heap, buffers and WASM memories where they were`,
  { timeout: 300_000 },
  async ({ once }) => {
    const x = uniformMatrix(70, 5, 1);
    for (let i = 0; i < 50; i++) await once(x);
    const before = await bytesHeld();
    const memories = countMemories();
    try {
      for (let i = 0; i < RUNS; i++) await once(firstRows(x, 40 + (i % 30)));
      expect((await bytesHeld()) - before).toBeLessThan(NOISE_BYTES);
      expect(memories.held()).toBeLessThanOrEqual(1);
    } finally {
      memories.stop();
    }
  },
);
