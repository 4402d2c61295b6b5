/**
 * Jensen-Shannon distance of two distributions, the square root of their divergence to base 2 (Lin 1991; Endres & Schindelin 2003):
 * 0 for the same shares, 1 where no place has a share in both. Entries are counts or shares, one a segment, aligned, >= 0; each side is
 * divided by its sum, as in scipy.spatial.distance.jensenshannon. Null where a side has no sum.
 */
export function jensenShannonDistance(p: ArrayLike<number>, q: ArrayLike<number>): number | null {
  const [ofP, ofQ] = [sumOf(p), sumOf(q)];
  if (!(ofP > 0 && ofQ > 0)) return null;
  let divergence = 0;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [(p[i] as number) / ofP, (q[i] as number) / ofQ];
    const middle = (a + b) / 2;
    divergence += (entropyTerm(a, middle) + entropyTerm(b, middle)) / 2;
  }
  // Rounding may leave the same shares at -1e-17.
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

const entropyTerm = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));

/**
 * Centroid shift: 1 - cosine of two vectors, 0 (the same direction) to 2 (opposite). Null where one has no length. Taken from the
 * difference of the unit vectors, so that shifts far below 1e-8 are still told from none.
 */
export function centroidShift(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const [ofA, ofB] = [lengthOf(a), lengthOf(b)];
  if (!(ofA > 0 && ofB > 0)) return null;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) / ofA - (b[i] as number) / ofB) ** 2;
  return sum / 2;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

function lengthOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return Math.sqrt(sum);
}
