import { type Contingency, contingencyOf } from './contingency.ts';
import { logFactorial } from './log-factorial.ts';

/** How far clusters hold rows of one class only, and classes lie in one cluster only; each 0..1. */
export interface ClassAgreement {
  /** 1 - H(class | cluster) / H(class): 1 where each cluster holds one class. */
  readonly homogeneity: number;
  /** 1 - H(cluster | class) / H(cluster): 1 where each class lies in one cluster. */
  readonly completeness: number;
  /** Their harmonic mean; the mutual information over the mean of the two entropies. */
  readonly vMeasure: number;
}

/**
 * Homogeneity, completeness and V-measure (Rosenberg & Hirschberg 2007, beta = 1). As in scikit-learn: all 1 without rows,
 * homogeneity 1 for a single class, completeness 1 for a single cluster; -1 is one more cluster, so leave noise out if it is none.
 */
export function classAgreement(classes: ArrayLike<number>, clusters: ArrayLike<number>): ClassAgreement {
  const table = contingencyOf(classes, clusters);
  const shared = mutualInformation(table);
  const [ofClasses, ofClusters] = [entropy(table.sizesA, table.rows), entropy(table.sizesB, table.rows)];
  const homogeneity = ofClasses === 0 ? 1 : Math.min(1, shared / ofClasses);
  const completeness = ofClusters === 0 ? 1 : Math.min(1, shared / ofClusters);
  const sum = homogeneity + completeness;
  return { homogeneity, completeness, vMeasure: sum === 0 ? 0 : (2 * homogeneity * completeness) / sum };
}

/**
 * Adjusted mutual information (Vinh, Epps & Bailey 2010), normalised by the mean of the entropies as in scikit-learn:
 * (MI - E) / (mean(H(a), H(b)) - E), with E the exact expectation under random labellings of the same sizes. 1 for the same
 * partition, about 0 by chance, below 0 where they agree less than that. 1 without rows and for two single clusters; 0 where only one
 * of the two is a single cluster. -1 is one more cluster.
 */
export function adjustedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const table = contingencyOf(a, b);
  if (samePartition(table)) return 1;
  const expected = expectedMutualInformation(table);
  const largest = (entropy(table.sizesA, table.rows) + entropy(table.sizesB, table.rows)) / 2;
  const room = largest - expected;
  // scikit-learn's guard: rounding may leave a room of zero, or of the wrong sign.
  const divisor = room < 0 ? Math.min(room, -Number.EPSILON) : Math.max(room, Number.EPSILON);
  return (mutualInformation(table) - expected) / divisor;
}

/** Each cluster of one is a cluster of the other. */
const samePartition = ({ a, b, cells }: Contingency): boolean => cells.length === a.length && cells.length === b.length;

/** In nats. */
function entropy(sizes: Float64Array, rows: number): number {
  let sum = 0;
  for (const size of sizes) sum -= (size / rows) * Math.log(size / rows);
  return sum;
}

/** In nats; never below 0. */
function mutualInformation({ rows, sizesA, sizesB, cells }: Contingency): number {
  if (sizesA.length < 2 || sizesB.length < 2) return 0;
  let sum = 0;
  for (const { a, b, count } of cells) sum += informationOf(count, sizesA[a] as number, sizesB[b] as number, rows);
  return Math.max(0, sum);
}

/** What a cell of `count` rows adds, between clusters of sizes a and b. */
const informationOf = (count: number, a: number, b: number, rows: number): number =>
  (count / rows) * Math.log((count / a) * (rows / b));

/** The sum over all pairs of clusters; pairs of the same sizes add the same, and there are at most 2 rows pairs of distinct sizes. */
function expectedMutualInformation({ rows, sizesA, sizesB }: Contingency): number {
  let sum = 0;
  for (const [a, timesA] of countSizes(sizesA)) {
    for (const [b, timesB] of countSizes(sizesB)) sum += timesA * timesB * expectedCell(a, b, rows);
  }
  return sum;
}

function countSizes(sizes: Float64Array): Map<number, number> {
  const times = new Map<number, number>();
  for (const size of sizes.slice().sort()) times.set(size, (times.get(size) ?? 0) + 1);
  return times;
}

/** Terms below this share of the largest are left out: far below float64's rounding of the sum. */
const NEGLIGIBLE = 1e-22;

/**
 * The mean of a cell's information where its count is hypergeometric: a sum over all counts, walked from the most probable one to
 * both sides by the ratio of neighbouring probabilities, which can't underflow before it no longer matters.
 */
function expectedCell(a: number, b: number, rows: number): number {
  const [least, most] = [Math.max(0, a + b - rows), Math.min(a, b)];
  const mode = Math.min(most, Math.max(least, Math.floor(((a + 1) * (b + 1)) / (rows + 2))));
  const ratioUp = (x: number): number => ((a - x) / (x + 1)) * ((b - x) / (rows - a - b + x + 1));
  const atMode = Math.exp(logProbability(mode, a, b, rows));
  const term = (x: number, p: number): number => (x === 0 ? 0 : p * informationOf(x, a, b, rows));
  let sum = term(mode, atMode);
  for (let x = mode, p = atMode; x < most && p > NEGLIGIBLE * atMode; x++) {
    p *= ratioUp(x);
    sum += term(x + 1, p);
  }
  for (let x = mode, p = atMode; x > least && p > NEGLIGIBLE * atMode; x--) {
    p /= ratioUp(x - 1);
    sum += term(x - 1, p);
  }
  return sum;
}

const logProbability = (x: number, a: number, b: number, rows: number): number =>
  logFactorial(a) +
  logFactorial(b) +
  logFactorial(rows - a) +
  logFactorial(rows - b) -
  logFactorial(rows) -
  logFactorial(x) -
  logFactorial(a - x) -
  logFactorial(b - x) -
  logFactorial(rows - a - b + x);
