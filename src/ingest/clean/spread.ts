/** Figures of a column of numbers, always from its sorted values: sums then do not depend on the order of rows (P2). */

/** The numbers of `rows`, NaN left out, rising. */
export function sortedNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = values[row] as number;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count).sort();
}

/** NaN of none. */
export function mean(sorted: Float64Array): number {
  const scale = safeScale(sorted);
  return sum(sorted, (x) => x * scale) / sorted.length / scale;
}

/** Of the whole population (divided by n), as z-scores have it; NaN of none. */
export function standardDeviation(sorted: Float64Array): number {
  const scale = safeScale(sorted);
  const middle = mean(sorted) * scale;
  return Math.sqrt(sum(sorted, (x) => (x * scale - middle) ** 2) / sorted.length) / scale;
}

/** Linear between neighbours, as numpy's default (Hyndman and Fan 1996, type 7). NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  const part = at - Math.floor(at);
  return low === high ? low : low * (1 - part) + high * part;
}

/** The most frequent value, the lowest of several. NaN of none. */
export function mode(sorted: Float64Array): number {
  let best = Number.NaN;
  let most = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > most) {
      most = to - from;
      best = sorted[from] as number;
    }
    from = to;
  }
  return best;
}

/** A power of two, so that nothing is rounded: squares and sums of numbers near the end of the range would be infinite. */
function safeScale(sorted: Float64Array): number {
  const largest = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted[sorted.length - 1] ?? 0));
  return largest > 1e140 ? 2 ** -Math.ceil(Math.log2(largest)) : 1;
}

/** Compensated (Neumaier 1974). */
function sum(values: Float64Array, term: (x: number) => number): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const x = term(value);
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}
