import { assignBest } from './assignment.ts';
import { type Contingency, contingencyOf } from './contingency.ts';

/** Clusters with this label are no cluster: their rows stand for no class. */
const NOISE = -1;

/** How one class was found again by the cluster that the best matching gives it. */
export interface ClassScore {
  readonly label: number;
  /** The cluster matched with it; null where there are fewer clusters than classes. */
  readonly cluster: number | null;
  /** Of the cluster's rows the share that is of the class; 0 without a cluster. */
  readonly precision: number;
  /** Of the class's rows the share that is in the cluster. */
  readonly recall: number;
  /** Their harmonic mean; 0 where both are. */
  readonly f1: number;
  /** Rows of the class. */
  readonly support: number;
}

export interface ClassScores {
  /** Share of the rows that lie in the cluster matched with their class; null without rows. */
  readonly accuracy: number | null;
  /** By label, ascending. */
  readonly classes: readonly ClassScore[];
}

/**
 * Purity (Manning, Raghavan & Schuetze 2008, 16.3): the share of rows that are of their cluster's most frequent class. It rises with
 * the number of clusters, up to 1 for single rows. Rows of noise (-1) count as wrong; null without rows.
 */
export function purity(classes: ArrayLike<number>, clusters: ArrayLike<number>): number | null {
  const { rows, b, cells } = contingencyOf(classes, clusters);
  const largest = new Float64Array(b.length);
  for (const cell of cells) {
    if (b[cell.b] !== NOISE) largest[cell.b] = Math.max(largest[cell.b] as number, cell.count);
  }
  return rows === 0 ? null : largest.reduce((sum, count) => sum + count, 0) / rows;
}

/**
 * Accuracy, and precision, recall and F1 of each class, under the one-to-one matching of classes and clusters that sets most rows
 * right ("unsupervised clustering accuracy", Xie, Girshick & Farhadi 2016). Per class as scikit-learn's
 * precision_recall_fscore_support on the matched labels, with 0 where a ratio has no denominator. Rows of noise (-1) and of
 * clusters left over are found as no class. Of equally good matchings one is taken that the labels alone decide.
 */
export function classScores(classes: ArrayLike<number>, clusters: ArrayLike<number>): ClassScores {
  const table = contingencyOf(classes, clusters);
  const columns = Array.from(table.b.keys()).filter((c) => table.b[c] !== NOISE);
  const matched = matchClasses(table, columns);
  const shared = new Float64Array(table.a.length);
  for (const { a, b, count } of table.cells) if (matched[a] === b) shared[a] = count;
  const right = shared.reduce((sum, count) => sum + count, 0);
  return {
    accuracy: table.rows === 0 ? null : right / table.rows,
    classes: matched.map((cluster, c) => scoreOf(table, c, cluster, shared[c] as number)),
  };
}

/** For each class the index of its cluster, or null. */
function matchClasses({ a, cells }: Contingency, columns: readonly number[]): (number | null)[] {
  const place = new Map(columns.map((b, i) => [b, i]));
  const weights = new Float64Array(a.length * columns.length);
  for (const cell of cells) {
    const column = place.get(cell.b);
    if (column !== undefined) weights[cell.a * columns.length + column] = cell.count;
  }
  return Array.from(assignBest(weights, a.length, columns.length), (column) => columns[column] ?? null);
}

function scoreOf({ a, b, sizesA, sizesB }: Contingency, index: number, cluster: number | null, shared: number): ClassScore {
  const support = sizesA[index] as number;
  const found = cluster === null ? 0 : (sizesB[cluster] as number);
  return {
    label: a[index] as number,
    cluster: cluster === null ? null : (b[cluster] as number),
    precision: found === 0 ? 0 : shared / found,
    recall: shared / support,
    f1: (2 * shared) / (found + support),
    support,
  };
}
