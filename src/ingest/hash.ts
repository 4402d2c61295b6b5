/** Second hash of the cell that was hashed last; beside the result, so that nothing is made per cell. */
export const second = { hash: 0 };

/**
 * Two hashes of bytes `from` to `to`: the first is returned, the other left in {@link second}. MurmurHash3 (Appleby, public domain), and the
 * same steps under other constants and turns, so that one collision does not make the other.
 */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  let p = from;
  for (; p + 4 <= to; p += 4) {
    const k =
      (bytes[p] as number) |
      ((bytes[p + 1] as number) << 8) |
      ((bytes[p + 2] as number) << 16) |
      ((bytes[p + 3] as number) << 24);
    a = stepA(a, k);
    b = stepB(b, k);
  }
  if (p < to) {
    let k = bytes[p] as number;
    for (let shift = 8; ++p < to; shift += 8) k |= (bytes[p] as number) << shift;
    a = stepA(a, k);
    b = stepB(b, k);
  }
  second.hash = finish(b ^ (to - from));
  return finish(a ^ (to - from));
}

function stepA(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function stepB(hash: number, word: number): number {
  let k = Math.imul(word, 0x239b961b);
  k = Math.imul((k << 16) | (k >>> 16), 0xab0e9789);
  const h = hash ^ k;
  return (Math.imul((h << 17) | (h >>> 15), 9) + 0x561ccd1b) | 0;
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
