/** 2^14 registers: a standard error of 1.04 / sqrt(2^14) = 0.8 %. */
const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** Bits of the hash that the rank is taken from. */
const RANK_BITS = 32;

/**
 * How many distinct values there are, in 16 kB whatever their number (HyperLogLog: Flajolet, Fusy, Gandouet, Meunier 2007), by the
 * estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6), which has no bias to be
 * corrected at any size. Does not depend on the order of the values.
 */
export class HyperLogLog {
  readonly #ranks = new Uint8Array(REGISTERS);

  /** Two independent 32-bit hashes of the value. */
  add(hashA: number, hashB: number): void {
    const register = hashA >>> (32 - INDEX_BITS);
    const rank = Math.clz32(hashB) + 1;
    if (rank > (this.#ranks[register] as number)) this.#ranks[register] = rank;
  }

  estimate(): number {
    const counts = new Float64Array(RANK_BITS + 2);
    for (const rank of this.#ranks) counts[rank] = (counts[rank] as number) + 1;
    const share = (rank: number): number => (counts[rank] as number) / REGISTERS;
    let z = REGISTERS * tau(1 - share(RANK_BITS + 1));
    for (let rank = RANK_BITS; rank >= 1; rank--) z = 0.5 * (z + (counts[rank] as number));
    z += REGISTERS * sigma(share(0));
    return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * z));
  }
}

/** x + sum of x^(2^k) 2^(k-1): corrects for registers that are still empty. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let z = x;
  let last: number;
  let y = 1;
  do {
    x *= x;
    last = z;
    z += x * y;
    y += y;
  } while (z !== last);
  return z;
}

/** (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3: corrects for registers at the highest rank. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let z = 1 - x;
  let last: number;
  let y = 1;
  do {
    x = Math.sqrt(x);
    last = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  } while (z !== last);
  return z / 3;
}
