/** Hashes of distinct values, ascending and without repeats: FNV-1a over UTF-16 units, 32 bits. One in some billions of pairs collides. */
export function sketchOf(distinct: Iterable<string>): Uint32Array {
  const hashes = Uint32Array.from(new Set(Array.from(distinct, hashText)));
  return hashes.sort();
}

/** Number of hashes that two sketches share. */
export function commonHashes(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) common++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return common;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
