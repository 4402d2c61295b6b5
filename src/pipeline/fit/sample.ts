import { createRandom, shuffle } from '../../domain/index.ts';

/** At most `limit` of `count` rows, ascending. */
export function sampleRows(count: number, limit: number, seed: number): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  return count <= limit ? rows : shuffle(rows, createRandom(seed)).subarray(0, limit).sort();
}
