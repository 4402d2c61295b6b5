/** Second hash of the cell that was hashed last; beside the result, so that nothing is made per cell. */
export const second = { hash: 0 };

/**
 * Two hashes of bytes `from` to `to`: the first is returned, the other left in {@link second}. Four bytes a step with the mixing steps of
 * MurmurHash3 (Appleby, public domain), under different constants and in another order, so that one collision does not make the other.
 */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let a = 0x9747b28c ^ (to - from);
  let b = 0x3c6ef372 + (to - from);
  let p = from;
  for (; p + 4 <= to; p += 4) {
    const k =
      (bytes[p] as number) |
      ((bytes[p + 1] as number) << 8) |
      ((bytes[p + 2] as number) << 16) |
      ((bytes[p + 3] as number) << 24);
    a = Math.imul(a ^ k, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(b + k, 0x1b873593);
    b = (b << 13) | (b >>> 19);
  }
  if (p < to) {
    let k = bytes[p] as number;
    for (let shift = 8; ++p < to; shift += 8) k |= (bytes[p] as number) << shift;
    a = Math.imul(a ^ k, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(b + k, 0x1b873593);
  }
  second.hash = finish(b ^ 0x5bd1e995);
  return finish(a);
}

/** One hash more into the hash of a row; the order of cells counts. */
export const mixHash = (row: number, cell: number): number => {
  const mixed = Math.imul(row ^ cell, 0x2545f491);
  return ((mixed << 15) | (mixed >>> 17)) + 0x52dce729;
};

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
