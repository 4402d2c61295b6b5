import { requireLabelPerRow } from '../check.ts';

export interface Labelling {
  /** One a row, 0..clusters-1. */
  readonly labels: Int32Array;
  /** Rows of each cluster. */
  readonly sizes: Float64Array;
}

/** Any integers as 0..clusters-1, in the order in which they first come. */
export function denseLabelling(rows: number, given: Int32Array): Labelling {
  requireLabelPerRow(rows, given);
  const dense = new Map<number, number>();
  for (const label of given) if (!dense.has(label)) dense.set(label, dense.size);
  const labels = given.map((label) => dense.get(label) as number);
  const sizes = new Float64Array(dense.size);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  return { labels, sizes };
}

/** For every row the sum of its distances to the rows of each cluster. */
export interface DistanceSums extends Labelling {
  /** rows x clusters. */
  readonly toCluster: Float64Array;
}
