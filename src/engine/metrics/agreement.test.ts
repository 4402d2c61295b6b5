import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  adjustedMutualInformation,
  adjustedRandIndex,
  assignBest,
  classAgreement,
  classScores,
  logFactorial,
  purity,
} from '../index.ts';
import { largestDifference, sklearn } from '../reference/index.ts';

test('homogeneity, completeness, V-measure and AMI are those of scikit-learn', () => {
  for (const stored of sklearn.agreement) {
    const found = classAgreement(stored.classes, stored.clusters);
    expect(found.homogeneity).toBeCloseTo(stored.homogeneity, 12);
    expect(found.completeness).toBeCloseTo(stored.completeness, 12);
    expect(found.vMeasure).toBeCloseTo(stored.vMeasure, 12);
    expect(adjustedMutualInformation(stored.classes, stored.clusters)).toBeCloseTo(stored.ami, 11);
    expect(adjustedMutualInformation(stored.clusters, stored.classes)).toBeCloseTo(stored.ami, 11);
  }
});

test('purity, accuracy and the scores of each class are those of scikit-learn on the labels that scipy matches', () => {
  for (const { classes, clusters, purity: pure, accuracy, perClass } of sklearn.agreement) {
    const found = classScores(classes, clusters);
    expect(purity(classes, clusters)).toBeCloseTo(pure, 12);
    expect(found.accuracy).toBeCloseTo(accuracy, 12);
    expect(found.classes.map((c) => c.label)).toEqual(perClass.label);
    expect(found.classes.map((c) => c.support)).toEqual(perClass.support);
    for (const key of ['precision', 'recall', 'f1'] as const) {
      const values = found.classes.map((c) => c[key]);
      expect(largestDifference(values, perClass[key])).toBeLessThan(1e-11);
    }
  }
});

test('no rows: agreement is 1 as in scikit-learn, shares of rows are undefined', () => {
  expect(classAgreement([], [])).toEqual({ homogeneity: 1, completeness: 1, vMeasure: 1 });
  expect(adjustedMutualInformation([], [])).toBe(1);
  expect(purity([], [])).toBeNull();
  expect(classScores([], [])).toEqual({ accuracy: null, classes: [] });
});

test('noise is one more cluster to the measures of information, and sets no row right elsewhere', () => {
  const [classes, clusters] = [
    [0, 0, 0, 1, 1, 1],
    [-1, -1, -1, 4, 4, -1],
  ];
  expect(classAgreement(classes, clusters)).toEqual(
    classAgreement(
      classes,
      clusters.map((c) => (c === -1 ? 7 : c)),
    ),
  );
  expect(purity(classes, clusters)).toBe(2 / 6);
  const { accuracy, classes: scores } = classScores(classes, clusters);
  expect(accuracy).toBe(2 / 6);
  expect(scores[0]).toEqual({ label: 0, cluster: null, precision: 0, recall: 0, f1: 0, support: 3 });
  expect(scores[1]).toEqual({ label: 1, cluster: 4, precision: 1, recall: 2 / 3, f1: 0.8, support: 3 });
  expect(classScores([0, 1], [-1, -1]).accuracy).toBe(0);
});

test('labels may be any numbers, those of a label column without a value too', () => {
  const classes = Uint32Array.of(4294967295, 4294967295, 3, 3);
  expect(adjustedRandIndex(classes, [1, 1, 0, 0])).toBe(1);
  expect(classScores(classes, [1, 1, 0, 0]).accuracy).toBe(1);
});

const labelPairs = fc.integer({ min: 1, max: 66 }).chain((n) =>
  fc.tuple(
    labelsOf(n),
    labelsOf(n),
    fc.shuffledSubarray(
      Array.from({ length: n }, (_, i) => i),
      { minLength: n },
    ),
  ),
);
const labelsOf = (n: number) => fc.array(fc.integer({ min: -1, max: 5 }), { minLength: n, maxLength: n });

test('P2 the order of the rows changes no bit', () => {
  fc.assert(
    fc.property(labelPairs, ([a, b, order]) => {
      const at = (labels: number[]): number[] => order.map((i) => labels[i] as number);
      expect(classAgreement(at(a), at(b))).toEqual(classAgreement(a, b));
      expect(adjustedMutualInformation(at(a), at(b))).toBe(adjustedMutualInformation(a, b));
      expect(classScores(at(a), at(b))).toEqual(classScores(a, b));
      expect(purity(at(a), at(b))).toBe(purity(a, b));
    }),
  );
});

