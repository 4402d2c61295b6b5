import { expect, test } from 'vitest';
import { createMatrix, dot, type Matrix, rowOf, silentContext, takeRows } from '../../domain/index.ts';
import { uniformMatrix } from '../../testing/index.ts';
import { CPU } from '../compute.ts';
import { addToSums, type PcaSums, pca, pcaOfSums, projectPca } from '../index.ts';
import { largestDifference, sklearn, storedMatrix } from '../reference/index.ts';
import { largestEigenpairs } from './eigen.ts';

test.each(sklearn.pca.map((stored, i) => ({ i, stored })))(
  'variances and |components| are those of scikit-learn (case $i)',
  async ({ stored }) => {
    const model = await pca(storedMatrix(stored.x), stored.dims, CPU, silentContext);
    expect(largestDifference(model.explainedVarianceRatio, stored.ratio)).toBeLessThan(1e-7);
    expect(largestDifference(model.explainedVariance, stored.variance)).toBeLessThan(1e-6);
    expect(largestDifference(model.components.data.map(Math.abs), stored.absComponents)).toBeLessThan(1e-6);
  },
);

test('components are orthonormal and their largest loading is positive, for n < d and n > d', async () => {
  for (const x of [uniformMatrix(20, 33, 1), uniformMatrix(100, 33, 2)]) {
    const { components } = await pca(x, 10, CPU, silentContext);
    for (let a = 0; a < components.rows; a++) {
      const row = rowOf(components, a);
      expect(row[row.findIndex((v) => Math.abs(v) === Math.max(...row.map(Math.abs)))]).toBeGreaterThan(0);
      for (let b = 0; b < components.rows; b++) expect(dot(row, rowOf(components, b))).toBeCloseTo(a === b ? 1 : 0, 5);
    }
  }
});

test('projected rows are centred, uncorrelated and have the explained variances', async () => {
  const x = uniformMatrix(300, 12, 3);
  const model = await pca(x, 5, CPU, silentContext);
  const projected = await projectPca(model, x, CPU, silentContext);
  for (let a = 0; a < 5; a++) {
    expect(column(projected, a).reduce((sum, v) => sum + v, 0) / 300).toBeCloseTo(0, 5);
    for (let b = 0; b < 5; b++) {
      const expected = a === b ? (model.explainedVariance[a] as number) : 0;
      expect(dot(column(projected, a), column(projected, b)) / 299).toBeCloseTo(expected, 5);
    }
  }
});

const column = (m: Matrix, c: number): number[] => Array.from({ length: m.rows }, (_, r) => m.data[r * m.cols + c] as number);

test('covariance and Gram path give the same model', async () => {
  const x = uniformMatrix(40, 40, 4);
  const wide = {
    rows: 40,
    cols: 41,
    data: Float32Array.from({ length: 40 * 41 }, (_, i) => (i % 41 < 40 ? x.data[Math.floor(i / 41) * 40 + (i % 41)]! : 3)),
  };
  const [a, b] = [await pca(x, 6, CPU, silentContext), await pca(wide, 6, CPU, silentContext)];
  expect(largestDifference(a.explainedVarianceRatio, b.explainedVarianceRatio)).toBeLessThan(1e-10);
  const withoutLast = b.components.data.filter((_, i) => i % 41 < 40);
  expect(largestDifference(a.components.data, withoutLast)).toBeLessThan(1e-5);
});

test('fewer components than asked for: min(n - 1, d), directions without variance dropped, at least one', async () => {
  const kept = async (x: Matrix): Promise<number> => (await pca(x, 8, CPU, silentContext)).components.rows;
  expect(await kept(uniformMatrix(5, 20, 1))).toBe(4);
  expect(await kept(uniformMatrix(50, 3, 1))).toBe(3);
  expect(await kept(takeRows(uniformMatrix(3, 20, 1), [0, 1, 2, 0, 1, 2, 0, 1, 2, 2]))).toBe(2);
  expect(await kept(takeRows(uniformMatrix(3, 5, 1), [0, 1, 2, 0, 1, 2, 0, 1, 2, 2]))).toBe(2);
  expect(await kept(uniformMatrix(1, 20, 1))).toBe(1);
  expect(await kept(createMatrix(9, 4))).toBe(1);
});

test('without variance the ratio is 0 and everything projects to 0', async () => {
  const x = { rows: 3, cols: 2, data: new Float32Array(6).fill(7) };
  const model = await pca(x, 2, CPU, silentContext);
  expect([...model.explainedVarianceRatio]).toEqual([0]);
  expect([...(await projectPca(model, x, CPU, silentContext)).data]).toEqual([0, 0, 0]);
});

test('no rows and values that are no numbers are refused', async () => {
  await expect(pca(createMatrix(0, 3), 2, CPU, silentContext)).rejects.toMatchObject({ kind: 'input', code: 'no-rows' });
  const x = uniformMatrix(3, 3, 1);
  x.data[4] = Number.POSITIVE_INFINITY;
  await expect(pca(x, 2, CPU, silentContext)).rejects.toMatchObject({ kind: 'input', code: 'not-finite' });
});

