import { createMatrix, rowOf } from '../../domain/index.ts';
import { normalText } from './keys.ts';
import type { FoundVectors, VectorCache } from './types.ts';

/** Vectors that are known for as long as the process lives: for Node, and for a browser that keeps nothing. It may be closed and used on. */
export function createMemoryCache(dims: number, notes: readonly string[] = []): VectorCache {
  const known = new Map<string, { readonly vector: Float32Array; readonly cut: boolean }>();
  const lookUp = (texts: readonly string[]): FoundVectors => {
    const found = texts.map((text) => known.get(normalText(text)));
    const vectors = createMatrix(
      found.reduce((sum, one) => sum + (one ? 1 : 0), 0),
      dims,
    );
    const cut = new Uint8Array(vectors.rows);
    const rows = new Int32Array(texts.length).fill(-1);
    let row = 0;
    found.forEach((one, i) => {
      if (!one) return;
      rowOf(vectors, row).set(one.vector);
      cut[row] = one.cut ? 1 : 0;
      rows[i] = row++;
    });
    return { rows, vectors, cut };
  };
  return {
    notes,
    lookUp: async (texts) => lookUp(texts),
    async keep(texts, vectors, cut = []) {
      texts.forEach((text, i) => {
        const key = normalText(text);
        if (!known.has(key)) known.set(key, { vector: rowOf(vectors, i).slice(), cut: cut[i] === 1 });
      });
    },
    close: async () => {},
  };
}