test('AMI against the expectation over all permutations of six rows', () => {
  const [a, b] = [
    [0, 0, 0, 1, 1, 2],
    [0, 0, 1, 1, 1, 1],
  ];
  const all = permutations([0, 1, 2, 3, 4, 5]).map((order) =>
    information(
      a,
      order.map((i) => b[i] as number),
    ),
  );
  const expected = all.reduce((sum, value) => sum + value, 0) / all.length;
  const largest = (information(a, a) + information(b, b)) / 2;
  const right = (information(a, b) - expected) / (largest - expected);
  expect(adjustedMutualInformation(a, b)).toBeCloseTo(right, 12);
});

function permutations(items: number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((i) => i !== first)).map((rest) => [first, ...rest]));
}

/** Mutual information from its definition, row by row. */
function information(a: readonly number[], b: readonly number[]): number {
  const share = (test: (i: number) => boolean): number => a.filter((_, i) => test(i)).length / a.length;
  let sum = 0;
  for (const x of new Set(a)) {
    for (const y of new Set(b)) {
      const both = share((i) => a[i] === x && b[i] === y);
      if (both > 0) sum += both * Math.log(both / (share((i) => a[i] === x) * share((i) => b[i] === y)));
    }
  }
  return sum;
}

test('AMI of large random labellings is about 0, of one more cluster each too', () => {
  const n = 20_000;
  const labels = (k: number, step: number) => Int32Array.from({ length: n }, (_, i) => Math.imul(i + 1, step) % k);
  expect(Math.abs(adjustedMutualInformation(labels(20, 7919), labels(23, 104_729)))).toBeLessThan(0.01);
  const own = Int32Array.from({ length: n }, (_, i) => i);
  expect(adjustedMutualInformation(own, own)).toBe(1);
  expect(Math.abs(adjustedMutualInformation(own, labels(20, 7919)))).toBeLessThan(1e-9);
});

test('the best assignment is that of scipy', () => {
  for (const { weights, rows, cols, total } of sklearn.assignment) {
    const found = assignBest(weights.data, weights.rows, weights.cols);
    const pairs = Array.from(found.entries()).filter(([, c]) => c >= 0);
    expect(pairs.map(([r]) => r)).toEqual(rows);
    expect(pairs.map(([, c]) => c)).toEqual(cols);
    expect(totalOf(weights.data, weights.cols, found)).toBeCloseTo(total, 3);
  }
});

const totalOf = (weights: ArrayLike<number>, cols: number, colOf: Int32Array): number =>
  colOf.reduce((sum, c, r) => sum + (c < 0 ? 0 : (weights[r * cols + c] as number)), 0);

test('fuzz: no other assignment weighs more, ties and negative weights included', () => {
  const shape = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }));
  const tables = shape.chain(([rows, cols]) =>
    fc.record({
      rows: fc.constant(rows),
      cols: fc.constant(cols),
      weights: fc.array(fc.integer({ min: -4, max: 9 }), { minLength: rows * cols, maxLength: rows * cols }),
    }),
  );
  fc.assert(
    fc.property(tables, ({ rows, cols, weights }) => {
      const found = assignBest(weights, rows, cols);
      const used = [...found].filter((c) => c >= 0);
      expect(used.length).toBe(Math.min(rows, cols));
      expect(new Set(used).size).toBe(used.length);
      // A square of zeros around it: leftover rows take a column that weighs nothing.
      const size = Math.max(rows, cols);
      const weight = (r: number, c: number): number => (r < rows && c < cols ? (weights[r * cols + c] as number) : 0);
      const orders = permutations(Array.from({ length: size }, (_, i) => i));
      const most = Math.max(...orders.map((order) => order.reduce((sum, c, r) => sum + weight(r, c), 0)));
      expect(totalOf(weights, cols, found)).toBe(most);
    }),
    { numRuns: 200 },
  );
});

test('weights that are no numbers are our mistake', () => {
  expect(() => assignBest([1, Number.NaN], 1, 2)).toThrow('no such table');
  expect(() => assignBest([1, 2, 3], 1, 2)).toThrow('no such table');
});

test('ln n! is that of scipy, across the change of method', () => {
  const { n, value } = sklearn.logFactorial;
  for (const [i, at] of n.entries())
    expect(Math.abs(logFactorial(at) - (value[i] as number))).toBeLessThanOrEqual(1e-14 * (value[i] as number));
});
