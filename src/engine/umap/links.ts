import type { FuzzyGraph } from './fuzzy.ts';

/** Rows that belong together whatever their values are, as the profiles of one user in two windows. */
export interface RowLinks {
  /** Row numbers, two a link; a row with itself, and a link once more, say nothing. */
  readonly pairs: Uint32Array;
  /** Of each link's tie, 0 to 1; 0 = no ties. */
  readonly weight: number;
}

/**
 * The graph with a tie for each link, in both of its rows: a new one after the others, or the fuzzy union p + q - pq with the tie
 * that is there. AlignedUMAP (in umap-learn) draws copies of a row in successive layouts together by a term of its own; here all
 * windows lie in one layout, and a tie does it.
 */
export function withLinks(graph: FuzzyGraph, links: RowLinks): FuzzyGraph {
  const { pairs, weight } = links;
  if (pairs.length === 0 || weight === 0) return graph;
  const { rows } = graph;
  const partners = partnersOf(rows, pairs);
  const offsets = new Uint32Array(rows + 1);
  const tails = new Uint32Array(graph.tails.length + partners.ids.length);
  const weights = new Float32Array(tails.length);
  const placeOf = new Int32Array(rows).fill(-1);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const first = count;
    for (let e = graph.offsets[row] as number; e < (graph.offsets[row + 1] as number); e++) {
      placeOf[graph.tails[e] as number] = count;
      tails[count] = graph.tails[e] as number;
      weights[count++] = graph.weights[e] as number;
    }
    for (let p = partners.offsets[row] as number; p < (partners.offsets[row + 1] as number); p++) {
      const other = partners.ids[p] as number;
      const place = placeOf[other] as number;
      if (place === LINKED) continue;
      if (place >= first) weights[place] = (weights[place] as number) + weight - (weights[place] as number) * weight;
      else {
        tails[count] = other;
        weights[count++] = weight;
      }
      placeOf[other] = LINKED;
    }
    for (let e = first; e < count; e++) placeOf[tails[e] as number] = -1;
    offsets[row + 1] = count;
  }
  return { rows, offsets, tails: tails.slice(0, count), weights: weights.slice(0, count) };
}

/** In `placeOf`: the link to this row is in. */
const LINKED = -2;

/** The other rows of each row's links, in the order of the links (a counting sort). */
function partnersOf(rows: number, pairs: Uint32Array): { offsets: Uint32Array; ids: Uint32Array } {
  const offsets = new Uint32Array(rows + 1);
  forEnds(pairs, (row) => {
    offsets[row + 1] = (offsets[row + 1] as number) + 1;
  });
  for (let r = 0; r < rows; r++) offsets[r + 1] = (offsets[r + 1] as number) + (offsets[r] as number);
  const next = offsets.slice();
  const ids = new Uint32Array(offsets[rows] as number);
  forEnds(pairs, (row, other) => {
    const at = next[row] as number;
    next[row] = at + 1;
    ids[at] = other;
  });
  return { offsets, ids };
}

/** Each link from both of its ends. */
function forEnds(pairs: Uint32Array, visit: (row: number, other: number) => void): void {
  for (let i = 0; i < pairs.length; i += 2) {
    const [a, b] = [pairs[i] as number, pairs[i + 1] as number];
    if (a === b) continue;
    visit(a, b);
    visit(b, a);
  }
}
