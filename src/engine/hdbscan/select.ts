import type { CondensedTree } from './condense.ts';

export type Selection = 'eom' | 'leaf';

/** Labels and scores, one a row. */
export interface FlatClustering {
  /** -1 is noise; clusters are numbered by lowest member. */
  readonly labels: Int32Array;
  /** 0..1: how long the row stays in its cluster, against the cluster's own end; 0 for noise. */
  readonly probabilities: Float32Array;
  readonly clusters: number;
  /** For each cluster of the tree whether it was selected. */
  readonly selected: Uint8Array;
}

/**
 * The clusters of the flat clustering. 'eom': those of the greatest total stability, none within another; of equals the
 * larger (Campello 2013, algorithm 3). 'leaf': those that never split. The first of the tree, all rows, only where allowed.
 */
export function selectClusters({ parent, stability }: CondensedTree, selection: Selection, allowSingle: boolean): Uint8Array {
  const selected = new Uint8Array(parent.length);
  const below = new Float64Array(parent.length);
  const splits = new Uint8Array(parent.length);
  for (let c = parent.length - 1; c >= 0; c--) {
    const [own, children] = [stability[c] as number, below[c] as number];
    const wins = !splits[c] || (selection === 'eom' && own >= children);
    const chosen = wins && (c > 0 || allowSingle);
    selected[c] = chosen ? 1 : 0;
    if (c === 0) break;
    const up = parent[c] as number;
    splits[up] = 1;
    below[up] = (below[up] as number) + (chosen ? own : children);
  }
  return topmost(parent, selected);
}

/** Leaves out what lies within another selected cluster. */
function topmost(parent: Int32Array, selected: Uint8Array): Uint8Array {
  const covered = new Uint8Array(parent.length);
  for (let c = 1; c < parent.length; c++) {
    const up = parent[c] as number;
    if (selected[up] || covered[up]) covered[c] = 1;
  }
  return selected.map((s, c) => (covered[c] ? 0 : s));
}

/** Gives each row the selected cluster that held it. */
export function flatten(tree: CondensedTree, selected: Uint8Array): FlatClustering {
  const { parent, death, rowCluster, rowWeight } = tree;
  const owner = new Int32Array(parent.length);
  for (let c = 0; c < parent.length; c++) {
    owner[c] = selected[c] ? c : c === 0 ? -1 : (owner[parent[c] as number] as number);
  }
  const names = new Map<number, number>();
  const labels = new Int32Array(rowCluster.length).fill(-1);
  const probabilities = new Float32Array(rowCluster.length);
  for (let r = 0; r < labels.length; r++) {
    const c = rowCluster[r] === -1 ? -1 : (owner[rowCluster[r] as number] as number);
    const [left, end] = [rowWeight[r] as number, death[c] as number];
    // All rows are born into the first cluster: those that left it before its end are its noise.
    if (c === -1 || (c === 0 && rowCluster[r] === 0 && left > end)) continue;
    if (!names.has(c)) names.set(c, names.size);
    labels[r] = names.get(c) as number;
    probabilities[r] = left > end ? end / left : 1;
  }
  return { labels, probabilities, clusters: names.size, selected };
}

/**
 * GLOSH (Campello 2015, equation 8): 1 - (least weight at which the row's last cluster or any below it exists) / (least weight
 * at which it holds the row). 0..1, the higher the farther out; 0 where there is no cluster at all.
 */
export function outlierScores({ parent, death, rowCluster, rowWeight }: CondensedTree): Float32Array {
  const least = Float64Array.from(death);
  for (let c = parent.length - 1; c > 0; c--) {
    const up = parent[c] as number;
    least[up] = Math.min(least[up] as number, least[c] as number);
  }
  return Float32Array.from(rowWeight, (weight, r) => {
    const end = rowCluster[r] === -1 ? weight : (least[rowCluster[r] as number] as number);
    return weight > end ? 1 - end / weight : 0;
  });
}
