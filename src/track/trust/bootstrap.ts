import { jaccard } from './halves.ts';

/**
 * One bootstrap's part of a cluster's stability (Hennig 2007): for each cluster of `original` the Jaccard coefficient with its most
 * alike cluster of `resampled`, both restricted to the drawn rows.
 * @param original Label of every row; below 0 = noise, which is no cluster.
 * @param drawn Rows of the bootstrap sample, ascending, each once.
 * @param resampled Label of each drawn row, by the fit on the sample.
 * @returns One value a cluster 0..clusters-1; NaN where none of its rows was drawn.
 */
export function bestJaccards(original: Int32Array, clusters: number, drawn: Uint32Array, resampled: Int32Array): Float64Array {
  const before = rowsByLabel(drawn, (i) => original[drawn[i] as number] as number);
  const after = [...rowsByLabel(drawn, (i) => resampled[i] as number).values()];
  return Float64Array.from({ length: clusters }, (_, c) => {
    const rows = before.get(c);
    return rows ? Math.max(0, ...after.map((other) => jaccard(rows, other))) : Number.NaN;
  });
}

function rowsByLabel(drawn: Uint32Array, labelOf: (i: number) => number): Map<number, Uint32Array> {
  const lists = new Map<number, number[]>();
  for (let i = 0; i < drawn.length; i++) {
    const label = labelOf(i);
    if (label < 0) continue;
    const list = lists.get(label);
    if (list) list.push(drawn[i] as number);
    else lists.set(label, [drawn[i] as number]);
  }
  return new Map([...lists].map(([label, rows]) => [label, Uint32Array.from(rows)]));
}

/** Mean over the bootstraps in which the cluster was drawn; NaN where it never was. */
export function meanStability(runs: readonly Float64Array[], clusters: number): Float64Array {
  return Float64Array.from({ length: clusters }, (_, c) => {
    const values = runs.map((run) => run[c] as number).filter((v) => !Number.isNaN(v));
    return values.reduce((sum, v) => sum + v, 0) / values.length;
  });
}