/** A x = lambda x for every pair, and the vectors orthonormal: that is what an eigenvector is. */
async function expectEigenpairs(a: Float64Array, n: number): Promise<Float64Array> {
  const { values, vectors } = await largestEigenpairs(a.slice(), n, n, silentContext);
  const scale = Math.max(1e-300, ...a.map(Math.abs));
  for (let i = 0; i < n; i++) {
    const v = vectors.subarray(i * n, (i + 1) * n);
    for (let r = 0; r < n; r++) {
      const image = dot(a.subarray(r * n, (r + 1) * n), v);
      expect(Math.abs(image - (values[i] as number) * (v[r] as number)) / scale).toBeLessThan(1e-12 * n);
    }
    for (let j = 0; j <= i; j++) expect(dot(v, vectors.subarray(j * n, (j + 1) * n))).toBeCloseTo(i === j ? 1 : 0, 11);
    if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1] as number);
  }
  return values;
}

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) =>
    entry(Math.min(Math.floor(at / n), at % n), Math.max(Math.floor(at / n), at % n)),
  );
}

test('eigenpairs: random, diagonal, zero, repeated values, rank one, graded over 30 decades, small', async () => {
  const noise = uniformMatrix(50, 50, 1);
  await expectEigenpairs(
    symmetric(50, (i, j) => noise.data[i * 50 + j] as number),
    50,
  );
  expect([
    ...(await expectEigenpairs(
      symmetric(4, (i, j) => (i === j ? i : 0)),
      4,
    )),
  ]).toEqual([3, 2, 1, 0]);
  await expectEigenpairs(new Float64Array(25), 5);
  await expectEigenpairs(
    symmetric(20, (i, j) => (i === j ? 2 : 1)),
    20,
  );
  await expectEigenpairs(
    symmetric(20, (i, j) => (i + 1) * (j + 1)),
    20,
  );
  await expectEigenpairs(
    symmetric(16, (i, j) => 10 ** -(i + j)),
    16,
  );
  for (const n of [1, 2, 3])
    await expectEigenpairs(
      symmetric(n, (i, j) => 1 / (1 + i + j)),
      n,
    );
});

test('eigenpairs of few rows in many columns, most of them 0: what is left after the first reflections is rounding of rounding', async () => {
  const n = 256;
  const rows = Array.from({ length: 3 }, (_, r) =>
    Float64Array.from({ length: n }, (_, i) => ((i * 7 + r) % 11 === 0 ? ((i % 5) - 2) / 3 : 0)),
  );
  const a = symmetric(n, (i, j) => rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0));
  const values = await expectEigenpairs(a, n);
  expect(values.every(Number.isFinite)).toBe(true);
  expect(values[3]).toBeLessThan(1e-12);
});

test('eigenvalues of the second-difference matrix are 2 - 2 cos(pi j / (n + 1))', async () => {
  const n = 64;
  const values = await expectEigenpairs(
    symmetric(n, (i, j) => (i === j ? 2 : j === i + 1 ? -1 : 0)),
    n,
  );
  const exact = Array.from({ length: n }, (_, j) => 2 - 2 * Math.cos((Math.PI * (n - j)) / (n + 1)));
  expect(largestDifference(values, exact)).toBeLessThan(1e-13 * n);
});

test('sums of parts give the model of all rows, for awkward parts and for fewer rows than columns', async () => {
  for (const [sizes, d] of [
    [[40, 1, 129, 7], 12],
    [[1, 1, 3], 9],
    [[200], 16],
  ] as const) {
    const n = sizes.reduce((a, b) => a + b, 0);
    const x = uniformMatrix(n, d, 11);
    let sums: PcaSums | null = null;
    let at = 0;
    for (const size of sizes) {
      sums = await addToSums(
        sums,
        takeRows(
          x,
          Array.from({ length: size }, (_, i) => at + i),
        ),
        CPU,
        silentContext,
      );
      at += size;
    }
    const [parts, whole] = [await pcaOfSums(sums as PcaSums, 5, silentContext), await pca(x, 5, CPU, silentContext)];
    expect(parts.components.rows).toBe(whole.components.rows);
    expect(largestDifference(parts.mean, whole.mean)).toBeLessThan(1e-12);
    expect(largestDifference(parts.explainedVarianceRatio, whole.explainedVarianceRatio)).toBeLessThan(1e-10);
    expect(largestDifference(parts.components.data, whole.components.data)).toBeLessThan(1e-5);
  }
});

test('sums are left as they are by what is made of them, so that later parts can be added', async () => {
  const [a, b] = [uniformMatrix(30, 6, 1), uniformMatrix(20, 6, 2)];
  const first = await addToSums(null, a, CPU, silentContext);
  const before = { ...first, scatter: first.scatter.slice(), mean: first.mean.slice() };
  await pcaOfSums(first, 3, silentContext);
  await addToSums(first, b, CPU, silentContext);
  expect(first).toEqual(before);
});

test('one row, and rows that are all alike, have a model without variance', async () => {
  for (const x of [uniformMatrix(1, 4, 1), { rows: 3, cols: 4, data: new Float32Array(12).fill(0.5) }]) {
    const model = await pcaOfSums(await addToSums(null, x, CPU, silentContext), 3, silentContext);
    expect(model.components.rows).toBe(1);
    expect([...model.explainedVarianceRatio]).toEqual([0]);
  }
});
