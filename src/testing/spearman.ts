/**
 * Spearman's rank correlation of two lists of equal length: Pearson's correlation of their ranks, equal values with the mean of theirs (Kendall 1948).
 * NaN where one of them is constant or has less than two values, as scipy gives it.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
  return a.length < 2 ? Number.NaN : pearson(ranksOf(a), ranksOf(b));
}

/** From 1. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const at = (place: number): number => values[order[place] as number] as number;
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => (values[i] as number) - (values[j] as number),
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && at(to) === at(from)) to++;
    for (let place = from; place < to; place++) ranks[order[place] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function pearson(a: Float64Array, b: Float64Array): number {
  const mean = (a.length + 1) / 2;
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - mean, (b[i] as number) - mean];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return both / Math.sqrt(ofA * ofB);
}
