import type { FuzzyGraph } from './fuzzy.ts';

/** The graph without the ties between two of the first `held` rows, which move nothing. The others keep their order. */
export function withoutHeldTies(graph: FuzzyGraph, held: number): FuzzyGraph {
  if (held === 0) return graph;
  const { rows } = graph;
  const offsets = new Uint32Array(rows + 1);
  const tails = new Uint32Array(graph.tails.length);
  const weights = new Float32Array(tails.length);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let e = graph.offsets[row] as number; e < (graph.offsets[row + 1] as number); e++) {
      if (row < held && (graph.tails[e] as number) < held) continue;
      tails[count] = graph.tails[e] as number;
      weights[count++] = graph.weights[e] as number;
    }
    offsets[row + 1] = count;
  }
  return { rows, offsets, tails: tails.slice(0, count), weights: weights.slice(0, count) };
}
